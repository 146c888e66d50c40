"""Communities of an area: how many are epidemic-free by township, and what keeps the others from it."""

from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from fangxian.core.areas import Area
from fangxian.core.clock import now, today
from fangxian.core.permissions import Permission
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.readiness.lists import COMMUNITIES
from fangxian.faces.web.registers import named
from fangxian.systems.readiness import rules, selectors
from fangxian.workflows import epidemic_free

A_PAGE = 40
TABS = (("all", _("All communities")), ("in_force", _("Epidemic-free")), ("applied", _("Waits to be granted")),
        ("able", _("Could apply")), ("lacking", _("Something is missing")),
        ("revoked", _("Status revoked")))  # fmt: skip


@dataclass
class Row:
    """A community: its last application, and what does not hold now."""

    area: Area
    last: Any
    lacks: list[str]

    @property
    def tab(self) -> str:
        """Under which word it is counted."""
        state = self.last.state if self.last else ""
        if state == "GRANTED" and self.last.valid_until >= today():
            return "in_force"
        if state in ("APPLIED", "REVOKED"):
            return {"APPLIED": "applied", "REVOKED": "revoked"}[state]
        return "lacking" if self.lacks else "able"


@dataclass
class Town:
    """A township with its communities counted."""

    area: Area
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def cells(self) -> list[int]:
        """In the order of the tabs."""
        return [self.counts.get(key, 0) for key, _label in TABS]


@guard.needs(Permission.READINESS_READ)
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """The communities of the officer's area, judged now; one township or one state at a time."""
    here = area_of(request.user)
    town, shown = request.GET.get("town", ""), request.GET.get("show", "all")
    rows = _rows(here)
    inside = [row for row in rows if row.area.code.startswith(town)]
    chosen = [row for row in inside if shown in ("all", row.tab)]
    page = Paginator(chosen, A_PAGE).get_page(request.GET.get("page"))
    tabs = [(key, label, sum(key in ("all", row.tab) for row in inside)) for key, label in TABS]
    context = {
        "here": here, "tabs": tabs, "shown": shown, "town": town, "page": page, "towns": _towns(here, rows),
        "labels": [label for _key, label in TABS], "lacking": _lacking(rows, here), "at": now(),
        "figures": _figures(),
    }  # fmt: skip
    return render(request, "readiness/board.html", context)


def area_of(officer: Any) -> Area:
    """The widest area an officer reads readiness of."""
    posts = officer.posts_with(Permission.READINESS_READ)
    return min((post.area for post in posts), key=lambda area: (len(area.code), area.code))


def _rows(here: Area) -> list[Row]:
    """Every community with its last application; judged county by county."""
    areas = selectors.communities(here.code)
    last = selectors.latest([area.code for area in areas])
    counties: dict[str, list[str]] = {}
    for area in areas:
        counties.setdefault(area.code[:6], []).append(area.code)
    judged = {}
    for county, codes in counties.items():
        judged |= epidemic_free.judge(max(county, here.code, key=len), codes)
    return [Row(one, last.get(one.code), [verdict.criterion.text for verdict in rules.broken(judged[one.code])])
            for one in areas]  # fmt: skip


def _towns(here: Area, rows: list[Row]) -> list[Town]:
    codes = sorted({row.area.code[:9] for row in rows})
    towns = {area.code: Town(area) for area in Area.objects.filter(code__in=codes).order_by("code")}
    for row in rows:
        counts = towns[row.area.code[:9]].counts
        for key in ("all", row.tab):
            counts[key] = counts.get(key, 0) + 1
    return list(towns.values())


def _lacking(rows: list[Row], here: Area) -> list[tuple[str, int]]:
    """How many communities each criterion keeps from the status."""
    counted = [(one.text, sum(one.text in row.lacks for row in rows))
               for one in rules.criteria(rules.pack_of(here.code))]  # fmt: skip
    return sorted((pair for pair in counted if pair[1]), key=lambda pair: -pair[1])


def _figures() -> list[dict[str, Any]]:
    asked = ((_("Epidemic-free today"), "in_force", "success"), (_("Waits to be granted"), "to_decide", "warning"),
             (_("Status revoked"), "revoked", "danger"))  # fmt: skip
    made = []
    for label, key, tone in asked:
        count = named.rows(COMMUNITIES, key).count()
        made.append({"label": label, "value": count, "url": named.url(COMMUNITIES, key), "tone": tone if count else ""})
    return made
