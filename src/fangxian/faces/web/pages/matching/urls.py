"""Addresses of the pages of one person out of several lists."""

urlpatterns: list = []
