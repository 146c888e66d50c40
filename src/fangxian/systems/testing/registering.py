"""Registrations at the sampling point: who gave a sample into which tube, thousands at a time, each with an answer.

The same for a scan at a lane, a phone that was offline and a sheet. Every row is taken, known from before, or refused
with row, field and reason; what is taken although something is odd is flagged. Refusals leave the person among the
missing, so nobody counts as tested by a registration that cannot be right; both kinds are noted as accidents.

One transaction, a fixed number of statements for a set: loading (`Known`), judging the rows in plain Python
(`judge`), writing (`write`).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.clock import now
from fangxian.core.records import Source
from fangxian.systems.testing import accidents, announcements, roster, swift
from fangxian.systems.testing.accidents import Notice, Refusal
from fangxian.systems.testing.barcodes import is_sound
from fangxian.systems.testing.duties import settle_sampled_people
from fangxian.systems.testing.judging import CLOCK_SKEW
from fangxian.systems.testing.known import Known, Standing
from fangxian.systems.testing.models import LabAccident, RoundMember, Sample, SamplingPoint, TestRound, Tube
from fangxian.systems.testing.roster import Place
from fangxian.systems.testing.swift import Swab

State = RoundMember.State
Kind, Outcome = LabAccident.Kind, LabAccident.Outcome
#: what the check of a row finds, and the field it is about
FIELDS: dict[str, str] = {
    Kind.TUBE_USED_BEFORE: "barcode", Kind.TUBE_OVERFULL: "barcode", Kind.TUBE_LEFT: "barcode",
    Kind.TUBE_HAS_RESULT: "barcode", Kind.TUBE_OTHER_POINT: "point", Kind.TUBE_OTHER_SIZE: "size",
    Kind.BARCODE_DIGITS: "barcode", Kind.PERSON_UNKNOWN: "person", Kind.PERSON_IN_TWO_TUBES: "person",
    Kind.TWO_HOUSEHOLDS: "person", Kind.SAMPLED_IN_FUTURE: "sampled_at", Kind.SAMPLED_BEFORE_ROUND: "sampled_at",
    Kind.SAMPLED_AFTER_ROUND: "sampled_at", Kind.REGISTERED_LATE: "sampled_at",
}  # fmt: skip
NO_POINT, NO_ROUND = ("point", "unknown"), ("point", "no_round")
WORDS: dict[str, Any] = {kind.value.lower(): kind.label for kind in Kind} | {
    "unknown": _("There is no such sampling point in your posts."), "no_round": _("No round is under way here."),
}  # fmt: skip
"""What a reason is called where a person reads it."""


@dataclass(frozen=True, slots=True)
class Registration:
    """One sample given. `id` is made on the device: sending it again is harmless. `row` is its place in the request.

    `within` is the area a device may register in, besides the scope in force.
    """

    row: int
    id: UUID
    person: UUID
    barcode: str
    size: int
    point: UUID
    sampled_at: datetime
    team: UUID | None = None
    device_at: datetime | None = None
    within: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """What is said about one row: its field and a fixed word."""

    row: int
    field: str
    reason: str


@dataclass
class Answer:
    """What became of a set: every row is in `new`, `known` or `refused`; those in `flagged` are among the new."""

    new: list[int] = field(default_factory=list)
    known: list[int] = field(default_factory=list)
    refused: list[Word] = field(default_factory=list)
    flagged: list[Word] = field(default_factory=list)

    def apart(self, bases: list[int], width: int) -> list["Answer"]:
        """The answer of each request of a set whose rows were numbered from its base."""
        found = {base // width: Answer() for base in bases}
        for name in ("new", "known"):
            for row in getattr(self, name):
                getattr(found[row // width], name).append(row)
        for name in ("refused", "flagged"):
            for word in getattr(self, name):
                getattr(found[word.row // width], name).append(word)
        return [found[base // width] for base in bases]


def register(rows: Iterable[Registration], *, by, source: str = Source.INGEST) -> Answer:
    """Take registrations; see the module."""
    rows = list(rows)
    answer = Answer()
    if rows:
        with transaction.atomic():
            found = _Set(rows, answer, by, source)
            found.judge()
            found.write()
    return answer


def register_one(row: Registration, *, by, source: str) -> Answer:
    """The same for one person at a form or a phone: whoever is refused hears why, as `Refusal` with field and words."""
    with accidents.noted(by=by, source=source):
        one = _Set([row], Answer(), by, source)
        one.judge()
        for word in one.answer.refused:
            raise Refusal({word.field: WORDS[word.reason]}, one.notices)
        one.write()
    return one.answer


class _Set:
    """One set on its way."""

    def __init__(self, rows: Sequence[Registration], answer: Answer, by, source: str):
        self.rows, self.answer, self.by, self.source = rows, answer, by, source
        self.at = now()
        self.known = Known(rows)
        self.samples: list[Swab] = []
        self.pending: dict[int, dict[int, Place]] = defaultdict(dict)
        self.again: dict[int, dict[int, dict[int, Place]]] = defaultdict(lambda: defaultdict(dict))
        self.hours: dict[int, Counter] = defaultdict(Counter)
        self.notices: list[Notice] = []

    def judge(self) -> None:
        for row in self.rows:
            self._take(row)

    def _take(self, row: Registration) -> None:
        if row.id in self.known.ids:
            self.answer.known.append(row.row)
            return
        point = self.known.points.get(row.point)
        if point is None or not point.area_id.startswith(row.within):
            self._refuse(row, *NO_POINT)
            return
        test_round = self.known.round_of(point, row.sampled_at)
        if test_round is None:
            self._refuse(row, *NO_ROUND)
            return
        self._judge(row, point, test_round)

    def _judge(self, row: Registration, point: SamplingPoint, test_round: TestRound) -> None:
        tube = self.known.tubes.get(row.barcode)
        if tube is not None and row.person in self.known.inside[row.barcode]:
            self.answer.known.append(row.row)
            return
        standing = self.known.standing(test_round, row.person)
        refusal = _of_time(row, test_round, self.at) or self._of_tube(row, point, test_round, tube)
        if not refusal and standing is None:
            refusal = Kind.PERSON_UNKNOWN
        if refusal or standing is None:
            self._accident(row, refusal or Kind.PERSON_UNKNOWN, Outcome.REFUSED, test_round, tube, point)
            return
        for kind in self._oddities(row, standing, test_round, tube):
            self._accident(row, kind, Outcome.FLAGGED, test_round, tube, point)
        self._keep(row, point, test_round, tube, standing)

    def _of_tube(self, row: Registration, point: SamplingPoint, test_round: TestRound, tube: Tube | None) -> str:
        """Why the tube cannot take it; "" when it can."""
        if tube is None:
            return Kind.BARCODE_DIGITS if test_round.checked_barcodes and not is_sound(row.barcode) else ""
        inside = self.known.inside[row.barcode]
        if tube.round_id != test_round.pk and (inside or tube.round_id):
            return Kind.TUBE_USED_BEFORE
        if tube.pk in self.known.with_result:
            return Kind.TUBE_HAS_RESULT
        if _left(tube, row.sampled_at):
            return Kind.TUBE_LEFT
        if tube.sampling_point_id not in (None, point.pk):
            return Kind.TUBE_OTHER_POINT
        if tube.size != row.size:
            return Kind.TUBE_OTHER_SIZE
        return Kind.TUBE_OVERFULL if len(inside) >= tube.size else ""

    def _oddities(self, row: Registration, standing: Standing, test_round: TestRound, tube: Tube | None) -> list[str]:
        """What is taken and flagged."""
        found: list[str] = []
        if standing.place.state == State.PENDING and self.known.in_another(row.person, row.barcode):
            found.append(Kind.PERSON_IN_TWO_TUBES)
        if row.size == Tube.Size.HOUSEHOLD and self.known.other_household(row.person, row.barcode):
            found.append(Kind.TWO_HOUSEHOLDS)
        if tube is not None and tube.shipment != Tube.Shipment.NOT_SHIPPED:
            found.append(Kind.TUBE_LEFT)
        if test_round.state == TestRound.State.CLOSED:
            found.append(Kind.REGISTERED_LATE)
        return found

    def _keep(
        self, row: Registration, point: SamplingPoint, test_round: TestRound, tube: Tube | None, standing: Standing
    ) -> None:
        tube = tube or self.known.new_tube(row, point, test_round)
        if tube.round_id is None:
            self.known.adopt(tube, point, test_round)
        self.known.ids.add(row.id)
        self.known.inside[row.barcode].add(row.person)
        self.known.tubes_of[row.person].add(row.barcode)
        self.samples.append(
            Swab(row.id, tube.pk, row.person, point.area_id, row.sampled_at, row.device_at, tube.size > 1)
        )
        self._move(test_round.number, standing)
        hour = row.sampled_at.replace(minute=0, second=0, microsecond=0)
        self.hours[test_round.number][(hour, point.pk)] += 1
        self.answer.new.append(row.row)

    def _move(self, number: int, standing: Standing) -> None:
        """Sampled means pending, except for whoever is already known to be in a positive tube or positive."""
        stays = standing.place.state in (State.RECALL, State.POSITIVE)
        to = standing.place.state if stays else State.PENDING
        if standing.pk is None:  # somebody beyond the roster: their row is written with the set
            standing.member.tubes += 1
            standing.member.state = to
        elif standing.place.state == to:
            self.again[number][to][standing.pk] = standing.place
        else:
            self.pending[number][standing.pk] = standing.place
        standing.place = standing.place.at(to)

    def write(self) -> None:
        fresh = list(self.known.fresh_tubes.values())
        swift.insert(Tube, fresh, by=self.by, action="testing.tube.registered", source=self.source)
        adopted = ["round", "sampling_point", "point"]
        records.save_many(self.known.adopted, adopted, by=self.by, action="testing.tube.adopted")
        swift.insert(Sample, self.samples, by=self.by, action="testing.sample.registered", source=self.source)
        self.known.write_unlisted()
        for number, places in self.pending.items():
            roster.move(number, places, State.PENDING, tubes=True)
        for number, by_state in self.again.items():
            for state, places in by_state.items():
                roster.move(number, places, state, tubes=True)
        for number, hours in self.hours.items():
            roster.add_hours(number, hours)
        settle_sampled_people([(s.person_id, s.sampled_at, s.pooled) for s in self.samples], by=self.by)
        for notice in self.notices:
            tube = self.known.tubes.get(notice.barcode)
            notice.tube_id = tube.pk if tube else None
        accidents.note_many(self.notices, by=self.by, source=self.source)
        late = (one.round_id for one in self.notices if one.kind == Kind.REGISTERED_LATE)
        announcements.reached(pk for pk in late if pk)

    def _refuse(self, row: Registration, name: str, reason: str) -> None:
        self.answer.refused.append(Word(row.row, name, reason))

    def _accident(
        self,
        row: Registration,
        kind: str,
        outcome: str,
        test_round: TestRound,
        tube: Tube | None,
        point: SamplingPoint,
    ) -> None:
        word = Word(row.row, FIELDS[kind], kind.lower())
        (self.answer.refused if outcome == Outcome.REFUSED else self.answer.flagged).append(word)
        said: dict[str, Any] = {"sampled_at": row.sampled_at, "size": row.size, "point": point.code}
        known = self.known.standing(test_round, row.person) is not None
        if not known:
            said["person"] = row.person
        self.notices.append(
            Notice(kind, outcome, point.area_id, row.barcode, row.row, FIELDS[kind], said, test_round.pk,
                   tube.pk if tube else None, person_id=row.person if known else None)
        )  # fmt: skip


def _of_time(row: Registration, test_round: TestRound, at: datetime) -> str:
    """Why the time of sampling cannot be; "" when it can."""
    if row.sampled_at > at + CLOCK_SKEW:
        return Kind.SAMPLED_IN_FUTURE
    if row.sampled_at < test_round.begins_at:
        return Kind.SAMPLED_BEFORE_ROUND
    late = test_round.closed_at is not None and row.sampled_at > test_round.closed_at
    return Kind.SAMPLED_AFTER_ROUND if late else ""


def _left(tube: Tube, sampled_at: datetime) -> bool:
    """Whether the tube had gone when the sample was taken. One taken before and told later is taken and flagged."""
    if tube.shipment == Tube.Shipment.NOT_SHIPPED:
        return False
    return tube.shipped_at is None or sampled_at > tube.shipped_at
