"""The relational expression as SQL of a backend, compiled once a set of parameters (some 40 ms)."""

from functools import lru_cache
from typing import Final, Literal, TypeAlias

import ibis

from fangxian.engines.tracing import relational
from fangxian.engines.tracing.lookups import DAY_SPANS, WANTED
from fangxian.engines.tracing.model import CASES, STAYS, VISITS, Parameters

Question: TypeAlias = Literal[
    "contacts",
    "evidence",
    "exposed",
    "stays",
    "contacts_at",
    "evidence_at",
    "own_visits",
    "visits_at",
    "visits_everywhere",
]
Dialect: TypeAlias = Literal["duckdb", "pyspark"]

TABLES: Final = {
    "by_person": VISITS,
    "by_place": VISITS,
    "cases": CASES,
    "stay": STAYS,
    "persons": WANTED,
    "places": WANTED,
    "days": DAY_SPANS,
}
"""The names the SQL uses; a question reads some of them."""

_NONE: Final = Parameters()


@lru_cache(maxsize=128)
def compiled(question: Question, dialect: Dialect, parameters: Parameters = _NONE) -> str:
    """SQL over the tables of `TABLES`.

    "contacts" and "evidence" read by_person, by_place, cases; "exposed" reads by_place and stay. The first two also
    come in halves: "stays" (by_person, cases), then "contacts_at" and "evidence_at" (by_place, stay). Source tracing
    asks "own_visits" (by_person, persons), "visits_at" (by_place, places, days), "visits_everywhere" (by_place, days).
    """
    by_person, by_place, cases, stay, persons, places, days = (
        ibis.table({column.name: str(column.type) for column in columns}, name=name) for name, columns in TABLES.items()
    )
    expression = {
        "contacts": lambda: relational.contacts(by_person, by_place, cases, parameters),
        "evidence": lambda: relational.evidence(by_person, by_place, cases, parameters),
        "exposed": lambda: relational.exposed(by_place, stay, parameters),
        "stays": lambda: relational.stays(by_person, cases, parameters.places),
        "contacts_at": lambda: relational.contacts_at(stay, by_place, parameters),
        "evidence_at": lambda: relational.evidence_at(stay, by_place, parameters),
        "own_visits": lambda: relational.own_visits(by_person, persons),
        "visits_at": lambda: relational.visits_at(by_place, places, days),
        "visits_everywhere": lambda: relational.visits_everywhere(by_place, days),
    }[question]()
    return str(ibis.to_sql(expression, dialect=dialect))
