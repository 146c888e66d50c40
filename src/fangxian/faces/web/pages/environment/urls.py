"""Addresses of the pages of environment."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
