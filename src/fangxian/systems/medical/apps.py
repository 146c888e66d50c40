"""Registers the system with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MedicalConfig(AppConfig):
    name = "fangxian.systems.medical"
    label = "medical"
    verbose_name = _("Medical care")
