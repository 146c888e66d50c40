"""The page of one trace: running, waiting for a second person, or what was found; deciding, opening, exporting."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from fangxian.core import audit, clock, masking
from fangxian.core.jobs import Job
from fangxian.core.permissions import Permission, Refused, may
from fangxian.faces.web.pages import guard, trace_sources
from fangxian.faces.web.pages.trace_lines import MINUTE, PLACES, RINGS, Filters, Line, Names, by_place, moment
from fangxian.faces.web.registers.sheets import XLSX, _file
from fangxian.registers import sheets, site
from fangxian.systems.cases import traces
from fangxian.systems.screening import selectors as screening
from fangxian.workflows import trace_for_purpose as workflow

PER_PAGE, PLACES_A_PAGE = 40, 6
TABS = {
    "people": (_("People met"), "users-group"), "places": (_("Places and times"), "clock-hour-4"),
    "second": (_("Contacts of contacts"), "share-3"), "sources": (_("Possible sources"), "target"),
}  # fmt: skip
JOB, OPENING = "cases.trace", "cases.open_contacts"
OPENING_TOLD = _("Contacts are being opened; evidence and ring come from the rules.")
TONES = {"WAITING": "warning", "RELEASED": "success", "REFUSED": "danger", "FAILED": "danger", "RUNNING": "info"}


@guard.needs(Permission.TRACE_READ)
@require_GET
def trace(request: HttpRequest, pk) -> HttpResponse:
    """One trace as far as the officer may see it."""
    found = traces.trace_request(pk)
    context = {
        "trace": found, "limits": _limits(found), "tone": TONES.get(found.state, "neutral"), "windows": _windows(found),
        "rings": _rings(found), "job": _job(found), "opened": _opened(found), **_rights(request, found),
    }  # fmt: skip
    if found.state == "RELEASED" and context["may_see"]:
        context |= _shown(request, found)
    return render(request, "tracing/trace.html", context)


@guard.needs(Permission.TRACE_READ)
@require_GET
def progress(request: HttpRequest, pk) -> HttpResponse:
    """How far the answer is; the page reloads when it is there. Leaving and coming back loses nothing."""
    found = traces.trace_request(pk)
    if found.state not in traces.OPEN:
        return HttpResponseClientRefresh()
    return render(request, "tracing/progress.html", {"trace": found, "job": _job(found)})


@guard.needs(Permission.TRACE_CONFIRM)
@require_POST
def release(request: HttpRequest, pk) -> HttpResponse:
    """The second person agrees."""
    found, reason = traces.trace_request(pk), request.POST.get("reason", "")
    guard.attempt(request, lambda: workflow.release(found, by=request.user, reason=reason[:200]),
                  _("Released: who asked may now see the names."))  # fmt: skip
    return redirect("trace", found.pk)


@guard.needs(Permission.TRACE_CONFIRM)
@require_POST
def refuse(request: HttpRequest, pk) -> HttpResponse:
    """The second person says no, and why."""
    found, reason = traces.trace_request(pk), request.POST.get("reason", "")
    guard.attempt(request, lambda: workflow.refuse(found, by=request.user, reason=reason[:200]),
                  _("Refused: what was found is deleted."))  # fmt: skip
    return redirect("trace", found.pk)


@guard.needs(Permission.TRACE_RUN)
@require_POST
def withdraw(request: HttpRequest, pk) -> HttpResponse:
    """Who asked does not want it any more."""
    found = traces.trace_request(pk)
    guard.attempt(request, lambda: workflow.withdraw(found, by=request.user), _("Withdrawn."))
    return redirect("trace", found.pk)


@guard.needs(Permission.TRACE_RUN)
@require_POST
def open_contacts(request: HttpRequest, pk) -> HttpResponse:
    """Open contacts for the ticked persons; evidence and ring come from the rules."""
    found = traces.trace_request(pk)
    persons = [UUID(text) for text in request.POST.getlist("person") if _is_id(text)]
    if not persons:
        messages.error(request, _("Tick the people whose contacts are to be opened."))
        return redirect("trace", found.pk)
    guard.attempt(request, lambda: workflow.open_contacts(found, persons, by=request.user), OPENING_TOLD)
    return redirect("trace", found.pk)


@guard.needs(Permission.TRACE_EXPORT)
@require_GET
def export(request: HttpRequest, pk, form: str) -> HttpResponse:
    """The shown people as a sheet: masked names, no formula, written down."""
    found = traces.trace_request(pk)
    try:
        names = Names(request.user, found, workflow.read(found, by=request.user))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("trace", found.pk)
    lines = _filtered(names.lines(), Filters.of(request.GET))
    with audit.act("cases.tracerequest.result_exported", by=request.user, area=found.area_id, target=found,
                   detail={"form": form, "persons": len(lines)}):  # fmt: skip
        name = f"trace-{clock.today():%Y%m%d}.{form}"
        if form == "xlsx":
            return _file(sheets.write_xlsx(_headings(), _rows(lines)), XLSX, name)
        return _file("".join(sheets.write_csv(_headings(), _rows(lines))).encode(), "text/csv; charset=utf-8", name)


def _shown(request: HttpRequest, found) -> dict[str, Any]:
    names = Names(request.user, found, workflow.read(found, by=request.user))
    filters = Filters.of(request.GET)
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else "people" if names.found["people"] or not names.found["sources"] else "sources"
    context = {"tab": tab, "tabs": _tabs(found, names), "filters": filters, "kinds": _kinds(), "ring_choices": RINGS,
               "ring_words": _ring_words(), "elsewhere": names.unnamed,
               "beyond": max(0, (found.persons or 0) - len(names.found["people"]) - len(names.found["second"])),
               "explain": names.found["explain"]}  # fmt: skip
    return context | LOADERS[tab](request, names, filters)


def _people(request: HttpRequest, names: Names, filters: Filters) -> dict[str, Any]:
    lines = _filtered(names.lines(), filters)
    page = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    return {"lines": list(page.object_list), "page": page}


def _places(request: HttpRequest, names: Names, filters: Filters) -> dict[str, Any]:
    lines = _filtered(names.lines(), filters)
    number = int(request.GET["page"]) if request.GET.get("page", "").isdecimal() else 1
    start = max(0, number - 1) * PLACES_A_PAGE
    blocks, count = by_place(names, lines, slice(start, start + PLACES_A_PAGE))
    return {"blocks": blocks, "page": Paginator(range(count), PLACES_A_PAGE).get_page(number)}


def _second(request: HttpRequest, names: Names, filters: Filters) -> dict[str, Any]:
    lines = _filtered(names.second(), replace(filters, ring="", kind=""))
    page = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    return {"lines": list(page.object_list), "page": page, "cut": sum(names.found["cut"].values())}


def _sources(request: HttpRequest, names: Names, filters: Filters) -> dict[str, Any]:
    return {"sources": trace_sources.told(names), "of": len(names.windows)}


LOADERS = {"people": _people, "places": _places, "second": _second, "sources": _sources}


def _filtered(lines: list[Line], filters: Filters) -> list[Line]:
    return [line for line in lines if filters.admits(line)]


def _tabs(found, names: Names) -> list[tuple[str, str, str, int]]:
    counts = {"people": len(names.found["people"]), "places": found.summary.get("places", 0),
              "second": len(names.found["second"]),
              "sources": len(names.found["sources"].get("places", []))}  # fmt: skip
    return [(key, label, icon, counts[key]) for key, (label, icon) in TABS.items()]


def _kinds() -> list[tuple[str, str]]:
    return list(site.get(PLACES).model._meta.get_field("kind").choices)


def _ring_words() -> dict[str, Any]:
    return {**dict(site.get("cases.contact").model._meta.get_field("ring").choices), "NONE": _("No ring by the visits")}


def _windows(found) -> list[dict[str, Any]]:
    return [{**one, "starts": moment(one["from"]), "ends": moment(one["until"])} for one in found.question["windows"]]


def _limits(found) -> dict[str, Any]:
    """The question's limits as people say them; a place outside the officer's areas is not named."""
    asked = found.question
    places = screening.by_ids(UUID(pk) for pk in (*asked["without"], *asked["only"]))
    named = {name: [places[UUID(pk)] for pk in asked[name] if UUID(pk) in places] for name in ("without", "only")}
    return {**named, "lag": asked["lag"] // MINUTE, "least": asked["least"] // MINUTE}


def _rings(found) -> list[tuple[str, str, int]]:
    words, counts = _ring_words(), found.summary.get("rings", {})
    return [(ring, words[ring], counts.get("" if ring == "NONE" else ring, 0)) for ring in RINGS]


def _job(found) -> Job | None:
    return Job.objects.filter(kind=JOB, key=str(found.pk)).order_by("-created_at").first()


def _opened(found) -> list[Job]:
    return list(Job.objects.filter(kind=OPENING, key__startswith=f"{found.pk}:").order_by("-created_at")[:8])


def _rights(request: HttpRequest, found) -> dict[str, bool]:
    officer = request.user
    return {
        "may_see": bool(may(officer, Permission.TRACE_RUN, found.area_id)),
        "may_decide": bool(traces.allowed(found, "release", officer)),
        "may_withdraw": bool(traces.allowed(found, "withdraw", officer)),
        "may_open": bool(may(officer, Permission.RESPOND_RUN, found.area_id))
        and bool(may(officer, Permission.CASES_WRITE, found.area_id)),
        "may_export": bool(may(officer, Permission.TRACE_EXPORT, found.area_id)),
    }


def _headings() -> list[str]:
    return [gettext("Person (id)"), gettext("Name"), gettext("Area"), gettext("Ring by the visits"), gettext("Minutes"),
            gettext("First met"), gettext("Last met"), gettext("Places"), gettext("Cases"),
            gettext("Already a contact")]  # fmt: skip


def _rows(lines: list[Line]) -> Iterator[list[Any]]:
    words = _ring_words()
    for line in lines:
        yield [line.person.pk, masking.mask("name", line.person.name), line.person.area, words.get(line.ring, ""),
               line.minutes, clock.shown(line.first), clock.shown(line.last), line.places, " ".join(line.cases),
               words.get(line.known, "")]  # fmt: skip


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
