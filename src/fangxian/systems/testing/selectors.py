"""Reads of testing: nothing here writes, and no query count grows with the rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Max, Min, Q, QuerySet, Sum, When
from django.db.models.functions import Coalesce, Left, TruncDate

from fangxian.core import policy
from fangxian.core.areas import Area, code_range
from fangxian.core.clock import now, today
from fangxian.core.standing import standing
from fangxian.systems.people.models import Person
from fangxian.systems.testing.judging import STANDING, TubeFacts
from fangxian.systems.testing.models import (
    GroupMember,
    LabAccident,
    LabResult,
    RoundHour,
    Sample,
    SamplingPoint,
    TestDuty,
    TestRound,
    Tube,
    TubeBatch,
)

ACCIDENT_KINDS = LabAccident.Kind.choices
TUBE_SIZES = Tube.Size.choices
FINDINGS = LabResult.Value.choices
COUNTY = 6
"""Digits of a county's code."""


def tube(barcode: str) -> Tube:
    """The tube with this barcode; `Tube.DoesNotExist` outside the scope."""
    return Tube.objects.get(barcode=barcode)


def tube_by_id(pk: UUID | str) -> Tube:
    """One tube with its round, box and point."""
    return Tube.objects.select_related("area", "round", "batch", "sampling_point").get(pk=pk)


def samples_in(tube: Tube) -> list[Sample]:
    """What is in a tube, with its people."""
    return list(Sample.objects.filter(tube=tube).select_related("person", "area").order_by("sampled_at", "pk"))


def facts(tubes: Iterable[Tube]) -> dict[UUID, TubeFacts]:
    """How many samples each tube holds, when the last was taken, and where it was handed over; two queries."""
    asked = {tube.pk: tube for tube in tubes}
    counted = Sample.objects.filter(tube__in=asked).values("tube_id").annotate(n=Count("pk"), last=Max("sampled_at"))
    boxes = {tube.batch_id for tube in asked.values() if tube.batch_id}
    went = dict(TubeBatch.objects.filter(pk__in=boxes).values_list("pk", "laboratory")) if boxes else {}
    return {
        row["tube_id"]: tube_facts(asked[row["tube_id"]], row["n"], row["last"], went) for row in counted.order_by()
    }


def tube_facts(tube: Tube, samples: int, last: datetime | None, went: dict[UUID, str]) -> TubeFacts:
    """What is known of one tube; `went` are the laboratories of batches."""
    laboratory = went.get(tube.batch_id, "") if tube.batch_id else ""
    return TubeFacts(samples, last, laboratory, tube.received_at, tube.shipment == Tube.Shipment.LOST)


def test_round(pk: UUID | str) -> TestRound:
    """One round with its area."""
    return TestRound.objects.select_related("area").get(pk=pk)


def rounds_before(test_round: TestRound) -> list[TestRound]:
    """The rounds of the same kind, area and disease up to this one, in the order they were held."""
    same = {"area": test_round.area_id, "disease": test_round.disease, "kind": test_round.kind}
    return list(TestRound.objects.filter(**same, begins_at__lte=test_round.begins_at).order_by("begins_at"))


def latest_rounds(limit: int) -> list[TestRound]:
    """Rounds under way first, then those to come, then the last ones."""
    order = Case(When(state="OPEN", then=0), When(state="PLANNED", then=1), default=2)
    return list(TestRound.objects.select_related("area").order_by(order, "-begins_at")[:limit])


def rounds_in(
    state: str, *, kind: str = "", begun_by: datetime | None = None, ended_by: datetime | None = None
) -> list[TestRound]:
    """Rounds in a state, of a kind, whose hour has come or is over; in the order they begin."""
    found = TestRound.objects.filter(state=state)
    found = found.filter(kind=kind) if kind else found
    found = found.filter(begins_at__lte=begun_by) if begun_by else found
    found = found.filter(ends_at__lte=ended_by) if ended_by else found
    return list(found.select_related("area").order_by("begins_at", "pk"))


def must_test_rounds(first: date, last: date | None = None) -> list[TestRound]:
    """The must-test rounds of some days (of one), the latest first."""
    found = TestRound.objects.filter(kind=TestRound.Kind.DUTY).annotate(day=TruncDate("begins_at"))
    found = found.filter(day__gte=first, day__lte=last or first)
    return list(found.select_related("area").order_by("-begins_at", "area_id"))


