"""Addresses of the pages of the resident, who has no account."""

urlpatterns: list = []
