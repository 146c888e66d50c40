"""Registers the system with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LettersConfig(AppConfig):
    name = "fangxian.systems.letters"
    label = "letters"
    verbose_name = _("Letters of assistance")

    def ready(self) -> None:
        """The people of letters follow the tasks about them."""
        from fangxian.systems.command.announcements import tasks_moved
        from fangxian.systems.letters.following import listen

        tasks_moved.connect(listen, dispatch_uid="letters.following")
