"""The verbs of reports and of assessments.

who                                       may
who writes the situation of the area      keep a draft and count it anew, sign, correct what is out; convene, conclude
another who does, where the pack says so  give the second signature that issues a report
"""

import hashlib
import json
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import records, second_person
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, require
from fangxian.core.reasons import stated
from fangxian.core.records import Source
from fangxian.systems.command.models import Task
from fangxian.systems.situation import reporting_rules as rules
from fangxian.systems.situation import reporting_selectors as selectors
from fangxian.systems.situation.reporting_models import Assessment, IssuedReport

RIGHT = Permission.SITUATION_WRITE
State = IssuedReport.State


def fingerprint(facts: dict[str, Any], said: dict[str, Any]) -> str:
    """SHA-256 of what a report says and rests on: it names one wording, whoever draws it on whatever paper."""
    whole = json.dumps([facts, said], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(whole.encode()).hexdigest()


def keep_draft(
    *, by: Officer | None, area: Area, kind: str, starts_on: date, ends_on: date, as_of: datetime,
    facts: dict[str, Any], said: dict[str, Any], source: str = Source.WEB,
) -> IssuedReport:  # fmt: skip
    """Keep what was counted as the draft of a report; a draft that is there is counted anew, unsigned again.

    Raises `ValidationError` once the report is out: what changes then is a correction.
    """
    if by is not None:
        require(by, RIGHT, area.code)
    counted = {"as_of": as_of, "facts": facts, "said": said, "digest": fingerprint(facts, said)}
    with transaction.atomic():
        there = selectors.editions(area, kind, starts_on, ends_on).first()
        if there is None:
            return _create(by, source, area=area, kind=kind, starts_on=starts_on, ends_on=ends_on, **counted)
        if not there.is_open:
            raise ValidationError(_("This report is out. Correct it, with the reason."))
        return _count_anew(there, by, counted)


def _create(by: Officer | None, source: str, **values: Any) -> IssuedReport:
    year = values["ends_on"].year
    number = selectors.last_number(values["area"], values["kind"], year) + 1
    return records.create(
        IssuedReport, by=by, action="situation.report.drafted", source=source, year=year, number=number, **values
    )


def _count_anew(report: IssuedReport, by: Officer | None, counted: dict[str, Any]) -> IssuedReport:
    unsigned = {"state": State.DRAFT, "signed_at": None, "signed_by": None}
    return records.change(report, by=by, action="situation.report.counted_anew", **counted, **unsigned)


def sign(*, report: IssuedReport, by: Officer, digest: str = "") -> IssuedReport:
    """Sign a draft: it is out at once, or waits for a second signature where the pack wants one.

    `digest` is the fingerprint of what the officer has read; a draft counted anew since is refused.
    """
    require(by, RIGHT, report.area_id)
    with transaction.atomic():
        current = _locked(report)
        if current.state != State.DRAFT:
            raise ValidationError(_("Only a draft can be signed."))
        _refuse_unread(current, digest)
        stamps = {"signed_at": now(), "signed_by": by}
        if rules.needs_second(current.area_id):
            return records.change(current, by=by, action="situation.report.signed", state=State.WAITING, **stamps)
        return _issue(current, by, **stamps)


def agree(*, report: IssuedReport, by: Officer, digest: str = "") -> IssuedReport:
    """The second signature: the report is out. Raises `SamePerson` for whoever signed first."""
    require(by, RIGHT, report.area_id)
    with second_person.deciding(report, by=by, action="situation.report.agreed"):
        current = _locked(report)
        if current.state != State.WAITING:
            raise ValidationError(_("Nobody has signed this draft yet, or it is out already."))
        _refuse_unread(current, digest)
        second_person.require_other(by, [current.signed_by_id])
        return _issue(current, by, second_at=now(), second_by=by)


def correct(
    *, report: IssuedReport, by: Officer, reason: str, as_of: datetime, facts: dict[str, Any], said: dict[str, Any]
) -> IssuedReport:
    """Draft the next edition of a report that is out, with the reason; the earlier one stands until this is issued."""
    require(by, RIGHT, report.area_id)
    with transaction.atomic():
        current = _locked(report)
        if current.state != State.ISSUED:
            raise ValidationError(_("Only a report that is out, in its last edition, can be corrected."))
        last = selectors.editions(current.area, current.kind, current.starts_on, current.ends_on).first()
        if last is not None and last.pk != current.pk:
            raise ValidationError(_("A correction of this report is under way already."))
        return records.create(
            IssuedReport, by=by, action="situation.report.corrected", area=current.area, kind=current.kind,
            starts_on=current.starts_on, ends_on=current.ends_on, as_of=as_of, year=current.year,
            number=current.number, edition=current.edition + 1, corrects=current, correction=stated(reason),
            facts=facts, said=said, digest=fingerprint(facts, said),
        )  # fmt: skip


def _issue(report: IssuedReport, by: Officer, **stamps: Any) -> IssuedReport:
    if report.corrects is not None:
        records.change(report.corrects, by=by, action="situation.report.replaced", state=State.REPLACED)
    return records.change(
        report, by=by, action="situation.report.issued", state=State.ISSUED, issued_at=now(), **stamps
    )


def _refuse_unread(report: IssuedReport, digest: str) -> None:
    if digest and digest != report.digest:
        raise ValidationError(_("The figures were counted anew since you opened the page. Read it again."))


def _locked(report: IssuedReport) -> IssuedReport:
    rows = IssuedReport.objects.select_for_update(of=("self",)).select_related("area", "corrects__area")
    return rows.get(pk=report.pk)


def convene(
    *, by: Officer | None, area: Area, title: str, attendees: list[Officer] | None = None,
    matters: list[dict[str, str]] | None = None, source: str = Source.WEB, **values: Any,
) -> Assessment:  # fmt: skip
    """Call a session: who attends, and the questions it has to answer, each with what it is about."""
    if by is not None:
        require(by, RIGHT, area.code)
    return records.create(
        Assessment, by=by, action="situation.assessment.convened", source=source, area=area, title=title,
        attendees=[_named(officer) for officer in attendees or []], matters=matters or [], **values,
    )  # fmt: skip


def change_session(
    *, session: Assessment, by: Officer | None, base_version: int | None = None, **changes: Any
) -> Assessment:
    """Change what was said about a session that has not ended."""
    if by is not None:
        require(by, RIGHT, session.area_id)
    _require_open(session)
    if "attendees" in changes:
        changes["attendees"] = [_named(officer) for officer in changes["attendees"]]
    return records.change(session, by=by, action="situation.assessment.changed", base_version=base_version, **changes)


def add_matter(*, session: Assessment, by: Officer, question: str, register: str = "", row: str = "",
               label: str = "") -> Assessment:  # fmt: skip
    """Put one more question on the table; `register` and `row` name what it is about."""
    said = {"question": stated(question), "register": register, "id": row, "label": label}
    return change_session(session=session, by=by, matters=[*session.matters, said])


def conclude(*, session: Assessment, by: Officer, level: str, conclusion: str, grounds: str = "") -> Assessment:
    """End a session: how grave it is, by the pack's list, and what follows. What had become of earlier follow-ups is
    kept as it stood. Raises `ValidationError` for an unknown level, without a conclusion, and a second time."""
    require(by, RIGHT, session.area_id)
    rules.level(session.area_id, level)
    if not conclusion.strip():
        raise ValidationError({"conclusion": _("Say what the session concluded.")})
    with transaction.atomic():
        current = Assessment.objects.select_for_update(of=("self",)).select_related("area").get(pk=session.pk)
        _require_open(current)
        return records.change(
            current, by=by, action="situation.assessment.concluded", state=Assessment.State.CONCLUDED, level=level,
            conclusion=conclusion.strip(), grounds=grounds.strip(), concluded_at=now(), concluded_by=by,
            reviewed=[_stood(task) for _one, rows in selectors.agenda(current) for task in rows],
            pack=rules.pack_of(current.area_id).version,
        )  # fmt: skip


def call_off(*, session: Assessment, by: Officer, reason: str) -> Assessment:
    """A session that will not be held, with the reason."""
    require(by, RIGHT, session.area_id)
    _require_open(session)
    return records.change(
        session, by=by, action="situation.assessment.called_off", state=Assessment.State.CALLED_OFF,
        grounds=stated(reason),
    )  # fmt: skip


def _require_open(session: Assessment) -> None:
    if session.state != Assessment.State.CONVENED:
        raise ValidationError(_("This session has ended. What changes goes into the next one."))


def _named(officer: Officer) -> dict[str, Any]:
    return {"id": officer.pk, "name": str(officer)}


def _stood(task: Task) -> dict[str, Any]:
    return {
        "task": str(task.pk), "title": task.title, "status": task.status, "area": task.area_id,
        "due_at": task.due_at.isoformat() if task.due_at else "", "outcome": task.outcome[:200],
    }  # fmt: skip
