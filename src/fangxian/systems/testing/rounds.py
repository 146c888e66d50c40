"""Verbs on rounds. A round is planned, opened (its roster is taken), and closed (its figures are kept).

state     plan      open     excuse, explain   close               reopen
(none)    PLANNED   -        -                 -                   -
PLANNED   same      OPEN     refused           refused             refused
OPEN      -         same     yes               CLOSED              same
CLOSED    -         refused  refused           figures made anew   OPEN
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fangxian.core import audit, policy, records
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.records import Source
from fangxian.systems.testing import coverage, groups, roster
from fangxian.systems.testing.models import LabResult, RoundMember, Sample, TestRound
from fangxian.systems.testing.roster import Place

State, Member = TestRound.State, RoundMember.State
EXCUSES = frozenset(
    {
        RoundMember.Reason.TESTED_LATELY, RoundMember.Reason.VACCINATED, RoundMember.Reason.MEDICAL,
        RoundMember.Reason.ISOLATED, RoundMember.Reason.HOSPITAL,
    }
)  # fmt: skip


def plan_round(
    *, by, area: Area, name: str, disease: str, begins_at: datetime, ends_at: datetime,
    kind: str = TestRound.Kind.REGION, source: str = Source.WEB, **values: Any,
) -> TestRound:  # fmt: skip
    """Plan a round; its rules are those of the pack in force where and when it begins."""
    pack = policy.pack(disease=disease, area_code=area.code, on=timezone.localdate(begins_at))
    values.setdefault("tube_size", int(pack.number("testing.round.tube_size")))
    if ends_at <= begins_at:
        raise ValidationError({"ends_at": _("A round ends after it begins.")})
    with transaction.atomic():
        known = TestRound.unscoped.filter(area=area, disease=disease, begins_at=begins_at, kind=kind).first()
        if known is not None:
            return known
        last = TestRound.unscoped.aggregate(last=Max("number"))["last"] or 0
        return records.create(
            TestRound, by=by, action="testing.round.planned", source=source, area=area, name=name, disease=disease,
            begins_at=begins_at, ends_at=ends_at, kind=kind, number=last + 1, pack=pack.version, **values,
        )  # fmt: skip


def plan_must_test(*, by, area: Area, disease: str, day: date) -> TestRound:
    """The must-test round of a day, at the hours of the pack; the day's list is its roster once it opens."""
    pack = policy.pack(disease=disease, area_code=area.code, on=day)
    begins, ends = (_hour(day, int(pack.number(f"testing.must_test.{end}_hour"))) for end in ("begin", "end"))
    return plan_round(
        by=by, area=area, name=f"{area.name} {day:%m-%d}", disease=disease, begins_at=begins, ends_at=ends,
        kind=TestRound.Kind.DUTY, source=Source.WORKFLOW,
    )  # fmt: skip


def open_round(*, by, test_round: TestRound) -> TestRound:
    """Take the roster: everyone who lives in the area, or the must-test list of the day. From here on it counts."""
    with transaction.atomic():
        current = TestRound.objects.select_for_update().get(pk=test_round.pk)
        if current.state == State.OPEN:
            return current
        _require(current, State.PLANNED)
        people = _take(current)
        opened = records.change(current, by=by, action="testing.round.opened", state=State.OPEN, opened_at=now())
        audit.write("testing.round.roster", by=by, area=opened.area, target=opened, detail={"people": people})
    return opened


def excuse(*, by, test_round: TestRound, person_ids: Iterable[UUID], reason: str) -> int:
    """People need not come, for a reason the rules know; only who is missing is excused. Returns how many."""
    if reason not in EXCUSES:
        raise ValidationError({"reason": _("This reason does not excuse from the test.")})
    return _mark(by, test_round, person_ids, Member.MISSING, Member.EXCUSED, reason)


def unexcuse(*, by, test_round: TestRound, person_ids: Iterable[UUID]) -> int:
    """Take an excuse back: the person is missing again."""
    return _mark(by, test_round, person_ids, Member.EXCUSED, Member.MISSING, "")


def explain(*, by, test_round: TestRound, person_ids: Iterable[UUID], reason: str) -> int:
    """Say why people are missing; they stay missing. Returns how many."""
    if reason not in RoundMember.Reason.values or reason in EXCUSES:
        raise ValidationError({"reason": _("“%(value)s” is not a reason for being missing.") % {"value": reason}})
    return _mark(by, test_round, person_ids, Member.MISSING, Member.MISSING, reason)


