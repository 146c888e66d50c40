"""The verbs of a public report: told, taken up, checked on the spot, concluded, answered.

Nothing follows for anybody from a report alone: it is confirmed by what a check saw, and what restricts a person comes
from the evidence of that check, entered where such evidence is entered.
"""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import audit, records, scope
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.reasons import stated
from fangxian.core.records import Source
from fangxian.systems.community import rules, tickets
from fangxian.systems.community.announcements import report_moved
from fangxian.systems.community.models import PublicReport
from fangxian.systems.community.transitions import REPORT, check
from fangxian.systems.community.words import CheckRoute, ReportState, ReportWay
from fangxian.systems.people import derived

WHY = "a report goes to the area it is about, whoever passes it on"
LEAST_WORDS = 5
FORGOTTEN = 5_000  # phones dropped in one round; the rest in the next


def report(
    *, area: Area, kind: str, words: str, place: str, ticket: str, phone: str = "", by: Officer | None = None,
    way: str = ReportWay.PAGE, source: str = Source.WEB,
) -> PublicReport:  # fmt: skip
    """Take what somebody tells. The same ticket again is answered with what is stored.

    Raises ValidationError for a report without a place or words, and for a phone that cannot be one.
    """
    index = tickets.index_of(tickets.code_of(ticket))
    known = PublicReport.unscoped.filter(code_index=index).first()
    if known is not None:
        return known
    _refuse_empty(words, place)
    pack, at = rules.pack_of(area.code), now()
    with transaction.atomic():
        made = records.create(
            PublicReport, by=by, action="community.report.told", source=source, area=area, kind=kind, way=way,
            words=words.strip(), place=place.strip(), phone=_phone(phone), has_phone=bool(phone.strip()),
            code_index=index, sent_at=at,
            acknowledge_by=at + rules.time_to_take_up(pack, kind), answer_by=at + rules.time_to_answer(pack, kind),
            pack=pack.version,
        )  # fmt: skip
        report_moved.send(sender=None, report=made, by=by)
    return made


def read(report: PublicReport, *, by: Officer) -> dict[str, str]:
    """Place and words in full, for whoever decides about it; the reading is on record. The phone stays masked."""
    with audit.act("community.report.read", by=by, area=report.area, target=report):
        return {"place": report.place.reveal(), "words": report.words.reveal()}


def reveal_phone(*, report: PublicReport, by: Officer, reason: str) -> str:
    """The informant's phone, to call back; with the reason, on record, and never to whoever has to look on the spot."""
    why, report = stated(reason), PublicReport.objects.select_related("area").get(pk=report.pk)
    if not report.is_open:
        raise ValidationError(_("This report is answered: there is no need to call any more."))
    with audit.act("community.report.phone_read", by=by, area=report.area, target=report, detail={"reason": why}):
        return report.phone.reveal()


def take_up(*, report: PublicReport, by: Officer) -> PublicReport:
    """Somebody has looked at it and answers for what becomes of it."""
    return _move(report, "take_up", by, state=ReportState.TAKEN, taken_at=now(), taken_by=by)


def send(*, report: PublicReport, by: Officer, route: str, order: str, area: Area | None = None) -> PublicReport:
    """Have somebody look on the spot. `order` says what to look at, in the officer's words, never the informant's."""
    if route not in CheckRoute.values:
        raise ValidationError({"route": _("Choose who looks.")})
    changes = {"state": ReportState.CHECKING, "route": route, "order": stated(order)[:200], "area": area or report.area}
    return _move(report, "send", by, **changes, checks=report.checks + 1, **_taken(report, by))


def checked(*, report: PublicReport, by: Officer | None, seen: str) -> PublicReport:
    """What the check saw."""
    return _move(report, "checked", by, state=ReportState.CHECKED, seen=seen.strip()[:400])


def unchecked(*, report: PublicReport, by: Officer | None) -> PublicReport:
    """The check could not be done; somebody has to think of another way."""
    return _move(report, "unchecked", by, state=ReportState.TAKEN)


