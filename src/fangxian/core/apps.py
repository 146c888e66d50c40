"""Registers core with Django."""

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "fangxian.core"
    label = "core"
    verbose_name = _("Core")

    def ready(self) -> None:
        """The operator's own policy packs lie in the data folder and come before the shipped ones.

        Importing `storage` lets every connection take long statements.
        """
        from fangxian.core import policy, storage  # noqa: F401

        policy.configure(settings.DATA_DIR / "packs")
