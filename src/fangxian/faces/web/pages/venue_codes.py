"""Venue codes on paper: print the code of a place or of all places of an area, and see what bad codes were scanned."""

from datetime import date, timedelta
from typing import Any

import segno
from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from fangxian.core import scope
from fangxian.core.clock import now, today
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.faces.web.registers import tables, widgets
from fangxian.registers.forms import AreaField
from fangxian.systems.screening import flagged, printing, selectors
from fangxian.systems.screening.codes import Reason

COUNTED_DAYS = 14
tables.WAYS["screening.place"].append(
    tables.way(Permission.VENUE_CODES_PRINT, "place_code", _("Print its code"), "qrcode")
)


def _day() -> django_forms.DateInput:
    """What a browser takes as a day, whatever the language."""
    return django_forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class ValidityForm(django_forms.Form):
    """From which day to which the codes hold."""

    valid_from = django_forms.DateField(label=_("Valid from"), widget=_day())
    valid_until = django_forms.DateField(label=_("Valid to the end of"), widget=_day())
    withdraw = django_forms.BooleanField(
        label=_("Codes printed earlier count no longer, from now on"), required=False,
        help_text=_("For a code that was seen elsewhere. Hang the new sheet up at once: the old one is refused."),
    )  # fmt: skip


class AreaForm(ValidityForm):
    """All places of an area."""

    field_order = ("area", "valid_from", "valid_until", "withdraw")
    area = AreaField()


@guard.needs(Permission.VENUE_CODES_PRINT)
@require_http_methods(["GET", "POST"])
def place_code(request: HttpRequest, pk) -> HttpResponse:
    """The codes of a place: which hang there; a POST answers with the sheet to print."""
    place = selectors.place(pk)
    require(request.user, Permission.VENUE_CODES_PRINT, place.area_id)
    form = ValidityForm(request.POST or None, initial=_initial(place.area_id))
    if request.method == "POST" and form.is_valid():
        sheets = _printed(form, [place], request.user)
        if sheets:
            return _sheets(request, sheets, back=reverse("place_code", args=[place.pk]))
    context = {"place": place, "form": form, "codes": selectors.printed_codes(place)[:20], "now": now()}
    return render(request, "screening/place_code.html", context, status=422 if form.errors else 200)


@guard.needs(Permission.VENUE_CODES_PRINT)
@require_http_methods(["GET", "POST"])
def area_codes(request: HttpRequest) -> HttpResponse:
    """A sheet for every open place of an area, as one print."""
    form = widgets.dress(AreaForm(request.POST or None, initial=_initial(_home(request.user))))
    if request.method == "POST" and form.is_valid():
        area = form.cleaned_data["area"]
        sheets = _printed(form, list(selectors.in_area(area.code)[: printing.MOST_AT_ONCE + 1]), request.user)
        if sheets:
            return _sheets(request, sheets, back=reverse("area_codes"))
    return render(request, "screening/area_codes.html", {"form": form}, status=422 if form.errors else 200)


@guard.needs(Permission.FLAGGED_SCANS_READ)
@require_GET
def venue_codes(request: HttpRequest) -> HttpResponse:
    """What bad codes were scanned lately, by reason; each figure opens its rows."""
    since = now() - timedelta(days=COUNTED_DAYS)
    rows = reverse("register", args=["screening.flaggedscan"])
    found = flagged.counts(since)
    counted = [(reason.label, found.get(reason, 0), f"{rows}?reason={reason.value}") for reason in Reason]
    context = {
        "counted": sorted(counted, key=lambda row: -row[1]), "days": COUNTED_DAYS, "total": sum(found.values()),
        "may_print": bool(may(request.user, Permission.VENUE_CODES_PRINT)), "rows": rows,
    }  # fmt: skip
    return render(request, "screening/venue_codes.html", context)


def drawn(text: str) -> SafeString:
    """The code as SVG without any style of its own, so that the page's rules for styles hold."""
    symbol = segno.make(text, error="m", boost_error=False)
    return mark_safe(symbol.svg_inline(border=4, omitsize=True, lineclass=None, svgclass="fx-qr"))  # noqa: S308


def _initial(area_code: str) -> dict[str, Any]:
    days = selectors.code_days(area_code)
    return {"area": area_code, "valid_from": today(), "valid_until": today() + timedelta(days=days - 1)}


def _home(officer: Officer) -> str:
    posts = officer.posts_with(Permission.VENUE_CODES_PRINT)
    return posts[0].area_id if posts else ""


def _printed(form: django_forms.Form, places: list, by: Officer) -> list[printing.Sheet]:
    """The sheets, or none with the reason in the form."""
    given: dict[str, date] = {name: form.cleaned_data[name] for name in ("valid_from", "valid_until")}
    try:
        if not places:
            raise ValidationError(_("There is no open place here."))
        sheets = printing.print_codes(places=places, by=by, **given)
        for sheet in sheets if form.cleaned_data["withdraw"] else []:
            printing.withdraw_others(place=sheet.place, by=by, but=sheet.code)
    except ValidationError as error:
        form.add_error(None, error)
        return []
    return sheets


def _sheets(request: HttpRequest, sheets: list[printing.Sheet], *, back: str) -> HttpResponse:
    shown = [(sheet, drawn(sheet.text)) for sheet in sheets]
    with scope.of(request.user, Permission.VENUE_CODES_PRINT):
        response = render(request, "screening/sheets.html", {"sheets": shown, "back": back})
    response["Cache-Control"] = "no-store"
    return response
