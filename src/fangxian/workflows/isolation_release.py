"""Leaving an isolation site, and what an infection among its guests does to the others.

Read downwards. `release_list` says of everybody in a site whether they may leave, with the reason of every condition.
`release` lets them go: the conditions are looked at once more, a proof is issued with what was found, and the area at
home gets a task the same moment, so that no day lies between the links. `on_infection` answers a guest's positive
result: whoever was exposed by the pack's rule begins the days anew, with tests of their own; the infected guest is
ordered to hospital; exposed guests who have left meanwhile are told to their area.

Running any of it again is harmless: a result that is withdrawn takes its restarts, tests and orders back.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_noop as _

from fangxian.core import jobs, policy, scope
from fangxian.core.clock import today
from fangxian.core.policy import Pack
from fangxian.systems.command import selectors as command_selectors
from fangxian.systems.command import services as command
from fangxian.systems.people import selectors as people
from fangxian.systems.quarantine import rules, selectors
from fangxian.systems.quarantine import services as quarantine
from fangxian.systems.quarantine.models import ClockRestart, Stay, Transfer
from fangxian.systems.testing import selectors as testing
from fangxian.systems.testing import services as testing_services
from fangxian.systems.testing.announcements import results_changed
from fangxian.systems.testing.models import LabResult, TestDuty
from fangxian.workflows.isolation import exposed, handing
from fangxian.workflows.isolation.conditions import DueTest, Facts, Finding, Sample, judge, may_leave

__all__ = ["Line", "from_home_on", "on_infection", "release", "release_list"]

WHY = "an infection among guests concerns whoever was in the site, wherever they answer to"
WITHDRAWN = _("The result behind it stands no more.")


@dataclass(frozen=True)
class Line:
    """One guest on the release list: whether they may leave, and every condition with its reason."""

    stay: Stay
    findings: list[Finding]
    home: Stay | None
    restarts: list[ClockRestart]

    @property
    def ok(self) -> bool:
        """Whether all conditions are met."""
        return may_leave(self.findings)

    @property
    def missing(self) -> list[Finding]:
        """What stands in the way."""
        return [finding for finding in self.findings if not finding.ok]


def release_list(stays: Iterable[Stay], *, on: date | None = None) -> list[Line]:
    """Of each stay that is in: may the person leave on a day (today)? A fixed number of queries for any length."""
    stays, day = list(stays), on or today()
    facts, home = _facts(stays), selectors.home_after(stays)
    restarts = selectors.restarts_of([stay.pk for stay in stays])
    packs = _Packs(day)
    return [
        Line(stay, judge(facts[stay.pk], packs.of(stay), on=day, rule=stay.rule), home.get(stay.pk), restarts[stay.pk])
        for stay in stays
    ]


def release(*, by, stays: Iterable[Stay]) -> list[Line]:
    """Let people go whose conditions are all met; raises ValidationError naming the first who may not, and nobody goes.

    Each gets a proof with the findings, and the area at home a task on the same day.
    """
    with transaction.atomic():
        lines = release_list(stays)
        for line in lines:
            if not line.ok:
                said = {"name": line.stay.person.name, "reason": line.missing[0].text}
                raise ValidationError({"stays": translated("%(name)s: %(reason)s") % said})
        evidence = {line.stay.pk: [finding.as_json() for finding in line.findings] for line in lines}
        quarantine.release_many(stays=[line.stay for line in lines], by=by, evidence=evidence)
        _hand_home(lines, by=by)
    return lines


def on_infection(*, result_id: UUID, by) -> dict[str, int]:
    """A result came into force or fell: bring the restarts among the guests in line with it; what changed."""
    with scope.everywhere(WHY):
        result = testing.result(result_id)
        positive = result.value == LabResult.Value.POSITIVE and result.state == LabResult.State.IN_FORCE
        infected = _guests(result) if positive and not testing.is_pool(result) else []
        if not infected and not selectors.restarts_because(result_id):
            return {}
        pack = policy.pack(disease=result.disease, area_code=result.area_id)
        return _restart(result, infected, pack, by=by)


@receiver(results_changed)
def follow_results(sender, result_ids: list[UUID], by, **_named) -> None:
    """Queue the work in the transaction of the result: neither is ever without the other."""
    for result_id in result_ids:
        jobs.enqueue("isolation.infection", by=by, key=f"isolation:{result_id}", result_id=str(result_id))


@jobs.job("isolation.infection")
def infection_job(job, result_id: str) -> dict:
    """What a result means for the guests of a site."""
    return on_infection(result_id=UUID(result_id), by=job.created_by)


def from_home_on(line: Line) -> date | None:
    """The first day at home, where the plan goes on there; always the day after the last one in the site."""
    return line.home.starts_on if line.home else None


class _Packs:
    """The rules of each disease and area that occur, asked for once."""

    def __init__(self, on: date) -> None:
        self._on = on
        self._known: dict[tuple[str, str], Pack] = {}

    def of(self, stay: Stay) -> Pack:
        key = rules.disease_of(stay.pack), stay.area_id[:6]
        if key not in self._known:
            self._known[key] = policy.pack(disease=key[0], area_code=key[1], on=self._on)
        return self._known[key]


def _facts(stays: list[Stay]) -> dict[UUID, Facts]:
    """What is known of each stay, from tests, samples and checks: one query each."""
    if not stays:
        return {}
    first = min(stay.starts_on for stay in stays)
    ids = {stay.person_id for stay in stays}
    tests, samples = _tests(stays), _samples(ids, first)
    fevers: dict[UUID, dict[date, object]] = defaultdict(dict)
    for person, checks in selectors.checks_of(ids, since=first).items():
        for check in checks:
            if check.fever:
                fevers[person][check.day] = max(check.temperature, fevers[person].get(check.day, check.temperature))
    return {
        stay.pk: Facts(
            stay.starts_on, stay.ends_on, tests[stay.pk],
            [one for one in samples[stay.person_id] if timezone.localdate(one.at) >= stay.starts_on],
            fevers[stay.person_id],
        )
        for stay in stays
    }  # fmt: skip


def _tests(stays: list[Stay]) -> dict[UUID, list[DueTest]]:
    """The tests of each stay's plan and of its restarts; those of the days at home are not asked for here."""
    restarts = selectors.restarts_of([stay.pk for stay in stays])
    stay_of = {stay.subject_id: stay for stay in stays if stay.subject_id}
    stay_of |= {row.pk: stay for stay in stays for row in restarts[stay.pk]}
    found: dict[UUID, list[DueTest]] = {stay.pk: [] for stay in stays}
    for duty in testing.duties_of(stay_of):
        stay = stay_of[duty.subject_id]
        if duty.state != TestDuty.State.CANCELLED and duty.due_on <= stay.ends_on:
            found[stay.pk].append(DueTest(duty.due_on, duty.state == TestDuty.State.DONE))
    return found


