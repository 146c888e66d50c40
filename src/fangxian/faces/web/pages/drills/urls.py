"""Addresses of the pages of drills."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
