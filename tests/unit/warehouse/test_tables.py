"""Visits from a user's own file, however it was written; what cannot be read is named by line, field and reason."""

import gzip

import pytest

from fangxian.warehouse.visits import Rejection, read_visits
from fangxian.warehouse.visits.tables import UnreadableFile
from tests.shared_data import shared

ROWS = [("an", "cafe", 1640995200, 1640998800), ("bo", "cafe", 1640995260, 1640998800)]


def read(tmp_path, text, **how):
    path = tmp_path / "visits.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_visits(path, **how)


@pytest.mark.parametrize(
    "text",
    [
        "person,place,entered_at,left_at\nan,cafe,1640995200,1640998800\nbo,cafe,1640995260,1640998800\n",
        "place;person;left_at;entered_at\ncafe;an;1640998800;1640995200\ncafe;bo;1640998800;1640995260\n",
        "Person\tPlace\tEntered_at\tLeft_at\nan\tcafe\t1640995200\t1640998800\nbo\tcafe\t1640995260\t1640998800",
        "person,place,time,left\r\nan,cafe,2022-01-01T00:00Z,2022-01-01 09:00\r\nbo,cafe,2022-01-01 08:01,1640998800",
        "人员,场所,进入时间,离开时间\nan,cafe,1640995200,1640998800\nbo,cafe,1640995260,1640998800\n",
        "\ufeffuser_id,venue,timestamp,check_out,note\nan,cafe,1640995200.7,1640998800,x\nbo,cafe,1640995260,1640998800,y",
    ],
    ids=["csv", "semicolons", "tabs", "iso", "chinese", "bom and other names"],
)
def test_the_usual_ways_to_write_a_table(tmp_path, text):
    visits, rejected = read(tmp_path, text)
    assert rejected == []
    assert [tuple(row.values()) for row in visits.to_pylist()] == ROWS


def test_gb18030_and_gzip(tmp_path):
    text = "人员,场所,进入时间\n王芳,孟州一中,1640995200\n"
    visits, _ = read(tmp_path, gzip.compress(text.encode("gb18030")), assumed_stay=60)
    assert visits.to_pylist() == [
        {"person": "王芳", "place": "孟州一中", "entered_at": 1640995200, "left_at": 1640995260}
    ]


def test_three_bare_columns_and_an_assumed_stay(tmp_path):
    visits, _ = read(tmp_path, "0\t2049\t1287503727.0\n1\t2049\t1287503700.0\n", assumed_stay=3600)
    assert visits["left_at"].to_pylist() == [1287507327, 1287507300]


def test_bad_rows_are_named_and_the_others_read(tmp_path):
    text = (
        "person,place,entered_at,left_at\n"
        "an,cafe,1640995200,\n"
        ",cafe,1640995200,\n"
        "bo,,1640995200,\n"
        "cy,cafe,yesterday,\n"
        "di,cafe\n"
        "ed,cafe,1640995200,later\n"
        "fa,cafe,1640995200,1640995100\n"
        "ga,cafe,1640995200,1740995200\n"
        "ha,cafe,99999999999,\n"
        "ia,cafe,1640995200,1640995300\n"
    )
    visits, rejected = read(tmp_path, text)
    assert visits["person"].to_pylist() == ["an", "ia"]
    assert rejected == [
        Rejection(3, "person", "empty"),
        Rejection(4, "place", "empty"),
        Rejection(5, "entered_at", "not_a_time"),
        Rejection(6, "", "wrong_number_of_columns"),
        Rejection(7, "left_at", "not_a_time"),
        Rejection(8, "left_at", "before_entered_at"),
        Rejection(9, "left_at", "stay_too_long"),
        Rejection(10, "entered_at", "not_a_time"),
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "person,when\nan,5\n", 'person,place,time\n"an' + "x" * 3_000_000])
def test_what_is_no_table_of_visits_is_refused(tmp_path, text):
    with pytest.raises(UnreadableFile):
        read(tmp_path, text)


def test_the_gowalla_sample():
    visits, rejected = read_visits(shared("data/checkins/gowalla_sample.txt.gz"), assumed_stay=3600)
    assert visits.num_rows == 157_251
    assert rejected == []
