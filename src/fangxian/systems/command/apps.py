"""Registers the system with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommandConfig(AppConfig):
    name = "fangxian.systems.command"
    label = "command"
    verbose_name = _("Command")

    def ready(self) -> None:
        """Declare the jobs of this system."""
        from fangxian.systems.command import escalation  # noqa: F401
