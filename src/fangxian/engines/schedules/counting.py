"""Which of the doses on record count, and as what."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from fangxian.engines.schedules.dates import after_months
from fangxian.engines.schedules.model import Course, Given, Reason, Role, Schedule


@dataclass(frozen=True)
class Counted:
    """One dose and its place. number: among those that count, from 1; 0 for one that does not, with the reason.
    completes: the last dose of the basic course."""

    dose: Given
    number: int
    role: Role
    completes: bool = False
    reason: Reason = Reason.DUE


def counted(schedule: Schedule, given: Iterable[Given]) -> list[Counted]:
    """Every dose in the order of the days, with its place.

    The first dose decides the basic course. A dose that comes before the interval, even with the days of grace, or of
    another vaccine than may be given then, does not count; the days of the interval run from it all the same.
    """
    done: list[Counted] = []
    last: date | None = None
    for dose in sorted(given, key=lambda one: (one.on, one.vaccine)):
        done.append(_placed(schedule, dose, [one for one in done if one.number], last))
        last = dose.on
    return done


def earliest(schedule: Schedule, so_far: list[Counted], last: date | None) -> date | None:
    """The first day of the dose after those that count; None where any day will do, or where no dose comes."""
    course = course_of(schedule, so_far)
    if course is None or last is None:
        return None
    if len(so_far) < course.doses:
        return last + timedelta(course.min_interval_days)
    boosters = len(so_far) - course.doses
    if boosters >= len(schedule.boosters):
        return None
    months = schedule.boosters[boosters].interval_months
    return max(last + timedelta(course.min_interval_days), after_months(so_far[-1].dose.on, months))


def course_of(schedule: Schedule, so_far: list[Counted]) -> Course | None:
    """The basic course that was begun; None before it."""
    return schedule.course(so_far[0].dose.vaccine) if so_far else None


def _placed(schedule: Schedule, dose: Given, so_far: list[Counted], last: date | None) -> Counted:
    course = course_of(schedule, so_far) or schedule.course(dose.vaccine)
    if course is None:
        return Counted(dose, 0, Role.NONE, reason=Reason.UNKNOWN_VACCINE)
    number = len(so_far) + 1
    is_primary = number <= course.doses
    if dose.vaccine not in ((course.vaccine,) if is_primary else schedule.boosting(course.vaccine)):
        return Counted(dose, 0, Role.NONE, reason=Reason.OTHER_VACCINE)
    if number - course.doses > len(schedule.boosters):
        return Counted(dose, 0, Role.NONE, reason=Reason.COMPLETE)
    first = earliest(schedule, so_far, last)
    if first is not None and dose.on < first - timedelta(course.grace_days):
        return Counted(dose, 0, Role.NONE, reason=Reason.INTERVAL)
    role = Role.PRIMARY if is_primary else Role.BOOSTER
    return Counted(dose, number, role, completes=number == course.doses)
