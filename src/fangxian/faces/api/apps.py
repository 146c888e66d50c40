"""Registers the interface with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    name = "fangxian.faces.api"
    label = "api"
    verbose_name = _("Interface")
