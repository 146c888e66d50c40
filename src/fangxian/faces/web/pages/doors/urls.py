"""Addresses of the pages of the grid worker's day."""

urlpatterns: list = []
