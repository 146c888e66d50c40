"""Registers the web face with Django."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    name = "fangxian.faces.web"
    label = "web"
    verbose_name = _("Web")

    def ready(self) -> None:
        """Listen to sign-ins; let the parts of the web face add their entries to the menu."""
        import_module(f"{self.name}.signins")
        for part in ("pages", "registers"):
            if find_spec(f"{self.name}.{part}") and find_spec(f"{self.name}.{part}.menu"):
                import_module(f"{self.name}.{part}.menu")
