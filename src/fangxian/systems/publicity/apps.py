"""Registers the system with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublicityConfig(AppConfig):
    name = "fangxian.systems.publicity"
    label = "publicity"
    verbose_name = _("Publicity")
