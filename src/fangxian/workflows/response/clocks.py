"""The clocks that start when a positive result is known: 2 h report, 4 h track, 8 h and 12 h transfer, 24 h report."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from fangxian.core import policy
from fangxian.core.clock import now
from fangxian.core.policy import Pack
from fangxian.systems.cases import selectors as cases
from fangxian.systems.letters import selectors as letters

CLOCKS = (
    ("report", _("Report the case on the network"), "report.hours"),
    ("track", _("Movement track of the case"), "investigation.trajectory_hours"),
    ("close", _("Close contacts in quarantine"), "investigation.contact_transfer_hours"),
    ("secondary", _("Secondary contacts in quarantine"), "investigation.secondary_transfer_hours"),
    ("initial", _("First epidemiological report"), "investigation.initial_report_hours"),
)
FINISHED = ("DONE", "CHECKED")
DONE, RUNNING, LATE, MISSED = "done", "running", "late", "missed"


@dataclass(frozen=True)
class Clock:
    """One deadline of a case. state: done (in time), late (done after), running, missed (not done and over)."""

    key: str
    name: str
    rule: str
    due_at: datetime
    done_at: datetime | None

    @property
    def title(self) -> str:
        """The name in the reader's language."""
        return gettext(self.name)

    @property
    def state(self) -> str:
        """How the clock stands now."""
        if self.done_at:
            return DONE if self.done_at <= self.due_at else LATE
        return RUNNING if now() <= self.due_at else MISSED


def due(case, rule: str, pack: Pack) -> datetime:
    """When something must be done, counted from the moment the positive result was known."""
    return (case.positive_at or case.created_at) + pack.duration(rule)


def clocks(case, tasks: Iterable[Any]) -> list[Clock]:
    """The clocks of a case; `tasks` are the tasks about it (key, status, done_at), which say what is done.

    The transfer of a ring is done when the task of every contact in it is, or the letter about them says since when
    they are in quarantine; a ring without contacts has nothing to do.
    """
    pack = policy.pack(disease=case.disease, area_code=case.area_id)
    tasks = list(tasks)
    done = {task.key: task.done_at for task in tasks} | _transfers(case, tasks)
    return [Clock(key, name, rule, due(case, rule, pack), _done_at(case, key, done)) for key, name, rule in CLOCKS]


def _transfers(case, tasks: list[Any]) -> dict[str, datetime | None]:
    """When the last contact of each ring was moved, here or by letter, by its clock's key; None while one is not."""
    moved = {task.key: task.done_at for task in tasks if task.status in FINISHED}
    moved |= {f"contact:{pk}": since for pk, since in letters.quarantined_about(case.pk).items()}
    rings: dict[str, list[datetime | None]] = defaultdict(list)
    active = cases.contacts_of(case, "ACTIVE").order_by()
    for pk, ring in active.values_list("pk", "ring"):
        rings[f"case:{case.pk}:{ring.lower()}"].append(moved.get(f"contact:{pk}"))
    return {key: _last(times) for key, times in rings.items()}


def _last(times: list[datetime | None]) -> datetime | None:
    known = [at for at in times if at is not None]
    return max(known) if known and len(known) == len(times) else None


def _done_at(case, key: str, done: dict[str, datetime | None]) -> datetime | None:
    if key == "report" and case.reported_at:
        return case.reported_at
    return done.get(f"case:{case.pk}:{key}")
