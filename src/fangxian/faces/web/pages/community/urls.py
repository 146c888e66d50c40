"""Addresses of the pages of community."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
