"""Coverage by village and group: people as the denominator, their doses as the numerator, two statements for a county.

A figure and the list behind it are one condition (`people_of`), so that they never differ.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from fangxian.core import scope
from fangxian.core.areas import code_range
from fangxian.core.clock import today
from fangxian.core.policy import Pack
from fangxian.engines.schedules import after_months, latest_birth
from fangxian.systems.immunization import rules
from fangxian.systems.immunization.models import Dose
from fangxian.systems.immunization.rules import Group
from fangxian.systems.immunization.words import DoseRole
from fangxian.systems.people.models import Person


class Stand(models.TextChoices):
    """How far somebody has come."""

    ALL = "ALL", _("Everybody")
    BEGUN = "BEGUN", _("One dose or more")
    COMPLETE = "COMPLETE", _("Basic course complete")
    BOOSTED = "BOOSTED", _("With a booster")
    NONE = "NONE", _("No dose")
    UNFINISHED = "UNFINISHED", _("Basic course not finished")
    BOOSTER_DUE = "BOOSTER_DUE", _("Booster due")


#: what has to be caught up
MISSING = (Stand.NONE, Stand.UNFINISHED, Stand.BOOSTER_DUE)


@dataclass
class Covered:
    """One area and one group: how many people, and how far they have come."""

    people: int = 0
    begun: int = 0
    complete: int = 0
    boosted: int = 0

    def __iadd__(self, other: "Covered") -> "Covered":
        for name in ("people", "begun", "complete", "boosted"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        return self

    @property
    def numbers(self) -> tuple[int, int, int, int]:
        """As plain numbers, in the order they are given back."""
        return self.people, self.begun, self.complete, self.boosted

    @property
    def percent(self) -> float | None:
        """The share with a complete basic course; None without people."""
        return 100 * self.complete / self.people if self.people else None


@dataclass
class Line:
    """One area with its groups, in the order of the pack."""

    code: str
    groups: dict[str, Covered] = field(default_factory=dict)


Cells = dict[str, dict[str, Covered]]
"""Coverage of grid cells by their code and the key of the group."""


def by_area(area_code: str, disease: str, pack: Pack, *, digits: int) -> list[Line]:
    """Coverage below an area, one line for each area whose code has so many digits; the total of all comes first."""
    return lines(area_code, pack, cells(area_code, disease, pack), digits=digits)


def cells(area_code: str, disease: str, pack: Pack) -> Cells:
    """Coverage cell by cell; takes seconds where hundreds of thousands live."""
    found: Cells = {}
    for code, key, one in _counted(area_code, disease, rules.groups(pack), today()):
        found.setdefault(code, {}).setdefault(key, Covered()).__iadd__(one)
    return found


def lines(area_code: str, pack: Pack, found: Cells, *, digits: int) -> list[Line]:
    """Cells added up to lines, the total first, each with every group in the order of the pack."""
    keys = [group.key for group in rules.groups(pack)]
    total, below = Line(area_code), {}
    for code, groups in found.items():
        line = below.setdefault(code[:digits], Line(code[:digits]))
        for key, one in groups.items():
            for each in (total, line):
                each.groups.setdefault(key, Covered()).__iadd__(one)
    for each in (total, *below.values()):
        each.groups = {key: each.groups.get(key, Covered()) for key in keys}
    return [total, *(below[code] for code in sorted(below))]


def more_than(area_code: str, people: int) -> bool:
    """Whether more people than these live in an area; counts no further."""
    return _living(area_code).order_by()[: people + 1].count() > people


def _counted(area_code: str, disease: str, groups: list[Group], on: date) -> Iterable[tuple[str, str, Covered]]:
    """Cell by cell and group by group: one statement over the people, one over their doses."""
    people = {group.key: Count("pk", filter=of_group(group, on)) for group in groups}
    for row in _living(area_code).order_by().values("area_id").annotate(**people):
        for group in groups:
            yield row["area_id"], group.key, Covered(people=row[group.key])
    steps = {"begun": Q(number=1), "complete": Q(completes=True), "boosted": Q(role=DoseRole.BOOSTER)}
    counts = {
        f"{name}_{group.key}": Count(
            "person", filter=step & of_group(group, on, "person__"), distinct=name == "boosted"
        )
        for group in groups
        for name, step in steps.items()
    }
    for row in _doses(area_code, disease).order_by().values("person__area_id").annotate(**counts):
        for group in groups:
            found = Covered(**{name: row[f"{name}_{group.key}"] for name in steps})
            yield row["person__area_id"], group.key, found


def people_of(area_code: str, disease: str, pack: Pack, *, group: Group | None, stand: str) -> QuerySet[Person]:
    """The people behind a figure, by area and name."""
    rows = _living(area_code)
    rows = rows.filter(of_group(group, today())) if group else rows
    own = Dose.unscoped.filter(person=OuterRef("pk"), disease=disease, number__gt=0)
    has = {
        Stand.BEGUN: [Exists(own)],
        Stand.COMPLETE: [Exists(own.filter(completes=True))],
        Stand.BOOSTED: [Exists(own.filter(role=DoseRole.BOOSTER))],
        Stand.NONE: [~Exists(own)],
        Stand.UNFINISHED: [Exists(own), ~Exists(own.filter(completes=True))],
        Stand.BOOSTER_DUE: [
            Exists(own.filter(completes=True, given_on__lte=_boostable(pack))),
            ~Exists(own.filter(role=DoseRole.BOOSTER)),
        ],
    }
    return rows.filter(*has.get(stand, [])).select_related("area", "household").order_by("area_id", "name", "pk")


def of_group(group: Group, on: date, before: str = "") -> Q:
    """The condition of a group over people: born between two days, working as one of these."""
    inside = Q(**{f"{before}birth_date__lte": latest_birth(on, group.min_age)})
    if group.max_age is not None:
        inside &= Q(**{f"{before}birth_date__gt": latest_birth(on, group.max_age + 1)})
    if group.occupations:
        inside &= Q(**{f"{before}occupation__in": group.occupations})
    return inside


def is_of(group: Group, birth_date: date | None, on: date) -> bool:
    """Whether somebody born on a day is of the age of a group; occupations are not asked."""
    if birth_date is None or birth_date > latest_birth(on, group.min_age):
        return False
    return group.max_age is None or birth_date > latest_birth(on, group.max_age + 1)


def _boostable(pack: Pack) -> date:
    """Whose basic course was complete by this day is due for a booster; nobody where the pack has none."""
    months = rules.booster_months(pack)
    return date.min if months is None else after_months(today(), -months)


def _living(area_code: str) -> QuerySet[Person]:
    low, high = code_range(area_code)
    return Person.objects.filter(area_id__gte=low, area_id__lt=high, left_on__isnull=True)


def _doses(area_code: str, disease: str) -> QuerySet[Dose]:
    """Doses that count of the people who live there, wherever they were given."""
    low, high = code_range(area_code)
    inside = scope.current().condition(("person__area",))
    return Dose.unscoped.filter(
        inside, disease=disease, number__gt=0, person__area_id__gte=low, person__area_id__lt=high,
        person__left_on__isnull=True, person__merged_into__isnull=True,
    )  # fmt: skip
