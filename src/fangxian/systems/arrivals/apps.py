"""Registers the system with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ArrivalsConfig(AppConfig):
    name = "fangxian.systems.arrivals"
    label = "arrivals"
    verbose_name = _("Arrivals")
