"""One patient with fever, from the first doctor to the fever clinic.

Read downwards: a visit that is entered queues its work (`follow_visit`); the work (`on_visit`) sends whoever was seen
where fever may not be seen to a fever clinic, with a clock; makes it a finding of the facility where the patient was
kept and treated; has the patient tested; and tells the investigators when a risk area lies on the way here. An arrival
ends the clock (`follow_arrival`). A round of infection control makes a finding of each item not fulfilled
(`follow_round`).

Running it again is harmless: a referral, a finding, a test and a task are known by the visit they follow from.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.dispatch import receiver
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fangxian.core import jobs, scope
from fangxian.core.areas import county_of
from fangxian.core.officers import Officer
from fangxian.core.policy import Pack
from fangxian.core.records import Record
from fangxian.systems.command import selectors as tasks
from fangxian.systems.command import services as command
from fangxian.systems.command.models import Task
from fangxian.systems.inspection import services as inspection
from fangxian.systems.inspection.models import Finding
from fangxian.systems.medical import rules, selectors, services
from fangxian.systems.medical.announcements import fever_seen, referral_ended, round_done
from fangxian.systems.medical.models import ControlRound, Facility, FeverVisit, Referral
from fangxian.systems.medical.words import Way
from fangxian.systems.testing import services as testing
from fangxian.workflows.risk_area_arrival import judge

JOB = "medical.fever_visit"
WHY = "a fever patient is followed to whatever facility and home there is"
LOOK_BACK = timedelta(days=14)
"""What the field for the journey asks for: where the person was within the last fourteen days."""

BRING = gettext_noop("Bring a fever patient to %(to)s")
BRING_HOW = gettext_noop("Seen at %(at)s, where fever patients may not be seen. See that the patient arrives.")
NO_CLINIC = gettext_noop("Find a fever clinic for a patient seen at %(at)s")
NO_CLINIC_HOW = gettext_noop("No fever clinic and no hospital of the county is on record. Enter one, or refer by hand.")
FROM_RISK = gettext_noop("Fever patient from a risk area: %(zone)s")
FROM_RISK_HOW = gettext_noop("Seen at %(at)s. Interview the patient before they leave.")
KEYS = {BRING: "bring", NO_CLINIC: "clinic", FROM_RISK: "risk"}
BASIS = gettext_noop("Fever patients are not seen here (%(rule)s)")


@dataclass(frozen=True)
class Followed:
    """What followed from a visit: each is there whether it was made now or by an earlier run."""

    referral: Referral | None
    finding: Finding | None
    tests: int
    risk: str


def on_visit(*, visit_id: UUID, by: Officer | None) -> Followed:
    """Everything a visit of a fever patient asks for; nothing for whoever had no fever.

    Raises FeverVisit.DoesNotExist. Source of the prohibition: requirement I4, rule `medical.fever_forbidden_kinds`.
    """
    with scope.everywhere(WHY):
        visit = selectors.visit(visit_id)
        if not visit.is_fever:
            return Followed(None, None, 0, "")
        pack = rules.pack_of(visit.area_id)
        referral = _sent_on(visit, by) if visit.is_forbidden else None
        kept = visit.is_forbidden and visit.outcome == FeverVisit.Outcome.TREATED
        finding = _violation(visit, by) if kept else None
        return Followed(referral, finding, _tested(visit, pack, by), _from_risk_area(visit, by))


@receiver(fever_seen)
def follow_visit(sender, visits: list[FeverVisit], by, **_named) -> None:
    """Queue the work in the visit's own transaction."""
    for visit in visits:
        jobs.enqueue(JOB, by=by, key=str(visit.pk), visit_id=str(visit.pk))


@jobs.job(JOB)
def fever_job(job, visit_id: str) -> dict:
    """What a visit asks for, as a job."""
    followed = on_visit(visit_id=UUID(visit_id), by=job.created_by)
    return {"referral": str(followed.referral.pk) if followed.referral else "", "tests": followed.tests}


@receiver(referral_ended)
def follow_arrival(sender, referral: Referral, by, **_named) -> None:
    """Whoever should see that the patient arrives need not any more."""
    about = [task for task in tasks.for_subject(_kind(referral), referral.pk) if task.status in Task.OPEN]
    if about:
        command.withdraw_many(tasks=about, by=None, reason=_("The transfer has come to its end."))


