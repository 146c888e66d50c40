"""Test duties: who must be tested on which day, by which rule; planned again without losing what was done."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from fangxian.core import records
from fangxian.core.among import Among
from fangxian.core.areas import Area
from fangxian.core.clock import day_of, today
from fangxian.core.records import Source
from fangxian.systems.people.models import Person
from fangxian.systems.testing.models import Sample, TestDuty

State = TestDuty.State
#: stage of a test that must be in a tube of its own, after the day's pooled one (recall of a positive pool)
SINGLE = "single"
Key = tuple[UUID, str, date, UUID | None]


@dataclass(frozen=True)
class PlannedTest:
    """One wanted test: person, disease, day. `subject_id` says because of what (a contact, a result)."""

    person: Person
    disease: str
    due_on: date
    day: int
    stage: str
    subject_id: UUID | None = None
    area: Area | None = None
    rule: str = ""
    pack: str = ""

    @property
    def key(self) -> Key:
        """What makes it the same duty when planned again."""
        return (self.person.pk, self.disease, self.due_on, self.subject_id)


@dataclass
class Difference:
    """What planning changed: duties added, left as they were, and cancelled."""

    added: list[TestDuty] = field(default_factory=list)
    kept: list[TestDuty] = field(default_factory=list)
    cancelled: list[TestDuty] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """The difference in numbers."""
        return {"added": len(self.added), "kept": len(self.kept), "cancelled": len(self.cancelled)}


def plan_duties(
    rows: Iterable[PlannedTest], *, by, subjects: Iterable[UUID] | None = None, source: str = Source.WORKFLOW
) -> Difference:
    """Make `rows` the whole plan of their subjects (or of the `subjects` named, when a plan may become empty).

    What was planned before and is wanted still is kept, whatever its state; what is due and no longer wanted is
    cancelled; a cancelled duty wanted again is due again. Days already sampled are done at once. Re-running is
    harmless.
    """
    wanted = {row.key: row for row in rows}
    about = set(subjects or ()) | {row.subject_id for row in wanted.values() if row.subject_id}
    with transaction.atomic():
        stored = {_key(duty): duty for duty in _stored(wanted, about)}
        difference = Difference()
        reopened = _compare(wanted, stored, difference)
        fresh = [_duty(row) for key, row in wanted.items() if key not in stored]
        records.create_many(TestDuty, fresh, by=by, action="testing.duty.planned", source=source)
        records.change_many(reopened, by=by, action="testing.duty.reopened", state=State.DUE)
        records.change_many(difference.cancelled, by=by, action="testing.duty.cancelled", state=State.CANCELLED)
        difference.added = [*fresh, *reopened]
        _settle_sampled(difference.added, by=by)
    return difference


def cancel_duties(*, by, subject_ids: Iterable[UUID], reason: str = "") -> int:
    """Cancel what is still due for some subjects (a result was withdrawn, a contact dropped); returns how many."""
    open_duties = TestDuty.objects.filter(subject_id__in=list(subject_ids), state=State.DUE)
    return records.change_many(
        open_duties, by=by, action="testing.duty.cancelled", detail={"reason": reason}, state=State.CANCELLED
    )


def mark_missed(*, by=None, on: date | None = None) -> int:
    """The clock: what was due before `on` (today) and has no sample is missed; returns how many."""
    late = TestDuty.objects.filter(state=State.DUE, due_on__lt=on or today())
    return records.change_many(late, by=by, action="testing.duty.missed", state=State.MISSED)


def settle_duties(*, by, persons: Iterable[Person], at: datetime, pooled: bool = False) -> int:
    """A sample taken at `at` does the duties of these persons on that day, missed ones too when it was entered late.

    A single test is done only by a tube of one, taken after it was asked for.
    """
    ids = [person.pk for person in persons]
    if not ids:
        return 0
    day = day_of(at)
    duties = TestDuty.objects.filter(person__in=ids, due_on=day, state__in=[State.DUE, State.MISSED])
    duties = duties.exclude(stage=SINGLE) if pooled else duties.exclude(stage=SINGLE, created_at__gt=at)
    return records.change_many(duties, by=by, action="testing.duty.done", state=State.DONE)


def settle_sampled_people(taken: Iterable[tuple[UUID, datetime, bool]], *, by) -> int:
    """The same for thousands at once: (person, sampled at, whether into a pool). One query unless a duty is met."""
    by_day: dict[tuple[date, bool], dict[UUID, datetime]] = defaultdict(dict)
    days: dict[datetime, date] = {}
    for person, at, pooled in taken:
        if at not in days:  # the people of a tube share theirs
            days[at] = day_of(at)
        by_day[days[at], pooled][person] = at
    done = 0
    for (day, pooled), people in by_day.items():
        duties = TestDuty.objects.filter(person__in=Among(people), due_on=day, state__in=[State.DUE, State.MISSED])
        duties = duties.exclude(stage=SINGLE) if pooled else duties
        met = [row for row in duties if row.stage != SINGLE or row.created_at <= people[row.person_id]]
        done += records.change_many(met, by=by, action="testing.duty.done", state=State.DONE)
    return done


def _stored(wanted: dict[Key, PlannedTest], subjects: set[UUID]) -> list[TestDuty]:
    """All duties of the subjects, and those without a subject that are wanted again."""
    own = list(TestDuty.objects.filter(subject_id__in=subjects))
    loose = [row.person.pk for row in wanted.values() if row.subject_id is None]
    return own + list(TestDuty.objects.filter(subject_id__isnull=True, person__in=loose)) if loose else own


def _compare(wanted: dict[Key, PlannedTest], stored: dict[Key, TestDuty], difference: Difference) -> list[TestDuty]:
    """Sort stored duties into kept and cancelled; returns those to open again."""
    reopened = []
    for key, duty in stored.items():
        if key in wanted and duty.state == State.CANCELLED:
            reopened.append(duty)
        elif key in wanted or (duty.subject_id is None and duty.state != State.CANCELLED):
            difference.kept.append(duty)
        elif duty.state == State.DUE:
            difference.cancelled.append(duty)
    return reopened


def _settle_sampled(duties: list[TestDuty], *, by) -> None:
    """Duties planned for a day on which the person already gave a sample are done."""
    duties = [duty for duty in duties if duty.stage != SINGLE]
    if not duties:
        return
    days = [duty.due_on for duty in duties]
    samples = Sample.objects.filter(person__in={duty.person_id for duty in duties}, sampled_at__date__gte=min(days))
    taken = {(person, day_of(at)) for person, at in samples.values_list("person_id", "sampled_at")}
    done = [duty for duty in duties if (duty.person_id, duty.due_on) in taken]
    records.change_many(done, by=by, action="testing.duty.done", state=State.DONE)


def _key(duty: TestDuty) -> Key:
    return (duty.person_id, duty.disease, duty.due_on, duty.subject_id)


def _duty(row: PlannedTest) -> TestDuty:
    return TestDuty(
        person=row.person,
        disease=row.disease,
        due_on=row.due_on,
        day=row.day,
        stage=row.stage,
        subject_id=row.subject_id,
        area=row.area or row.person.area,
        rule=row.rule,
        pack=row.pack,
    )
