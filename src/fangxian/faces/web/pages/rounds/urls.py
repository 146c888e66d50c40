"""Addresses of the pages of test rounds."""

urlpatterns: list = []
