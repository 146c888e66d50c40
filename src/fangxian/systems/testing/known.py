"""What is known of the tubes, points, rounds and people of a set of registrations: loaded once, kept while judging."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q

from fangxian.core.among import Among
from fangxian.systems.people.models import Person
from fangxian.systems.testing import roster
from fangxian.systems.testing.models import LabResult, RoundMember, Sample, SamplingPoint, TestRound, Tube
from fangxian.systems.testing.roster import UNLISTED, Place

if TYPE_CHECKING:
    from fangxian.systems.testing.registering import Registration

State = RoundMember.State


@dataclass
class Standing:
    """One person's row in a round; `pk` is None for somebody who is not on the roster, whose `member` is new."""

    pk: int | None
    place: Place
    member: RoundMember | None = None


class Known:
    """Everything the judgement of a set needs; the number of queries does not depend on the number of rows."""

    def __init__(self, rows: Sequence["Registration"]):
        self.rows = rows
        persons = {row.person for row in rows}
        barcodes = {row.barcode for row in rows}
        ids = Among({row.id for row in rows})
        self.ids = set(Sample.unscoped.filter(pk__in=ids).values_list("pk", flat=True))
        wanted = {row.point for row in rows}
        self.points = {p.pk: p for p in SamplingPoint.objects.filter(pk__in=wanted).select_related("area")}
        self.rounds = list(TestRound.unscoped.exclude(state=TestRound.State.PLANNED).filter(self._lately()))
        self._load_tubes(barcodes)
        self._load_people(persons)
        self.fresh_tubes: dict[str, Tube] = {}
        self.adopted: list[Tube] = []

    def _lately(self) -> Q:
        """Rounds under way, and closed ones that were still open when the first of these samples was taken."""
        first = min(row.sampled_at for row in self.rows)
        return Q(state=TestRound.State.OPEN) | Q(closed_at__gte=first)

    def _load_tubes(self, barcodes: set[str]) -> None:
        found = Tube.unscoped.select_for_update().filter(barcode__in=barcodes).order_by("pk")
        self.tubes = {tube.barcode: tube for tube in found}
        names = {tube.pk: tube.barcode for tube in self.tubes.values()}
        self.inside: dict[str, set] = defaultdict(set)
        for tube, person in Sample.unscoped.filter(tube__in=names).order_by().values_list("tube_id", "person_id"):
            self.inside[names[tube]].add(person)
        results = LabResult.unscoped.filter(tube__in=names).order_by().values_list("tube_id", flat=True)
        self.with_result = set(results) if names else set()

    def _load_people(self, persons: set[UUID]) -> None:
        """Where each stands in each round that may be meant, and in which tubes of it they already are."""
        numbers = [test_round.number for test_round in self.rounds]
        found = (
            RoundMember.objects.select_for_update().filter(round__in=numbers, person__in=Among(persons)).order_by("pk")
        )
        self.members: dict[tuple[int, UUID], Standing] = {
            (number, person): Standing(pk, Place(*place))
            for pk, number, person, *place in found.values_list(
                "pk", "round_id", "person_id", "area_id", "group", "listed", "state"
            )
        }
        others = persons - {person for _number, person in self.members}
        absent = Person.unscoped.filter(pk__in=Among(others)).values_list("pk", "area_id")
        self.areas: dict[UUID, str] = dict(absent) if others else {}
        self._load_their_tubes([key for key, row in self.members.items() if row.place.state == State.PENDING])
        self.homes: dict[UUID, UUID | None] | None = None

    def _load_their_tubes(self, pending: list[tuple[int, UUID]]) -> None:
        """Only who waits for a result can be in two open tubes. Asked by person only, as in `outcomes`."""
        self.tubes_of: dict[UUID, set[str]] = defaultdict(set)
        if not pending:
            return
        rounds = {test_round.pk for test_round in self.rounds}
        given = Sample.unscoped.filter(person__in=Among({person for _number, person in pending})).order_by()
        columns = given.values_list("person_id", "tube__barcode", "tube__round_id", "tube__shipment")
        for person, barcode, test_round, shipment in columns:
            if test_round in rounds and shipment != Tube.Shipment.LOST:
                self.tubes_of[person].add(barcode)

    def round_of(self, point: SamplingPoint, sampled_at: datetime) -> TestRound | None:
        """The round a sample at a point belongs to: under way there, the nearest area first, then the latest begun."""
        here = [row for row in self.rounds if point.area_id.startswith(row.area_id)]
        open_here = [row for row in here if row.closed_at is None or sampled_at <= row.closed_at]
        begun = [row for row in open_here if row.begins_at <= sampled_at] or open_here or here
        return max(begun, key=lambda row: (row.closed_at is None, len(row.area_id), row.begins_at), default=None)

    def standing(self, test_round: TestRound, person: UUID) -> Standing | None:
        """Where somebody stands; a person beyond the roster gets a row of their own, an unknown one None."""
        key = (test_round.number, person)
        if key not in self.members and person in self.areas:
            area = self.areas[person]
            member = RoundMember(round=test_round, person_id=person, area_id=area, group=UNLISTED, listed=False)
            self.members[key] = Standing(None, Place(area, UNLISTED, False, State.MISSING), member)
        return self.members.get(key)

    def in_another(self, person: UUID, barcode: str) -> bool:
        """Whether the person is in another tube already."""
        return bool(self.tubes_of[person] - {barcode})

    def other_household(self, person: UUID, barcode: str) -> bool:
        """Whether somebody of another household is in the tube. Read only for household tubes."""
        if self.homes is None:
            people = {row.person for row in self.rows}.union(*self.inside.values())
            self.homes = dict(Person.unscoped.filter(pk__in=people).values_list("pk", "household_id"))
        homes = {self.homes.get(other) for other in self.inside[barcode]}
        return bool(homes - {self.homes.get(person)})

    def new_tube(self, row: "Registration", point: SamplingPoint, test_round: TestRound) -> Tube:
        """A tube nobody has seen before is taken into use."""
        tube = Tube(
            area_id=point.area_id, barcode=row.barcode, size=row.size, round=test_round, sampling_point=point,
            team_id=row.team, point=point.name, device_at=row.device_at,
        )  # fmt: skip
        tube.area = point.area
        self.tubes[row.barcode] = self.fresh_tubes[row.barcode] = tube
        return tube

    def adopt(self, tube: Tube, point: SamplingPoint, test_round: TestRound) -> None:
        """An empty tube registered beforehand belongs to the round now."""
        tube.round, tube.sampling_point, tube.point = test_round, point, point.name
        self.adopted.append(tube)

    def write_unlisted(self) -> None:
        """Rows of people beyond the roster, and their figures."""
        rows = [row for row in self.members.values() if row.pk is None and row.member and row.member.tubes]
        RoundMember.objects.bulk_create([row.member for row in rows if row.member])
        for row in rows:
            roster.add(row.member.round_id, {row.place: 1})
