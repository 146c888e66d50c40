"""Adverse events: reported with their clocks, made graver, investigated, concluded; several of a kind are a hint."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import records, scope
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.policy import Pack
from fangxian.core.reasons import stated
from fangxian.core.records import Source
from fangxian.systems.immunization import rules, selectors
from fangxian.systems.immunization.announcements import event_changed
from fangxian.systems.immunization.models import Aefi, Dose

S = Aefi.Stage


def report(
    *, by: Officer | None, dose: Dose, symptoms: str, onset_at: datetime | None = None, source: str = Source.WEB,
    severity: str = Aefi.Type.NON_SERIOUS, serious_reason: str = "", **values: Any,
) -> Aefi:  # fmt: skip
    """Something happened after a dose. The pack's clocks start; a third of a kind within days is a cluster hint."""
    moment = now()
    _refuse_times(dose, onset_at or moment)
    pack = rules.general(dose.area_id)
    values.pop("area", None)
    with transaction.atomic():
        event = records.create(
            Aefi, by=by, action="immunization.aefi.reported", source=source, area=dose.area, dose=dose,
            person=dose.person, home_area=dose.person.area, symptoms=stated(symptoms)[:200],
            onset_at=onset_at or moment, found_at=moment, pack=pack.version, **_graded(severity, serious_reason),
            **_clocks(pack, moment, serious_reason, is_cluster=False), **values,
        )  # fmt: skip
        event = _clustered(event, pack, by) or event
        event_changed.send(sender=None, event=event, by=by)
    return event


def grade(*, event: Aefi, by: Officer | None, severity: str, serious_reason: str = "") -> Aefi:
    """The event is graver, or less grave, than first thought: its clocks follow, from the moment it was found."""
    with transaction.atomic():
        current = _open(event)
        pack = rules.general(current.area_id)
        clocks = _clocks(pack, current.found_at, serious_reason, is_cluster=current.is_cluster)
        graded = _graded(severity, serious_reason)
        done = records.change(current, by=by, action="immunization.aefi.graded", **graded, **clocks)
        event_changed.send(sender=None, event=done, by=by)
    return done


def report_up(*, event: Aefi, by: Officer | None) -> Aefi:
    """The event has been reported to the county's centre for disease control."""
    with transaction.atomic():
        current = _open(event)
        if current.reported_at:
            raise ValidationError(_("This event has been reported already."))
        done = records.change(current, by=by, action="immunization.aefi.reported_up", reported_at=now(), reported_by=by)
        event_changed.send(sender=None, event=done, by=by)
    return done


def investigate(*, event: Aefi, by: Officer | None, findings: str, outcome: str = "", treatment: str = "") -> Aefi:
    """What the investigation found so far: the interim report. May be written again until the conclusion."""
    with transaction.atomic():
        current = _open(event)
        known = {name: value for name, value in (("outcome", outcome), ("treatment", treatment[:200])) if value}
        done = records.change(
            current, by=by, action="immunization.aefi.investigated", stage=S.INTERIM, findings=stated(findings)[:400],
            investigated_at=current.investigated_at or now(), **known,
        )  # fmt: skip
        event_changed.send(sender=None, event=done, by=by)
    return done


def conclude(
    *, event: Aefi, by: Officer | None, classification: str, causality: str, outcome: str, findings: str = ""
) -> Aefi:
    """What it was: the final report. Only after an investigation, and once."""
    with transaction.atomic():
        current = _open(event)
        if current.stage != S.INTERIM:
            raise ValidationError(_("Investigate first: a conclusion stands on findings."))
        if classification not in Aefi.Classification.values or causality not in Aefi.Causality.values:
            raise ValidationError({"classification": _("Choose what it was, and how sure that is.")})
        done = records.change(
            current, by=by, action="immunization.aefi.concluded", stage=S.FINAL, classification=classification,
            causality=causality, outcome=outcome, concluded_at=now(), findings=(findings or current.findings)[:400],
        )  # fmt: skip
        event_changed.send(sender=None, event=done, by=by)
    return done


def _clustered(event: Aefi, pack: Pack, by: Officer | None) -> Aefi | None:
    """Mark every event of a cluster, and shorten the clocks of those not reported yet."""
    rows = selectors.cluster_of(event)
    if len(rows) < int(pack.table("aefi.cluster")["min_cases"]):
        return None
    for row in rows:
        if row.is_cluster:
            continue
        due = _clocks(pack, now(), "", is_cluster=True)["report_due_at"]
        row.report_due_at = min(row.report_due_at or due, due) if row.reported_at is None else row.report_due_at
        row.is_cluster = True
    with scope.everywhere("events of one lot are one cluster, whichever site they were found at"):
        records.save_many(rows, ["is_cluster", "report_due_at"], by=by, action="immunization.aefi.cluster")
    return Aefi.unscoped.get(pk=event.pk)


def _clocks(pack: Pack, found_at: datetime, serious_reason: str, *, is_cluster: bool) -> dict[str, datetime]:
    urgent = is_cluster or serious_reason in pack.items("aefi.urgent_reasons")
    hours = pack.duration("aefi.report_hours.severe" if urgent else "aefi.report_hours")
    return {
        "report_due_at": found_at + hours,
        "investigate_due_at": found_at + hours + pack.duration("aefi.investigate_within_hours"),
        "conclude_due_at": found_at + pack.duration("aefi.conclusion_days"),
    }


def _graded(severity: str, serious_reason: str) -> dict[str, str]:
    if severity == Aefi.Type.SERIOUS and serious_reason not in Aefi.Serious.values:
        raise ValidationError({"serious_reason": _("Say why the event is serious.")})
    return {"severity": severity, "serious_reason": serious_reason if severity == Aefi.Type.SERIOUS else ""}


def _open(event: Aefi) -> Aefi:
    current = Aefi.objects.select_for_update(of=("self",)).select_related("dose", "area").get(pk=event.pk)
    if current.stage == S.FINAL:
        raise ValidationError(_("This event is concluded; its final report stands."))
    return current


def _refuse_times(dose: Dose, onset_at: datetime) -> None:
    if onset_at > now():
        raise ValidationError({"onset_at": _("This moment is yet to come.")})
    if dose.given_at and onset_at < dose.given_at:
        raise ValidationError({"onset_at": _("It began before the dose.")})
