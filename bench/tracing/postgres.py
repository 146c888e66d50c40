"""PostgreSQL in a throw-away cluster: one table, two b-trees, the stays materialized."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import psycopg
import pyarrow as pa

from bench.tracing import sql
from bench.tracing.city import CityLog
from bench.tracing.measure import cpu_of, cpu_of_children, outlived
from bench.tracing.peer import Peer
from fangxian.engines.tracing import CASES, CONTACTS, VISITS

BINARIES = Path("/usr/lib/postgresql/15/bin")
SETTINGS = {
    "shared_buffers": "2GB",
    "work_mem": "256MB",
    "maintenance_work_mem": "1GB",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    "effective_cache_size": "8GB",
    "random_page_cost": "1.1",
    "fsync": "off",
    "listen_addresses": "",
}
_HEADER = b"PGCOPY\n\xff\r\n\x00" + b"\x00" * 8


class Cluster:
    """A PostgreSQL server of our own on a unix socket; started by the user `postgres` when this is root."""

    def __init__(self, folder: Path) -> None:
        self.data, self.folder = folder / "data", folder
        self.socket = Path()
        _hand_over(folder)

    def create(self) -> None:
        self._run("initdb", "-D", str(self.data), "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C")

    def start(self) -> None:
        self.socket = Path(tempfile.mkdtemp(prefix="fangxian-bench-pg-"))
        _hand_over(self.socket)
        options = " ".join(f"-c {name}={value or chr(39) * 2}" for name, value in SETTINGS.items())
        options = f"{options} -k {self.socket}"
        self._run("pg_ctl", "-D", str(self.data), "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def _run(self, program: str, *arguments: str) -> None:
        user = "postgres" if os.geteuid() == 0 else None
        command = [str(BINARIES / program), *arguments]
        subprocess.run(command, check=True, user=user, cwd=self.folder, stdout=subprocess.DEVNULL)

    def connect(self) -> psycopg.Connection:
        return psycopg.connect(host=str(self.socket), user="postgres", dbname="postgres", autocommit=True)

    @property
    def pid(self) -> int:
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.data), "-w", "-m", "fast", "stop")
        shutil.rmtree(self.socket)


def _hand_over(folder: Path) -> None:
    """PostgreSQL refuses to run as root: its folders are then the user `postgres`'s."""
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")


class Postgres(Peer):
    """CPU counts the backend and this process; while loading, every process of the server."""

    name = "PostgreSQL, two b-trees, materialized"
    forget = "server stopped, its files dropped from the page cache, started again"
    indexes = ("(place_id, entered_at)", "(person_id, entered_at)")

    def __init__(self, log: CityLog, folder: Path) -> None:
        super().__init__(log, folder)
        self.cluster = Cluster(folder)
        self.backend = 0
        self.connection: psycopg.Connection | None = None

    def server_cpu(self) -> float:
        return cpu_of(self.backend)

    def build(self) -> dict[str, float]:
        self.cluster.create()
        self.cluster.start()
        self.connection = self.cluster.connect()
        server = cpu_of_server(self.cluster.pid)
        self._create("visits", VISITS, (table for _, table in self.log.days()))
        self._execute(*(f"CREATE INDEX ON visits {columns}" for columns in self.indexes), "VACUUM ANALYZE visits")
        self._execute("CHECKPOINT")
        server = cpu_of_server(self.cluster.pid) - server
        self.close()
        return {"server_cpu": server}

    def open(self) -> None:
        self.cluster.start()
        self.connection = self.cluster.connect()
        self.backend = self.connection.info.backend_pid
        self.version = f"postgresql {self.connection.info.parameter_status('server_version').split()[0]}"

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None
            self.cluster.stop()

    def trace(self, cases: pa.Table) -> pa.Table:
        if cases.num_rows == 1:
            source = sql.one_case(tuple(cases.to_pylist()[0].values()))
        else:
            source = "cases"
            self._create(source, CASES, [cases])
        text = sql.contacts(cases=source, by_person="visits", by_place="visits", materialized=True)
        with self.connection.cursor().copy(f"COPY ({text}) TO STDOUT (FORMAT BINARY)") as copy:
            return _unpacked(b"".join(copy))

    def _create(self, name: str, schema: pa.Schema, tables: Iterable[pa.Table]) -> None:
        kinds = {pa.int32(): "int", pa.int64(): "bigint"}
        columns = ", ".join(f"{column.name} {kinds[column.type]}" for column in schema)
        self._execute(f"DROP TABLE IF EXISTS {name}", f"CREATE UNLOGGED TABLE {name} ({columns})")
        with self.connection.cursor().copy(f"COPY {name} FROM STDIN (FORMAT BINARY)") as copy:
            copy.write(_HEADER)
            for table in tables:
                for part in table.to_batches(max_chunksize=500_000):
                    copy.write(_packed(part, schema))
            copy.write(b"\xff\xff")
        self._execute(f"ANALYZE {name}")

    def _execute(self, *statements: str) -> None:
        for statement in statements:
            self.connection.execute(statement)


class Covering(Postgres):
    """The indexes hold all four columns, so the table is not read at all."""

    name = "PostgreSQL, two covering b-trees, materialized"
    indexes = (
        "(place_id, entered_at) INCLUDE (left_at, person_id)",
        "(person_id, entered_at) INCLUDE (left_at, place_id)",
    )


def cpu_of_server(postmaster: int) -> float:
    """Seconds of CPU of the server: every process of it, and those that ended."""
    return cpu_of(postmaster) + outlived(postmaster) + cpu_of_children(postmaster)


def _row_type(schema: pa.Schema) -> np.dtype:
    """A row of the binary COPY format: number of fields, then each field after its length, big endian."""
    fields: list[tuple[str, str]] = [("fields", ">i2")]
    for column in schema:
        width = column.type.bit_width // 8
        fields += [(f"{column.name}_length", ">i4"), (column.name, f">i{width}")]
    return np.dtype(fields)


def _packed(part: pa.RecordBatch, schema: pa.Schema) -> bytes:
    rows = np.empty(part.num_rows, dtype=_row_type(schema))
    rows["fields"] = len(schema)
    for column in schema:
        rows[f"{column.name}_length"] = column.type.bit_width // 8
        rows[column.name] = part[column.name].to_numpy()
    return rows.tobytes()


def _unpacked(data: bytes) -> pa.Table:
    rows = np.frombuffer(data[len(_HEADER) : -2], dtype=_row_type(CONTACTS))
    columns = [rows[column.name].astype(column.type.to_pandas_dtype()) for column in CONTACTS]
    return pa.table(columns, schema=CONTACTS)
