"""Registers the system with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EnvironmentConfig(AppConfig):
    name = "fangxian.systems.environment"
    label = "environment"
    verbose_name = _("Environment")
