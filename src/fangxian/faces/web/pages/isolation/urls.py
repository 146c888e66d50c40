"""Addresses of the pages of isolation sites."""

urlpatterns: list = []
