"""Yesterday's counts in today's boundaries: which area carries on the past of which.

An area renamed, recoded or merged into another has one heir, and its past is the heir's. Of an area that was split
nobody below knows who had what: its past stays with the county around all parts, and the parts begin unknown. What
became of an area stands with its heirs (`Area.predecessor`), or, of several that became one, in the crosswalk
(`AreaCode`): the code of an area that is over, among the codes of another one of the same list.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, F, OuterRef, Q

from fangxian.core.areas import Area, AreaCode, code_range, covers

TOWNSHIP, COUNTY = 9, 6
"""Digits of the areas counts are added up to."""
MOST = 20
"""Changes in a row that are followed: more are a circle in the list of areas."""


@dataclass(frozen=True)
class Boundaries:
    """How the codes of rows are read in one area.

    within     the area asked about
    heirs      code → the code that carries on its past; "" where none does
    since      area that is a part of a split one → first day it is what it is
    elsewhere  codes outside whose past counts inside today
    """

    within: str
    heirs: dict[str, str] = field(default_factory=dict)
    since: dict[str, date] = field(default_factory=dict)
    elsewhere: tuple[str, ...] = ()
    _known: dict[str, list[str]] = field(default_factory=dict, repr=False)

    @property
    def reach(self) -> list[str]:
        """The areas whose rows have to be read."""
        return [self.within, *self.elsewhere]

    def levels(self, area: str) -> list[str]:
        """The areas a count is added up to: township and county of today, as far as they lie inside; an area above a
        county counts for itself only."""
        if area not in self._known:
            code = self.today(area)
            found = [code[:length] for length in (TOWNSHIP, COUNTY) if len(code) >= length] or [code]
            self._known[area] = [one for one in found if one and covers(self.within, one)]
        return self._known[area]

    def today(self, area: str) -> str:
        """The code that carries on the past of an area; "" where none does."""
        for _change in range(MOST):
            old = next((area[:end] for end in range(len(area), 0, -1) if area[:end] in self.heirs), None)
            if old is None:
                return area
            heir = self.heirs[old]
            area = heir + area[len(old) :] if heir and len(old) <= COUNTY and len(heir) == len(old) else heir
        return area


@dataclass(frozen=True)
class _Change:
    """A part of what an area has become."""

    old: str
    new: str
    on: date | None
    is_over: bool


def boundaries(area_code: str, last: date) -> Boundaries:
    """The changes up to a day that touch an area; two queries, and one more for each change in a row from outside."""
    changes = _changes(area_code, last)
    parts: dict[str, list[_Change]] = defaultdict(list)
    for one in changes:
        parts[one.old].append(one)
    heirs: dict[str, str] = {}
    since: dict[str, date] = {}
    for old, became in parts.items():
        shared = {one.new for one in became} | (set() if became[0].is_over else {old})
        if became[0].is_over:
            heirs[old] = _around(shared)
        if len(shared) > 1:
            since |= dict.fromkeys(shared, max(one.on or date.min for one in became))
    made = Boundaries(area_code, heirs, since)
    outside = [code for code in heirs if not covers(area_code, code) and made.levels(code)]
    return Boundaries(area_code, heirs, since, tuple(_uppermost(outside)))


def _around(parts: set[str]) -> str:
    """The one heir; of several the lowest level that holds all of them; "" where not even a county does."""
    if len(parts) == 1:
        return next(iter(parts))
    levels = ({code[:digits] for code in parts} for digits in (TOWNSHIP, COUNTY))
    return next((next(iter(one)) for one in levels if len(one) == 1 and one.isdisjoint(parts)), "")


def _uppermost(codes: list[str]) -> list[str]:
    """Those below none of the others."""
    return [code for code in sorted(codes) if not any(covers(other, code) for other in codes if other != code)]


def _changes(area_code: str, last: date) -> list[_Change]:
    """Changes of areas inside, and, one after the other, of those outside that became one of them."""
    low, high = code_range(area_code)
    found = _became(Q(code__gte=low, code__lt=high) | Q(predecessor_id__gte=low, predecessor_id__lt=high), last)
    found |= _joined(Q(area_id__gte=low, area_id__lt=high) | Q(code__gte=low, code__lt=high), last)
    asked: set[str] = set()
    while wanted := {one.old for one in found if not covers(area_code, one.old)} - asked:
        asked |= wanted
        found |= _became(Q(code__in=wanted) | Q(predecessor_id__in=wanted), last)
        found |= _joined(Q(area_id__in=wanted) | Q(code__in=wanted), last)
    return sorted(found, key=lambda one: (one.old, one.new))


def _became(which: Q, last: date) -> set[_Change]:
    """Areas that name the one they came from."""
    rows = Area.objects.filter(which, predecessor__isnull=False).exclude(valid_from__gt=last).order_by()
    told = rows.values_list("predecessor_id", "code", "valid_from", "predecessor__valid_to")
    return {_Change(old, new, begin or end, end is not None and end <= last) for old, new, begin, end in told}


def _joined(which: Q, last: date) -> set[_Change]:
    """Areas that are over, and whose code stands among those of another one of the same list."""
    over = Area.objects.filter(code=OuterRef("code"), system=OuterRef("system"), valid_to__lte=last)
    rows = AreaCode.objects.filter(which).filter(Exists(over)).exclude(code=F("area_id"))
    return {_Change(old, new, on, True) for old, new, on in rows.values_list("code", "area_id", "valid_to")}
