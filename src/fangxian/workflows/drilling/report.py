"""What a copy hands back: its lines as they were observed, sealed with the key both installations share."""

import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from fangxian.core import audit
from fangxian.core.drilling import Marker
from fangxian.systems.drills.models import Drill
from fangxian.workflows.drilling.observing import Observation

FORMAT = 1
TIMES = ("started_at", "due_at", "observed_at")


@dataclass(frozen=True)
class Brought:
    """A report that was opened: of which drill, its span on the drill's clock, its lines as `take_in` keeps them."""

    drill: UUID
    begun_at: datetime
    ended_at: datetime
    lines: list[dict[str, Any]]
    seq: int
    mac: str


def write(drill: Drill, marker: Marker, observed: list[Observation], at: datetime) -> str:
    """The report as JSON text with its seal."""
    said = {
        "format": FORMAT, "drill": str(drill.pk), "scenario": drill.scenario, "seq": marker.seq, "mac": marker.mac,
        "begun_at": _text(drill.begun_at), "ended_at": _text(drill.ended_at or at),
        "lines": [_line(one) for one in observed],
    }  # fmt: skip
    return json.dumps({"said": said, "seal": _seal(said)}, ensure_ascii=False, indent=1)


def read(text: str) -> Brought:
    """Open a report; raises ValidationError when it was not written with our key, or was changed since."""
    try:
        document = json.loads(text)
        said, seal = document["said"], str(document["seal"])
        if not hmac.compare_digest(seal, _seal(said)):
            raise ValidationError(_("This report was changed, or is not of a copy of this installation."))
        lines = [{**line, **{name: _moment(line.get(name)) for name in TIMES}} for line in said["lines"]]
        begun, ended = _moment(said["begun_at"]), _moment(said["ended_at"])
        if said["format"] != FORMAT or begun is None or ended is None:
            raise ValueError
        return Brought(UUID(said["drill"]), begun, ended, lines, int(said["seq"]), said["mac"])
    except (ValueError, KeyError, TypeError) as error:
        raise ValidationError(_("This is no report of a drill.")) from error


def _seal(said: dict[str, Any]) -> str:
    return audit.seal("drill report " + json.dumps(said, sort_keys=True, ensure_ascii=False))


def _line(one: Observation) -> dict[str, Any]:
    step = one.step
    return {
        "kind": step.kind, "key": step.key, "title_zh": step.title_zh, "title_en": step.title_en,
        "minute": step.minute, "rule": step.rule, "pack": step.pack, "started_at": _text(step.started_at),
        "due_at": _text(step.due_at), "observed_at": _text(one.observed_at), "outcome": one.outcome,
        "evidence": one.evidence, "note": step.note,
    }  # fmt: skip


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _moment(text: str | None) -> datetime | None:
    return parse_datetime(text) if text else None
