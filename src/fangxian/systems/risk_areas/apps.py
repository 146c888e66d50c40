"""Registers the system with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RiskAreasConfig(AppConfig):
    name = "fangxian.systems.risk_areas"
    label = "risk_areas"
    verbose_name = _("Risk areas")
