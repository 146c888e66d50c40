"""Reading drills, always inside the scope in force."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Max, Min, Q, QuerySet

from fangxian.core import scope
from fangxian.core.areas import Area
from fangxian.core.audit import AuditEntry
from fangxian.core.clock import today
from fangxian.systems.drills import rules
from fangxian.systems.drills.models import Drill, DrillStep
from fangxian.systems.drills.rules import Period
from fangxian.systems.drills.words import HELD, DrillState, LineKind, LineOutcome

COMING = (DrillState.PLANNED, DrillState.RUNNING)


@dataclass(frozen=True)
class Owed:
    """What an area owes in the period that runs, and whether it owed in the one before.

    done: the drill held in this period. coming: the next one planned in it. missed: the period before is over without
    a drill, and none was held since.
    """

    area: Area
    period: Period
    done: Drill | None
    coming: Drill | None
    missed: Period | None
    last_on: date | None

    @property
    def state(self) -> str:
        """OVERDUE, DONE, COMING or OPEN: what comes first counts."""
        if self.missed is not None:
            return "OVERDUE"
        return "DONE" if self.done else "COMING" if self.coming else "OPEN"


def drill(pk: UUID | str) -> Drill:
    """One drill; raises DoesNotExist."""
    return Drill.objects.select_related("area", "leader", "confirmed_by", "created_by").get(pk=pk)


def steps(found: Drill) -> list[DrillStep]:
    """Its lines in the order of the scenario."""
    return list(DrillStep.objects.filter(drill=found).select_related("area").order_by("number"))


def marked(found: Drill) -> list[DrillStep]:
    """The reactions that came too late or not at all."""
    wanted = [LineOutcome.LATE, LineOutcome.MISSED]
    return [step for step in steps(found) if step.kind == LineKind.REACTION and step.outcome in wanted]


def recent(most: int = 50) -> QuerySet[Drill]:
    """The latest drills, those to come first."""
    return Drill.objects.select_related("area", "leader").order_by("-on", "-pk")[:most]


def copies() -> QuerySet[Drill]:
    """Drills whose copy has not been destroyed."""
    return Drill.objects.filter(copied_at__isnull=False, destroyed_at=None).select_related("area").order_by("copied_at")


def owed(area_code: str = "") -> list[Owed]:
    """What every area in scope owes today, overdue first; `area_code` narrows it. Five queries, however many areas."""
    day, cycles = today(), rules.cycles(rules.pack_of(area_code))
    areas = list(_owing(area_code, cycles))
    periods = {area.code: rules.period(day, cycles[area.kind]) for area in areas}
    since = min((one.before.begin for one in periods.values()), default=day)
    drills = _by_area(
        Drill.objects.filter(Q(held_on__gte=since) | Q(on__gte=since)).exclude(state=DrillState.CANCELLED)
    )
    last = dict(Drill.objects.filter(state__in=HELD).values_list("area_id").annotate(on=Max("held_on")).order_by())
    known_since = _known_since()
    found = [_owed(area, periods[area.code], drills.get(area.code, []), last.get(area.code), known_since)
             for area in areas]  # fmt: skip
    order = ("OVERDUE", "OPEN", "COMING", "DONE")
    return sorted(found, key=lambda one: (order.index(one.state), one.area.code))


def _owing(area_code: str, cycles: dict[str, int]) -> QuerySet[Area]:
    valid = Q(valid_to=None) | Q(valid_to__gt=today())
    return scope.areas_in_scope().filter(valid, kind__in=list(cycles), code__startswith=area_code).order_by("code")


def _by_area(rows: Iterable[Drill]) -> dict[str, list[Drill]]:
    found: dict[str, list[Drill]] = {}
    for row in rows.order_by("on", "pk") if isinstance(rows, QuerySet) else rows:
        found.setdefault(row.area_id, []).append(row)
    return found


def _owed(area: Area, now_: Period, drills: list[Drill], last_on: date | None, known_since: date) -> Owed:
    def held_in(one: Period) -> list[Drill]:
        return [row for row in drills if row.state in HELD and row.held_on and one.begin <= row.held_on < one.end]

    done, before = held_in(now_), now_.before
    coming = [row for row in drills if row.state in COMING and now_.begin <= row.on < now_.end]
    owed_before = known_since <= before.begin and not done and not held_in(before)
    return Owed(area, now_, done[-1] if done else None, coming[0] if coming else None,
                before if owed_before else None, last_on)  # fmt: skip


def _known_since() -> date:
    """The first day of this installation: before it, nobody could have entered a drill."""
    first = AuditEntry.objects.aggregate(at=Min("at"))["at"]
    return first.date() if first else today()


def counts() -> dict[str, int]:
    """Drills of the year so far: held, reactions asked for, in time."""
    rows = Drill.objects.filter(state__in=HELD, held_on__year=today().year)
    found = {"held": 0, "expected": 0, "in_time": 0}
    for expected, in_time in rows.values_list("expected", "in_time"):
        found["held"] += 1
        found["expected"] += expected
        found["in_time"] += in_time
    return found
