"""Diseases by areas: the last seven days against the four weeks before, with the open signals on top."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fangxian.core import diseases, scope
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
Place = tuple[str, str]
"""Disease or syndrome, and the code of a column."""
Counts = dict[Place, int]


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


@dataclass(frozen=True)
class Row:
    """One disease or syndrome over the areas.

    signal  of a syndrome, which has no curve of cases, the open signal to look at; "" for a disease
    """

    key: str
    name: str
    cells: list[Cell]
    signal: str


@guard.needs(Permission.SURVEILLANCE_READ)
@require_GET
def heat(request: HttpRequest) -> HttpResponse:
    """The table; a cell opens the curve of its disease and area, or its open signal."""
    area = _area(request)
    below = list(scope.areas_in_scope().filter(parent=area).order_by("code")[:MOST])
    last = today() - timedelta(days=1)
    codes, rows = _rows(area, [one.code for one in below], last)
    context = {
        "area": area, "areas": [one for one in (area, *below) if one.code in codes], "is_above": bool(below),
        "rows": rows, "last": last, "first": last - NOW + timedelta(days=1),
    }  # fmt: skip
    return render(request, "surveillance/heat.html", context)


def _area(request: HttpRequest) -> Area:
    """The area asked for, inside the scope; at first that of the officer's own post."""
    code = request.GET.get("area")
    inside = scope.areas_in_scope()
    return inside.get(code=code) if code else request.user.posts_with(Permission.SURVEILLANCE_READ)[0].area


def _rows(area: Area, below: list[str], last: date) -> tuple[list[str], list[Row]]:
    """Codes of the columns, and a row each disease, the most cases first.

    What lies anywhere below an area stands in its column. What is known for the whole area only, such as a county's
    own signal, has the first column, where there is any.
    """
    codes = [area.code, *below]
    week: dict[Place, int] = defaultdict(int)
    usual: dict[Place, int] = defaultdict(int)
    for row in cases.known_by_day(last - NOW - BEFORE + timedelta(days=1), last, area.code):
        code = _column(row.area_code, area.code, below)
        (week if row.day > last - NOW else usual)[row.disease, code] += row.count
    open_ = _signals(area.code, below)
    seen = [place for place in (*week, *usual, *open_) if place[0] and place[1]]
    if below and area.code not in {code for _key, code in seen}:
        codes = below
    made = [_row(key, codes, week, usual, open_) for key in {key for key, _code in seen}]
    return codes, sorted(made, key=lambda row: (-sum(cell.week for cell in row.cells), row.name))


def _column(code: str, area: str, below: list[str]) -> str:
    """The column an area belongs to: that of the part it lies in; "" for a part that is not shown."""
    if code == area or not below:
        return area if code.startswith(area) else ""
    return next((one for one in below if code.startswith(one)), "")


def _signals(area: str, below: list[str]) -> dict[Place, str]:
    """The open signal of each disease and column, the one whose answer is due first; one query."""
    found: dict[Place, str] = {}
    for row in selectors.signals(SignalState.OPEN):
        found.setdefault((row.disease, _column(row.area_id, area, below)), str(row.pk))
    return found


def _row(key: str, codes: list[str], week: Counts, usual: Counts, open_: dict[Place, str]) -> Row:
    weeks = BEFORE / NOW
    cells = [
        Cell(code, week.get((key, code), 0), usual.get((key, code), 0) / weeks, open_.get((key, code), ""))
        for code in codes
    ]
    signal = "" if key in diseases.KEYS else next((cell.signal for cell in cells if cell.signal), "")
    return Row(key, name_of(key), cells, signal)
