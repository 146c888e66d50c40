"""Registers the system with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QuarantineConfig(AppConfig):
    name = "fangxian.systems.quarantine"
    label = "quarantine"
    verbose_name = _("Quarantine")
