"""Registers the system with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CheckpointsConfig(AppConfig):
    name = "fangxian.systems.checkpoints"
    label = "checkpoints"
    verbose_name = _("Checkpoints")