@receiver(round_done)
@translation.override(settings.LANGUAGE_CODE)  # a ledger has one language, whoever acts
def follow_round(sender, control_round: ControlRound, by, **_named) -> None:
    """Each item not fulfilled is a finding of the facility, with what was seen."""
    for answer in selectors.not_fulfilled(control_round):
        inspection.raise_finding(
            by=by, area=control_round.area, where=str(control_round.facility), subject=control_round.facility,
            what=f"{answer.get_item_display()}: {answer.seen}"[:200], severity=Finding.Severity.MAJOR,
            found_on=timezone.localdate(control_round.done_at), basis=_("Round of infection control"),
        )  # fmt: skip


def _sent_on(visit: FeverVisit, by: Officer | None) -> Referral | None:
    """The referral of a visit, with the task to see that the patient arrives; None where there is no clinic."""
    known = selectors.referrals_of([visit.pk]).get(visit.pk)
    clinic = known.to_facility if known else _clinic_for(visit)
    if clinic is None:
        _hand_down(visit, by, visit, NO_CLINIC, NO_CLINIC_HOW, {"at": str(visit.facility)})
        return None
    referral = known or services.refer(
        by=by, person=visit.person, from_facility=visit.facility, to_facility=clinic, subject_id=visit.pk,
        kind=Way.FEVER, reason=_("Fever; not seen at this kind of facility."),
    )  # fmt: skip
    if referral.state in Referral.OPEN:
        _hand_down(visit, by, referral, BRING, BRING_HOW, {"to": str(clinic), "at": str(visit.facility)})
    return referral


def _clinic_for(visit: FeverVisit) -> Facility | None:
    """The nearest fever clinic of the county by the air line; the first where positions are unknown."""
    county = county_of(visit.area_id)
    clinics = [row for row in selectors.fever_clinics(county.code if county else visit.area_id[:6])
               if row.pk != visit.facility_id]  # fmt: skip
    return min(clinics, key=lambda row: _apart(row, visit.facility), default=None)


def _apart(one: Facility, other: Facility) -> float:
    """A number that grows with the distance of two facilities; those without a position come last."""
    if None in (one.latitude, one.longitude, other.latitude, other.longitude):
        return float("inf")
    return (one.latitude - other.latitude) ** 2 + (one.longitude - other.longitude) ** 2


@translation.override(settings.LANGUAGE_CODE)  # a ledger has one language, whoever acts
def _violation(visit: FeverVisit, by: Officer | None) -> Finding:
    """The finding that a fever patient was kept where none may be seen; a second run gives the stored one."""
    return inspection.raise_finding(
        by=by, id=visit.pk, area=visit.area, where=str(visit.facility), subject=visit.facility,
        what=_("A fever patient was treated here."), severity=Finding.Severity.CRITICAL, topic="FEVER", origin="RULE",
        found_on=timezone.localdate(visit.visited_at), basis=_(BASIS) % {"rule": visit.rule},
    )  # fmt: skip


def _tested(visit: FeverVisit, pack: Pack, by: Officer | None) -> int:
    """The test duties of the day of the visit, one a disease."""
    day = timezone.localdate(visit.visited_at)
    rows = [
        testing.PlannedTest(visit.person, disease, day, 1, "fever_clinic", visit.pk, visit.area, "medical.fever_tests",
                            pack.version)
        for disease in rules.tests(pack)
    ]  # fmt: skip
    testing.plan_duties(rows, by=by, subjects=[visit.pk])
    return len(rows)


@dataclass(frozen=True)
class _Journey:
    """Where the patient says to have been, as a stay."""

    code: str
    from_on: date
    until_on: date


def _from_risk_area(visit: FeverVisit, by: Officer | None) -> str:
    """The level of the gravest managed zone the patient comes from, with a task for the investigators; else ""."""
    day = timezone.localdate(visit.visited_at)
    journey = [_Journey(visit.came_from, day - LOOK_BACK, day)] if visit.came_from else []
    judged = judge(journey, visit.visited_at)
    if judged.zone is None or not judged.zone.managed:
        return ""
    params = {"zone": judged.zone.name, "at": str(visit.facility)}
    _hand_down(visit, by, visit, FROM_RISK, FROM_RISK_HOW, params, role="investigator")
    return judged.level


def _hand_down(
    visit: FeverVisit, by: Officer | None, about: Record, title: str, how: str, params: dict, role: str = ""
) -> Task:
    """A task of the county, due when the patient has to be where fever patients are seen; once a visit and title."""
    return command.hand_down(
        by=by, key=f"fever:{KEYS[title]}:{visit.pk}", area=county_of(visit.area_id) or visit.area, title=title,
        instructions=how, params=params, role=role, person=visit.person, priority=Task.Priority.HIGH, subject=about,
        due_at=visit.visited_at + rules.time_to_refer(rules.pack_of(visit.area_id)),
    )  # fmt: skip


def _kind(referral: Referral) -> str:
    return referral._meta.label_lower
