"""Registers the system with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImmunizationConfig(AppConfig):
    name = "fangxian.systems.immunization"
    label = "immunization"
    verbose_name = _("Immunization")
