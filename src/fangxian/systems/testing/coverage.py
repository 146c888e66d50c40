"""How far a round is: figures kept beside the roster, and the people behind each of them. Always inside the scope.

The law of every figure: tested + missing + excused = roster. People who came without being on the roster stand apart.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet, Sum

from fangxian.core import scope
from fangxian.core.areas import code_range
from fangxian.systems.testing.models import LabResult, RoundCount, RoundHour, RoundMember, Sample, TestRound, Tube

State = RoundMember.State
TESTED = (State.PENDING, State.NEGATIVE, State.POSITIVE, State.RECALL)


@dataclass
class Figures:
    """People of a round by where they stand; `unlisted` came without being on the roster."""

    by_state: Counter = field(default_factory=Counter)
    unlisted: Counter = field(default_factory=Counter)

    def add(self, state: int, people: int, listed: bool) -> None:
        """Count people in."""
        (self.by_state if listed else self.unlisted)[State(state)] += people

    @property
    def roster(self) -> int:
        """Everybody who is to be tested or is excused."""
        return sum(self.by_state.values())

    @property
    def tested(self) -> int:
        """Sampled, whatever the result."""
        return sum(self.by_state[state] for state in TESTED)

    @property
    def missing(self) -> int:
        """To be tested and not sampled."""
        return self.by_state[State.MISSING]

    @property
    def excused(self) -> int:
        """Need not come, for a reason."""
        return self.by_state[State.EXCUSED]

    @property
    def pending(self) -> int:
        """Sampled, no result yet."""
        return self.by_state[State.PENDING]

    @property
    def negative(self) -> int:
        """With a negative result in force."""
        return self.by_state[State.NEGATIVE]

    @property
    def positive(self) -> int:
        """With a positive sample of their own."""
        return self.by_state[State.POSITIVE]

    @property
    def recall(self) -> int:
        """In a positive or unsure tube, to be sampled singly."""
        return self.by_state[State.RECALL]

    @property
    def others(self) -> int:
        """Came without being on the roster."""
        return sum(self.unlisted.values())

    @property
    def percent(self) -> float | None:
        """Tested of those who are to be tested; None when nobody is."""
        due = self.roster - self.excused
        return 100 * self.tested / due if due else None

    def as_json(self) -> dict[str, int]:
        """For the closing figures and the interface."""
        names = ("roster", "tested", "negative", "positive", "recall", "pending", "missing", "excused", "others")
        return {name: getattr(self, name) for name in names}


def figures(test_round: TestRound, area: str = "") -> Figures:
    """The whole round, or one area of it."""
    found = Figures()
    for state, listed, people in _totals(test_round, area, "state", "listed"):
        found.add(state, people, listed)
    return found


def by_area(test_round: TestRound, digits: int, area: str = "") -> dict[str, Figures]:
    """By township (9), village (12) or cell: codes cut to so many digits."""
    found: dict[str, Figures] = {}
    for code, state, listed, people in _totals(test_round, area, "area_id", "state", "listed"):
        found.setdefault(code[:digits], Figures()).add(state, people, listed)
    return dict(sorted(found.items()))


def by_group(test_round: TestRound, area: str = "") -> dict[str, Figures]:
    """By must-test group; "" is who is in none."""
    found: dict[str, Figures] = {}
    for group, state, listed, people in _totals(test_round, area, "group", "state", "listed"):
        found.setdefault(group, Figures()).add(state, people, listed)
    return found


def by_round(test_rounds: Iterable[TestRound], area: str = "") -> dict[str, dict[int, Figures]]:
    """Group → number of the round → figures, for some rounds at once (the must-test rounds of two weeks); one query."""
    numbers = [row.number for row in test_rounds]
    rows = RoundCount.objects.filter(_inside("area"), round__in=numbers, **_reach("area_id", area))
    columns = ("group", "round_id", "state", "listed")
    found: dict[str, dict[int, Figures]] = {}
    totals = rows.values(*columns).annotate(n=Sum("people")).order_by(*columns)
    for group, number, state, listed, people in totals.values_list(*columns, "n"):
        found.setdefault(group, {}).setdefault(number, Figures()).add(state, people, listed)
    return found


def by_hour(test_round: TestRound) -> list[tuple[datetime, int]]:
    """Samples registered in each hour, earliest first."""
    rows = RoundHour.objects.filter(round=test_round, **_reach("sampling_point__area_id", ""))
    rows = rows.filter(_inside("sampling_point__area"))
    return list(rows.values("hour").annotate(n=Sum("samples")).order_by("hour").values_list("hour", "n"))


def by_point(test_round: TestRound) -> dict[UUID, int]:
    """Samples registered at each point."""
    rows = RoundHour.objects.filter(_inside("sampling_point__area"), round=test_round).values("sampling_point_id")
    return {row["sampling_point_id"]: row["n"] for row in rows.annotate(n=Sum("samples")).order_by()}


def members(test_round: TestRound, *, area: str = "", state: int | None = None, group: str | None = None) -> QuerySet:
    """The people behind a figure, by cell; the rows a page shows, never all."""
    rows = RoundMember.objects.filter(_inside("area"), round=test_round, **_reach("area_id", area))
    rows = rows if state is None else rows.filter(state=state)
    rows = rows if group is None else rows.filter(group=group)
    return rows.select_related("person", "area").order_by("area_id", "pk")


def waiting_at(test_round: TestRound, area: str, limit: int) -> list[RoundMember]:
    """Some of the people of an area a round waits for: whom the area's points are to register, families together."""
    rows = members(test_round, area=area, state=State.MISSING).filter(listed=True)
    return list(rows.order_by("area_id", "person__household_id", "pk")[:limit])