def counties_with_lists(on: date) -> list[Area]:
    """Counties with somebody on a must-test list in force on a day, or with a test planned for it."""
    still = Q(until_on__isnull=True) | Q(until_on__gte=on)
    listed = GroupMember.objects.filter(still, Q(from_on__isnull=True) | Q(from_on__lte=on))
    planned = TestDuty.objects.filter(due_on=on).exclude(state=TestDuty.State.CANCELLED)
    codes: set[str] = set()
    for rows in (listed, planned):
        codes |= set(rows.annotate(county=Left("area_id", COUNTY)).order_by().values_list("county", flat=True))
    return list(Area.objects.filter(pk__in=codes).order_by("pk"))


def round_at(point: SamplingPoint) -> TestRound | None:
    """The round under way at a point: of the nearest area, then the latest."""
    above = [point.area_id[:length] for length in range(1, len(point.area_id) + 1)]
    found = TestRound.unscoped.filter(state=TestRound.State.OPEN, area__in=above).order_by("-area_id", "-begins_at")
    return found.first()


def points_under_way(limit: int) -> list[tuple[SamplingPoint, TestRound]]:
    """Points in reach that are not closed and where a round is under way, with that round (as `round_at` has it)."""
    under_way = list(TestRound.unscoped.filter(state=TestRound.State.OPEN).order_by("-area_id", "-begins_at"))
    found = SamplingPoint.objects.filter(standing()).select_related("area")
    here = ((one, row) for one in found.order_by("name", "pk") for row in under_way if _reaches(row, one))
    first = {point.pk: (point, row) for point, row in reversed(list(here))}
    return list(reversed(first.values()))[:limit]


def _reaches(test_round: TestRound, point: SamplingPoint) -> bool:
    return point.area_id.startswith(test_round.area_id)


def sampling_point(pk: UUID | str) -> SamplingPoint:
    """One point with its area."""
    return SamplingPoint.objects.select_related("area").get(pk=pk)


def points_of(test_round: TestRound, samples: dict[UUID, int]) -> list[tuple[SamplingPoint, int]]:
    """The points where somebody was registered, the busiest first."""
    found = SamplingPoint.objects.filter(pk__in=samples).select_related("area")
    return sorted(((point, samples[point.pk]) for point in found), key=lambda row: -row[1])


def registered_at(point: SamplingPoint, test_round: TestRound | None) -> int:
    """Samples registered at a point in a round."""
    if test_round is None:
        return 0
    rows = RoundHour.objects.filter(round=test_round, sampling_point=point)
    return rows.aggregate(n=Sum("samples"))["n"] or 0


def tube_and_people(barcode: str) -> tuple[Tube | None, list[Sample]]:
    """A tube by its barcode and who is in it; (None, []) for none."""
    found = Tube.objects.filter(barcode=barcode).first() if barcode else None
    return found, samples_in(found) if found else []


def tubes_to_pack(point: SamplingPoint) -> list[Tube]:
    """Tubes of a point that are in no box yet, with how many samples each holds (`inside`)."""
    rows = Tube.objects.filter(sampling_point=point, batch__isnull=True, shipment=Tube.Shipment.NOT_SHIPPED)
    return list(rows.annotate(inside=Count("samples")).order_by("created_at", "pk")[:500])


def batches(**narrowed) -> QuerySet[TubeBatch]:
    """Boxes, the newest first."""
    found = TubeBatch.objects.filter(**narrowed).select_related("area", "round", "sampling_point")
    return found.order_by("-packed_at", "-pk")


def batch(pk: UUID | str) -> TubeBatch:
    """One box with its point and round."""
    return batches().get(pk=pk)


def tubes_in(box: TubeBatch) -> list[Tube]:
    """The tubes of a box, with how many samples each holds (`inside`)."""
    return list(Tube.objects.filter(batch=box).annotate(inside=Count("samples")).order_by("barcode")[:1000])


def late_tubes() -> QuerySet[Tube]:
    """Tubes the laboratory has had longer than the pack's hours, and has said nothing about."""
    hours = policy.pack(disease="unknown").duration("testing.result.late_hours")
    rows = Tube.objects.filter(received_at__lt=now() - hours, results__isnull=True)
    return rows.exclude(shipment=Tube.Shipment.LOST).select_related("batch", "area").order_by("received_at", "pk")


def open_accidents() -> int:
    """How many accidents nobody has looked into."""
    return LabAccident.objects.filter(state=LabAccident.State.OPEN).count()


def newest_accidents(limit: int) -> list[LabAccident]:
    """Open accidents, the newest first."""
    found = LabAccident.objects.filter(state=LabAccident.State.OPEN).select_related("area", "tube", "batch", "person")
    return list(found.order_by("-seen_at", "-pk")[:limit])


