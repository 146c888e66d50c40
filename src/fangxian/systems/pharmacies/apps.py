"""Registers the system with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PharmaciesConfig(AppConfig):
    name = "fangxian.systems.pharmacies"
    label = "pharmacies"
    verbose_name = _("Pharmacies")
