"""The evening report (疫情防控日报): counted from the rows, explained, told in two languages, signed by two, frozen.

    the closing hour comes      every area that is commanded gets a draft of its report, counted as of that hour
    an officer looks            every figure opens its rows; what is wrong is put right in the rows, and counted anew
    signed                      by whoever writes the situation; a second person agrees, where the pack says so
    out                         from now on it says what it said: the papers are drawn from what was kept
    something was wrong         a correction is the next edition, with the reason and every figure that differs

Nothing is typed: the figures are those of the catalogue (`systems/situation/figures.py`), each with its query.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import override

from fangxian.core import audit, jobs, scope
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.officers import Officer, Post
from fangxian.core.permissions import Permission
from fangxian.core.records import Source
from fangxian.core.roles import ROLES
from fangxian.systems.situation import reporting_rules as rules
from fangxian.systems.situation import reporting_selectors as selectors
from fangxian.systems.situation import reporting_services as services
from fangxian.systems.situation.reporting_models import IssuedReport
from fangxian.workflows.reporting import blocks, correcting, drawing, gathering, telling
from fangxian.workflows.reporting.drawing import LANGUAGES, Paper

JOB = "situation.daily_report"
WHY = "every area that is commanded has its report"


def prepare(*, area: Area, day: date, by: Officer | None, source: str = Source.WEB) -> IssuedReport:
    """Count a day and keep it as the draft of its report; a draft that is there is counted anew.

    Raises `ValidationError` for a day that has not begun and once the report is out; `Refused` without the right.
    """
    facts = _counted(area, day)
    return services.keep_draft(
        by=by, area=area, kind=IssuedReport.Kind.DAILY, starts_on=day, ends_on=day,
        as_of=datetime.fromisoformat(facts["as_of"]), facts=facts, said=_told(facts), source=source,
    )  # fmt: skip


def of_day(*, area: Area, day: date | None, by: Officer | None, anew: bool = False) -> IssuedReport:
    """The report of a day in its last edition: as it is kept, or a draft counted now where there is none.

    day: None for the last day that has closed. anew: count a draft that is there again; what is out stays.
    """
    on = day or rules.last_closed(area.code, now())
    with scope.within(area.code):
        there = selectors.daily(area, on)
        if there is not None and not (anew and there.state == IssuedReport.State.DRAFT):
            return there
        return prepare(area=area, day=on, by=by)


def sign(*, report: IssuedReport, by: Officer, digest: str = "") -> IssuedReport:
    """Sign a draft, as it was read (`digest`). It is out, or waits for the second person."""
    return services.sign(report=report, by=by, digest=digest)


def agree(*, report: IssuedReport, by: Officer, digest: str = "") -> IssuedReport:
    """The second person agrees: the report is out."""
    return services.agree(report=report, by=by, digest=digest)


def correct(*, report: IssuedReport, by: Officer, reason: str, standing_anew: bool = False) -> IssuedReport:
    """Count a day that is out again and keep it as its next edition, with what differs; to be signed like the first.

    What happened in the day is counted anew: rows say when. What stood at its end stays as it was counted then, for
    what changed since is no correction; `standing_anew` counts it too, which is right while nothing has moved.
    """
    keep = {} if standing_anew else {one["key"]: one for one in report.facts["figures"]}
    facts = _counted(report.area, report.ends_on, report.as_of, keep)
    facts |= {"changes": gathering.changes(report, facts), "reason": reason.strip()}
    return services.correct(
        report=report, by=by, reason=reason, as_of=report.as_of, facts=facts, said=_told(facts, correcting.say)
    )


def paper(*, report: IssuedReport, form: str, by: Officer | None, language: str = "") -> Paper:
    """One paper of a report: `docx`, `pdf` or `json`; that it was taken is on record."""
    made = drawing.paper(report, form, language)
    with audit.act("situation.report.paper", by=by, area=report.area, target=report,
                   detail={"form": form, "name": made.name}):  # fmt: skip
        return made


@jobs.job(JOB)
def prepare_job(job: jobs.Job, area_code: str, day: str) -> dict[str, Any]:
    """The draft of one area as a job; a report that somebody signed meanwhile stays as it is."""
    with scope.everywhere(WHY):
        area, on = Area.objects.get(code=area_code), date.fromisoformat(day)
        there = selectors.daily(area, on)
        if there is not None and there.state != IssuedReport.State.DRAFT:
            return {"report": str(there.pk), "kept": True}
        return {"report": str(prepare(area=area, day=on, by=None, source=Source.WORKFLOW).pk)}


def queue_due() -> int:
    """Queue the draft of every area whose day has closed, once a day; the rounds call this. Returns how many."""
    at, queued = now(), 0
    for code in commanded():
        day = rules.last_closed(code, at).isoformat()
        queued += jobs.enqueue_once(JOB, by=None, key=f"{code} {day}", area_code=code, day=day) is not None
    return queued


def commanded() -> list[str]:
    """The areas that have an officer in post who may sign their report, townships and above."""
    signing = [key for key, role in ROLES.items() if Permission.SITUATION_WRITE in role.permissions]
    held = Post.objects.current().filter(role__in=signing).values_list("area_id", flat=True)
    kinds = [Area.Kind.PROVINCE, Area.Kind.PREFECTURE, Area.Kind.COUNTY, Area.Kind.ZONE]
    return sorted(Area.objects.filter(code__in=set(held), kind__in=kinds).values_list("code", flat=True))


def _counted(
    area: Area, day: date, at: datetime | None = None, keep: dict[str, dict[str, Any]] | None = None
) -> dict[str, Any]:
    moment = at or now()
    facts = gathering.gather(area, day, moment, keep)
    if datetime.fromisoformat(facts["as_of"]) > moment:
        raise ValidationError({"day": _("This day has not begun yet.")})
    return facts


def _told(facts: dict[str, Any], begin: Callable[[dict[str, Any]], list[blocks.Block]] | None = None) -> dict[str, Any]:
    """The document in every language; `begin` puts blocks of its own before the rest."""
    said = {}
    for tongue, language in LANGUAGES.items():
        with override(language):
            document = telling.say(facts)
            said[tongue] = {**document, "blocks": [*(begin(facts) if begin else []), *document["blocks"]]}
    return said
