"""The definition as one Ibis expression: DuckDB here, Polars in memory, PySpark over shared storage.

Written so that every backend takes it: joins on equality only, the inequalities in `filter` after the join, columns
renamed before a join, casts of every output column (sums become wider types on some backends).
"""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from fangxian.engines.tracing.model import CONTACTS, EXPOSED, MEETINGS, VISITS, Parameters, Places
from fangxian.engines.tracing.sources_model import AT, EVERYWHERE

PAIR = ("case_id", "person_id")
STAY = ("case_id", "place_id", "s", "e")


def contacts(by_person: ir.Table, by_place: ir.Table, cases: ir.Table, parameters: Parameters) -> ir.Table:
    """Contacts of the cases (columns of `CONTACTS`), in no order.

    by_person, by_place: the same visits twice (columns of `VISITS`); of a copy sorted by person or by place a backend
    that keeps statistics reads only parts. cases: columns of `CASES`.
    """
    return contacts_at(stays(by_person, cases, parameters.places), by_place, parameters)


def evidence(by_person: ir.Table, by_place: ir.Table, cases: ir.Table, parameters: Parameters) -> ir.Table:
    """Every meeting behind the rows of `contacts` (columns of `MEETINGS`), in no order."""
    return evidence_at(stays(by_person, cases, parameters.places), by_place, parameters)


def contacts_at(stays: ir.Table, by_place: ir.Table, parameters: Parameters) -> ir.Table:
    """The second half of `contacts`: where the cases were is known (columns of `STAYS`)."""
    return _conform(_folded(meetings(stays, by_place, parameters), PAIR, parameters), CONTACTS)


def evidence_at(stays: ir.Table, by_place: ir.Table, parameters: Parameters) -> ir.Table:
    """The second half of `evidence`: where the cases were is known (columns of `STAYS`)."""
    met = meetings(stays, by_place, parameters)
    if parameters.min_overlap:
        total = met.group_by(PAIR).aggregate(total_s=met.overlap_s.sum())
        total = total.filter(total.total_s >= parameters.min_overlap).select(t_case="case_id", t_person="person_id")
        met = met.join(total, [met.case_id == total.t_case, met.person_id == total.t_person])
    return _conform(met, MEETINGS)


def exposed(by_place: ir.Table, stay: ir.Table, parameters: Parameters) -> ir.Table:
    """Persons at one place and time (columns of `EXPOSED`), in no order. stay: one row with columns of `STAYS`."""
    return _conform(_folded(meetings(stay, by_place, parameters), PAIR, parameters), EXPOSED)


def meetings(stays: ir.Table, by_place: ir.Table, parameters: Parameters) -> ir.Table:
    """All meetings, before contacts with too little overlap are left out."""
    return _without_hubs(meet(stays, by_place, parameters), parameters)


def stays(visits: ir.Table, cases: ir.Table, places: Places) -> ir.Table:
    """Where each case was inside its window, clipped to it."""
    v = visits.select(v_person="person_id", place_id="place_id", entered_at="entered_at", left_at="left_at")
    own = cases.join(v, cases.person_id == v.v_person)
    own = own.filter(own.entered_at < own.t1, own.left_at > own.t0)
    if places.include is not None:
        own = own.filter(own.place_id.isin(sorted(places.include)))
    if places.exclude:
        own = own.filter(own.place_id.notin(sorted(places.exclude)))
    s, e = _later(own.entered_at, own.t0), _earlier(own.left_at, own.t1)
    return own.select("case_id", "person_id", "place_id", s=s.cast("int64"), e=e.cast("int64"))


