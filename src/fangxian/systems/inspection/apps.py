"""Registers the system with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InspectionConfig(AppConfig):
    name = "fangxian.systems.inspection"
    label = "inspection"
    verbose_name = _("Inspection")

    def ready(self) -> None:
        """Findings follow their tasks."""
        from fangxian.systems.command.announcements import tasks_moved
        from fangxian.systems.inspection import following

        tasks_moved.connect(following.listen, dispatch_uid="inspection.findings")
