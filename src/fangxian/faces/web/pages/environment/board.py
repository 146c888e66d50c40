"""The environment at a glance: what waits, the sewage of a fortnight with its gaps, the round of the villages."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from fangxian.core.areas import Area
from fangxian.core.clock import now, today
from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.environment.lists import ORDERS, SAMPLES
from fangxian.faces.web.pages.figures import row_of
from fangxian.systems.environment import selectors, services
from fangxian.systems.environment.words import Result, State, Work

DAYS, SHOWN = 14, 30
TONES = {"POSITIVE": "danger", "UNCLEAR": "warning", "PENDING": "info", "NEGATIVE": "success", "MISSING": "danger"}
MARKS = {"POSITIVE": "+", "UNCLEAR": "?", "PENDING": "…", "NEGATIVE": "−", "MISSING": "×"}  # noqa: RUF001


@guard.needs(Permission.ENVIRONMENT_READ)
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """One page: figures, positives, disinfection to do, sewage by day, villages by kind of work."""
    since = today() - timedelta(days=DAYS)
    feed = selectors.feed(since + timedelta(days=1), today())
    names = selectors.rounds()
    asked = request.GET.get("round", "")
    shown = asked if asked in names else next(iter(names), "")
    context = {
        "figures": _figures(request.user, since),
        "positives": list(selectors.positives(now() - timedelta(days=DAYS))[:SHOWN]),
        "orders": list(selectors.open_orders()[:SHOWN]), "late": list(selectors.late_samples()[:SHOWN]), "now": now(),
        "feed": [(one, [_cell(day, value) for day, value in one.days.items()]) for one in feed],
        "days": [since + timedelta(days=1 + number) for number in range(DAYS)], "kinds": _kinds(),
        "rounds": names, "round": shown, "villages": _villages(selectors.round_orders(shown)) if shown else [],
        "may_write": bool(may(request.user, Permission.ENVIRONMENT_WRITE)), "towns": _towns(request),
    }  # fmt: skip
    return render(request, "environment/board.html", context)


@guard.needs(Permission.ENVIRONMENT_WRITE)
@require_POST
def begin_round(request: HttpRequest) -> HttpResponse:
    """A round for every village of a township."""
    town = Area.objects.get(pk=request.POST.get("town", ""))
    require(request.user, Permission.ENVIRONMENT_WRITE, town.code)
    name = request.POST.get("name", "").strip()[:20] or f"{today():%Y-%m}"
    villages = list(Area.objects.filter(parent=town, kind=Area.Kind.VILLAGE).order_by("code"))
    guard.attempt(
        request, lambda: services.begin_round(by=request.user, villages=villages or [town], name=name),
        _("The round is handed down; villages that had it keep theirs."),
    )  # fmt: skip
    return redirect("environment")


def _figures(officer, since) -> list:
    return row_of(
        officer,
        (SAMPLES, "positive_since", _("Positive, fourteen days"), {"value": since.isoformat(), "tone": "danger"}),
        (SAMPLES, "waiting", _("Samples without result"), {}),
        (SAMPLES, "late", _("Results overdue"), {"tone": "warning"}),
        (ORDERS, "open", _("Orders not done yet"), {}),
        (ORDERS, "overdue", _("Orders overdue"), {"tone": "danger"}),
        (ORDERS, "to_accept", _("Done, to be accepted"), {"tone": "info"}),
    )


def _cell(day, value: str) -> dict[str, Any]:
    words = _("missing") if value == selectors.MISSING else dict(Result.choices).get(value, "")
    return {"day": day, "mark": MARKS.get(value, ""), "tone": TONES.get(value, ""), "words": words}


def _kinds() -> list[tuple[str, Any]]:
    return [(kind.value, kind.label) for kind in (Work.RUBBISH, Work.WATER, Work.TOILETS, Work.VECTORS)]


def _villages(orders: list) -> list[tuple[str, list[Any], int]]:
    """By village: the order of each kind, and how many are accepted."""
    by_area: dict[str, dict[str, Any]] = {}
    for one in orders:
        by_area.setdefault(str(one.area), {})[one.kind] = one
    return [
        (name, [found.get(kind) for kind, _label in _kinds()],
         sum(one.state == State.ACCEPTED for one in found.values()))
        for name, found in by_area.items()
    ]  # fmt: skip


def _towns(request: HttpRequest) -> list[Area]:
    """The townships in which the officer may hand a round down."""
    rows = Area.objects.filter(kind=Area.Kind.TOWNSHIP).order_by("code")
    posts = request.user.posts_with(Permission.ENVIRONMENT_WRITE)
    return [town for town in rows if any(post.covers(town.code) for post in posts)][:60]
