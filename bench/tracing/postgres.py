"""PostgreSQL in a throw-away cluster: one table, two b-trees, the stays materialized."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import psycopg
import pyarrow as pa

from bench.tracing import sql
from bench.tracing.measure import cpu_of, own_cpu
from fangxian.engines.tracing import CASES, CONTACTS, VISITS

SETTINGS = {
    "shared_buffers": "2GB",
    "work_mem": "256MB",
    "maintenance_work_mem": "1GB",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    "fsync": "off",
    "listen_addresses": "",
}
_HEADER = b"PGCOPY\n\xff\r\n\x00" + b"\x00" * 8


class Cluster:
    """A PostgreSQL server of our own on a unix socket; started by the user `postgres` when this is root."""

    def __init__(self, binaries: Path) -> None:
        self.binaries = binaries
        self.folder = Path(tempfile.mkdtemp(prefix="fangxian-bench-pg-"))
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        self._run("initdb", "-D", str(self.folder / "data"), "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C")
        options = " ".join(f"-c {name}={value or chr(39) * 2}" for name, value in SETTINGS.items())
        options = f"{options} -k {self.folder}"
        self._run(
            "pg_ctl", "-D", str(self.folder / "data"), "-w", "-l", str(self.folder / "log"), "-o", options, "start"
        )

    def _run(self, program: str, *arguments: str) -> None:
        user = "postgres" if os.geteuid() == 0 else None
        command = [str(self.binaries / program), *arguments]
        subprocess.run(command, check=True, user=user, cwd=self.folder, stdout=subprocess.DEVNULL)

    def connect(self) -> psycopg.Connection:
        return psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres", autocommit=True)

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(self.folder)


class Postgres:
    """CPU counts the backend and this process."""

    key = "postgresql"
    name = "PostgreSQL, two b-trees, materialized"

    def __init__(self, binaries: Path) -> None:
        self.cluster = Cluster(binaries)
        self.connection = self.cluster.connect()
        self.backend = self.connection.info.backend_pid
        self.version = f"postgresql {self.connection.info.parameter_status('server_version')}"

    def cpu(self) -> float:
        return own_cpu() + self.backend_cpu()

    def backend_cpu(self) -> float:
        return cpu_of(self.backend)

    def load(self, visits: pa.Table, folder: Path) -> None:
        self._create("visits", visits)
        self._execute("CREATE INDEX ON visits (place_id, entered_at)", "CREATE INDEX ON visits (person_id, entered_at)")
        self._execute("VACUUM ANALYZE visits")

    def trace(self, cases: pa.Table) -> pa.Table:
        if cases.num_rows == 1:
            source = sql.one_case(tuple(cases.to_pylist()[0].values()))
        else:
            source = "cases"
            self._create(source, cases)
        text = sql.contacts(cases=source, by_person="visits", by_place="visits", materialized=True)
        with self.connection.cursor().copy(f"COPY ({text}) TO STDOUT (FORMAT BINARY)") as copy:
            return _unpacked(b"".join(copy))

    def _create(self, name: str, table: pa.Table) -> None:
        schema = VISITS if name == "visits" else CASES
        kinds = {pa.int32(): "int", pa.int64(): "bigint"}
        columns = ", ".join(f"{column.name} {kinds[column.type]}" for column in schema)
        self._execute(f"DROP TABLE IF EXISTS {name}", f"CREATE UNLOGGED TABLE {name} ({columns})")
        with self.connection.cursor().copy(f"COPY {name} FROM STDIN (FORMAT BINARY)") as copy:
            copy.write(_HEADER)
            for part in table.to_batches(max_chunksize=500_000):
                copy.write(_packed(part, schema))
            copy.write(b"\xff\xff")
        self._execute(f"ANALYZE {name}")

    def _execute(self, *statements: str) -> None:
        for statement in statements:
            self.connection.execute(statement)

    def close(self) -> None:
        self.connection.close()
        self.cluster.stop()


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
