"""Second degree: the contacts of contacts, in the order things happened, ranked and cut.

A second degree reaches a few percent of a city, so it is never a bare list: every person gets a score, the best of
each case are kept, and the number that was cut is part of the answer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from fangxian.engines.tracing.fold import added, runs
from fangxian.engines.tracing.model import CASES, Int64Array, schema, type_int32, type_int64

Tracer = Callable[[pa.Table], pa.Table]
"""Cases (schema `CASES`) to contacts (schema `CONTACTS`): any engine with its parameters."""

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

_LOW = np.int64(2**31 - 1)


@dataclass(frozen=True, slots=True)
class Chain:
    """first: schema `CONTACTS`. second: schema `SECOND`. counts: schema `COUNTS`."""

    first: pa.Table
    second: pa.Table
    counts: pa.Table


@dataclass(frozen=True, slots=True)
class _Links:
    """Links from expanded contacts to persons as arrays of one length.

    case: its number. via: the contact. weight: seconds of the weaker of the two links.
    """

    case: Int64Array
    via: Int64Array
    person: Int64Array
    weight: Int64Array
    meetings: Int64Array
    overlap_s: Int64Array
    first_at: Int64Array
    last_at: Int64Array

    def __getitem__(self, kept: npt.NDArray[np.bool_] | Int64Array) -> "_Links":
        return _Links(*(getattr(self, name)[kept] for name in self.__slots__))


def trace_chain(tracer: Tracer, cases: pa.Table, *, expand_min_overlap: int, limit: int, latent: int = 0) -> Chain:
    """Contacts of the cases and the best `limit` contacts of their contacts, case by case.

    cases: schema `CASES`, ordered by case_id. A contact with at least `expand_min_overlap` seconds in total is expanded
    from its first meeting with the case plus `latent` seconds (until it can infect) to the end of the case's window.
    The case's own person and its first-degree contacts are not contacts of contacts.
    """
    first = tracer(cases)
    expanded = _expansion(first, cases, expand_min_overlap, latent)
    links = _links(tracer(expanded.select(CASES.names)), expanded)
    new = links[~np.isin(_pairs(links.case, links.person), _known(first, cases))]
    table, found, cut = _ranked(new, cases, limit)
    numbers = range(cases.num_rows)
    of_first = np.bincount(_numbers(first, cases), minlength=len(numbers))
    of_expanded = np.bincount(_column(expanded, "root"), minlength=len(numbers))
    counts = pa.table([cases["case_id"], of_first, of_expanded, found, cut], schema=COUNTS)
    return Chain(first, table, counts)


def _expansion(first: pa.Table, cases: pa.Table, expand_min_overlap: int, latent: int) -> pa.Table:
    """The expanded contacts as cases of their own, with the number of the case (root) and their seconds with it."""
    root = _numbers(first, cases)
    begin = _column(first, "first_at") + latent
    end = _column(cases, "t1")[root]
    seconds = _column(first, "overlap_s")
    kept = np.flatnonzero((seconds >= expand_min_overlap) & (begin < end))
    names = [*CASES.names, "root", "seconds"]
    person = _column(first, "person_id")
    columns = [np.arange(len(kept)), person[kept], begin[kept], end[kept], root[kept], seconds[kept]]
    return pa.table(dict(zip(names, columns, strict=True))).cast(pa.schema([*CASES, *_extra(names[4:])]))


def _extra(names: list[str]) -> list[pa.Field]:
    return [pa.field(name, pa.int64(), nullable=False) for name in names]


def _links(second: pa.Table, expanded: pa.Table) -> _Links:
    number = _column(second, "case_id")
    weight = np.minimum(_column(second, "overlap_s"), _column(expanded, "seconds")[number])
    own = ("meetings", "overlap_s", "first_at", "last_at")
    return _Links(
        _column(expanded, "root")[number],
        _column(expanded, "person_id")[number],
        _column(second, "person_id"),
        weight,
        *(_column(second, name) for name in own),
    )


def _known(first: pa.Table, cases: pa.Table) -> Int64Array:
    """The case's own person and its first-degree contacts, as pairs."""
    own = _pairs(np.arange(cases.num_rows), _column(cases, "person_id"))
    return np.concatenate([own, _pairs(_numbers(first, cases), _column(first, "person_id"))])


def _ranked(links: _Links, cases: pa.Table, limit: int) -> tuple[pa.Table, Int64Array, Int64Array]:
    """Second-degree contacts, best first and cut; and of each case how many were found and cut."""
    order = _pairs(links.case, links.person).argsort(kind="stable")
    links = links[order]
    starts = runs(_pairs(links.case, links.person))
    case, person, score = links.case[starts], links.person[starts], added(links.weight, starts)
    found = np.bincount(case, minlength=cases.num_rows)
    best = np.lexsort((person, -score, case))
    place_in_case = np.arange(len(best)) - (found.cumsum() - found)[case[best]]
    best = best[place_in_case < limit]
    columns = (
        _column(cases, "case_id")[case],
        _strongest(links, starts),
        person,
        np.diff(starts, append=len(order)),
        score,
        added(links.meetings, starts),
        added(links.overlap_s, starts),
        np.minimum.reduceat(links.first_at, starts) if len(starts) else starts,
        np.maximum.reduceat(links.last_at, starts) if len(starts) else starts,
    )
    table = pa.table(dict(zip(SECOND.names, (column[best] for column in columns), strict=True))).cast(SECOND)
    return table, found, np.maximum(found - limit, 0)


def _strongest(links: _Links, starts: Int64Array) -> Int64Array:
    """Of each run the contact with the greatest weight, of equal ones the lowest id: one maximum of both packed."""
    if not len(starts):
        return starts
    packed = np.maximum.reduceat((links.weight << 31) | (_LOW - links.via), starts)
    via: Int64Array = _LOW - (packed & _LOW)
    return via


def _pairs(case: Int64Array, person: Int64Array) -> Int64Array:
    return (case << 32) | person


def _numbers(contacts: pa.Table, cases: pa.Table) -> Int64Array:
    """The number of each contact's case in `cases`, which is ordered by case_id."""
    return _column(cases, "case_id").searchsorted(_column(contacts, "case_id")).astype(np.int64)


def _column(table: pa.Table, name: str) -> Int64Array:
    column: Int64Array = table[name].to_numpy().astype(np.int64)
    return column
