"""Second degree: the contacts of contacts, in the order things happened, ranked and cut.

A second degree reaches a few percent of a city, so it is never a bare list: every person gets a score, the best of
each case are kept, and the number that was cut is part of the answer.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from fangxian.engines.tracing.fold import runs, sorted_order
from fangxian.engines.tracing.model import CASES, Int64Array, schema, type_int32, type_int64

Tracer = Callable[[pa.Table], pa.Table]
"""Cases (schema `CASES`) to contacts (schema `CONTACTS`): any engine with its parameters."""

Follow = Callable[[pa.Table, Int64Array], "Links"]
"""The expanded contacts of one case, and the persons who are no contacts of contacts, to one link a person."""

SECOND: Final = schema(
    case_id=type_int64,
    via_id=type_int32,
    person_id=type_int32,
    paths=type_int32,
    score_s=type_int64,
    meetings=type_int32,
    overlap_s=type_int64,
    first_at=type_int32,
    last_at=type_int32,
)
"""One row a case and second-degree contact, best score first.

paths: contacts of the case that lead to the person; via_id: the one with the strongest path, of equals the lowest id.
score_s: sum over the paths of the weaker link's common seconds (a chain is as strong as its weakest link).
meetings, overlap_s, first_at, last_at: as in `CONTACTS`, between the person and all those contacts.
"""

COUNTS: Final = schema(case_id=type_int64, first=type_int64, expanded=type_int64, found=type_int64, cut=type_int64)
"""One row a case: first-degree contacts, those expanded, second-degree persons found, and how many of them were cut."""

PART: Final = 500
"""Contacts followed at a time: their links are summed before the next ones come, so that memory stays small."""

_LOW = np.int64(2**31 - 1)


@dataclass(frozen=True, slots=True)
class Chain:
    """first: schema `CONTACTS`. second: schema `SECOND`. counts: schema `COUNTS`."""

    first: pa.Table
    second: pa.Table
    counts: pa.Table


@dataclass(frozen=True, slots=True)
class Links:
    """Links to persons as arrays of one length, one a path or already summed by pair.

    case: its number. best: seconds and reversed id of the strongest contact, packed. The rest as in `SECOND`.
    """

    case: Int64Array
    person: Int64Array
    paths: Int64Array
    score: Int64Array
    best: Int64Array
    meetings: Int64Array
    overlap_s: Int64Array
    first_at: Int64Array
    last_at: Int64Array

    def __getitem__(self, kept: npt.NDArray[np.bool_] | Int64Array) -> "Links":
        return Links(*(getattr(self, name)[kept] for name in self.__slots__))

    def summed(self) -> "Links":
        """One link a pair, ordered by case and person."""
        if not len(self.case):
            return self
        keys = _pairs(self.case, self.person)
        ordered = self[sorted_order(keys)]
        starts = runs(_pairs(ordered.case, ordered.person))
        return Links(
            ordered.case[starts],
            ordered.person[starts],
            np.add.reduceat(ordered.paths, starts),
            np.add.reduceat(ordered.score, starts),
            np.maximum.reduceat(ordered.best, starts),
            np.add.reduceat(ordered.meetings, starts),
            np.add.reduceat(ordered.overlap_s, starts),
            np.minimum.reduceat(ordered.first_at, starts),
            np.maximum.reduceat(ordered.last_at, starts),
        )


def trace_chain(
    tracer: Tracer,
    cases: pa.Table,
    *,
    expand_min_overlap: int,
    limit: int,
    latent: int = 0,
    follow: Follow | None = None,
) -> Chain:
    """Contacts of the cases and the best `limit` contacts of their contacts, case by case.

    cases: schema `CASES`, ordered by case_id. A contact with at least `expand_min_overlap` seconds in total is expanded
    from its first meeting with the case plus `latent` seconds (until it can infect) to the end of the case's window.
    The case's own person and its first-degree contacts are not contacts of contacts. follow: how an engine looks
    them up where it has a quicker way than tracing every contact.
    """
    first = tracer(cases)
    expanded = _expansion(first, cases, expand_min_overlap, latent)
    known = _known(first, cases)
    links = _traced(tracer, expanded, known) if follow is None else _followed(follow, expanded, known)
    second, found = _ranked(links, cases, limit)
    size = cases.num_rows
    of_first = np.bincount(_numbers(first, cases), minlength=size)
    of_expanded = np.bincount(expanded["root"].to_numpy(), minlength=size)
    cut = np.maximum(found - limit, 0)
    counts = pa.table([cases["case_id"], of_first, of_expanded, found, cut], schema=COUNTS)
    return Chain(first, second, counts)


def _traced(tracer: Tracer, expanded: pa.Table, known: Int64Array) -> Links:
    """Links through the contacts of every expanded contact."""
    followed = (expanded.slice(low, PART) for low in range(0, max(expanded.num_rows, 1), PART))
    links = _joined([_links(tracer(part.select(CASES.names)), part).summed() for part in followed]).summed()
    return links[~np.isin(_pairs(links.case, links.person), known)]


def _followed(follow: Follow, expanded: pa.Table, known: Int64Array) -> Links:
    """Links case by case."""
    root, known = expanded["root"].to_numpy(), np.sort(known)
    starts = runs(root)
    parts = [Links(*(np.empty(0, dtype=np.int64) for _ in Links.__slots__))]
    for low, high in pairwise([*starts.tolist(), len(root)]):
        first, last = known.searchsorted([root[low] << 31, (root[low] + 1) << 31])
        parts.append(follow(expanded.slice(low, high - low), known[first:last] & _LOW))
    return _joined(parts)


def _expansion(first: pa.Table, cases: pa.Table, expand_min_overlap: int, latent: int) -> pa.Table:
    """The expanded contacts as cases of their own, with the number of the case (root) and their seconds with it."""
    root = _numbers(first, cases)
    begin = first["first_at"].to_numpy().astype(np.int64) + latent
    end = cases["t1"].to_numpy()[root]
    seconds = first["overlap_s"].to_numpy()
    kept = ((seconds >= expand_min_overlap) & (begin < end)).nonzero()[0]
    person = first["person_id"].to_numpy()
    columns = [np.arange(len(kept)), person[kept], begin[kept], end[kept], root[kept], seconds[kept]]
    wanted = schema(**{field.name: field.type for field in CASES}, root=type_int64, seconds=type_int64)
    return pa.table(dict(zip(wanted.names, columns, strict=True))).cast(wanted)


def _links(second: pa.Table, expanded: pa.Table) -> Links:
    """One link a contact of an expanded contact; the score of a path is the shorter of its two links."""
    number = second["case_id"].to_numpy() - (expanded["case_id"][0].as_py() if expanded.num_rows else 0)
    overlap_s = second["overlap_s"].to_numpy()
    score = np.minimum(overlap_s, expanded["seconds"].to_numpy()[number])
    via = expanded["person_id"].to_numpy()[number]
    return Links(
        case=expanded["root"].to_numpy()[number],
        person=second["person_id"].to_numpy(),
        paths=np.ones(len(number), dtype=np.int64),
        score=score,
        best=packed(score, via),
        meetings=second["meetings"].to_numpy(),
        overlap_s=overlap_s,
        first_at=second["first_at"].to_numpy(),
        last_at=second["last_at"].to_numpy(),
    )


def _joined(parts: Sequence[Links]) -> Links:
    return Links(*(np.concatenate([getattr(part, name) for part in parts]) for name in Links.__slots__))


def _known(first: pa.Table, cases: pa.Table) -> Int64Array:
    """The case's own person and its first-degree contacts, as pairs."""
    own = _pairs(np.arange(cases.num_rows), cases["person_id"].to_numpy())
    return np.concatenate([own, _pairs(_numbers(first, cases), first["person_id"].to_numpy())])