def accident(pk: UUID | str) -> LabAccident:
    """One accident with what it is about."""
    return LabAccident.objects.select_related("area", "tube", "batch", "person", "result", "round").get(pk=pk)


def result(pk: UUID | str) -> LabResult:
    """One result with its tube."""
    return LabResult.objects.select_related("tube", "area").get(pk=pk)


def results_of(tubes: Iterable[Tube]) -> QuerySet[LabResult]:
    """All results of these tubes, whatever their state, oldest first."""
    return LabResult.objects.filter(tube__in=list(tubes)).order_by("reported_at", "pk")


def standing_results(tube: Tube, disease: str) -> list[LabResult]:
    """In force or held, of one tube and disease."""
    return list(results_of([tube]).filter(disease=disease, state__in=STANDING))


def persons_of(result: LabResult) -> list[Person]:
    """Whose samples are in the tube of a result."""
    samples = Sample.objects.filter(tube_id=result.tube_id, person__isnull=False).select_related(
        "person", "person__area"
    )
    return [sample.person for sample in samples.order_by("sampled_at", "pk")]


def sampled_at(result: LabResult) -> datetime | None:
    """When the first sample of a result's tube was taken."""
    found = Sample.objects.filter(tube_id=result.tube_id).order_by("sampled_at").values_list("sampled_at", flat=True)
    return found.first()


def is_pool(result: LabResult) -> bool:
    """Whether a positive here names nobody yet: a pooled tube, or several samples in one."""
    return result.tube.size > 1 or Sample.objects.filter(tube_id=result.tube_id).count() > 1


def results_of_person(person: Person, disease: str = "") -> QuerySet[LabResult]:
    """A person's results, newest first; pooled tubes included."""
    found = LabResult.objects.filter(tube__samples__person=person).select_related("tube", "area")
    return (found.filter(disease=disease) if disease else found).order_by("-tested_at", "-pk")


def held() -> QuerySet[LabResult]:
    """Results that wait for two persons, oldest first."""
    waiting = LabResult.objects.filter(state=LabResult.State.HELD)
    return waiting.select_related("tube", "area", "first_by").order_by("reported_at", "pk")


def positives(since: datetime | None = None, disease: str = "") -> QuerySet[LabResult]:
    """Positive results in force, newest first."""
    found = LabResult.objects.filter(state=LabResult.State.IN_FORCE, value=LabResult.Value.POSITIVE)
    found = found.filter(reported_at__gte=since) if since else found
    found = found.filter(disease=disease) if disease else found
    return found.select_related("tube", "area").order_by("-reported_at", "-pk")


@dataclass(frozen=True)
class DayCount:
    """Tubes reported on one day. A held result still counts on its day: only a decision or a withdrawal changes it."""

    day: date
    negative: int
    positive: int
    indeterminate: int
    held: int


def daily_counts(first: date, last: date, disease: str = "", area: str = "") -> list[DayCount]:
    """Results by the day each was reported, days without any included.

    The day belongs to the result, never to the person, and is the server's: a later result cannot change an earlier
    day (a state's cases once vanished for months under the date of a person's first test).
    """
    low, high = code_range(area)
    found = LabResult.objects.filter(state__in=STANDING, area_id__gte=low, area_id__lt=high)
    found = found.filter(disease=disease) if disease else found
    days = found.annotate(day=TruncDate("reported_at")).filter(day__gte=first, day__lte=last).values("day")
    rows = {row["day"]: row for row in days.annotate(**_tallies()).order_by("day")}
    zero = {"NEGATIVE": 0, "POSITIVE": 0, "INDETERMINATE": 0, "held": 0}
    return [_day_count(day, rows.get(day, zero)) for day in _days(first, last)]


def _tallies() -> dict[str, Count]:
    tallies = {value: Count("pk", filter=Q(value=value)) for value in LabResult.Value.values}
    return {**tallies, "held": Count("pk", filter=Q(state=LabResult.State.HELD))}


def _day_count(day: date, row: dict) -> DayCount:
    return DayCount(day, row["NEGATIVE"], row["POSITIVE"], row["INDETERMINATE"], row["held"])


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@dataclass(frozen=True)
class Coverage:
    """How far the tests due in one area and on one day are done. `area` is a code."""

    area: str
    due: int
    done: int
    missed: int

    @property
    def planned(self) -> int:
        """All that were to be tested."""
        return self.due + self.done + self.missed

    @property
    def percent(self) -> float | None:
        """Done of planned; None when nobody was to be tested."""
        return 100 * self.done / self.planned if self.planned else None


