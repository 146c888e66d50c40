"""Addresses of the pages of workforce."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
