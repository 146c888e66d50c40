"""Diseases by areas: the last seven days against the four weeks before, with the open signals on top."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fangxian.core import scope
from fangxian.core.areas import Area
from fangxian.core.clock import today
from fangxian.core.permissions import Permission
from fangxian.faces.web.pages import guard
from fangxian.systems.cases import selectors as cases
from fangxian.systems.surveillance import selectors
from fangxian.systems.surveillance.subjects import name_of
from fangxian.systems.surveillance.words import SignalState

NOW, BEFORE = timedelta(days=7), timedelta(days=28)
MORE, MUCH_MORE = 1.5, 2.5
"""Times the usual week from which a cell is coloured."""
MOST = 24
"""Areas side by side."""


@dataclass(frozen=True)
class Cell:
    """One disease in one area: this week, a usual week, the open signal."""

    area: str
    week: int
    usual: float
    signal: str

    @property
    def tone(self) -> str:
        """Danger with a signal or far above the usual week, warning above it."""
        if self.signal or (self.week > 2 and self.week > MUCH_MORE * max(self.usual, 0.5)):
            return "danger"
        return "warning" if self.week > 2 and self.week > MORE * max(self.usual, 0.5) else ""

    @property
    def words(self) -> str:
        """What the cell says, for the title and for whoever listens."""
        return _("%(week)s in seven days, %(usual)s in a usual week") % {
            "week": self.week,
            "usual": f"{self.usual:.1f}",
        }


@guard.needs(Permission.SURVEILLANCE_READ)
@require_GET
def heat(request: HttpRequest) -> HttpResponse:
    """The table; a cell opens the curve of its disease and area."""
    area = _area(request)
    below = list(scope.areas_in_scope().filter(parent=area).order_by("code")[:MOST]) or [area]
    last = today() - timedelta(days=1)
    rows = _rows(area, below, last)
    context = {"area": area, "areas": below, "rows": rows, "last": last, "first": last - NOW + timedelta(days=1)}
    return render(request, "surveillance/heat.html", context)


def _area(request: HttpRequest) -> Area:
    """The area asked for, inside the scope; at first that of the officer's own post."""
    code = request.GET.get("area")
    inside = scope.areas_in_scope()
    return inside.get(code=code) if code else request.user.posts_with(Permission.SURVEILLANCE_READ)[0].area


def _rows(area: Area, below: list[Area], last: date) -> list[tuple[str, str, list[Cell]]]:
    """Key and name of each disease with its cells, the most cases first."""
    week: dict[tuple[str, str], int] = defaultdict(int)
    usual: dict[tuple[str, str], int] = defaultdict(int)
    for row in cases.known_by_day(last - NOW - BEFORE + timedelta(days=1), last, area.code):
        into = week if row.day > last - NOW else usual
        for one in below:
            if row.area_code.startswith(one.code):
                into[row.disease, one.code] += row.count
    open_ = {(row.disease, row.area_id): str(row.pk) for row in selectors.signals(SignalState.OPEN)}
    keys = {disease for disease, _code in (*week, *usual)} | {
        disease for disease, code in open_ if code.startswith(area.code)
    }
    made = [(key, name_of(key), _cells(key, below, week, usual, open_)) for key in keys if key]
    return sorted(made, key=lambda row: (-sum(cell.week for cell in row[2]), row[1]))


def _cells(key: str, below: list[Area], week: dict, usual: dict, open_: dict) -> list[Cell]:
    weeks = BEFORE / NOW
    return [
        Cell(
            one.code,
            week.get((key, one.code), 0),
            usual.get((key, one.code), 0) / weeks,
            open_.get((key, one.code), ""),
        )
        for one in below
    ]
