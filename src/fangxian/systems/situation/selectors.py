"""Reading figures: of an area on a day, of the areas below it, and the difference between two days.

Numbers do not depend on who asks; whoever shows them leaves out what the reader may not open (`readable`).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count as Number
from django.db.models import QuerySet, Sum

from fangxian.core.areas import Area, code_range
from fangxian.core.clock import today
from fangxian.core.officers import Officer
from fangxian.systems.situation import differences
from fangxian.systems.situation.changes import CELL
from fangxian.systems.situation.counting import is_waiting, mark
from fangxian.systems.situation.differences import LABELS, Difference, Part, Why, part_rows, rows_of_day
from fangxian.systems.situation.figures import Figure, Span, catalogue, get, span_of
from fangxian.systems.situation.models import ClosedDay, Count, DayCount, Mark

__all__ = [
    "CELL", "LABELS", "Difference", "Figure", "Part", "Rows", "Span", "Standing", "Value", "Why", "catalogue",
    "closed_days", "difference", "figures", "get", "is_waiting", "part_link", "part_rows", "readable", "rows_link",
    "rows_of_day", "span_of", "standing", "table",
]  # fmt: skip
NOW, DAY, PART = "figure", "figure_day", "figure_part"
"""Keys of the named lists that open rows: as they stand, of a closed day, of a part of a difference."""


@dataclass(frozen=True)
class Rows:
    """The list that shows the rows: register, key and value of the named list, area."""

    slug: str
    list: str
    value: str
    area: str


@dataclass(frozen=True)
class Value:
    """A figure of an area on a day; `value` is None where that day was not kept.

    share      of the figure it is a share of, 0 to 1
    per        for as many residents as the figure says; None where nobody counted them
    """

    figure: Figure
    value: int | None
    rows: Rows
    share: float | None = None
    per: float | None = None

    @property
    def key(self) -> str:
        """Key of the figure."""
        return self.figure.key


@dataclass(frozen=True)
class Standing:
    """How far the counts are: as of when, whether they wait for a new count, when they were last compared in full."""

    at: datetime | None
    is_waiting: bool
    drift: int | None
    compared_at: datetime | None


def standing() -> Standing:
    """The state of the counts that are shown."""
    known = mark()
    return Standing(known.at, is_waiting(), known.drift, known.compared_at)


def readable(officer: Officer, area: str) -> list[Figure]:
    """The figures whose rows an officer may open in an area."""
    return [figure for figure in catalogue() if figure.register.may(officer, "read", area)]


def figures(area: Area, day: date | None = None, found: Iterable[Figure] | None = None) -> list[Value]:
    """Every figure (or those named) of an area and all below it: as last counted today, as kept for an earlier day."""
    asked, chosen = list(catalogue() if found is None else found), day or today()
    known = mark()
    sums = _sums(area.code, chosen, known)
    total = _residents(area, sums)
    return [_value(one, area.code, chosen, known, sums, total) for one in asked]


def table(
    areas: Iterable[Area], day: date | None = None, found: Iterable[Figure] | None = None
) -> dict[str, dict[str, int]]:
    """For each of the areas, all children of one: figure → count; without an area where nothing of it is kept.

    One query; of the grid cells of a village, of which nothing is kept, one a figure.
    """
    areas, chosen, known = list(areas), day or today(), mark()
    if not areas or not _is_kept(chosen, known):
        return {}
    if len(areas[0].code) > CELL:
        return _counted(areas, chosen, known, catalogue() if found is None else found)
    return _added(areas, _rows(chosen).values_list("cell", "figure").annotate(total=Sum("value")))


def _added(areas: list[Area], counts: QuerySet) -> dict[str, dict[str, int]]:
    """Counts of cells added up to the areas they lie in."""
    low, high = code_range(areas[0].parent_id or "")
    sums: dict[str, dict[str, int]] = {area.code: defaultdict(int) for area in areas}
    size = len(areas[0].code)
    for cell, key, value in counts.filter(cell__gte=low, cell__lt=high):
        if cell[:size] in sums:
            sums[cell[:size]][key] += value
    return sums


def _counted(areas: list[Area], day: date, known: Mark, found: Iterable[Figure]) -> dict[str, dict[str, int]]:
    """Counts of grid cells, from the rows."""
    if day < today():
        return {}
    sums: dict[str, dict[str, int]] = {area.code: {} for area in areas}
    low, high = code_range(areas[0].parent_id or "")
    for figure in found:
        rows = figure.rows(span_of(day, known.at)).filter(area_id__gte=low, area_id__lt=high)
        for code, number in rows.values_list("area_id").annotate(number=Number("pk")):
            if code in sums:
                sums[code][figure.key] = number
    return sums


def difference(area: Area, day: date, other_day: date, found: Iterable[Figure] | None = None) -> list[Difference]:
    """Every figure (or those named) on two days: old, new, and which rows came, went, moved or changed class."""
    asked = catalogue() if found is None else found
    return [differences.difference(one, area.code, day, other_day) for one in asked]


def part_link(one: Difference, part: Part) -> Rows | None:
    """The list that shows the rows of a part; None where there are none to show."""
    if part.why in (Why.GONE, Why.NET):
        return None
    value = f"{one.figure.key} {part.why} {one.day} {one.other_day} {one.area}"
    anywhere = part.why == Why.MOVED_OUT
    return Rows(one.figure.slug, PART, value, "" if anywhere else one.area)


def rows_link(figure: Figure, area: str, day: date, at: datetime | None) -> Rows:
    """The list that shows the rows of a figure in an area on a day; `at` is as of when today is counted."""
    if day == today() and at is not None:
        return Rows(figure.slug, NOW, f"{figure.key} {at.isoformat()}", area)
    return Rows(figure.slug, DAY, f"{figure.key} {day}", area)


def closed_days(limit: int = 31) -> list[date]:
    """The last days that are kept, the latest first."""
    return list(ClosedDay.objects.order_by("-day").values_list("day", flat=True)[:limit])


def _value(one: Figure, area: str, day: date, known: Mark, sums: dict[str, int] | None, total: int) -> Value:
    number = None if sums is None else sums.get(one.key, 0)
    whole = sums.get(one.share_of, 0) if sums and one.share_of else 0
    share = number / whole if number is not None and whole else None
    per = number * one.per / total if number is not None and one.per and total else None
    return Value(one, number, rows_link(one, area, day, known.at), share, per)


def _sums(area: str, day: date, known: Mark) -> dict[str, int] | None:
    """Figure → count; None where the day is not kept. A grid cell, of which nothing is kept, is counted."""
    if not _is_kept(day, known):
        return None
    if len(area) > CELL:
        return {one.key: differences.standing(one, area, day) or 0 for one in catalogue()}
    low, high = code_range(area)
    rows = _rows(day).filter(cell__gte=low, cell__lt=high)
    return dict(rows.values_list("figure").annotate(total=Sum("value")))


def _is_kept(day: date, known: Mark) -> bool:
    return known.day == day if day >= today() else ClosedDay.objects.filter(day=day).exists()


def _rows(day: date) -> QuerySet:
    return Count.objects.all() if day >= today() else DayCount.objects.filter(day=day)


def _residents(area: Area, sums: dict[str, int] | None) -> int:
    """People who live there: by the census where it is known, else those on record; 0 where nobody is."""
    return area.population or (sums or {}).get("people", 0)
