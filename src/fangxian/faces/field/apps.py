"""Registers the phone face with Django and finds its pages."""

from importlib import import_module
from pkgutil import iter_modules

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FieldConfig(AppConfig):
    name = "fangxian.faces.field"
    label = "field"
    verbose_name = _("Phone in the field")

    def ready(self) -> None:
        """Every module of `parts/` adds its page and its kinds of entries."""
        parts = import_module(f"{self.name}.parts")
        for part in iter_modules(parts.__path__):
            import_module(f"{parts.__name__}.{part.name}")
