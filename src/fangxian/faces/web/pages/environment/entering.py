"""“Enter a sample” on the page of whatever can be sampled: the form of the ledger with everything known filled in."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxian.core.permissions import Permission, may
from fangxian.faces.web.pages.environment.lists import SAMPLES
from fangxian.faces.web.registers import tables
from fangxian.systems.environment.words import Subject, Surrounding, Why

SETTINGS = {
    Subject.VENUE: Surrounding.VENUE, Subject.STORE: Surrounding.GOODS, Subject.LOT: Surrounding.GOODS,
    Subject.SITE: Surrounding.ROOM, Subject.ROOM: Surrounding.ROOM, Subject.VEHICLE: Surrounding.VEHICLE,
    Subject.CASE: Surrounding.HOME,
}  # fmt: skip
ASKED = _("Enter a sample")


def url(officer: Any, about: Any) -> str:
    """The form for a sample of a record; empty for whoever may not enter one there."""
    if not may(officer, Permission.ENVIRONMENT_SAMPLES_WRITE, about.area_id):
        return ""
    kind = Subject(about._meta.label_lower)
    given = {
        "area": about.area_id, "subject_kind": kind, "subject_id": about.pk, "kind": SETTINGS[kind],
        "where": _where(about, kind), "why": Why.CASE if kind == Subject.CASE else Why.ROUTINE,
    }  # fmt: skip
    return f"{reverse('register_add', args=[SAMPLES])}?{urlencode(given)}"


def link(officer: Any, about: Any) -> tuple[str, Any, str] | None:
    """The same as a button of a record's page."""
    address = url(officer, about)
    return (address, ASKED, "test-pipe") if address else None


def _where(about: Any, kind: str) -> str:
    """Where it is; a home by its area alone, its address stands with the person."""
    if kind == Subject.CASE:
        return f"{about.number} · {about.area}"[:120]
    return (f"{about.place} · {about}" if kind == Subject.LOT else str(about))[:120]


for _slug in Subject.values:
    tables.WAYS[_slug].append(link)
