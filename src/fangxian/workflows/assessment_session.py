"""An assessment session (研判会): called with its questions, ended with a level and a conclusion, followed up.

convened      the area calls officers together; events, signals and figures are put on the table as questions
agenda        what became of earlier follow-ups comes first, by itself: all of the last session, older ones while open
concluded     the level of risk by the list of the pack, why, and what follows
followed up   every follow-up is a task with a clock, for a unit's role; it goes up by itself when it is late
told          the conclusion stands on the situation page and in the evening report, and is a paper of its own
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from fangxian.core import audit
from fangxian.core.areas import Area
from fangxian.core.clock import day_of, now
from fangxian.core.officers import Officer
from fangxian.core.reasons import stated
from fangxian.systems.command import services as command
from fangxian.systems.command.models import Task
from fangxian.systems.situation import reporting_rules as rules
from fangxian.systems.situation import reporting_selectors as selectors
from fangxian.systems.situation import reporting_services as services
from fangxian.systems.situation.reporting_models import Assessment
from fangxian.workflows.reporting import blocks, drawing, gathering, telling
from fangxian.workflows.reporting.drawing import LANGUAGES, Paper

ROLE_BY_KIND = {
    Area.Kind.TOWNSHIP: "township_officer", Area.Kind.VILLAGE: "village_secretary", Area.Kind.GRID_CELL: "grid_worker",
}  # fmt: skip
COMMAND_ROLE = "duty_officer"
"""Who answers for a follow-up of an area of any other kind."""


@dataclass(frozen=True)
class FollowUp:
    """What a session wants done: by which area, until when (None: by the pack)."""

    title: str
    area: Area
    due_at: datetime | None = None
    priority: str = Task.Priority.NORMAL


def conclude(
    *, session: Assessment, by: Officer, level: str, conclusion: str, grounds: str = "",
    follow_ups: Iterable[FollowUp] = (),
) -> Assessment:  # fmt: skip
    """End a session and hand down what follows, or neither.

    Raises `ValidationError` for a level the pack does not know, without a conclusion, for a follow-up outside the area
    of the session, and a second time; `Refused` without the right.
    """
    with transaction.atomic():
        ended = services.conclude(session=session, by=by, level=level, conclusion=conclusion, grounds=grounds)
        for number, wanted in enumerate(follow_ups, start=1):
            _hand_down(ended, number, wanted, by)
    return ended


def _hand_down(session: Assessment, number: int, wanted: FollowUp, by: Officer) -> Task:
    """One follow-up as a task of the unit's own role, known by its number in the session."""
    if not wanted.area.code.startswith(session.area_id):
        raise ValidationError({"area": _("A follow-up lies with the area of the session or one below it.")})
    return command.hand_down(
        by=by, area=wanted.area, title=stated(wanted.title), kind=Task.Kind.GENERAL,
        key=f"assessment:{session.pk}:{number}", from_area=session.area,
        role=ROLE_BY_KIND.get(Area.Kind(wanted.area.kind), COMMAND_ROLE),
        due_at=wanted.due_at or rules.follow_up_due(session.area_id, now()), priority=wanted.priority, subject=session,
    )  # fmt: skip


def paper(*, session: Assessment, form: str, by: Officer | None, language: str = "") -> Paper:
    """The conclusion as Word or PDF; that it was taken is on record. Raises `ValidationError` before it has ended."""
    if session.state != Assessment.State.CONCLUDED or session.concluded_at is None:
        raise ValidationError(_("A session that has not ended has no conclusion."))
    tongue = drawing.tongue_of(language)
    with override(LANGUAGES[tongue]):
        said = drawing.frame(_document(session, tongue), date=session.concluded_at, foot=[
            _("Concluded by: %(who)s") % {"who": session.concluded_by}])  # fmt: skip
        made = drawing.draw(said, form, f"{session.area_id}-assessment-{day_of(session.held_at)}-{tongue}")
    with audit.act("situation.assessment.paper", by=by, area=session.area, target=session,
                   detail={"form": form, "name": made.name}):  # fmt: skip
        return made


def _document(session: Assessment, tongue: str) -> dict[str, Any]:
    """The conclusion in blocks: when and who, the questions, the level and why, what follows, what became of before."""
    facts = gathering.session_facts(session)
    met = {"at": facts["held_at"], "chair": session.chair, "n": len(session.attendees), "place": session.place or "–"}
    sections = [
        (_("Session"), [blocks.text(_("Held at: %(at)s; place: %(place)s; chaired by: %(chair)s; officers who "
                                      "attended: %(n)s.") % met)]),
        (_("Matters"), [blocks.listing(facts["matters"])] if facts["matters"] else []),
        (_("What became of earlier follow-ups"), _reviewed(session, tongue)),
        (_("Level of risk"), [blocks.text(f"{facts['level_names'].get(tongue, session.level)} {session.grounds}")]),
        (_("What was concluded"), [blocks.text(line) for line in session.conclusion.splitlines() if line.strip()]),
        (_("Follow-up tasks"), telling.follow_ups(facts["follow_ups"])),
    ]  # fmt: skip
    found: list[blocks.Block] = []
    kept = [(title, said) for title, said in sections if said]
    for number, (title, said) in enumerate(kept, start=1):
        found += [blocks.heading(number, title, tongue), *said]
    issuer = gathering.named(session.area)[tongue]
    title = _("%(area)s: conclusion of the assessment") % {"area": issuer}
    return {"title": title, "issuer": issuer, "tongue": tongue, "blocks": found}


def _reviewed(session: Assessment, tongue: str) -> list[blocks.Block]:
    """As it stood when the session ended."""
    statuses = dict(Task.Status.choices)
    names = {area.code: gathering.named(area) for area in
             Area.objects.filter(code__in={one["area"] for one in session.reviewed})}  # fmt: skip
    rows = [
        (one["title"], names.get(one["area"], {}).get(tongue, one["area"]), statuses.get(one["status"], ""),
         one["outcome"] or "–")
        for one in session.reviewed
    ]  # fmt: skip
    headings = [_("Follow-up task"), _("Area"), _("Status"), _("Outcome")]
    return [blocks.table(headings, rows, wide=(0, 3))] if rows else []


def on_the_table(session: Assessment) -> list[tuple[Assessment, list[Task]]]:
    """What the agenda begins with: earlier sessions with what became of their follow-ups."""
    return selectors.agenda(session)
