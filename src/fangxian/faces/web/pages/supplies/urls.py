"""Addresses of the pages of supplies."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
