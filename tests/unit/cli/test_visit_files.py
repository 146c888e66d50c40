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


def test_rows_that_cannot_be_used_are_named_and_the_others_are_read(files, tmp_path) -> None:
    read = files("person,place,entered_at,left_at\na,x,100,50\nb,x,100,200\nc,,1,2\nd,x,yesterday,\n", "person\nb\n")
    assert read.visits.num_rows == 1
    assert read.rejected == [
        (2, "left_at", "before_entered_at"),
        (4, "place", "empty"),
        (5, "entered_at", "not_a_time"),
    ]
    visit_files.write_rejected(tmp_path / "r.csv", read)
    assert (tmp_path / "r.csv").read_text().splitlines()[1] == '2,"left_at","before_entered_at"'


def test_parquet_rows_that_end_before_they_begin_are_named(tmp_path) -> None:
    (tmp_path / "cases.csv").write_text("person\nb\n")
    columns = {"person": ["a", "b"], "place": ["x", "x"], "entered_at": [100, 100], "left_at": [50, 200]}
    pq.write_table(pa.table(columns), tmp_path / "v.parquet")
    read = visit_files.read(tmp_path / "v.parquet", tmp_path / "cases.csv", stay_s=60, zone="UTC")
    assert read.rejected == [(1, "left_at", "before_entered_at")]


@pytest.mark.parametrize(
    ("visits", "cases", "reason"),
    [
        ("person,entered_at\na,1\n", "person\na\n", "no column place"),
        (
            "person,place,entered_at\na,x,yesterday\n",
            "person\na\n",
            "used: row 2, entered_at not_a_time",
        ),
        ("person,place,entered_at\na,x,1647216000000\n", "person\na\n", "row 2, entered_at not_a_time"),
        ("person,place,entered_at\na,x,\n", "person\na\n", "row 2, entered_at not_a_time"),
        ("person,place,entered_at\na,,1\n,x,2\n", "person\na\n", "row 2, place empty"),
        ("person,place,entered_at\na,x,1\n", "person\nz\n", "None of the persons"),
        ("person,place,entered_at\n1,x,1\n", "person\nz\n", "are numbers"),
        ("person,place,entered_at\na,x,1\n", "person,from,until\na,9,5\n", "row 1 ends before"),
        ("person,place,entered_at,left_at\na,x,9,1\n", "person\na\n", "row 2, left_at before_entered_at"),
        ("person,place,entered_at\na,x,1,2,3\n", "person\na\n", "wrong_number_of_columns"),
    ],
)
def test_what_cannot_be_read_is_said(files, visits, cases, reason) -> None:
    with pytest.raises(Unreadable, match=reason):
        files(visits, cases)
