"""Registers the system with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScreeningConfig(AppConfig):
    name = "fangxian.systems.screening"
    label = "screening"
    verbose_name = _("Screening")
