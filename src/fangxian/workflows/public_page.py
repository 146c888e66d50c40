"""The public page of an area: what everybody may know, gathered in one go, with nothing of any person in it.

Read downwards: `page_of` gathers figures, risk areas, messages, travel advice, and where to go; `table_of` counts cases
by township and day and hides what is small, with whatever else would give it away (`engines.disclosure`). A day is
shown when it is over, and only by day: no totals over days are shown, so that no two tables can be subtracted.

What a county has published is public for all; so is where its fever clinics and sampling points are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from fangxian.core import scope
from fangxian.core.areas import Area, code_range, county_of, path
from fangxian.core.clock import now, today
from fangxian.core.policy import Pack
from fangxian.engines.disclosure import Tree, suppress
from fangxian.systems.cases import selectors as cases
from fangxian.systems.cases.models import Case
from fangxian.systems.cases.selectors import DayCount
from fangxian.systems.medical import selectors as medical
from fangxian.systems.medical.models import Facility
from fangxian.systems.publicity import rules, selectors
from fangxian.systems.publicity.models import Message
from fangxian.systems.risk_areas import selectors as risk_areas
from fangxian.systems.risk_areas.matching import Zone
from fangxian.systems.testing import selectors as testing
from fangxian.systems.testing.models import SamplingPoint
from fangxian.workflows import travel_advice
from fangxian.workflows.travel_advice import Standing

WHY = "the public page counts and names what is published, and reads no row of a person"
C = Case.Classification
MEASURES = (
    ("confirmed", _("Confirmed cases"), frozenset({C.CONFIRMED, C.CONFIRMED_UNKNOWN_SYMPTOMS})),
    ("silent", _("Asymptomatic infections"), frozenset({C.CONFIRMED_NO_SYMPTOMS})),
)
"""What is counted; a case is in one of them, and their sum is not shown."""
REST = ":rest"
POINTS_SHOWN = 30


@dataclass(frozen=True)
class Row:
    """One area of a table: a figure a day, None where it is not shown. `area` is None for what lies in no township."""

    area: Area | None
    cells: tuple[int | None, ...]
    is_total: bool = False


@dataclass(frozen=True)
class Table:
    """One measure of a disease by township and day, the county first; days from the latest back."""

    disease: str
    measure: str
    label: Any
    days: tuple[date, ...]
    rows: tuple[Row, ...]

    @property
    def listed(self) -> list[Row]:
        """The county, and what is not nothing on every day: the others had none, and the page says so."""
        return [row for row in self.rows if row.is_total or any(cell != 0 for cell in row.cells)]

    @property
    def is_empty(self) -> bool:
        """Whether there was nothing anywhere."""
        return all(cell == 0 for row in self.rows for cell in row.cells)

    @property
    def hides(self) -> bool:
        """Whether some figure is not shown."""
        return any(cell is None for row in self.rows for cell in row.cells)


@dataclass(frozen=True)
class PublicPage:
    """Everything the page of an area shows, as of a moment."""

    area: Area
    at: datetime
    smallest: int
    tables: list[Table]
    zones: list[Zone]
    messages: list[Message]
    advice: list[tuple[Message, Standing]]
    clinics: list[Facility]
    points: list[SamplingPoint]
    above: list[Area]


def page_of(area: Area) -> PublicPage:
    """The page of a county or of anything inside one; figures are those of the county."""
    pack = rules.pack_of(area.code)
    county = county_of(area.code) or area
    with scope.everywhere(WHY):
        said = selectors.on_page(area.code)
        advice = [one for one in said if one.basis]
        return PublicPage(
            area, now(), smallest(pack), tables_of(county, pack), risk_areas.in_force(),
            [one for one in said if not one.basis],
            [(one, travel_advice.standing(one)) for one in advice], medical.fever_clinics(county.code),
            _points(county), path(area)[:-1],
        )  # fmt: skip


def smallest(pack: Pack) -> int:
    """The least figure shown beside 0."""
    return int(pack.number("public.smallest_cell"))


def tables_of(county: Area, pack: Pack) -> list[Table]:
    """The tables of every disease of which a case became known on one of the days shown."""
    last = today() - pack.duration("public.days_back")
    days = tuple(last - timedelta(days=number) for number in range(int(pack.number("public.days_shown"))))
    counted = cases.known_by_day(days[-1], days[0], county.code)
    towns = _towns(county)
    return [
        table_of(county, towns, days, disease, measure, [one for one in counted if one.disease == disease], pack)
        for disease in sorted({one.disease for one in counted})
        for measure in MEASURES
    ]


def table_of(
    county: Area, towns: Mapping[str, Area], days: tuple[date, ...], disease: str, measure: tuple[str, Any, frozenset],
    counted: Iterable[DayCount], pack: Pack,
) -> Table:  # fmt: skip
    """One table. Each day is a sum of its own: the county is its townships and what lies in none of them."""
    key, label, kinds = measure
    rows = [one for one in counted if one.classification in kinds]
    by_day = [_shown(county, towns, [one for one in rows if one.day == day], smallest(pack)) for day in days]
    names: list[tuple[str, Area | None]] = [(county.code, county), *towns.items(), (county.code + REST, None)]
    made = [Row(area, tuple(shown[name] for shown in by_day), is_total=name == county.code) for name, area in names]
    told = tuple(row for row in made if row.area or any(cell != 0 for cell in row.cells))
    return Table(disease, key, label, days, told)


def _shown(county: Area, towns: Mapping[str, Area], rows: Iterable[DayCount], least: int) -> dict[str, int | None]:
    """The figures of one day as they are shown: None for the hidden ones."""
    leaves = dict.fromkeys([*towns, county.code + REST], 0)
    for one in rows:
        leaves[next((code for code in towns if one.area_code.startswith(code)), county.code + REST)] += one.count
    tree = Tree.of_leaves(leaves, dict.fromkeys(leaves, county.code))
    hidden = suppress(tree, least)
    return {name: None if name in hidden else count for name, count in tree.counts.items()}


def _towns(county: Area) -> dict[str, Area]:
    low, high = code_range(county.code)
    inside = Area.objects.filter(kind=Area.Kind.TOWNSHIP, code__gte=low, code__lt=high).order_by("code")
    return {area.code: area for area in inside}


def _points(county: Area) -> list[SamplingPoint]:
    """Where samples are taken now."""
    with scope.within(county.code):
        return [point for point, _round in testing.points_under_way(POINTS_SHOWN)]
