"""Reports and assessments in the menu, and which records have pages of their own."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, may
from fangxian.faces.web import navigation
from fangxian.faces.web.registers import tables

tables.PAGES.update({"situation.issuedreport": "report", "situation.assessment": "assessment"})


@navigation.add
def pages(officer: Officer) -> Iterable[navigation.Entry]:
    """For whoever may read the situation."""
    if may(officer, Permission.SITUATION_READ):
        yield {"label": _("Reports"), "url": reverse("reports"), "icon": "file-text", "group": navigation.COMMAND}
        yield {
            "label": _("Assessments"), "url": reverse("assessments"), "icon": "gavel", "group": navigation.COMMAND,
        }  # fmt: skip
