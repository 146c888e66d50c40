"""Addresses of the pages of immunization."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