def missing_by_area(test_round: TestRound) -> dict[str, int]:
    """How many are missing in each area that answers for somebody; areas where nobody is are left out."""
    rows = RoundCount.objects.filter(
        _inside("area"), round=test_round, listed=True, state=State.MISSING, people__gt=0
    ).values("area_id")
    return {row["area_id"]: row["n"] for row in rows.annotate(n=Sum("people")).order_by("area_id")}


def reasons(test_round: TestRound) -> dict[str, dict[str, int]]:
    """Why people are missing or excused, by state and reason; "" where nobody said why."""
    rows = RoundMember.objects.filter(
        _inside("area"), round=test_round, listed=True, state__in=[State.MISSING, State.EXCUSED]
    )
    found: dict[str, dict[str, int]] = {"missing": {}, "excused": {}}
    for row in rows.values("state", "reason").annotate(n=Count("pk")).order_by("state", "reason"):
        found["missing" if row["state"] == State.MISSING else "excused"][row["reason"]] = row["n"]
    return found


def closing(test_round: TestRound) -> dict[str, Any]:
    """The figures a round is closed with: every person of the roster is in exactly one of them."""
    return {
        "total": figures(test_round).as_json(),
        "groups": {group: found.as_json() for group, found in by_group(test_round).items()},
        "reasons": reasons(test_round),
    }


@dataclass(frozen=True)
class Pool:
    """A positive or unsure tube of several people, and where each of them stands now."""

    tube: Tube
    result: LabResult
    members: list[RoundMember]

    @property
    def resolved(self) -> bool:
        """Whether nobody in it waits for a sample of their own, or for its result."""
        return all(member.state != State.RECALL for member in self.members)

    @property
    def open_count(self) -> int:
        """How many still wait."""
        return sum(member.state == State.RECALL for member in self.members)


def pools(test_round: TestRound, limit: int = 200) -> list[Pool]:
    """The positive and unsure pools of a round, newest first; a fixed number of queries."""
    doubted = (LabResult.Value.POSITIVE, LabResult.Value.INDETERMINATE)
    results = LabResult.objects.filter(
        tube__round=test_round, tube__size__gt=1, state=LabResult.State.IN_FORCE, value__in=doubted
    )
    results = list(results.select_related("tube", "tube__sampling_point").order_by("-reported_at", "-pk")[:limit])
    inside: dict[UUID, list[UUID]] = {}
    tubes = [result.tube_id for result in results]
    for tube, person in (
        Sample.objects.filter(tube__in=tubes).order_by("sampled_at").values_list("tube_id", "person_id")
    ):
        inside.setdefault(tube, []).append(person)
    people = {person for persons in inside.values() for person in persons}
    rows = {row.person_id: row for row in members(test_round).filter(person__in=people)}
    return [
        Pool(result.tube, result, [rows[p] for p in inside.get(result.tube_id, []) if p in rows]) for result in results
    ]


def drift(test_round: TestRound) -> int:
    """How many kept figures differ from a count of the people; 0 always, and checked."""
    counted: Counter = Counter()
    rows = RoundMember.objects.filter(round=test_round).values("area_id", "group", "listed", "state").order_by()
    for row in rows.annotate(n=Count("pk")):
        counted[row["area_id"], row["group"], row["listed"], row["state"]] = row["n"]
    kept = RoundCount.objects.filter(round=test_round).exclude(people=0)
    for area, group, listed, state, people in kept.values_list("area_id", "group", "listed", "state", "people"):
        counted[area, group, listed, state] -= people
    return sum(1 for difference in counted.values() if difference)


def _totals(test_round: TestRound, area: str, *columns: str) -> Iterable[tuple]:
    rows = RoundCount.objects.filter(_inside("area"), round=test_round, **_reach("area_id", area))
    return rows.values(*columns).annotate(n=Sum("people")).order_by(*columns).values_list(*columns, "n")


def _reach(column: str, area: str) -> dict[str, str]:
    low, high = code_range(area)
    return {f"{column}__gte": low, f"{column}__lt": high}


def _inside(field_name: str):
    return scope.current().condition((field_name,))
