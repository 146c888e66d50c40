"""Lines of a drill as they are drawn: where each stands on the span of the drill, in tone and words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from fangxian.systems.drills.words import LineKind, LineOutcome

TONES = {
    LineOutcome.WAITING: "neutral", LineOutcome.HAPPENED: "info", LineOutcome.IN_TIME: "success",
    LineOutcome.LATE: "warning", LineOutcome.MISSED: "danger", LineOutcome.NOT_REACHED: "neutral",
    LineOutcome.FAILED: "danger",
}  # fmt: skip
WIDTH = 1000
"""Units of the drawing's width; the page scales it."""


@dataclass(frozen=True)
class Line:
    """One line; x, wide, due_x: begin and length of its bar and the mark of its time, in units of the drawing."""

    step: Any
    outcome: str
    label: str
    tone: str
    observed_at: datetime | None
    minutes: int | None
    x: int
    wide: int
    due_x: int | None

    @property
    def is_inject(self) -> bool:
        """Whether it was played in, rather than expected."""
        return bool(self.step.kind == LineKind.INJECT)

    @property
    def gap(self) -> str:
        """How long before or after its time, in words."""
        if self.minutes is None:
            return ""
        if self.minutes > 0:
            return _("%(minutes)s min too late") % {"minutes": self.minutes}
        return _("%(minutes)s min to spare") % {"minutes": -self.minutes}


def lines_of(steps: Iterable[Any], drill: Any) -> list[Line]:
    """The lines as they are stored."""
    return [line(step, step.outcome, step.observed_at, drill) for step in steps]


def line(step: Any, outcome: str, observed_at: datetime | None, drill: Any, until: datetime | None = None) -> Line:
    """One line as it stands; `until` is the moment up to which an open one is drawn."""
    minutes = None
    if observed_at and step.due_at:
        minutes = round((observed_at - step.due_at).total_seconds() / 60)
    begin, end = step.started_at, observed_at or until or drill.ended_at
    x = _place(begin, drill, until)
    wide = max(_place(end, drill, until) - x, 6) if begin and end and step.kind == LineKind.REACTION else 6
    word = LineOutcome(outcome)
    return Line(step, outcome, str(word.label), TONES[word], observed_at, minutes, x, wide,
                _place(step.due_at, drill, until) if step.due_at else None)  # fmt: skip


def _place(at: datetime | None, drill: Any, until: datetime | None) -> int:
    end = drill.ended_at or until
    if at is None or drill.begun_at is None or end is None or end <= drill.begun_at:
        return 0
    return max(0, min(WIDTH, round(WIDTH * ((at - drill.begun_at) / (end - drill.begun_at)))))
