"""Addresses of the pages of letters of assistance."""

urlpatterns: list = []
