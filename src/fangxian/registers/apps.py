"""Registers the framework with Django and finds every system's registers."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class RegistersConfig(AppConfig):
    name = "fangxian.registers"
    label = "registers"
    verbose_name = _("Registers")

    def ready(self) -> None:
        """Import each system's `registers.py`; declaring a register is enough to have it."""
        autodiscover_modules("registers")
