"""Who has not been reached today, cell by cell, for the township; and handing a cell to a colleague for some days."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fangxian.core import audit, policy, scope
from fangxian.core.areas import Area, code_range
from fangxian.core.clock import today
from fangxian.core.officers import Officer, Post, appoint
from fangxian.core.permissions import Permission, Refused, may
from fangxian.core.policy.files import ANY_DISEASE
from fangxian.core.roles import GridWorker
from fangxian.systems.people import calling
from fangxian.systems.people import selectors as people
from fangxian.systems.people.calling import CellCalls
from fangxian.systems.people.models import Household
from fangxian.systems.quarantine import selectors as quarantine
from fangxian.systems.quarantine.models import DailyCheck, Stay
from fangxian.workflows.grid_day import CONFIRM

LONGEST = "door.hand_over_days"
SHOWN = 200  # households named on one page


@dataclass
class Watched:
    """One cell, or one township with all its cells. missing: people in quarantine at home not looked at, by AM, PM."""

    area: Area
    calls: CellCalls = field(default_factory=CellCalls)
    missing: Counter[str] = field(default_factory=Counter)
    worker: Officer | None = None
    cells: int = 1

    @property
    def percent(self) -> int:
        """Households reached within the pack's days, in percent."""
        return round(100 * self.calls.lately / self.calls.households) if self.calls.households else 100


@dataclass
class Cell:
    """One cell in full: who was not reached, who was not looked at, who walks there."""

    watched: Watched
    households: list[Household]
    unchecked: dict[str, list[Stay]]
    posts: list[Post]
    colleagues: list[Officer]
    days: int
    longest: int


def board(area: Area) -> list[Watched]:
    """Every cell of a township or village; every township of a county. Four queries whatever the number of doors."""
    found: dict[str, Watched] = {}
    length = 9 if len(area.code) < 9 else 15
    calls = calling.by_cell(area.code, since=_since(area))
    missing = _missing(area.code)
    low, high = code_range(area.code)
    kinds = [Area.Kind.TOWNSHIP] if length == 9 else [Area.Kind.GRID_CELL]
    for row in Area.objects.filter(code__gte=low, code__lt=high, kind__in=kinds).order_by("code"):
        found[row.code] = Watched(row, cells=0)
    for code, counted in calls.items():
        if code[:length] in found:
            _add(found[code[:length]], counted, missing.get(code, Counter()))
    if length == 15:
        for code, worker in people.workers_of(found).items():
            found[code].worker = worker
    return sorted(found.values(), key=lambda watched: (-watched.calls.open, watched.area.code))


def _add(to: Watched, counted: CellCalls, missing: Counter[str]) -> None:
    to.cells += 1
    to.missing += missing
    for name in ("households", "today", "in_vain", "lately"):
        setattr(to.calls, name, getattr(to.calls, name) + getattr(counted, name))
    times = [at for at in (to.calls.last_at, counted.last_at) if at]
    to.calls.last_at = max(times, default=None)


def _missing(code: str) -> dict[str, Counter[str]]:
    """People in quarantine at home nobody looked at today, by cell and time of day: two queries."""
    found: dict[str, Counter[str]] = {}
    for slot in DailyCheck.Slot:
        at_home = quarantine.due_checks(code, today(), slot).filter(place=Stay.Place.HOME).order_by()
        for area in at_home.values_list("present_area_id", flat=True):
            found.setdefault(area, Counter())[slot.value] += 1
    return found


def cell(area: Area) -> Cell:
    """One cell with the households nobody reached in the pack's days and the people nobody looked at today."""
    since = _since(area)
    calls = calling.by_cell(area.code, since=since).get(area.code, CellCalls())
    unchecked = {
        slot.value: list(quarantine.due_checks(area.code, today(), slot).filter(place=Stay.Place.HOME))
        for slot in DailyCheck.Slot
    }
    missing = Counter({slot: len(stays) for slot, stays in unchecked.items()})
    watched = Watched(area, calls, missing, people.workers_of([area.code])[area.code])
    posts = list(Post.objects.current().filter(area=area, role=GridWorker.key).select_related("officer"))
    households = list(calling.not_reached(area.code, since=since)[:SHOWN])
    longest = int(policy.pack(disease=ANY_DISEASE, area_code=area.code).number(LONGEST))
    return Cell(watched, households, unchecked, posts, colleagues(area), _confirm_days(area), longest)


def colleagues(area: Area) -> list[Officer]:
    """Grid workers of the same township who do not walk this cell yet."""
    low, high = code_range(area.code[:9])
    posts = Post.objects.current().filter(role=GridWorker.key, area_id__gte=low, area_id__lt=high)
    own = posts.filter(area=area).values("officer_id")
    found = Officer.objects.filter(pk__in=posts.exclude(officer_id__in=own).values("officer_id"), is_active=True)
    return list(found.order_by("name", "pk"))


def hand_over(*, by: Officer, area: Area, officer: Officer, until: date, reason: str = "") -> Post:
    """The cell's worker is away: a colleague of the township walks it too until a day, counted with it.

    Not a way to give out rights: only somebody who is a grid worker of the same township already, and only for as many
    days as the pack allows. Raises Refused outside the officer's posts.
    """
    decision = may(by, Permission.DOORS_WATCH, area.code)
    if not decision:
        raise Refused(str(decision.reason))
    longest = int(policy.pack(disease=ANY_DISEASE, area_code=area.code).number(LONGEST))
    if not today() <= until <= today() + timedelta(days=longest):
        raise ValidationError(
            {"until": _("Choose a day from today on, at most %(days)s days ahead.") % {"days": longest}}
        )
    if officer not in colleagues(area):
        raise ValidationError({"officer": _("Choose a grid worker of the same township who does not walk here yet.")})
    with audit.act("doors.cell.handed_over", by=by, area=area, target=officer, detail=_detail(until, reason)):
        # a post ends on its last day's morning: the day after the last one
        return appoint(officer, role=GridWorker.key, area=area, by=by, until=until + timedelta(days=1))


def _detail(until: date, reason: str) -> dict[str, str]:
    return {"until": until.isoformat(), "reason": reason[:200]}


def _since(area: Area) -> date:
    """The first day that still counts."""
    return today() - timedelta(days=_confirm_days(area) - 1)


def _confirm_days(area: Area) -> int:
    return int(policy.pack(disease=ANY_DISEASE, area_code=area.code).number(CONFIRM))


def area_in_scope(code: str) -> Area:
    """An area inside the scope in force; raises Area.DoesNotExist outside as for no such area."""
    return scope.areas_in_scope().get(code=code)
