"""The situation of areas for programs: the mode they work in, and for how long they have had no case."""

from datetime import date, datetime

from django.http import HttpRequest
from ninja import Router, Schema

from fangxian.core import scope
from fangxian.core.permissions import Permission
from fangxian.faces.api.policy import needs, operation
from fangxian.systems.cases import streaks
from fangxian.systems.command import mode_selectors

router = Router(tags=["situation"])


class StreakOut(Schema):
    """The three-none streak of an area on a day. `last_on`, `since` and `days` are null where no case is on record."""

    area: str
    on: date
    days: int | None
    since: date | None
    last_on: date | None
    cases: int
    pack: str


class ModeOut(Schema):
    """The mode an area works in now, since when and by which area's declaration; null where nothing is declared."""

    area: str
    mode: str
    since: datetime | None
    declared_for: str | None
    shift_hours: int
    report_up_hours: int


@operation(router.get, "/streak", policy=needs(Permission.CASES_READ), response=StreakOut)
def streak(request: HttpRequest, area: str, on: date | None = None) -> StreakOut:
    """For how many days an area and all below it have held the three-none streak; `cases` broke it last."""
    found = scope.areas_in_scope().get(code=area)
    held = streaks.streak(found.code, on)
    return StreakOut(area=found.code, on=held.on, days=held.days, since=held.since, last_on=held.last_on,
                     cases=held.cases, pack=held.pack)  # fmt: skip


@operation(router.get, "/mode", policy=needs(Permission.COMMAND_READ), response=ModeOut)
def mode(request: HttpRequest, area: str) -> ModeOut:
    """The operating mode of an area, and the duty that goes with it."""
    found = scope.areas_in_scope().get(code=area)
    stands, duty = mode_selectors.standing([found])[found.code], mode_selectors.duty(found.code)
    return ModeOut(
        area=found.code, mode=stands.mode.value, since=stands.since,
        declared_for=stands.by_area.code if stands.by_area else None, shift_hours=duty.shift_hours,
        report_up_hours=duty.report_up_hours,
    )  # fmt: skip
