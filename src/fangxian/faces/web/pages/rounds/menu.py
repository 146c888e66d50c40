"""Test rounds and the laboratory in the menu."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, may
from fangxian.faces.web import navigation
from fangxian.faces.web.registers import tables

tables.PAGES.update(
    {
        "testing.testround": "round",
        "testing.samplingpoint": "sampling_point",
        "testing.tube": "tube",
        "testing.tubebatch": "tube_batch",
        "testing.labaccident": "lab_accident",
    }
)


@navigation.add
def pages(officer: Officer) -> Iterable[navigation.Entry]:
    """The rounds, for whoever may read them; the laboratory, for whoever enters results."""
    if may(officer, Permission.TESTING_READ):
        entry = {"group": navigation.FIND, "phone": False}
        yield {"label": _("Test rounds"), "url": reverse("rounds"), "icon": "rotate-clockwise", **entry}
    if may(officer, Permission.TESTING_WRITE):
        yield {"label": _("Laboratory"), "url": reverse("laboratory"), "icon": "microscope", **entry}
