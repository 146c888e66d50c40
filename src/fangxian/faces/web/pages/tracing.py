"""The tracing workbench: choose cases and their windows, say what for, ask; what I asked, what waits for me."""

from datetime import datetime
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from fangxian.core.clock import shown
from fangxian.core.permissions import Permission, Refused, may
from fangxian.faces.web.pages import guard
from fangxian.registers import listing, site
from fangxian.registers.listing import Query
from fangxian.systems.cases import selectors as cases
from fangxian.systems.cases import traces
from fangxian.systems.screening import selectors as screening
from fangxian.workflows import trace_for_purpose as workflow

PLACES = "screening.place"
MINUTE = 60
SHOWN, FOUND = 20, 8
LISTS = ("case", "without", "only")
LOCAL = "%Y-%m-%dT%H:%M"


def _minutes(label, most: int, **options) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=most, required=False, **options)


class QuestionForm(forms.Form):
    """What for, and the limits; cases, windows and places stand beside it on the page."""

    purpose = forms.ChoiceField(label=_("What for"), choices=workflow.Purpose.choices)
    reason = forms.CharField(
        label=_("Why"), min_length=2, max_length=200,
        help_text=_("In your own words; recorded with your name, the cases and what was found."),
    )  # fmt: skip
    lag = _minutes(_("Also who came after (minutes)"), 240, help_text=_("Empty: as the rules say."))
    least = _minutes(_("At least together (minutes)"), 720)
    most_rows = forms.IntegerField(
        label=_("Leave crowds out: more meetings than"), min_value=1, max_value=100_000, required=False,
        help_text=_("A stay with more meetings is a station or a market. Empty: as the rules say."),
    )  # fmt: skip
    second = forms.BooleanField(label=_("Also contacts of contacts"), required=False)
    second_least = _minutes(
        _("… of contacts at least together (minutes)"), 720, help_text=_("Empty: as the rules say.")
    )
    second_limit = forms.IntegerField(
        label=_("… at most for each case"), min_value=1, max_value=5000, required=False,
        help_text=_("The nearest are kept, the others counted."),
    )  # fmt: skip


@guard.needs(Permission.TRACE_READ)
@require_http_methods(["GET", "POST"])
def workbench(request: HttpRequest) -> HttpResponse:
    """The question and the traces one has to do with; asking leads to the page of the request."""
    form = QuestionForm(request.POST if request.method == "POST" else None, initial=_initial(request.GET))
    if request.method == "POST" and form.is_valid() and (asked := _ask(request, form)) is not None:
        return redirect("trace", asked.pk)
    given = request.POST if request.method == "POST" else request.GET
    context = {
        "form": form, "may_ask": bool(may(request.user, Permission.TRACE_RUN)), **_chosen(given),
        "mine": list(traces.asked_by(request.user)[:SHOWN]),
        "waiting": list(traces.waiting(request.user)[:SHOWN]) if may(request.user, Permission.TRACE_CONFIRM) else [],
    }  # fmt: skip
    return render(request, "tracing/workbench.html", context, status=422 if form.errors else 200)


@guard.needs(Permission.TRACE_RUN)
@require_GET
def find(request: HttpRequest, what: str) -> HttpResponse:
    """Cases by number or name, or places by name, while somebody types."""
    typed = request.GET.get("find", "").strip()
    if what == "case":
        found = list(cases.search(typed)[:FOUND]) if typed else []
    else:
        found = list(listing.select(site.get(PLACES), Query(search=typed)).select_related("area")[:FOUND])
    return render(request, "tracing/found.html", {"found": found, "what": what, "typed": typed})


@guard.needs(Permission.TRACE_RUN)
@require_GET
def chosen(request: HttpRequest) -> HttpResponse:
    """The chosen cases with their windows, and the chosen places, after one was added or taken away."""
    given = request.GET.copy()
    for name in LISTS:
        kept = [pk for pk in given.getlist(name) if pk != given.get(f"drop_{name}")]
        given.setlist(name, list(dict.fromkeys([*kept, *given.getlist(f"add_{name}")])))
    return render(request, "tracing/chosen.html", _chosen(given))


def _ask(request: HttpRequest, form: QuestionForm):
    """The request that was written down; None when it was not, with the reasons on the form."""
    given = form.cleaned_data
    chosen_cases = tuple(cases.by_ids(_ids(request.POST, "case")))
    if not chosen_cases:
        form.add_error(None, _("Choose at least one case: type its number or a name in the search field."))
        return None
    question = workflow.Question(
        chosen_cases, given["purpose"], given["reason"], _windows(request.POST, chosen_cases),
        lag=_seconds(given["lag"]), least=_seconds(given["least"]) or 0, without=_places(request.POST, "without"),
        only=_places(request.POST, "only"), most_rows=given["most_rows"], second=given["second"],
        second_least=_seconds(given["second_least"]), second_limit=given["second_limit"],
    )  # fmt: skip
    try:
        return workflow.ask(question, by=request.user)
    except (Refused, ValidationError) as error:
        form.add_error(None, list(error.messages) if isinstance(error, ValidationError) else str(error))
        return None


def _chosen(given: QueryDict) -> dict:
    """The chosen cases, each with the window asked about and the widest one, and the chosen places."""
    purpose = given.get("purpose", workflow.Purpose.FIND_CONTACTS)
    purpose = purpose if purpose in workflow.Purpose.values else workflow.Purpose.FIND_CONTACTS
    rows = []
    for case in cases.by_ids(_ids(given, "case")):
        widest = workflow.span(case, purpose, workflow.pack_of(case))
        window = {"from": shown(widest.t0, LOCAL), "until": shown(widest.t1, LOCAL)}
        fits = given.get(f"for_{case.pk}", "") == purpose
        asked = {name: given.get(f"{name}_{case.pk}") or window[name] for name in window} if fits else window
        rows.append({"case": case, "widest": widest, "asked": asked, "limits": window})
    return {"cases": rows, "purpose": purpose, "without": _named(given, "without"), "only": _named(given, "only")}


def _windows(given: QueryDict, chosen_cases) -> dict[UUID, tuple[datetime | None, datetime | None]]:
    """What was entered; the end of the default window is now, to the second, so an untouched end stays open."""
    windows = {}
    for row in _chosen(given)["cases"]:
        case, limits = row["case"], row["limits"]
        entered = [row["asked"][name] if row["asked"][name] != limits[name] else "" for name in ("from", "until")]
        windows[case.pk] = tuple(_moment(text) for text in entered)
    return windows


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    return timezone.make_aware(found) if found and timezone.is_naive(found) else found


def _named(given: QueryDict, name: str) -> list:
    return list(screening.by_ids(_ids(given, name)).values())


def _places(given: QueryDict, name: str) -> tuple[UUID, ...]:
    return tuple(place.pk for place in _named(given, name))


def _ids(given: QueryDict, name: str) -> list[UUID]:
    found = []
    for text in given.getlist(name):
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _initial(given: QueryDict) -> dict:
    return {"purpose": given.get("purpose", workflow.Purpose.FIND_CONTACTS)}


def _seconds(minutes: int | None) -> int | None:
    return None if minutes is None else minutes * MINUTE