def _ranked(links: Links, cases: pa.Table, limit: int) -> tuple[pa.Table, Int64Array]:
    """Second-degree contacts, best first and cut; and how many each case had before."""
    found = np.bincount(links.case, minlength=cases.num_rows)
    links = links[_may_be_kept(links, limit)]
    left = np.bincount(links.case, minlength=cases.num_rows)
    best = np.lexsort((links.person, -links.score, links.case))
    rank = np.arange(len(best)) - (left.cumsum() - left)[links.case[best]]
    kept = links[best[rank < limit]]
    columns = (
        cases["case_id"].to_numpy()[kept.case],
        _LOW - (kept.best & _LOW),
        kept.person,
        kept.paths,
        kept.score,
        kept.meetings,
        kept.overlap_s,
        kept.first_at,
        kept.last_at,
    )
    return pa.table(dict(zip(SECOND.names, columns, strict=True))).cast(SECOND), found


def _may_be_kept(links: Links, limit: int) -> npt.NDArray[np.bool_]:
    """Links not below the score of the case's last kept one, so that only these are sorted. Links come by case."""
    kept = np.ones(len(links.case), dtype=bool)
    for low, high in pairwise([*runs(links.case).tolist(), len(kept)]):
        if high - low > limit > 0:
            score = links.score[low:high]
            kept[low:high] = score >= np.partition(score, -limit)[-limit]
    return kept


def packed(score: Int64Array, via: npt.NDArray[np.integer]) -> Int64Array:
    """Seconds in the high bits, the reversed id of the contact in the low ones: the greatest is the strongest path."""
    return (score << 31) | (_LOW - via)


def _pairs(case: Int64Array, person: Int64Array) -> Int64Array:
    return (case << 31) | person


def _numbers(contacts: pa.Table, cases: pa.Table) -> Int64Array:
    """The number of each contact's case in `cases`, which is ordered by case_id."""
    numbers: Int64Array = cases["case_id"].to_numpy().searchsorted(contacts["case_id"].to_numpy())
    return numbers
