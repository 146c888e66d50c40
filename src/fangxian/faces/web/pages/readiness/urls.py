"""Addresses of the pages of readiness."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
