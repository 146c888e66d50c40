"""What a trace is: the tables that go in, the tables that come out, and the parameters between them.

The definition (`reference.py` is its plainest form, every engine gives the same rows):

    stays    visits of the case's person that overlap the window [t0, t1), clipped to it: [s, e)
    meetings visits of another person at the same place with
                 entered_at < e + lag   and   left_at > s   and   entered_at > s - max_stay
    contacts meetings grouped by case and person

Every interval is half open: who leaves in the second another arrives has not met them. All times are whole UTC seconds.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

type_int32 = pa.int32()
type_int64 = pa.int64()

Int32Array = npt.NDArray[np.int32]
Int64Array = npt.NDArray[np.int64]

HOUR: Final = 3600
MAX_STAY: Final = 12 * HOUR
"""Longest stay one visit can stand for, seconds; a longer one is split at midnight where visits are taken in."""


def schema(**columns: pa.DataType) -> pa.Schema:
    """A table's columns by name and type, none of which may be null."""
    return pa.schema([pa.field(name, kind, nullable=False) for name, kind in columns.items()])


VISITS: Final = schema(person_id=type_int32, place_id=type_int32, entered_at=type_int32, left_at=type_int32)
"""One stay of one person at one place, `[entered_at, left_at)`; `left_at` is never missing, later than `entered_at`."""

CASES: Final = schema(case_id=type_int64, person_id=type_int32, t0=type_int32, t1=type_int32)
"""One infectious window `[t0, t1)` of one person; `case_id` is unique in the table."""

STAYS: Final = schema(case_id=type_int64, person_id=type_int32, place_id=type_int32, s=type_int64, e=type_int64)
"""Where the case was inside the window: the visit clipped to it."""

MEETINGS: Final = schema(
    case_id=type_int64,
    person_id=type_int32,
    place_id=type_int32,
    s=type_int32,
    e=type_int32,
    w_entered=type_int32,
    w_left=type_int32,
    overlap_s=type_int64,
)
"""The evidence: one row a pair of stays. `s, e` is the case's clipped stay, `w_entered, w_left` the contact's own."""

MEETING_ORDER: Final = [
    (name, "ascending") for name in ("case_id", "person_id", "w_entered", "place_id", "s", "e", "w_left")
]
"""How evidence is ordered: contact by contact, as it happened."""

CONTACTS: Final = schema(
    case_id=type_int64,
    person_id=type_int32,
    meetings=type_int32,
    overlap_s=type_int64,
    lag_meetings=type_int32,
    first_at=type_int32,
    last_at=type_int32,
    places=pa.int16(),
    top_place_id=type_int32,
)
"""One row a case and contact: the answer of a trace."""

EXPOSED: Final = schema(
    person_id=type_int32,
    meetings=type_int32,
    overlap_s=type_int64,
    lag_meetings=type_int32,
    first_at=type_int32,
    last_at=type_int32,
)
"""One row a person who was at one place in a time span, or within the lag after it."""

CONTACT_COLUMNS: Final = {
    "case_id": "the case traced",
    "person_id": "the contact: another person than the case's",
    "meetings": "pairs of a stay of the case and a stay of the contact",
    "overlap_s": "seconds both were there, over all meetings",
    "lag_meetings": "meetings without a common second: the contact came within the lag after the case had left",
    "first_at": "the first moment of the first meeting: the later of the two arrivals",
    "last_at": "the first moment of the last meeting",
    "places": "different places they met at",
    "top_place_id": "the place with the most common seconds; of equal ones the lowest id",
}
"""What each output column means, in the order of `CONTACTS`; the manual prints it."""


@dataclass(frozen=True, slots=True)
class Places:
    """Which places count.

    include: place ids, all others are left out; None means every place.
    exclude: place ids left out in any case (transport hubs, say).
    """

    include: frozenset[int] | None = None
    exclude: frozenset[int] = field(default_factory=frozenset)

    @classmethod
    def only(cls, places: Iterable[int]) -> "Places":
        return cls(include=frozenset(places))

    @classmethod
    def without(cls, places: Iterable[int]) -> "Places":
        return cls(exclude=frozenset(places))

    @property
    def everything(self) -> bool:
        """True when no place is left out."""
        return self.include is None and not self.exclude


@dataclass(frozen=True, slots=True)
class Parameters:
    """How a trace is made; nothing here is a rule of a disease, those come from a policy pack above.

    lag: seconds after the case has left in which an arrival still counts (air, surfaces). 0 asks for presence together.
    min_overlap: seconds; contacts with less `overlap_s` in total are left out. Above 0 it leaves out lag-only contacts.
    places: which places count.
    max_place_rows: a stay of the case with more meetings than this is left out as a hub; None keeps every stay.
        Stays of one case with the same place, s and e are counted together.
    max_stay: seconds; a visit is met only in its first `max_stay` seconds. It bounds the search in the place order.

    Raises ValueError for a negative lag, overlap or limit and for a max_stay below one second.
    """

    lag: int = 0
    min_overlap: int = 0
    places: Places = field(default_factory=Places)
    max_place_rows: int | None = None
    max_stay: int = MAX_STAY

    def __post_init__(self) -> None:
        if self.lag < 0 or self.min_overlap < 0:
            raise ValueError("lag and min_overlap are seconds, 0 or more")
        if self.max_place_rows is not None and self.max_place_rows < 0:
            raise ValueError("max_place_rows is a number of meetings, 0 or more")
        if self.max_stay < 1:
            raise ValueError("max_stay is at least one second")
