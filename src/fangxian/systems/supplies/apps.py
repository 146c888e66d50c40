"""Registers the system with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SuppliesConfig(AppConfig):
    name = "fangxian.systems.supplies"
    label = "supplies"
    verbose_name = _("Supplies")
