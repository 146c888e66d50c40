"""Addresses of the interface."""

from django.urls import path

from fangxian.faces.api.site import api

urlpatterns = [path("api/", api.urls)]
