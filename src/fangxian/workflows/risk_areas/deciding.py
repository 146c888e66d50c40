"""From evidence to whom a zone concerns: pure, so that a preview, a run and a test say the same."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from fangxian.systems.risk_areas.matching import Zone

LOOK_BACK = "riskarea.look_back_days"
SOURCES = "riskarea.sources"


@dataclass(frozen=True)
class Piece:
    """One piece of evidence that somebody was in a zone.

    because: RESIDENCE, STAY, PASSAGE or VISIT. ref: id of the row it stands in (household or person, arrival, passage,
    place). code: national area code; place: name of a venue or place. first_on, last_on: local days, None for a
    residence. times: how often.
    """

    person_id: UUID
    because: str
    ref: UUID
    code: str = ""
    place: str = ""
    first_on: date | None = None
    last_on: date | None = None
    times: int = 1

    def as_json(self) -> dict[str, Any]:
        """As it is kept: no name, no number of a person."""
        days = {"from": _iso(self.first_on), "until": _iso(self.last_on)}
        return {"kind": self.because, "ref": str(self.ref), "code": self.code, "place": self.place, **days,
                "times": self.times}  # fmt: skip


@dataclass(frozen=True)
class Concern:
    """That a zone concerns somebody: at which level, because of what first of all, by which rule, on what evidence."""

    person_id: UUID
    level: str
    because: str
    rule: str
    first_on: date | None
    last_on: date | None
    evidence: tuple[Piece, ...]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The evidence as it is kept, always in the same order."""
        return [piece.as_json() for piece in self.evidence]


@dataclass
class Compared:
    """What is wanted against what is stored: each person once. `stored` values are rows with the names of `Concern`."""

    new: list[Concern] = field(default_factory=list)
    changed: list[tuple[Any, Concern]] = field(default_factory=list)
    grown: list[tuple[Any, Concern]] = field(default_factory=list)
    kept: list[Any] = field(default_factory=list)
    released: list[Any] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How many of each; whoever has only more evidence is kept."""
        kept = len(self.kept) + len(self.grown)
        return {"new": len(self.new), "changed": len(self.changed), "kept": kept, "released": len(self.released)}


def concerns(pieces: Iterable[Piece], zone: Zone, order: Sequence[str]) -> dict[UUID, Concern]:
    """Whom a zone concerns, by person. order: kinds of evidence, the weightiest first; others do not count.

    Living there outweighs having been there: the zone's own measures hold for residents, the travellers' rules for
    everybody else.
    """
    by_person: dict[UUID, list[Piece]] = defaultdict(list)
    for piece in pieces:
        if piece.because in order:
            by_person[piece.person_id].append(piece)
    weight = {kind: number for number, kind in enumerate(order)}
    return {person: _concern(found, zone, weight) for person, found in by_person.items()}


def in_time(found: Mapping[UUID, Concern], known: Iterable[UUID], *, at: date, days: int) -> dict[UUID, Concern]:
    """Those who still count: everybody known already, and whoever was there within the last `days` days.

    A stay that is told of weeks later concerns nobody any more; time alone never releases whoever was found in time.
    """
    earliest, kept = at - timedelta(days=days), set(known)
    return {
        person: concern
        for person, concern in found.items()
        if person in kept or concern.last_on is None or concern.last_on >= earliest
    }


def compare(wanted: Mapping[UUID, Concern], stored: Mapping[UUID, Any]) -> Compared:
    """What a run has to change. A person with other evidence than before is judged differently; with more, the same."""
    done = Compared(new=[concern for person, concern in wanted.items() if person not in stored])
    for person, row in stored.items():
        concern = wanted.get(person)
        if concern is None:
            done.released.append(row)
        elif _differs(row, concern):
            done.changed.append((row, concern))
        elif row.evidence != concern.rows:
            done.grown.append((row, concern))
        else:
            done.kept.append(row)
    return done


def _concern(pieces: list[Piece], zone: Zone, weight: dict[str, int]) -> Concern:
    ordered = sorted(pieces, key=lambda one: (weight[one.because], _iso(one.first_on), one.code, str(one.ref)))
    lives_there = any(one.last_on is None for one in pieces)
    days = [day for one in pieces for day in (one.first_on, one.last_on) if day]
    return Concern(
        person_id=pieces[0].person_id, level=zone.level, because=ordered[0].because,
        rule=SOURCES if lives_there else LOOK_BACK, first_on=min(days, default=None),
        last_on=None if lives_there else max(days), evidence=tuple(ordered),
    )  # fmt: skip


def _differs(row: Any, concern: Concern) -> bool:
    if (row.level, row.because) != (concern.level, concern.because):
        return True
    wanted = {(piece["kind"], piece["ref"]) for piece in concern.rows}
    return not {(piece["kind"], piece["ref"]) for piece in row.evidence} <= wanted


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
