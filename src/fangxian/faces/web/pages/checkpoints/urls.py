"""Addresses of the pages of points of entry."""

urlpatterns: list = []
