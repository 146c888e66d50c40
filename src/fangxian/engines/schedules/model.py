"""The words of the schedules: what a schedule holds, what is known of a person, what the answer says."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Role(StrEnum):
    """What a dose is for: part of the basic course, a booster, or nothing (it does not count)."""

    PRIMARY = "PRIMARY"
    BOOSTER = "BOOSTER"
    NONE = "NONE"


class Outcome(StrEnum):
    """The answer at registration."""

    ELIGIBLE = "ELIGIBLE"
    NOT_YET = "NOT_YET"
    CONTRAINDICATED = "CONTRAINDICATED"
    DONE = "DONE"
    UNSUITABLE = "UNSUITABLE"


class Reason(StrEnum):
    """Why it is so; a contraindication is named by its own key beside it."""

    DUE = "DUE"
    LATE = "LATE"
    TOO_YOUNG = "TOO_YOUNG"
    TOO_OLD = "TOO_OLD"
    INTERVAL = "INTERVAL"
    COMPLETE = "COMPLETE"
    NO_BIRTH_DATE = "NO_BIRTH_DATE"
    OTHER_VACCINE = "OTHER_VACCINE"
    UNKNOWN_VACCINE = "UNKNOWN_VACCINE"
    PERMANENT = "PERMANENT"
    TEMPORARY = "TEMPORARY"


@dataclass(frozen=True)
class Course:
    """The basic course of one vaccine.

    doses: how many. min_interval_days: from one dose to the next. within_days, within_months: by when the second, and
    the third dose after the first, should be given; later ones are late, and count. grace_days: a dose given so much
    too early still counts. min_age, max_age: completed years, both included; max_age None: no limit.
    """

    vaccine: str
    doses: int
    min_interval_days: int = 0
    within_days: int | None = None
    within_months: int | None = None
    grace_days: int = 0
    min_age: int = 0
    max_age: int | None = None


@dataclass(frozen=True)
class Booster:
    """One booster: months after the last dose that counts, from which age (completed years)."""

    interval_months: int
    min_age: int = 0


@dataclass(frozen=True)
class Contraindication:
    """A condition that forbids a dose: for good, for so many days after it began, or (0 days) until it has ended.

    vaccines: which it forbids; empty forbids all.
    """

    key: str
    is_permanent: bool
    days: int = 0
    vaccines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Schedule:
    """Courses in the order in which they are offered, boosters in their order, and by the vaccine of the basic course
    the vaccines that may boost it."""

    courses: tuple[Course, ...]
    boosters: tuple[Booster, ...] = ()
    boost_with: tuple[tuple[str, tuple[str, ...]], ...] = ()
    contraindications: tuple[Contraindication, ...] = ()

    def course(self, vaccine: str) -> Course | None:
        """The course of a vaccine; None for one this schedule does not know."""
        return next((one for one in self.courses if one.vaccine == vaccine), None)

    def boosting(self, vaccine: str) -> tuple[str, ...]:
        """What may boost a basic course; the same vaccine where nothing is said."""
        return dict(self.boost_with).get(vaccine, (vaccine,))


@dataclass(frozen=True)
class Given:
    """One dose on record."""

    vaccine: str
    on: date


@dataclass(frozen=True)
class Condition:
    """What was said or found at the desk: the key of a contraindication and since when (None: now)."""

    key: str
    since: date | None = None


@dataclass(frozen=True)
class Facts:
    """What is known of a person: birth date (None: unknown), doses in any order, conditions."""

    born_on: date | None
    given: tuple[Given, ...] = ()
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """The answer. number: of the dose that comes next among those that count (0 when done). vaccines: what may be given
    for it. from_on: the first day, where it is known. until_on: by when it should be given. condition: the key of the
    contraindication."""

    outcome: Outcome
    reason: Reason
    number: int = 0
    role: Role = Role.NONE
    vaccines: tuple[str, ...] = ()
    from_on: date | None = None
    until_on: date | None = None
    condition: str = ""
