"""Addresses of the pages of risk areas."""

urlpatterns: list = []
