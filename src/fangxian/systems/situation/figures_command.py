"""Figures about command: directives, tasks, findings, signals. What a report up counts is the same definition."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.systems.command.models import Task
from fangxian.systems.directives.definitions import FIGURES
from fangxian.systems.directives.reporting import OPEN_TASKS
from fangxian.systems.inspection.models import Finding
from fangxian.systems.situation.figures import Figure, define
from fangxian.systems.situation.figures_people import during

TASKS, HANDINGS, FINDINGS = "command.task", "directives.handing", "inspection.finding"
UNSETTLED = Q(state__in=[Finding.State.OPEN, Finding.State.RECTIFIED, Finding.State.IMPOSSIBLE])

for _key, _name in (
    ("not_received", _("Directives not received")),
    ("not_answered", _("Directives unanswered")),
    ("late", _("Answers overdue")),
    ("to_check", _("Answers to be checked")),
):
    define(
        Figure(
            f"directives_{_key}",
            "directives",
            _name,
            FIGURES[_key].meaning,
            HANDINGS,
            lambda span, key=_key: FIGURES[key].condition(span.at),
            clock=_key == "late",
            grave=_key == "late",
            share_of="" if _key != "late" else "directives_not_answered",
        )
    )

define(
    Figure(
        "tasks_open",
        "tasks",
        _("Tasks open"),
        _("Tasks not done yet, received or not."),
        TASKS,
        lambda span: OPEN_TASKS,
    )
)
define(
    Figure(
        "tasks_late",
        "tasks",
        _("Tasks overdue"),
        _("Tasks not done whose time has passed."),
        TASKS,
        lambda span: OPEN_TASKS & Q(due_at__lt=span.at),
        clock=True,
        grave=True,
        share_of="tasks_open",
    )
)
define(
    Figure(
        "tasks_escalated",
        "tasks",
        _("Tasks escalated"),
        _("Tasks not done that went up to the next level."),
        TASKS,
        lambda span: OPEN_TASKS & Q(escalated_at__isnull=False),
        grave=True,
        share_of="tasks_open",
    )
)
define(
    Figure(
        "tasks_done_day",
        "tasks",
        _("Tasks done"),
        _("Tasks done in this time, checked or not."),
        TASKS,
        lambda span: during("done_at", span) & ~Q(status=Task.Status.REMOVED),
        flow=True,
    )
)

define(
    Figure(
        "findings_open", "findings", _("Findings open"), _("Findings not settled."), FINDINGS, lambda span: UNSETTLED
    )
)
define(
    Figure(
        "findings_late",
        "findings",
        _("Findings overdue"),
        _("Findings not mended whose time has passed."),
        FINDINGS,
        lambda span: Q(state=Finding.State.OPEN, due_at__lt=span.at),
        clock=True,
        grave=True,
        share_of="findings_open",
    )
)
define(
    Figure(
        "findings_raised",
        "findings",
        _("Findings raised"),
        _("Findings raised in this time."),
        FINDINGS,
        lambda span: during("created_at", span),
        flow=True,
    )
)

define(
    Figure(
        "signals_open",
        "signals",
        _("Signals open"),
        _("Cards of early warning nobody has judged."),
        "surveillance.signal",
        lambda span: Q(state="OPEN"),
        grave=True,
    )
)
define(Figure("signals_late", "signals", _("Signals overdue"), _("Cards nobody has judged whose time has passed."),
              "surveillance.signal", lambda span: Q(state="OPEN", due_at__lt=span.at), clock=True, grave=True,
              share_of="signals_open"))  # fmt: skip
