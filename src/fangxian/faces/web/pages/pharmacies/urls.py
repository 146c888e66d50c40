"""Addresses of the pages of pharmacies."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
