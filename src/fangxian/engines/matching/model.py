"""What is compared: what a row says (`Entry`), who is known (`Known`), and what comes out (`Verdict`).

Identity numbers, phones and addresses never enter this engine. Whoever calls it hands over *tokens*: any text that is
equal for equal values, such as the keyed fingerprints under which an encrypted store finds them. Names, sexes and birth
dates are compared as they are.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Slip(StrEnum):
    """How an identity number was written wrongly, if it was."""

    NONE = "none"
    OLD_FORM = "old_form"
    SWAPPED = "swapped"
    ONE_DIGIT = "one_digit"
    MISSING_DIGIT = "missing_digit"
    EXTRA_DIGIT = "extra_digit"


class Part(StrEnum):
    """What a sign is about."""

    NUMBER = "number"
    NAME = "name"
    BIRTH = "birth"
    PHONE = "phone"
    DOOR = "door"
    SEX = "sex"


class How(StrEnum):
    """How one part of two descriptions agrees or not. Not every value belongs to every part."""

    SAME = "same"
    REPAIRED = "repaired"
    SAME_SOUND = "same_sound"
    NEAR_SOUND = "near_sound"
    NEAR_SHAPE = "near_shape"
    OTHER_ORDER = "other_order"
    ROMANISED = "romanised"
    NEAR_SPELLING = "near_spelling"
    OTHER_SURNAME = "other_surname"
    ONE_CHARACTER = "one_character"
    SWAPPED = "swapped"
    ONE_PART = "one_part"
    OTHER = "other"


class State(StrEnum):
    """What becomes of an entry: the same person, a question for somebody who knows, nobody known."""

    MATCHED = "matched"
    DOUBTFUL = "doubtful"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Known:
    """A person who is known.

    ref     the caller's own name for the person
    name    as stored; sex "m", "f" or "" when it is not known; birth the day or None
    number  token of the identity number, "" for none; phone likewise
    doors   tokens of the addresses and the household the person is found under
    """

    ref: Hashable
    name: str
    sex: str = ""
    birth: date | None = None
    number: str = ""
    phone: str = ""
    doors: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Entry:
    """What one row says of a person.

    numbers    tokens of every number the row may mean, each with the slip it takes; one with `Slip.NONE` is certain
    has_number whether anything was written as a number, readable or not
    """

    ref: Hashable
    name: str = ""
    sex: str = ""
    birth: date | None = None
    numbers: Mapping[str, Slip] = field(default_factory=dict)
    has_number: bool = False
    phone: str = ""
    doors: frozenset[str] = frozenset()

    @property
    def is_certain(self) -> bool:
        """Whether its number stands as it was written: check digit and day fit."""
        return any(slip in (Slip.NONE, Slip.OLD_FORM) for slip in self.numbers.values())


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that speaks for or against: `points` is positive or negative, `slip` names a number's slip."""

    part: Part
    how: How
    points: float
    slip: Slip = Slip.NONE


@dataclass(frozen=True, slots=True)
class Match:
    """One person an entry may be: the sum of the signs' points and the signs, strongest first.

    `is_other`: two good identity numbers differ, so it is another person whatever else agrees.
    """

    known: Known
    score: float
    signs: tuple[Sign, ...]
    is_other: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of one entry, and who it may be, likeliest first (people below the threshold are left out)."""

    entry: Entry
    state: State
    matches: tuple[Match, ...] = ()

    @property
    def best(self) -> Match | None:
        """The likeliest person; None for nobody."""
        return self.matches[0] if self.matches else None


@dataclass(frozen=True, slots=True)
class Rules:
    """What each sign is worth and where the lines are; the values come from a policy pack.

    points   "part.how" → points; what is missing is worth nothing
    certain  from here on an entry is that person; doubt: from here on it is a question
    margin   how far the second best must be behind, or it is a question
    crowd    a phone, a door or a day shared by more people than this says nothing of anybody
    """

    points: Mapping[str, float]
    certain: float
    doubt: float
    margin: float
    crowd: int

    def worth(self, part: Part, how: How) -> float:
        """Points of one sign."""
        return self.points.get(f"{part}.{how}", 0.0)
