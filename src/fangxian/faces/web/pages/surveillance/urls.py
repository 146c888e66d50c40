"""Addresses of the pages of surveillance."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
