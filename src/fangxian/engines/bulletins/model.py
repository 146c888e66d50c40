"""What reading a bulletin gives: repairs, measures, the document."""

import datetime
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a repair undid."""

    PINYIN = "pinyin"  # a reading in brackets behind a character
    COMMA = "comma"  # a comma put before a punctuation mark
    BYTES = "bytes"  # bytes read one off, nothing lost for good
    LOST = "lost"  # a byte is gone, the character was chosen
    SCRIPT = "script"  # traditional characters
    FURNITURE = "furniture"  # what belongs to the page and not to the article
    REPEATED = "repeated"  # the article, or a part of it, once more
    DOUBTFUL = "doubtful"  # stands as it came, but beside damage, where another reading is nearly as likely
    UNREADABLE = "unreadable"  # damage nobody could undo: it stays marked


class Certainty(StrEnum):
    """How sure a reading is: follows from the damage alone; by far the best of several; the best of several."""

    CERTAIN = "certain"
    LIKELY = "likely"
    GUESS = "guess"


@dataclass(frozen=True)
class Repair:
    """One change: `position` is the offset of `before` in the text as it was given, in characters.

    What stays as it is and may be wrong (`doubtful`, `unreadable`) is told as a change into itself. `alternatives` are
    what else may stand in place of `after`, the likeliest first; only of what is not certain.
    """

    position: int
    before: str
    after: str
    kind: Kind
    certainty: Certainty
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True)
class Repaired:
    """A document without its damage. `origin[i]` is the offset in the given text from which character i came."""

    text: str
    origin: tuple[int, ...]
    repairs: tuple[Repair, ...]


class Mode(StrEnum):
    """How a measure stands in the bulletin: to be done, reported as done, seen on an inspection."""

    ORDERED = "ordered"
    REPORTED = "reported"
    INSPECTED = "inspected"


@dataclass(frozen=True)
class Measure:
    """One thing to be done, in the bulletin's words.

    start, end    its place in the repaired text
    verbs         the words that say what to do, in the order of the text
    actors        who is to do it, as named; empty when it is meant for everybody addressed
    level         the lowest level it reaches: prefecture, county, township, village, person; empty when not said
    deadline      the words that say until when or how often; empty when none
    due           the day that follows from them and the bulletin's date, if one does
    every         "day", "week", "month" for what is done again and again
    requirements  ids of what the platform has for it (`requirements.py`), the most specific first
    speaker       who said it; empty for the report's own words
    """

    text: str
    start: int
    end: int
    mode: Mode
    verbs: tuple[str, ...]
    actors: tuple[str, ...] = ()
    level: str = ""
    deadline: str = ""
    due: datetime.date | None = None
    every: str = ""
    requirements: tuple[str, ...] = ()
    speaker: str = ""


@dataclass(frozen=True)
class Head:
    """What a bulletin says of itself; `unsure` names the fields that were concluded and not read."""

    title: str = ""
    date: datetime.date | None = None
    place: str = ""
    issuer: str = ""
    publisher: str = ""
    speakers: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()


@dataclass(frozen=True)
class Bulletin:
    """A bulletin, read."""

    head: Head
    repaired: Repaired
    measures: tuple[Measure, ...] = field(default_factory=tuple)

    @property
    def text(self) -> str:
        """The repaired article."""
        return self.repaired.text
