"""Addresses of the pages of goods."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
