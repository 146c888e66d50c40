"""Visits and cases from files: headings in any spelling or none, ids of any kind, times as text or seconds."""

import gzip

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fangxian.engines.tracing import trace
from fangxian.faces.cli import visit_files
from fangxian.faces.cli.visit_files import Unreadable

HOUR = 3600


@pytest.fixture
def files(tmp_path):
    """Factory: write both files and read them."""

    def read(visits: str, cases: str, suffix: str = ".csv", stay: int = HOUR):
        one, two = tmp_path / f"visits{suffix}", tmp_path / "cases.csv"
        one.write_text(visits, "utf-8")
        two.write_text(cases, "utf-8")
        return visit_files.read(one, two, stay_s=stay, zone="Asia/Shanghai")

    return read


def test_names_and_local_times(files, tmp_path) -> None:
    read = files(
        "人员,场所,进入时间,离开时间\n张三,药店,2022-03-14 08:00,2022-03-14 09:00\n李四,药店,2022-03-14 08:30,\n",
        "person,from,until\n张三,2022-03-14 00:00,2022-03-15 00:00\n",
    )
    found = trace(read.visits, read.cases)
    assert (read.visits.num_rows, found["overlap_s"].to_pylist()) == (2, [1800])
    visit_files.write(tmp_path / "out.csv", found, read)
    line = (tmp_path / "out.csv").read_text("utf-8").splitlines()[1].replace('"', "")
    assert line == "张三,李四,1,1800,0,2022-03-14T00:30:00Z,2022-03-14T00:30:00Z,1,药店"


def test_no_headings_numbers_and_seconds(files) -> None:
    read = files("7\t3\t1000000\n8\t3\t1000600\n", "person\n7\n", suffix=".txt")
    assert read.visits.column("person_id").to_pylist() == [7, 8]
    assert read.cases.to_pylist() == [{"case_id": 0, "person_id": 7, "t0": 1000000, "t1": 1000600 + HOUR}]
    assert (read.persons, read.places) == (None, None)


def test_compressed_text_and_parquet(tmp_path) -> None:
    cases = tmp_path / "cases.csv"
    cases.write_text("case,person,until\nfirst,a,\n")
    table = pa.table({"user": ["a", "b"], "poi": ["x", "x"], "time": pa.array([100, 200], pa.timestamp("s", "UTC"))})
    pq.write_table(table, tmp_path / "v.parquet")
    (tmp_path / "v.csv.gz").write_bytes(gzip.compress(b"user,poi,time\na,x,100\nb,x,200\n"))
    for name in ("v.parquet", "v.csv.gz"):
        read = visit_files.read(tmp_path / name, cases, stay_s=60, zone="UTC")
        assert read.visits["entered_at"].to_pylist() == [100, 200]
        assert read.labels == ["first"]
        visit_files.write(tmp_path / "out.parquet", trace(read.visits, read.cases, lag=600), read)
        assert pq.read_table(tmp_path / "out.parquet")["person"].to_pylist() == ["b"]


def test_visits_that_end_before_they_begin_are_counted(files) -> None:
    read = files("person,place,entered_at,left_at\na,x,100,50\nb,x,100,200\n", "person\nb\n")
    assert (read.left_out, read.visits.num_rows) == (1, 1)


@pytest.mark.parametrize(
    ("visits", "cases", "reason"),
    [
        ("person,entered_at\na,1\n", "person\na\n", "no column place"),
        ("person,place,entered_at\na,x,yesterday\n", "person\na\n", "time cannot be read"),
        ("person,place,entered_at\na,x,1647216000000\n", "person\na\n", "between 1970 and 2038"),
        ("person,place,entered_at\na,x,\n", "person\na\n", "time is missing"),
        ("person,place,entered_at\na,,1\n,x,2\n", "person\na\n", "cannot be|missing"),
        ("person,place,entered_at\na,x,1\n", "person\nz\n", "None of the persons"),
        ("person,place,entered_at\n1,x,1\n", "person\nz\n", "are numbers"),
        ("person,place,entered_at\na,x,1\n", "person,from,until\na,9,5\n", "row 1 ends before"),
        ("person,place,entered_at,left_at\na,x,9,1\n", "person\na\n", "holds no visit"),
        ("person,place,entered_at\na,x,1,2,3\n", "person\na\n", "cannot be read"),
    ],
)
def test_what_cannot_be_read_is_said(files, visits, cases, reason) -> None:
    with pytest.raises(Unreadable, match=reason):
        files(visits, cases)