def _samples(ids: set[UUID], first: date) -> dict[UUID, list[Sample]]:
    since = timezone.make_aware(datetime.combine(first, time.min))
    found: dict[UUID, list[Sample]] = defaultdict(list)
    for row in testing.tested_since(ids, since):
        found[row.person_id].append(Sample(row.sampled_at, row.value, row.pooled))
    return found


def _hand_home(lines: list[Line], *, by) -> None:
    """A task to whoever answers for the person at home, due on the first day there."""
    workers = people.workers_of({line.home.area_id for line in lines if line.home})
    tasks = [handing.home_task(line, workers.get(line.home.area_id)) for line in lines if line.home]
    command.hand_down_many(by=by, tasks=tasks)


def _guests(result: LabResult) -> list[Stay]:
    """The stays of the people of a result who were in a site when the sample was taken."""
    sampled = testing.sampled_at(result)
    return selectors.at_the_time([person.pk for person in testing.persons_of(result)], sampled) if sampled else []


def _restart(result: LabResult, infected: list[Stay], pack: Pack, *, by) -> dict[str, int]:
    """Restarts, tests, the order to hospital and the tasks of one result, in one transaction."""
    since = exposed.window(testing.sampled_at(result), pack)
    beside = {stay.pk: selectors.beside(stay, since) for stay in infected}
    wanted = [row for stay in infected for row in exposed.restarts(stay, beside[stay.pk], pack, today=today())]
    with transaction.atomic():
        before = {row.pk for row in selectors.restarts_because(result.pk)}
        done = quarantine.sync_restarts(by=by, result_id=result.pk, wanted=wanted, reason=translated(WITHDRAWN))
        _plan_tests(result, pack, before | {row.pk for row in done.new}, by=by)
        _tell(result, infected, beside, pack, len(wanted), by=by)
    return done.counts


def _plan_tests(result: LabResult, pack: Pack, subjects: set[UUID], *, by) -> None:
    """Tests of the days begun anew, under the restart they follow from; a withdrawn restart takes its own back."""
    rows = []
    standing = [row for row in selectors.restarts_because(result.pk) if row.state == ClockRestart.State.IN_FORCE]
    for row in standing:
        for day in pack.days("contact.close.test_days"):
            due_on = row.exposed_on + timedelta(days=day - 1)
            if due_on <= row.until:
                rows.append(
                    testing_services.PlannedTest(
                        row.stay.person, result.disease, due_on, day, "central", row.pk, row.stay.area,
                        "contact.close.test_days", pack.version,
                    )
                )  # fmt: skip
    testing_services.plan_duties(rows, by=by, subjects=subjects)


def _tell(result: LabResult, infected: list[Stay], beside: dict, pack: Pack, count: int, *, by) -> None:
    """The guest is ordered to hospital; the head of the site, and the areas of exposed guests who have left, know."""
    if not infected:
        _take_back(result, by=by)
        return
    for stay in infected:
        if stay.state == Stay.State.IN:
            quarantine.order_transfer(
                by=by, person=stay.person, area=stay.area, to_area=stay.area, stay=stay, subject_id=result.pk,
                destination=Transfer.Destination.HOSPITAL, rule="case.isolation", pack=pack.version,
            )  # fmt: skip
    gone = [
        (stay, other, exposed.way(stay.room, other.room, pack))
        for stay in infected
        for other in beside[stay.pk]
        if other.state == Stay.State.RELEASED
    ]
    tasks = [handing.site_task(result, stay, count) for stay in infected]
    tasks += [handing.left_task(result, stay, other, via) for stay, other, via in gone if via]
    command.hand_down_many(by=by, tasks=tasks)


def _take_back(result: LabResult, *, by) -> None:
    waiting = [row for row in selectors.transfers_for([result.pk])[result.pk] if row.state in Transfer.WAITING]
    for row in waiting:
        quarantine.cancel_transfer(transfer=row, by=by, reason=translated(WITHDRAWN))
    told = command_selectors.for_subject(handing.RESULT, result.pk)
    command.withdraw_many(
        tasks=[task for task in told if (task.key or "").startswith(handing.INFECTION)],
        by=by, reason=translated(WITHDRAWN),
    )  # fmt: skip
