"""Addresses of the pages of bulletins."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
