"""PySpark on this machine (`local[2]`) over sorted Parquet, in two steps, the small side of each join broadcast.

Spark is for what does not fit one machine; here it is to show what a question costs there at least.
"""

import os

import pyarrow as pa
import pyspark
from pyspark.sql import DataFrame, SparkSession

from bench.tracing import sql
from bench.tracing.days import days_of, listed, write_sorted
from bench.tracing.measure import cpu_of_children, drop_caches
from bench.tracing.peer import Peer

MEMORY = "3g"
SCHEMA = "person_id INT, place_id INT, entered_at INT, left_at INT, day INT"
MOST_LISTED = 60
"""More keys than this in one filter cost more to plan than they save, and some thousands overflow the stack."""


class Spark(Peer):
    """CPU counts this process and the JVM."""

    name = "PySpark local[2] over sorted Parquet"
    version = f"pyspark {pyspark.__version__}"
    forget = "files dropped from the page cache; the session goes on"

    def server_cpu(self) -> float:
        return cpu_of_children(os.getpid())

    def build(self) -> None:
        write_sorted(self.log, self.folder)

    def open(self) -> None:
        settings = {
            "spark.driver.memory": MEMORY,
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.sql.shuffle.partitions": "4",
            "spark.sql.parquet.pushdown.inFilterThreshold": str(MOST_LISTED),
            "spark.sql.execution.arrow.pyspark.enabled": "true",
        }
        builder = SparkSession.builder.master("local[2]").appName("bench")
        for name, value in settings.items():
            builder = builder.config(name, value)
        self.session = builder.getOrCreate()
        self.session.sparkContext.setLogLevel("ERROR")

    def trace(self, cases: pa.Table) -> pa.Table:
        self._view("cases", cases)
        self._visits("person", cases, f"person_id IN ({listed(cases['person_id'])})")
        hinted = sql.stays("cases", "by_person").replace("SELECT ", "SELECT /*+ BROADCAST(c) */ ", 1)
        stays = self.session.sql(hinted).toArrow()
        self._view("stays", stays)
        self._visits("place", cases, f"place_id IN ({listed(stays['place_id'])})")
        text = sql.contacts_of("stays", "by_place").replace("SELECT stay.", "SELECT /*+ BROADCAST(stay) */ stay.", 1)
        return self.session.sql(text).toArrow()

    def _view(self, name: str, table: pa.Table) -> None:
        self.session.createDataFrame(table).createOrReplaceTempView(name)

    def _visits(self, order: str, cases: pa.Table, wanted: str) -> None:
        """Visits of the days in the windows as a view; keys pushed down into the files where they are not too many."""
        first, last = days_of(cases)
        frame: DataFrame = self.session.read.schema(SCHEMA).parquet(str(self.folder / order))
        frame = frame.where(f"day BETWEEN {first} AND {last}")
        if wanted.count(",") < MOST_LISTED:
            frame = frame.where(wanted)
        frame.createOrReplaceTempView(f"by_{order}")

    def close(self) -> None:
        self.session.stop()

    def cool(self) -> None:
        drop_caches(self.folder)
