"""Addresses of the pages of medical care."""

urlpatterns: list = []