def coverage(
    day: date | None = None, *, area: str = "", disease: str = "", digits: int | None = None
) -> list[Coverage]:
    """Tests due on a day against tests done, by area. `digits` cuts area codes (9: by township); one query."""
    low, high = code_range(area)
    duties = TestDuty.objects.filter(due_on=day or today(), area_id__gte=low, area_id__lt=high)
    duties = duties.filter(disease=disease) if disease else duties
    rows = (
        duties.annotate(code=Left("area_id", digits or 24))
        .values("code")
        .annotate(**{state.name: Count("pk", filter=Q(state=state)) for state in TestDuty.State})
    )
    return [Coverage(row["code"], row["DUE"], row["DONE"], row["MISSED"]) for row in rows.order_by("code")]


def missed_between(first: date, last: date, area: str = "") -> list[tuple[str, int]]:
    """Tests of some days (both counted) that were not taken, or whose day is over, by the area that answers."""
    low, high = code_range(area)
    duties = TestDuty.objects.filter(due_on__range=(first, last), area_id__gte=low, area_id__lt=high)
    over = Q(state=TestDuty.State.MISSED) | Q(state=TestDuty.State.DUE, due_on__lt=today())
    return list(duties.filter(over).order_by().values_list("area_id").annotate(n=Count("pk")))


def duties_of(subject_ids: Iterable[UUID]) -> QuerySet[TestDuty]:
    """The test plan of some subjects (contacts, results), by day."""
    found = TestDuty.objects.filter(subject_id__in=list(subject_ids)).select_related("person", "area")
    return found.order_by("due_on", "person_id")


def due(day: date | None = None) -> QuerySet[TestDuty]:
    """Who is to be tested on a day and has not been yet."""
    found = TestDuty.objects.filter(due_on=day or today(), state=TestDuty.State.DUE)
    return found.select_related("person", "area").order_by("area_id", "person_id")


def waiting_tubes(since: timedelta) -> QuerySet[Tube]:
    """Tubes sampled longer ago than `since` without any result: the silence alarm of a laboratory."""
    tubes = Tube.objects.filter(results__isnull=True, samples__sampled_at__lt=now() - since)
    return tubes.select_related("area").distinct().order_by("pk")


@dataclass(frozen=True)
class Tested:
    """One sample of a person with what the laboratory said of its tube; `value` is None while nothing stands."""

    person_id: UUID
    sampled_at: datetime
    disease: str | None
    value: str | None
    pooled: bool
    laboratory: str
    result_id: UUID | None


def tested_since(person_ids: Iterable[UUID], since: datetime) -> list[Tested]:
    """Samples of many people since a moment with the results in force, the oldest first: two queries.

    Unscoped: a person in quarantine here may have been sampled anywhere.
    """
    taken = Sample.unscoped.filter(person_id__in=list(person_ids), sampled_at__gte=since).order_by("sampled_at", "pk")
    rows = list(taken.values_list("person_id", "sampled_at", "tube_id", "tube__size"))
    results: dict[UUID, list[LabResult]] = {}
    for result in LabResult.unscoped.filter(tube_id__in={row[2] for row in rows}, state=LabResult.State.IN_FORCE):
        results.setdefault(result.tube_id, []).append(result)
    return [
        Tested(person, at, one.disease if one else None, one.value if one else None, size > 1,
               one.laboratory if one else "", one.pk if one else None)
        for person, at, tube, size in rows
        for one in results.get(tube) or (None,)
    ]  # fmt: skip


def sampling_between(since: datetime, until: datetime) -> list[dict[str, Any]]:
    """Who registered tubes at the points of rounds, by officer, point and day: first and last time, how many.

    Rows of `created_by`, `sampling_point`, `day`, `first`, `last`, `tubes`; one grouped query over the rounds' tubes.
    """
    at = Coalesce("device_at", "created_at")
    rounds = TestRound.objects.filter(begins_at__lt=until, ends_at__gt=since).values("pk")
    rows = Tube.objects.filter(round__in=rounds, created_by__isnull=False, sampling_point__isnull=False)
    rows = rows.annotate(at=at, day=TruncDate("at")).filter(at__gte=since, at__lt=until).order_by()
    counted = rows.values("created_by", "sampling_point", "sampling_point__name", "sampling_point__area_id", "day")
    return list(counted.annotate(first=Min("at"), last=Max("at"), tubes=Count("pk")))
