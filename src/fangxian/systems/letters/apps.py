"""Registers the system with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LettersConfig(AppConfig):
    name = "fangxian.systems.letters"
    label = "letters"
    verbose_name = _("Letters of assistance")
