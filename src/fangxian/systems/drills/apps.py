"""Registers the system with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DrillsConfig(AppConfig):
    name = "fangxian.systems.drills"
    label = "drills"
    verbose_name = _("Drills")
