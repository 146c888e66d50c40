"""Registers the system with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EnvironmentConfig(AppConfig):
    name = "fangxian.systems.environment"
    label = "environment"
    verbose_name = _("Environment")

    def ready(self) -> None:
        """Orders follow their tasks."""
        from fangxian.systems.command.announcements import tasks_moved
        from fangxian.systems.environment import following

        tasks_moved.connect(following.listen, dispatch_uid="environment.orders")
