"""Addresses of the pages of directives."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
