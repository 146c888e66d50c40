"""The question at the desk: may this person have this vaccine today, and if not, when, or why not."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from fangxian.engines.schedules.counting import Counted, counted, course_of, earliest
from fangxian.engines.schedules.dates import after_months, birthday
from fangxian.engines.schedules.model import (
    Contraindication,
    Course,
    Facts,
    Outcome,
    Reason,
    Role,
    Schedule,
    Verdict,
)

_RANK = {Outcome.ELIGIBLE: 0, Outcome.NOT_YET: 1, Outcome.CONTRAINDICATED: 2, Outcome.UNSUITABLE: 3}


@dataclass(frozen=True)
class _Next:
    """The dose that comes next: its number and role, what may be given, the least age the role asks for, from which day
    for its interval, by when it should be given."""

    number: int
    role: Role
    vaccines: tuple[str, ...]
    min_age: int = 0
    first: date | None = None
    until: date | None = None


def judge(schedule: Schedule, facts: Facts, on: date, vaccine: str = "") -> Verdict:
    """Whether the next dose may be given on a day.

    vaccine: the one asked for; "" takes whichever answers best, in the order of the schedule. Of several reasons the
    gravest is said: nothing is left to give; the vaccine does not suit; forbidden for good; for a while; too soon.
    """
    doses = counted(schedule, facts.given)
    coming = _coming(schedule, doses)
    if coming is None:
        return Verdict(Outcome.DONE, Reason.COMPLETE)
    base = Verdict(Outcome.UNSUITABLE, Reason.OTHER_VACCINE, coming.number, coming.role, coming.vaccines)
    if vaccine and vaccine not in coming.vaccines:
        known = schedule.course(vaccine) is not None
        return base if known else replace(base, reason=Reason.UNKNOWN_VACCINE)
    if facts.born_on is None:
        return replace(base, reason=Reason.NO_BIRTH_DATE)
    asked = (vaccine,) if vaccine else coming.vaccines
    if not asked:
        return replace(base, reason=Reason.UNKNOWN_VACCINE)
    answers = [_for(schedule, coming, facts, facts.born_on, on, one) for one in asked]
    best = min(answers, key=lambda one: (_RANK[one.outcome], one.from_on or date.max))
    alike = [one.vaccines[0] for one in answers if one.outcome == best.outcome and one.from_on == best.from_on]
    return replace(best, vaccines=tuple(alike))


def _coming(schedule: Schedule, doses: list[Counted]) -> _Next | None:
    so_far = [one for one in doses if one.number]
    course = course_of(schedule, so_far)
    first = earliest(schedule, so_far, doses[-1].dose.on if doses else None)
    number = len(so_far) + 1
    if course is None:
        return _Next(1, Role.PRIMARY, tuple(one.vaccine for one in schedule.courses), first=first)
    if number <= course.doses:
        until = _until(course, number, so_far[0].dose.on)
        return _Next(number, Role.PRIMARY, (course.vaccine,), first=first, until=until)
    boosters = schedule.boosters[number - course.doses - 1 :]
    if not boosters:
        return None
    return _Next(number, Role.BOOSTER, schedule.boosting(course.vaccine), boosters[0].min_age, first)


def _until(course: Course, number: int, begun: date) -> date | None:
    """By when a dose of the basic course should be given."""
    if number == 2 and course.within_days is not None:
        return begun + timedelta(course.within_days)
    if number == 3 and course.within_months is not None:
        return after_months(begun, course.within_months)
    return None


def _for(schedule: Schedule, coming: _Next, facts: Facts, born_on: date, on: date, vaccine: str) -> Verdict:
    """The answer for one vaccine that may come next."""
    course = schedule.course(vaccine)
    least, most = (course.min_age, course.max_age) if course else (0, None)
    old_enough = birthday(born_on, max(least, coming.min_age))
    first = max(filter(None, (old_enough, coming.first)))
    said = Verdict(Outcome.ELIGIBLE, Reason.DUE, coming.number, coming.role, (vaccine,), None, coming.until)
    if most is not None and max(on, first) >= birthday(born_on, most + 1):
        return replace(said, outcome=Outcome.UNSUITABLE, reason=Reason.TOO_OLD)
    forbidden = _forbidden(schedule, facts, on, vaccine)
    if forbidden is not None:
        return _contraindicated(said, forbidden, first)
    if on < first:
        reason = Reason.TOO_YOUNG if on < old_enough and first == old_enough else Reason.INTERVAL
        return replace(said, outcome=Outcome.NOT_YET, reason=reason, from_on=first)
    is_late = coming.until is not None and on > coming.until
    return replace(said, reason=Reason.LATE if is_late else Reason.DUE)


@dataclass(frozen=True)
class _Forbidden:
    """A contraindication that holds on a day, and the first day on which it no longer does; None where unknown."""

    rule: Contraindication
    ends_on: date | None


def _forbidden(schedule: Schedule, facts: Facts, on: date, vaccine: str) -> _Forbidden | None:
    """The gravest that holds: for good before for a while, the longest before the shorter."""
    rules = {one.key: one for one in schedule.contraindications if not one.vaccines or vaccine in one.vaccines}
    holding: list[_Forbidden] = []
    for condition in facts.conditions:
        rule = rules.get(condition.key)
        if rule is None:
            continue
        ends = None if rule.is_permanent or not rule.days else (condition.since or on) + timedelta(rule.days)
        if ends is None or on < ends:
            holding.append(_Forbidden(rule, ends))
    return max(holding, key=lambda one: (one.rule.is_permanent, one.ends_on or date.max), default=None)


def _contraindicated(said: Verdict, forbidden: _Forbidden, first: date) -> Verdict:
    reason = Reason.PERMANENT if forbidden.rule.is_permanent else Reason.TEMPORARY
    ends = forbidden.ends_on and max(forbidden.ends_on, first)
    key = forbidden.rule.key
    return replace(said, outcome=Outcome.CONTRAINDICATED, reason=reason, condition=key, from_on=ends)