def excuse_tested(*, by, test_round: TestRound) -> int:
    """Excuse whoever has a negative result that the pack accepts, from a sample outside this round. How many."""
    pack = policy.pack(disease=test_round.disease, area_code=test_round.area_id, on=_day(test_round))
    hours = pack.get("exempt_if", {}).get("test_within_hours", 0)
    since = test_round.begins_at - timedelta(hours=hours)
    negative = LabResult.objects.filter(
        state=LabResult.State.IN_FORCE, value=LabResult.Value.NEGATIVE, disease=test_round.disease,
        tested_at__gte=since,
    )  # fmt: skip
    sampled = Sample.objects.filter(sampled_at__gte=since, tube__in=negative.values("tube"), person__isnull=False)
    persons = sampled.exclude(tube__round=test_round).values_list("person_id", flat=True)
    return excuse(by=by, test_round=test_round, person_ids=set(persons), reason=RoundMember.Reason.TESTED_LATELY)


def close_round(*, by, test_round: TestRound) -> TestRound:
    """End the round and keep its figures; they explain every person of the roster.

    Closing again makes them anew and says in `changes` what differs from before; nothing new changes nothing.
    """
    with transaction.atomic():
        current = TestRound.objects.select_for_update().get(pk=test_round.pk)
        if current.state == State.PLANNED:
            _require(current, State.OPEN)
        roster.recount(current)
        figures = coverage.closing(current)
        if current.state == State.CLOSED:
            before = dict(current.closing)
            changes = before.pop("changes", [])
            if before == figures:
                return current
            figures["changes"] = [*changes, {"at": now().isoformat(), "difference": _difference(before, figures)}]
        return records.change(
            current, by=by, action="testing.round.closed", state=State.CLOSED, closing=figures,
            closed_at=current.closed_at or now(),
        )  # fmt: skip


def reopen_round(*, by, test_round: TestRound, reason: str) -> TestRound:
    """Open a closed round again; what it was closed with stays in the audit."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    with transaction.atomic():
        current = TestRound.objects.select_for_update().get(pk=test_round.pk)
        if current.state == State.OPEN:
            return current
        _require(current, State.CLOSED)
        audit.write("testing.round.reopening", by=by, area=current.area, target=current, detail={"reason": reason})
        return records.change(current, by=by, action="testing.round.reopened", state=State.OPEN, closed_at=None)


def _difference(before: dict[str, Any], after: dict[str, Any]) -> dict[str, int]:
    """By how many people each total moved, where it did."""
    old, new = before.get("total", {}), after["total"]
    return {name: new[name] - old.get(name, 0) for name in new if new[name] != old.get(name, 0)}


def _take(current: TestRound) -> int:
    day = _day(current)
    listed = groups.all_groups(current.area_id, day, current.disease)
    if current.kind == TestRound.Kind.REGION:
        return roster.take(current, [group.key for group in listed])
    due = groups.due(current.area_id, day, listed)
    return roster.take_due(current, due, groups.planned(current.area_id, day, current.disease))


def _mark(by, test_round: TestRound, person_ids: Iterable[UUID], before: int, to: int, reason: str) -> int:
    """Move or explain the people among these who stand at `before`; one audit row."""
    wanted, done = list(person_ids), 0
    with transaction.atomic():
        current = TestRound.objects.select_for_update().get(pk=test_round.pk)
        _require(current, State.OPEN)
        for start in range(0, len(wanted), roster.PART):
            part = wanted[start : start + roster.PART]
            rows = RoundMember.objects.select_for_update().filter(round=current, person__in=part, state=before)
            found = rows.order_by("pk").values_list("pk", "area_id", "group", "listed", "state")
            places = {pk: Place(*place) for pk, *place in found}
            roster.move(current.number, places, to, reason=reason)
            done += len(places)
        detail = {"people": done, "to": int(to), "reason": str(reason)}
        audit.write("testing.round.marked", by=by, area=current.area, target=current, detail=detail)
    return done


def _require(current: TestRound, state: str) -> None:
    if current.state != state:
        raise ValidationError(
            _("The round is not in a state for this: %(state)s.") % {"state": current.get_state_display()}
        )


def _day(test_round: TestRound) -> date:
    return timezone.localdate(test_round.begins_at)


def _hour(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))
