"""Why a figure is not what it was: rows that came, went, changed class, moved or were entered late.

The parts always add up: new − old = came in − went out. Each part names its rows, so that each can be opened.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from fangxian.core.areas import code_range
from fangxian.core.clock import today
from fangxian.systems.situation import figures
from fangxian.systems.situation.changes import CELL
from fangxian.systems.situation.closing import unpacked
from fangxian.systems.situation.counting import mark
from fangxian.systems.situation.figures import Figure, Span
from fangxian.systems.situation.models import ClosedDay, DayCount


class Why(StrEnum):
    """What became of the rows of one part of a difference."""

    ENTERED = "ENTERED"
    CAME = "CAME"
    MOVED_IN = "MOVED_IN"
    LEFT = "LEFT"
    WENT = "WENT"
    MOVED_OUT = "MOVED_OUT"
    GONE = "GONE"
    OTHER_DAY = "OTHER_DAY"
    LATE = "LATE"
    NET = "NET"


LABELS = {
    Why.ENTERED: _("New"), Why.CAME: _("Reclassified into it"), Why.MOVED_IN: _("Moved here from another area"),
    Why.LEFT: _("No longer counted"), Why.WENT: _("Reclassified out of it"), Why.MOVED_OUT: _("Moved to another area"),
    Why.GONE: _("Deleted"), Why.OTHER_DAY: _("Of the earlier day"), Why.LATE: _("Entered after the day was closed"),
    Why.NET: _("Too many rows to compare one by one"),
}  # fmt: skip
INTO = frozenset({Why.ENTERED, Why.CAME, Why.MOVED_IN, Why.LATE})
_BY_ROW = (Why.ENTERED, Why.CAME, Why.MOVED_IN, Why.LEFT, Why.WENT, Why.MOVED_OUT, Why.GONE)
Ids = set[UUID]


@dataclass(frozen=True)
class Part:
    """So many rows, and why; `count` is what they add to the figure, negative where they left it."""

    why: Why
    count: int
    to_figures: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """In the reader's language."""
        return str(LABELS[self.why])


@dataclass(frozen=True)
class Difference:
    """A figure on two days; `old` is None where the earlier day was not kept."""

    figure: Figure
    area: str
    day: date
    other_day: date
    old: int | None
    new: int | None
    parts: tuple[Part, ...] = ()

    @property
    def change(self) -> int | None:
        """By how much."""
        return None if self.old is None or self.new is None else self.new - self.old


def difference(figure: Figure, area: str, day: date, other_day: date) -> Difference:
    """One figure of an area on two days, explained."""
    old, new = kept(figure, area, other_day), standing(figure, area, day)
    if old is None or new is None:
        return Difference(figure, area, day, other_day, old, new)
    parts = _flow(figure, area, day, other_day, old, new) if figure.flow else _stock(figure, area, day, other_day)
    if parts is None:
        parts = (Part(Why.NET, new - old),)
    return Difference(figure, area, day, other_day, old, new, tuple(part for part in parts if part.count))


def part_rows(figure: Figure, why: Why, area: str, day: date, other_day: date) -> Q:
    """The condition that names the rows of one part, for the list behind it."""
    if figure.flow:
        return figure.condition(_span(other_day if why in (Why.OTHER_DAY, Why.LATE) else day))
    return Q(pk__in=_sets(figure, area, day, other_day).get(why, set()))


def rows_of_day(figure: Figure, day: date) -> Q:
    """The rows a figure counted on a closed day: by its date, or the ids kept; those that are gone stay gone."""
    if figure.flow or day >= today():
        return figure.condition(_span(day))
    return Q(pk__in=_ids(figure, day, "") or set())


def kept(figure: Figure, area: str, day: date) -> int | None:
    """What a figure counted on a closed day; None where that day was not kept."""
    if not ClosedDay.objects.filter(day=day).exists():
        return None
    return _days(figure, day, area).aggregate(total=Sum("value"))["total"] or 0


def standing(figure: Figure, area: str, day: date) -> int | None:
    """What it counts on a day: from the rows today, as kept for an earlier one."""
    if day < today():
        return kept(figure, area, day)
    return figure.rows(_span(day)).filter(_in(area)).values("pk").count()


def _span(day: date) -> Span:
    """Today as the counts show it, so that a difference and the figure above it agree."""
    known = mark()
    return figures.span_of(day, known.at if day == known.day else None)


def _flow(figure: Figure, area: str, day: date, other_day: date, old: int, new: int) -> tuple[Part, ...]:
    """What happened on one day beside what happened on another: two sets with nothing in common."""
    counted = figure.rows(_span(other_day)).filter(_in(area)).values("pk").count()
    return (Part(Why.ENTERED, new), Part(Why.OTHER_DAY, -counted), Part(Why.LATE, counted - old))


def _stock(figure: Figure, area: str, day: date, other_day: date) -> tuple[Part, ...] | None:
    found = _sets(figure, area, day, other_day)
    if not found:
        return None
    into = {why: len(found[why]) if why in INTO else -len(found[why]) for why in _BY_ROW}
    return tuple(Part(why, into[why]) for why in _BY_ROW)


def _sets(figure: Figure, area: str, day: date, other_day: date) -> dict[Why, Ids]:
    """The rows of each part; empty where one of the days has no ids."""
    then, now = _ids(figure, other_day, area), _now(figure, day, area)
    if then is None or now is None:
        return {}
    came, went = now - then, then - now
    siblings = [one for one in figures.catalogue() if figure.family and one.family == figure.family and one != figure]
    before = _united(siblings, lambda one: _ids(one, other_day, area))
    after = _united(siblings, lambda one: _now(one, day, area))
    elsewhere_before = (_ids(figure, other_day, "") or set()) - then
    elsewhere_now = (_now(figure, day, "") or set()) - now
    there = set(figure.register.model.unscoped.filter(pk__in=went).values_list("pk", flat=True))
    sets = {Why.CAME: came & before, Why.WENT: went & after}
    sets[Why.MOVED_IN] = (came - sets[Why.CAME]) & elsewhere_before
    sets[Why.MOVED_OUT] = (went - sets[Why.WENT]) & elsewhere_now
    sets[Why.ENTERED] = came - sets[Why.CAME] - sets[Why.MOVED_IN]
    sets[Why.GONE] = went - there - sets[Why.WENT] - sets[Why.MOVED_OUT]
    sets[Why.LEFT] = went - sets[Why.WENT] - sets[Why.MOVED_OUT] - sets[Why.GONE]
    return sets


def _united(found: list[Figure], ids: Callable[[Figure], Ids | None]) -> Ids:
    return set().union(*(ids(one) or set() for one in found))


def _now(figure: Figure, day: date, area: str) -> Ids | None:
    """The rows of a figure on a day: those that stand now, or those kept."""
    if day < today():
        return _ids(figure, day, area)
    return set(figure.rows(_span(day)).filter(_in(area)).values_list("pk", flat=True))


def _ids(figure: Figure, day: date, area: str) -> Ids | None:
    """The rows kept of a closed day; None where only their number was."""
    rows = list(_days(figure, day, area).values_list("value", "ids"))
    if any(value and ids is None for value, ids in rows):
        return None
    return set().union(*(unpacked(ids) for _value, ids in rows if ids))


def _days(figure: Figure, day: date, area: str):
    low, high = code_range(area[:CELL])
    return DayCount.objects.filter(day=day, figure=figure.key, cell__gte=low, cell__lt=high)


def _in(area: str) -> Q:
    low, high = code_range(area)
    return Q(area_id__gte=low, area_id__lt=high)