def confirm(*, report: PublicReport, by: Officer, answer: str, seen: str = "") -> PublicReport:
    """It is so: a check has seen it. The answer is what the informant reads."""
    evidence = seen.strip() or report.seen
    if not evidence:
        raise ValidationError({"seen": _("Say what the check saw: a report alone confirms nothing.")})
    return _close(report, "confirm", by, ReportState.CONFIRMED, answer, seen=evidence[:400])


def dismiss(*, report: PublicReport, by: Officer, reason: str, answer: str = "") -> PublicReport:
    """Not confirmed, with the reason."""
    return _close(report, "dismiss", by, ReportState.UNFOUNDED, answer, reason=stated(reason)[:200])


def join(*, report: PublicReport, by: Officer, twin: PublicReport) -> PublicReport:
    """The same was reported before: whoever reported reads the answer to that one."""
    known = PublicReport.objects.select_related("twin").get(pk=twin.pk)
    first = known.twin or known
    if first.pk == report.pk:
        raise ValidationError({"twin": _("Choose another report: this is the one itself.")})
    with transaction.atomic():
        joined = _close(report, "join", by, ReportState.DUPLICATE, "", twin=first)
        records.change_many(report.twins.all(), by=by, action="community.report.joined", twin=first)
    return joined


def pass_on(*, report: PublicReport, by: Officer, to: str = "", area: Area | None = None) -> PublicReport:
    """To the area it is about, where it begins anew with its old clocks; or to whom it concerns elsewhere."""
    if area is None:
        return _close(report, "pass_on", by, ReportState.PASSED_ON, "", reason=stated(to)[:200])
    with scope.everywhere(WHY):
        return _move(report, "pass_on", by, area=area, state=ReportState.NEW, taken_at=None, taken_by=None)


def reopen(*, report: PublicReport, by: Officer, reason: str) -> PublicReport:
    """It was closed wrongly; a new time to answer begins."""
    wait = rules.time_to_answer(rules.pack_of(report.area_id), report.kind)
    return _move(
        report, "reopen", by, state=ReportState.TAKEN, closed_at=None, closed_by=None, twin=None, answer="",
        reason=stated(reason)[:200], answer_by=now() + wait, **_taken(report, by),
    )  # fmt: skip


def keep_finding(*, report: PublicReport, by: Officer | None, finding_id: UUID) -> PublicReport:
    """Which finding came of it; the finding itself does not say that somebody had reported."""
    return records.change(report, by=by, action="community.report.finding", finding_id=finding_id)


def forget_phones() -> int:
    """Drop the phones of those answered longer ago than the pack keeps them; returns how many."""
    before = now() - rules.pack_of("").duration("community.report.keep_phone_days")
    due = list(PublicReport.objects.filter(has_phone=True, closed_at__lt=before).order_by("closed_at")[:FORGOTTEN])
    for row in due:
        records.change(row, by=None, action="community.report.phone_forgotten", phone="", has_phone=False)
    return len(due)


def _close(report: PublicReport, verb: str, by: Officer, state: str, answer: str, **more: Any) -> PublicReport:
    changes = {"state": state, "answer": answer.strip()[:400], "closed_at": now(), "closed_by": by, **more}
    return _move(report, verb, by, **changes, **_taken(report, by))


def _move(report: PublicReport, verb: str, by: Officer | None, **changes: Any) -> PublicReport:
    with transaction.atomic():
        current = PublicReport.objects.select_for_update(of=("self",)).select_related("area").get(pk=report.pk)
        check(REPORT, current, verb)
        moved = records.change(current, by=by, action=f"community.report.{verb}", **changes)
        report_moved.send(sender=None, report=moved, by=by)
    return moved


def _taken(report: PublicReport, by: Officer | None) -> dict[str, Any]:
    """Whoever does something with a report nobody had taken up has taken it up."""
    return {} if report.taken_at else {"taken_at": now(), "taken_by": by}


def _refuse_empty(words: str, place: str) -> None:
    wrong = {}
    if len(words.strip()) < LEAST_WORDS:
        wrong["words"] = _("Say in a few words what you saw.")
    if not place.strip():
        wrong["place"] = _("Say where it is, so that somebody can find it.")
    if wrong:
        raise ValidationError(wrong)


def _phone(phone: str) -> str:
    return derived.complete({"phone": phone})["phone"] if phone.strip() else ""
