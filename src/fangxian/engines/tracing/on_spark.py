"""The relational expression run by Spark, over sealed days on shared storage. Needs `fangxian[spark]` and Java 17.

A question is put in two halves. First where the cases were: few rows, fetched to the driver. Then who was there too:
with the stays at hand as a small table, every worker reads only the days and, the files being sorted by place, little
more than the places they name. Executors run no Python.
"""

import os
import shutil
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fangxian.engines.tracing import sealed
from fangxian.engines.tracing.checks import checked_visits
from fangxian.engines.tracing.choice import EngineMissing
from fangxian.engines.tracing.lookups import day_spans, wanted
from fangxian.engines.tracing.model import (
    CONTACTS,
    EXPOSED,
    MEETING_ORDER,
    MEETINGS,
    STAYS,
    VISITS,
    Int32Array,
    Parameters,
)
from fangxian.engines.tracing.sources_model import AT, EVERYWHERE, Counted, Days
from fangxian.engines.tracing.sql import Question, compiled
from fangxian.engines.tracing.store import VisitStore

MASTER: Final = "FANGXIAN_SPARK_MASTER"
"""The environment variable that names the cluster for `engine="spark"`."""

NAMED_KEYS: Final = 10_000
"""Up to so many persons or places are named to the reader, which then skips the parts of a file without them."""

SETTINGS: Final = {
    "spark.app.name": "fangxian",
    "spark.ui.enabled": "false",  # it would listen on every address, and shows what is asked
    "spark.ui.showConsoleProgress": "false",
}
ON_THIS_MACHINE: Final = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}

_NONE: Final = Parameters()
_EVER: Final = (np.iinfo(np.int32).min, np.iinfo(np.int32).max + 1)
_SCHEMA: Final = ", ".join(f"{name} int" for name in VISITS.names)


