"""The ledgers of drills."""

from fangxian.core.records import Source
from fangxian.registers import Column, Register
from fangxian.systems.drills import services
from fangxian.systems.drills.models import Drill, DrillStep

ON_PAGE = "stands on the drill's page"


class DrillRegister(Register):
    """Drills by area: planned, held, evaluated, with how many reactions came in time."""

    model = Drill
    columns = (
        "on", "scenario", "state", "leader", "purpose", "held_on", "expected", "in_time", "late", "missed",
        "conclusion", "area",
    )  # fmt: skip
    filters = ("state", "scenario", "on")
    form = ("area", "scenario", "on", "leader", "purpose")
    key = ("area", "scenario", "on")
    ordering = ("area_id", "-on", "pk")
    permission = "drills"
    icon = "flag"
    one_by_one = True  # what has begun is refused
    exempt = dict.fromkeys(
        ("factor", "begun_at", "ended_at", "copy_at", "copied_at", "destroyed_at", "confirmed_at", "confirmed_by",
         "reason"), ON_PAGE,
    )  # fmt: skip

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """Planned and changed by the verbs; what has begun stays as it is."""
        if record is None:
            return services.plan(by=by, source=source, **values)
        return services.change(drill=record, by=by, base_version=base_version, **values)


class DrillStepRegister(Register):
    """Every line of every drill: what was played in, which reaction came when, against which clock."""

    model = DrillStep
    columns = (
        Column("drill", needs=("area",)), "number", "kind", "title_zh", "title_en", "minute", "rule", "started_at",
        "due_at", "observed_at", "outcome", "note", "area",
    )  # fmt: skip
    filters = ("outcome", "kind", "rule")
    form = ()  # read from what was recorded in the copy, never typed
    key = ("drill", "kind", "key")
    ordering = ("area_id", "drill_id", "number", "pk")
    permission = "drills"
    icon = "timeline-event"
    exempt = dict.fromkeys(("key", "pack", "evidence", "subject_kind", "subject_id"), ON_PAGE)
