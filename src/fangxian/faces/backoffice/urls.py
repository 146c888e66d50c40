"""Addresses of the back office."""

from django.urls import path

from fangxian.faces.backoffice import parts
from fangxian.faces.backoffice.site import office

__all__ = ["parts", "urlpatterns"]  # the parts register themselves when they are imported

urlpatterns = [path("backoffice/", office.urls)]
