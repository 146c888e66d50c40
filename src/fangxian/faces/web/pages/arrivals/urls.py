"""Addresses of the pages of arrivals and their closed loop."""

urlpatterns: list = []
