"""What the engines read: the visits of some days, in whichever forms they are at hand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from fangxian.engines.tracing.segment import Segment


@dataclass(frozen=True, slots=True)
class VisitStore:
    """The same visits twice, and the newest ones on top. Whoever keeps the visits (`warehouse.visits`) hands this over.

    segments: fast segments, in memory or mapped; together they hold every sealed visit once.
    by_person, by_place: Parquet files of the same sealed visits (columns of `VISITS` at least), sorted by person and
        by place. May be empty: then the relational engine reads the rows of the segments.
    hot: visits that are in neither (schema `VISITS`), or None. Every engine adds them.
    place_days: visits and persons of every place and local day (schema `counting.PLACE_DAYS`) of all of the above, hot
        included, or None where nobody asked for it. It falls out of sealing; engines that need it do not count again.
    midnights: UTC seconds at which the local days of `place_days` begin and, last, end; in order. Day number
        `place_days["day"]` of a moment is `first_day` plus how many midnights after the first have passed.
    first_day: days since 1970-01-01 of the first midnight.
    """

    segments: Sequence[Segment] = ()
    by_person: Sequence[Path] = field(default=())
    by_place: Sequence[Path] = field(default=())
    hot: pa.Table | None = None
    place_days: pa.Table | None = None
    midnights: Sequence[int] = field(default=())
    first_day: int = 0

    @classmethod
    def of(cls, visits: pa.Table) -> "VisitStore":
        """A store over one table in memory."""
        return cls(segments=[Segment.of(visits)])

    def all_segments(self) -> list[Segment]:
        """The segments, with one in memory for the hot visits."""
        hot = [] if self.hot is None else [Segment.of(self.hot)]
        return [*self.segments, *hot]

    @property
    def rows(self) -> int:
        """Visits in the segments and in the hot table."""
        return sum(segment.info.rows for segment in self.segments) + (0 if self.hot is None else self.hot.num_rows)
