"""From evidence to contacts: each person's ring, by the rules of the pack."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pyarrow as pa

from fangxian.core.policy import Pack
from fangxian.engines import tracing as engine
from fangxian.workflows.response.evidence import Evidence

MINUTE = 60


@dataclass(frozen=True)
class Ringed:
    """A person in a ring: CLOSE, SECONDARY or GENERAL, by which rule, on what evidence."""

    person_id: UUID
    ring: str
    rule: str
    overlap_s: int
    evidence: list[Evidence]

    @property
    def first_at(self) -> datetime | None:
        """The earliest time of the evidence."""
        return min((piece.starts_at for piece in self.evidence if piece.starts_at), default=None)

    @property
    def last_at(self) -> datetime | None:
        """The latest time of the evidence."""
        return max((piece.ends_at for piece in self.evidence if piece.ends_at), default=None)

    @property
    def via(self) -> UUID | None:
        """The close contact through whom a secondary contact came near, the longest together first."""
        through = [piece for piece in self.evidence if piece.via]
        return max(through, key=lambda piece: piece.overlap_s).via if through else None


def rules(pack: Pack) -> engine.RingRules:
    """The thresholds of a pack, in the engine's words (minutes become seconds)."""
    secondary = pack.flag("contact.secondary.enabled")
    return engine.RingRules(
        close_total_s=int(pack.number("contact.close.total_minutes") * MINUTE),
        secondary_total_s=int(pack.number("contact.secondary.total_minutes") * MINUTE) if secondary else None,
        general_total_s=int(pack.number("contact.general.total_minutes") * MINUTE),
        lag_is_general=pack.flag("contact.lag_is_general"),
        close_kinds={kind: int(least * MINUTE) for kind, least in pack.table("contact.close.kinds").items()},
    )


def classify(evidence: list[Evidence], pack: Pack) -> list[Ringed]:
    """The ring of every person the evidence is about; who falls into none is left out."""
    by_person: dict[UUID, list[Evidence]] = defaultdict(list)
    for piece in evidence:
        by_person[piece.person_id].append(piece)
    people = list(by_person)
    found = engine.classify(_table(by_person, people), rules(pack))
    return [_ringed(people[row["person_id"]], row, by_person) for row in found.to_pylist()]


def _ringed(person_id: UUID, row: dict, by_person: dict[UUID, list[Evidence]]) -> Ringed:
    """Evidence in the order of time, so that the same evidence always reads the same."""
    evidence = sorted(by_person[person_id], key=lambda p: (str(p.starts_at), p.kind, str(p.place_id), str(p.via)))
    return Ringed(person_id, row["ring"].upper(), row["rule"], row["overlap_s"], evidence)


def _table(by_person: dict[UUID, list[Evidence]], people: list[UUID]) -> pa.Table:
    number = {pk: index for index, pk in enumerate(people)}
    rows = [
        (0, number[pk], piece.degree, piece.kind, piece.overlap_s, piece.protected)
        for pk, pieces in by_person.items()
        for piece in pieces
    ]
    columns = zip(*rows, strict=True) if rows else ([] for _name in engine.EVIDENCE)
    arrays = [pa.array(values, kind) for values, kind in zip(columns, engine.EVIDENCE.types, strict=True)]
    return pa.table(arrays, schema=engine.EVIDENCE)
