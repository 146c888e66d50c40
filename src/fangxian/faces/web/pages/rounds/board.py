"""The rounds, and the board of one: how far it is, by area, group and hour; every figure opens its people."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from fangxian.core import areas
from fangxian.core.areas import Area
from fangxian.core.clock import shown
from fangxian.core.permissions import Permission, may
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.figures import Figure
from fangxian.systems.testing import coverage, groups, selectors
from fangxian.systems.testing.coverage import Figures, State
from fangxian.workflows import testing_round
from fangxian.workflows.response.report import disease_name

MOST_ROUNDS, SHOWN_POOLS = 60, 200
SAID = (
    ("roster", gettext_lazy("Roster")), ("tested", gettext_lazy("Have been tested")),
    ("missing", gettext_lazy("Not tested yet")), ("pending", gettext_lazy("Result pending")),
    ("negative", gettext_lazy("Negative")), ("recall", gettext_lazy("To be sampled singly")),
    ("positive", gettext_lazy("Positive")), ("excused", gettext_lazy("Excused")),
    ("others", gettext_lazy("Not on the roster")),
)  # fmt: skip
LEVELS = {6: 9, 9: 12, 12: 15}
"""Digits of an area's code → digits of the areas shown below it."""


@dataclass(frozen=True)
class Row:
    """One line of a table: what it is about, its figures, and the addresses behind them."""

    label: str
    figures: Figures
    url: str
    people: str


@guard.needs(Permission.TESTING_READ)
@require_GET
def rounds(request: HttpRequest) -> HttpResponse:
    """Rounds under way with their coverage, then those to come and the last ones."""
    found = selectors.latest_rounds(MOST_ROUNDS)
    rows = [(row, coverage.figures(row)) for row in found]
    context = {
        "rounds": rows,
        "may_plan": bool(may(request.user, Permission.TESTING_WRITE)),
        "accidents": selectors.open_accidents(),
    }
    return render(request, "rounds/rounds.html", context)


@guard.needs(Permission.TESTING_READ)
@require_GET
def board(request: HttpRequest, pk) -> HttpResponse:
    """One round; `area` narrows it to a township or village."""
    test_round = selectors.test_round(pk)
    area = _narrowed(request, test_round)
    total = coverage.figures(test_round, area.code)
    names = groups.names(test_round.area_id) | {
        "": _("In no group"),
        "planned": _("Planned tests"),
        "unlisted": _("Not on the roster"),
    }
    hours = [{"label": shown(hour, "%H:00"), "value": count} for hour, count in coverage.by_hour(test_round)]
    context = {
        "round": test_round, "area": area, "above": _above(test_round, area), "total": total,
        "disease": disease_name(test_round.disease), "tiles": _tiles(test_round, area.code, total),
        "areas": _by_area(test_round, area), "groups": [
            Row(names.get(group, group), found, "", _people(test_round, area.code, group=group))
            for group, found in coverage.by_group(test_round, area.code).items()
        ],
        "hours": hours, "most": max((row["value"] for row in hours), default=0),
        "points": selectors.points_of(test_round, coverage.by_point(test_round)),
        "may_run": bool(may(request.user, Permission.ROUNDS_RUN, test_round.area_id)),
        "advice": testing_round.what_next(round_id=test_round.pk) if test_round.state == "CLOSED" else None,
        "open_pools": sum(not pool.resolved for pool in coverage.pools(test_round, SHOWN_POOLS)),
        "changes": _changes(test_round),
    }  # fmt: skip
    return render(request, "rounds/board.html", context)


@guard.needs(Permission.TESTING_READ)
@require_GET
def pools(request: HttpRequest, pk) -> HttpResponse:
    """Positive and unsure tubes with everybody in them and where each stands."""
    test_round = selectors.test_round(pk)
    found = sorted(coverage.pools(test_round, SHOWN_POOLS), key=lambda pool: pool.resolved)
    return render(request, "rounds/pools.html", {"round": test_round, "pools": found, "State": State})


def _changes(test_round) -> list[tuple[datetime | None, list[tuple[str, int]]]]:
    """What came after the end, newest first: when the closing figures were made anew, and by how many each moved."""
    words = dict(SAID)
    return [
        (parse_datetime(one["at"]), [(words[name], n) for name, n in one["difference"].items() if name in words])
        for one in reversed(test_round.closing.get("changes", []))
    ]


def _narrowed(request: HttpRequest, test_round) -> Area:
    code = request.GET.get("area", "")
    inside = code.startswith(test_round.area_id) and Area.objects.filter(code=code).first()
    return inside or test_round.area


def _above(test_round, area: Area) -> list[Area]:
    return [one for one in areas.path(area) if len(one.code) >= len(test_round.area_id) and one.code != area.code]


def _by_area(test_round, area: Area) -> list[Row]:
    digits = LEVELS.get(len(area.code), 0)
    if not digits:
        return []
    found = coverage.by_area(test_round, digits, area.code)
    names = Area.objects.in_bulk(list(found))
    rows = [
        Row(str(names.get(code, code)), figures, f"?{urlencode({'area': code})}", _people(test_round, code))
        for code, figures in found.items()
    ]
    return sorted(rows, key=lambda row: -row.figures.missing)


def _people(test_round, area: str, *, state: int = State.MISSING, group: str | None = None) -> str:
    asked = {"area": area, "state": int(state), **({} if group is None else {"group": group})}
    return f"{reverse('round_people', args=[test_round.pk])}?{urlencode(asked)}"


def _tiles(test_round, area: str, total: Figures) -> list[Figure]:
    """Every figure and the people behind it."""
    percent = f"{total.percent:.1f} %" if total.percent is not None else ""
    asked = [
        (_("Have been tested"), total.tested, "", percent, State.PENDING),
        (_("Not tested yet"), total.missing, "warning", "", State.MISSING),
        (_("Result pending"), total.pending, "", "", State.PENDING),
        (_("Negative"), total.negative, "", "", State.NEGATIVE),
        (_("To be sampled singly"), total.recall, "danger", "", State.RECALL),
        (_("Positive"), total.positive, "danger", "", State.POSITIVE),
        (_("Excused"), total.excused, "", "", State.EXCUSED),
    ]
    return [
        Figure(label, value, _people(test_round, area, state=state), tone if value else "", note)
        for label, value, tone, note, state in asked
    ]