def meet(stays: ir.Table, visits: ir.Table, parameters: Parameters) -> ir.Table:
    """Each stay with each visit of another person to the same place at the same time, or within the lag after it."""
    own = stays.rename(s_person="person_id", s_place="place_id")
    w = visits.select(person_id="person_id", place_id="place_id", w_entered="entered_at", w_left="left_at")
    met = own.join(w, own.s_place == w.place_id)
    met = met.filter(
        met.person_id != met.s_person,
        met.w_entered < met.e + parameters.lag,
        met.w_left > met.s,
        met.w_entered > met.s - parameters.max_stay,
    )
    met = met.mutate(began=_later(met.w_entered, met.s).cast("int64"), ended=_earlier(met.w_left, met.e).cast("int64"))
    seconds = ibis.ifelse(met.ended > met.began, met.ended - met.began, 0)
    return met.mutate(overlap_s=seconds.cast("int64")).drop("s_person", "s_place", "ended")


def _without_hubs(met: ir.Table, parameters: Parameters) -> ir.Table:
    if parameters.max_place_rows is None:
        return met
    crowd = met.group_by(STAY).aggregate(rows=met.count())
    crowd = crowd.filter(crowd.rows <= parameters.max_place_rows).drop("rows")
    crowd = crowd.rename({f"c_{name}": name for name in STAY})
    kept = met.join(crowd, [met[name] == crowd[f"c_{name}"] for name in STAY])
    return kept.drop(*(f"c_{name}" for name in STAY))


def _folded(met: ir.Table, pair: Sequence[str], parameters: Parameters) -> ir.Table:
    """One row a pair: first by place, then over the places.

    The best place is one maximum of seconds and reversed id packed into one number (seconds in the high bits):
    a window function or a second join would not run everywhere.
    """
    at = met.group_by([*pair, "place_id"]).aggregate(
        meetings=met.count(),
        overlap_s=met.overlap_s.sum().cast("int64"),
        lag_meetings=(met.overlap_s == 0).cast("int64").sum(),
        first_at=met.began.min(),
        last_at=met.began.max(),
    )
    at = at.mutate(rank=at.overlap_s * 2**31 + (2**31 - 1 - at.place_id))
    rows = at.group_by(list(pair)).aggregate(
        meetings=at.meetings.sum(),
        overlap_s=at.overlap_s.sum().cast("int64"),
        lag_meetings=at.lag_meetings.sum(),
        first_at=at.first_at.min(),
        last_at=at.last_at.max(),
        places=at.count(),
        rank=at["rank"].max(),
    )
    rows = rows.mutate(top_place_id=2**31 - 1 - rows["rank"] % 2**31)
    return rows.filter(rows.overlap_s >= parameters.min_overlap)


def _later(a: ir.Value, b: ir.Value) -> ir.Value:
    return ibis.ifelse(a > b, a, b)


def _earlier(a: ir.Value, b: ir.Value) -> ir.Value:
    return ibis.ifelse(a < b, a, b)


def _conform(table: ir.Table, schema: pa.Schema) -> ir.Table:
    return table.select(**{column.name: table[column.name].cast(str(column.type)) for column in schema})


def own_visits(by_person: ir.Table, persons: ir.Table) -> ir.Table:
    """Every visit of some persons (columns of `VISITS`), in no order. persons: a column wanted, each once."""
    return _conform(by_person.join(persons, by_person.person_id == persons.wanted), VISITS)


def visits_at(by_place: ir.Table, places: ir.Table, days: ir.Table) -> ir.Table:
    """Visits to some places by day (columns of `AT`), in no order. places: a column wanted. days: see `DAY_SPANS`."""
    there = by_place.join(places, by_place.place_id == places.wanted).select("place_id", "entered_at")
    return _conform(_on_days(there, days).group_by("place_id", "day").aggregate(visits=ibis._.count()), AT)


def visits_everywhere(by_place: ir.Table, days: ir.Table) -> ir.Table:
    """Visits to all places by day (columns of `EVERYWHERE`), in no order. days: see `DAY_SPANS`."""
    entered = by_place.select("entered_at")
    return _conform(_on_days(entered, days).group_by("day").aggregate(visits=ibis._.count()), EVERYWHERE)


def _on_days(visits: ir.Table, days: ir.Table) -> ir.Table:
    """Each visit with the day it was entered on; a handful of days, so that every pair may be looked at."""
    both = visits.cross_join(days)
    return both.filter(both.entered_at >= both.begin, both.entered_at < both.until)
