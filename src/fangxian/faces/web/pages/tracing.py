"""Tracing by hand: who met a case, or who was at a place; for a case and a purpose, both of which are recorded."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from fangxian.core import audit, policy
from fangxian.core.clock import now
from fangxian.core.permissions import Permission
from fangxian.faces.web.pages import guard, lists
from fangxian.faces.web.registers import widgets
from fangxian.registers import forms, site
from fangxian.systems.people import selectors as people
from fangxian.systems.screening import selectors as screening
from fangxian.warehouse.tracing import Tracer, Window
from fangxian.workflows.response import window as windows

SHOWN = 200
PEOPLE, PLACES = "people.person", "screening.place"


def _moment(label, **options) -> django_forms.DateTimeField:
    widget = django_forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return django_forms.DateTimeField(label=label, widget=widget, **options)


class TraceForm(django_forms.Form):
    """For which case, what for, where and when."""

    purpose = django_forms.CharField(label=_("What for"), min_length=4, max_length=200,
                                     help_text=_("Recorded with your name, the case and what was found."))  # fmt: skip
    starts_at = _moment(_("From"), required=False, help_text=_("Empty: the case's infectious window by the rules."))
    ends_at = _moment(_("Until"), required=False)
    lag = django_forms.IntegerField(label=_("Also who came after (minutes)"), min_value=0, max_value=240, initial=0)
    least = django_forms.IntegerField(label=_("At least together (minutes)"), min_value=0, max_value=720, initial=0)

    field_order = ("case", "purpose", "place", "starts_at", "ends_at", "lag", "least")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["case"] = forms.RecordField(site.get(lists.CASES).model, label=_("Case"))
        self.fields["place"] = forms.RecordField(site.get(PLACES).model, label=_("Only at this place"), required=False,
                                                 help_text=_("Empty: everywhere the case was."))  # fmt: skip
        widgets.dress(self)
        self.order_fields(self.field_order)

    def clean(self) -> dict:
        given = super().clean()
        start, end, place = given.get("starts_at"), given.get("ends_at"), given.get("place")
        if start and end and end <= start:
            self.add_error("ends_at", _("The end lies before the beginning."))
        if place and not (start and end):
            self.add_error("starts_at", _("A place needs a beginning and an end."))
        return given


@guard.needs(Permission.TRACE_RUN)
@require_http_methods(["GET", "POST"])
def tracing(request: HttpRequest) -> HttpResponse:
    """The question, and after it the answer with the meetings behind every line."""
    initial = {"case": request.GET.get("case", "")}
    form = TraceForm(request.POST if request.method == "POST" else None, initial=initial)
    context = {"form": form}
    if request.method == "POST" and form.is_valid():
        context |= _answer(request, form.cleaned_data)
    return render(request, "situation/tracing.html", context, status=422 if form.errors else 200)


def _answer(request: HttpRequest, asked: dict) -> dict:
    """Trace, and write down who asked, for which case, what for and how many were found."""
    case, place = asked["case"], asked["place"]
    detail = {"purpose": asked["purpose"], "place": str(place.pk) if place else ""}
    with audit.act("trace.run", by=request.user, area=case.area_id, target=case, detail=detail) as kept:
        start, end = _span(case, asked)
        found = _at_place(asked, start, end) if place else _near(case, asked, start, end)
        kept |= {"from": start.isoformat(), "until": end.isoformat(), "persons": len(found)}
    known, places = _names(request.user, found)
    lines = [_line(person, known, places, met) for person, met in found.items() if person in known]
    lines.sort(key=lambda line: (-line["seconds"], line["first"]))
    return {"case": case, "place": place, "start": start, "end": end, "lines": lines[:SHOWN], "found": len(found),
            "elsewhere": len(found) - len(lines), "cut": max(0, len(lines) - SHOWN)}  # fmt: skip


def _span(case, asked: dict) -> tuple[datetime, datetime]:
    pack = policy.pack(disease=case.disease, area_code=case.area_id)
    try:
        by_rule = windows.infectious(case, pack, at=now())
    except policy.PolicyError as missing:
        if not (asked["starts_at"] and asked["ends_at"]):
            raise ValidationError(str(missing)) from missing
        return asked["starts_at"], asked["ends_at"]
    return asked["starts_at"] or by_rule.t0, asked["ends_at"] or by_rule.t1


def _near(case, asked: dict, start: datetime, end: datetime) -> dict[UUID, list]:
    """Meetings with the case, by person."""
    met: dict[UUID, list] = defaultdict(list)
    question = [Window(str(case.pk), case.person_id, start, end)]
    for meeting in Tracer().evidence(question, lag=asked["lag"] * 60, min_overlap=asked["least"] * 60):
        met[meeting.person].append(meeting)
    return dict(met)


def _at_place(asked: dict, start: datetime, end: datetime) -> dict[UUID, list]:
    """Who was at the place, each with one line that sums up."""
    place = asked["place"]
    found = Tracer().exposed_at(place.pk, start, end, lag=asked["lag"] * 60, min_overlap=asked["least"] * 60)
    return {row.person: [row] for row in found if row.person != asked["case"].person_id}


def _names(officer, found: dict[UUID, list]) -> tuple[dict, dict]:
    """The people and places of the officer's areas; others are counted, not named."""
    met = {meeting.place for rows in found.values() for meeting in rows if hasattr(meeting, "place")}
    with site.get(PEOPLE).scope(officer, "read"):
        known = people.by_ids(found)
    with site.get(PLACES).scope(officer, "read"):
        return known, screening.by_ids(met)


def _line(person: UUID, known: dict, places: dict, met: list) -> dict:
    pieces = [_piece(meeting, places) for meeting in met]
    seconds = sum(piece["seconds"] for piece in pieces)
    first = min(piece["starts"] for piece in pieces)
    return {"person": known[person], "pieces": pieces, "seconds": seconds, "minutes": seconds // 60, "first": first}


def _piece(meeting, places: dict) -> dict:
    """One meeting; at a place asked for, one line from first to last."""
    first = getattr(meeting, "entered_at", None) or meeting.first_at
    last = getattr(meeting, "left_at", None) or meeting.last_at
    together = meeting.overlap_s
    return {"place": places.get(getattr(meeting, "place", None)), "starts": timezone.localtime(first),
            "ends": timezone.localtime(last), "seconds": together, "minutes": together // 60}  # fmt: skip


def url_for(case) -> str:
    """The page with a case already filled in."""
    return f"{reverse('tracing')}?case={case.pk}"
