"""Registers the system with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkforceConfig(AppConfig):
    name = "fangxian.systems.workforce"
    label = "workforce"
    verbose_name = _("Workforce")
