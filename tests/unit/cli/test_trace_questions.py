"""`fangxian trace --sources`, `--second-degree` and `--explain`, over files as people have them."""

import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import typer
from typer.testing import CliRunner

from fangxian.faces.cli import trace as verb
from fangxian.faces.cli.output import Problem

DAYS = range(4, 9)
GUESTS = ("An", "Bo", "Cy")
VISITS = [
    *((guest, "Canton", f"2021-10-06T18:{10 * late:02}", "2021-10-06T20:00") for late, guest in enumerate(GUESTS)),
    *((guest, "plant", f"2021-10-0{day}T08:00", f"2021-10-0{day}T16:00") for day in DAYS for guest in GUESTS),
    *((f"p{hour}", f"shop {hour % 5}", f"2021-10-06T{hour:02}:00", f"2021-10-06T{hour:02}:40") for hour in range(24)),
    ("An", "bus", "2021-10-07T07:00", "2021-10-07T07:30"),
    ("Di", "bus", "2021-10-07T07:00", "2021-10-07T07:30"),
    ("Di", "home", "2021-10-07T18:00", "2021-10-07T22:00"),
    ("Ed", "home", "2021-10-07T18:00", "2021-10-07T22:00"),
]


@pytest.fixture
def run(tmp_path: Path):
    """The verb over these visits and the three guests as cases: what it says, and the rows it writes."""
    lines = ["person,place,entered_at,left_at", *(",".join(visit) for visit in VISITS)]
    (tmp_path / "visits.csv").write_text("\n".join(lines))
    cases = ["case,person,from,until", *(f"{guest}-1,{guest},2021-10-05,2021-10-09" for guest in GUESTS)]
    (tmp_path / "cases.csv").write_text("\n".join(cases))
    commands = typer.Typer()
    verb.register(commands)

    def run(*options: str, out: str = "out.csv"):
        files = ["--visits", tmp_path / "visits.csv", "--cases", tmp_path / "cases.csv", "--out", tmp_path / out]
        answer = CliRunner().invoke(commands, [*map(str, files), "--json", *options])
        if isinstance(answer.exception, Problem):
            raise answer.exception
        assert answer.exit_code == 0, answer.output
        if out.endswith(".parquet"):
            return json.loads(answer.stdout), pq.read_table(tmp_path / out).to_pylist()
        with (tmp_path / out).open() as file:
            return json.loads(answer.stdout), list(csv.DictReader(file))

    return run


def test_sources_name_the_dinner_and_below_it_the_plant(run) -> None:
    told, (dinner, plant) = run("--sources")
    assert (told["places"], told["usual_places"]) == (1, 1)
    assert (dinner["place"], dinner["cases"], dinner["case_names"]) == ("Canton", "3", "An-1; Bo-1; Cy-1")
    assert (dinner["peak"], dinner["peak_at"], dinner["best_day"]) == ("3", "2021-10-06T10:20:00Z", "2021-10-06")
    assert float(dinner["llr"]) > 0
    assert (plant["place"], plant["cases"], plant["regulars"]) == ("plant", "", "3")
    assert plant["regular_names"] == "An-1; Bo-1; Cy-1"


def test_sources_with_the_regulars_and_as_parquet(run) -> None:
    told, rows = run("--sources", "--regulars", out="out.parquet")
    assert told["usual_places"] == 0
    assert {row["place"] for row in rows} == {"Canton", "plant"}
    assert run("--sources", "--k", "4")[1] == []


def test_the_second_degree_is_cut_and_says_so(run) -> None:
    """Through Di, whom An met on the bus, An reaches Ed; through An the others reach Di."""
    told, rows = run("--second-degree")
    assert [(row["case"], row["via"], row["person"]) for row in rows] == [
        ("An-1", "Di", "Ed"),
        ("Bo-1", "An", "Di"),
        ("Cy-1", "An", "Di"),
    ]
    assert (told["second_degree"], told["cut"]) == (3, 0)
    assert len(run("--second-degree", "--follow-from", "31")[1]) == 2
    assert run("--second-degree", "--max-place-rows", "0")[0]["contacts"] == 0


@pytest.mark.parametrize("question", [(), ("--sources",), ("--second-degree",)])
def test_what_is_read_can_be_told(run, question: tuple[str, ...]) -> None:
    told = run("--explain", *question)[0]
    assert told["engine"] == "segments (segments)"
    assert told["segments"] == 1
    assert told["bytes_touched"] == 12 * told["rows_touched"] > 0
    assert "engine" not in run(*question)[0]
    assert run("--explain", "--engine", "duckdb", *question)[0]["engine"] == "duckdb (named)"


def test_one_question_at_a_time(run) -> None:
    with pytest.raises(Problem, match="one at a time"):
        run("--sources", "--second-degree")