@dataclass(frozen=True, slots=True)
class Spark:
    """The engine over a session that somebody else made, or over one of its own (`Spark.at`)."""

    session: Any

    @classmethod
    def at(cls, master: str, settings: Mapping[str, str] | None = None) -> "Spark":
        """Over a session of its own at a master: `spark://host:7077`, or `local[4]` for this machine.

        settings: of Spark, above those of `spark-defaults.conf`. One process has one session: a second call gets the
        same. Raises EngineMissing without Java.
        """
        if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
            raise EngineMissing("engine spark needs Java 17 (Debian: openjdk-17-jre-headless)")
        near = ON_THIS_MACHINE if master.startswith(("local", "spark://127.0.0.1")) else {}
        with warnings.catch_warnings():  # PySpark complains of a pandas that is not used here
            warnings.simplefilter("ignore", FutureWarning)
            from pyspark.sql import SparkSession

            builder = SparkSession.builder.master(master)
            for name, value in {**SETTINGS, **near, **(settings or {})}.items():
                builder = builder.config(name, value)
            return cls(builder.getOrCreate())

    def trace(self, store: VisitStore, cases: pa.Table, parameters: Parameters) -> pa.Table:
        """Contacts of the cases (schema `CONTACTS`), ordered by case_id and person_id."""
        found = self._met("contacts_at", store, self._stays(store, cases, parameters), parameters, CONTACTS)
        return found.sort_by([("case_id", "ascending"), ("person_id", "ascending")])

    def evidence(self, store: VisitStore, cases: pa.Table, parameters: Parameters) -> pa.Table:
        """Every meeting behind the rows of `trace` (schema `MEETINGS`), ordered by `MEETING_ORDER`."""
        stays = self._stays(store, cases, parameters)
        return self._met("evidence_at", store, stays, parameters, MEETINGS).sort_by(MEETING_ORDER)

    def exposed(self, store: VisitStore, place_id: int, t0: int, t1: int, parameters: Parameters) -> pa.Table:
        """Persons who were at the place in `[t0, t1)` or arrived within the lag after it (schema `EXPOSED`)."""
        stay = pa.table([[0], [-1], [place_id], [t0], [t1]], schema=STAYS)
        return self._met("exposed", store, stay, parameters, EXPOSED).sort_by("person_id")

    def visits_of(self, store: VisitStore, persons: Int32Array) -> pa.Table:
        """Every visit of some persons (schema `VISITS`), in no order. persons: shape (persons,), ascending."""
        span = _Span(*_EVER, "person_id", persons)
        tables = {"by_person": self._visits(store, store.by_person, span), "persons": wanted(persons)}
        return self._run("own_visits", tables, VISITS)

    def visits_by_day(self, store: VisitStore, places: Int32Array, days: Days) -> Counted:
        """Visits to some places, and to all, by day. places: shape (places,), ascending."""
        spans = day_spans(days, *sealed.entered(store))
        there = self._visits(store, store.by_place, _Span(*_EVER, "place_id", places))
        at = self._run("visits_at", {"by_place": there, "places": wanted(places), "days": spans}, AT)
        everywhere = self._visits(store, store.by_place, _Span(*_EVER))
        return Counted(at, self._run("visits_everywhere", {"by_place": everywhere, "days": spans}, EVERYWHERE))

    def _stays(self, store: VisitStore, cases: pa.Table, parameters: Parameters) -> pa.Table:
        """Where the cases were (schema `STAYS`)."""
        if not cases.num_rows:
            return STAYS.empty_table()
        span = _Span(pc.min(cases["t0"]).as_py(), pc.max(cases["t1"]).as_py(), "person_id", _ids(cases["person_id"]))
        tables = {"by_person": self._visits(store, store.by_person, span), "cases": cases}
        return self._run("stays", tables, STAYS, parameters)

    def _met(
        self, question: Question, store: VisitStore, stays: pa.Table, parameters: Parameters, schema: pa.Schema
    ) -> pa.Table:
        """Who was where the stays were."""
        if not stays.num_rows:
            return schema.empty_table()
        until = pc.max(stays["e"]).as_py() + parameters.lag
        span = _Span(pc.min(stays["s"]).as_py(), until, "place_id", _ids(stays["place_id"]))
        tables = {"by_place": self._visits(store, store.by_place, span), "stay": stays}
        return self._run(question, tables, schema, parameters)

    def _run(
        self, question: Question, tables: Mapping[str, Any], schema: pa.Schema, parameters: Parameters = _NONE
    ) -> pa.Table:
        """The answer to a question over tables, or over frames that are made in the session they are given."""
        own = self.session.newSession()  # names of its own: several questions may share the cluster
        for name, table in tables.items():
            frame = own.createDataFrame(table) if isinstance(table, pa.Table) else table(own)
            frame.createOrReplaceTempView(name)
        return own.sql(compiled(question, "pyspark", parameters)).toArrow().cast(schema)

    def _visits(self, store: VisitStore, files: Sequence[Path], span: "_Span") -> Any:
        """Makes, in a session, the frame of all visits that the span may touch."""
        loose = [] if store.by_place else [segment.table() for segment in store.segments]
        if store.hot is not None:
            loose.append(checked_visits(store.hot))
        rows = span.of(pa.concat_tables([VISITS.empty_table(), *loose]))
        near = [str(file) for file in sealed.touching(files, span.t0, span.t1)]

        def frame(own: Any) -> Any:
            small = own.createDataFrame(rows, schema=_SCHEMA)
            if not near:
                return small
            return own.read.schema(_SCHEMA).parquet(*near).filter(span.condition()).unionAll(small)

        return frame


@dataclass(frozen=True, slots=True)
class _Span:
    """Visits that share a second with `[t0, t1)` and whose `key` is one of `wanted`; more may be read, never fewer.

    wanted: ascending, shape (ids,); without a key all of them.
    """

    t0: int
    t1: int
    key: str = ""
    wanted: Int32Array | None = None

    def of(self, visits: pa.Table) -> pa.Table:
        """Of visits in memory, those inside."""
        inside = pc.and_(pc.less(visits["entered_at"], self.t1), pc.greater(visits["left_at"], self.t0))
        if self.wanted is not None:
            inside = pc.and_(inside, pc.is_in(visits[self.key], pa.array(self.wanted)))
        return visits.filter(inside)

    def condition(self) -> str:
        """The same for a reader of files, which skips by it what it need not read."""
        times = f"entered_at < {self.t1} AND left_at > {self.t0}"
        if self.wanted is None:
            return times
        if len(self.wanted) > NAMED_KEYS:
            return f"{times} AND {self.key} BETWEEN {self.wanted[0]} AND {self.wanted[-1]}"
        return f"{times} AND {self.key} IN ({', '.join(map(str, self.wanted.tolist())) or 'NULL'})"


def _ids(column: pa.ChunkedArray) -> Int32Array:
    """The ids of a column, each once, ascending."""
    return np.unique(column.to_numpy())


def named_master() -> str:
    """The master that the environment names, or nothing."""
    return os.environ.get(MASTER, "")


@cache
def default() -> Spark:
    """The engine at the master that the environment names. Raises ValueError where it names none."""
    master = named_master()
    if not master:
        raise ValueError(f"engine spark needs a master: set {MASTER}, or hand in Spark.at(master)")
    return Spark.at(master)
