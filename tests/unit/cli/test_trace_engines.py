"""`fangxian trace --engine`: every engine gives the same file; what is missing is named."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from fangxian.engines.tracing import choice, on_spark
from fangxian.faces.cli import trace as verb
from fangxian.faces.cli.output import Problem
from tests.spark import local_spark

VISITS = "person,place,entered_at,left_at\n" + "".join(
    f"p{number},cafe {number % 3},2021-10-05T{8 + number % 4:02}:00,2021-10-05T{10 + number % 4:02}:30\n"
    for number in range(30)
)


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    (tmp_path / "visits.csv").write_text(VISITS)
    (tmp_path / "cases.csv").write_text("person,from,until\np1,2021-10-05,2021-10-06\np2,2021-10-05,2021-10-06\n")
    return ["--visits", str(tmp_path / "visits.csv"), "--cases", str(tmp_path / "cases.csv")]


@pytest.fixture
def run(files: list[str], tmp_path: Path):
    import typer

    commands = typer.Typer()
    verb.register(commands)

    def run(*options: str):
        out = tmp_path / "out.csv"
        answer = CliRunner().invoke(commands, [*files, "--out", str(out), "--json", *options])
        if isinstance(answer.exception, Problem):
            raise answer.exception
        assert answer.exit_code == 0, answer.output
        return out.read_text()

    return run


@pytest.mark.parametrize("engine", ["reference", "segments", "numba", "duckdb"])
def test_every_engine_writes_the_same_file(run, engine: str) -> None:
    assert run("--engine", engine) == run()


@pytest.mark.timeout(240)  # the first question waits for the virtual machine
def test_spark_is_given_its_master(run) -> None:
    local_spark()  # the one session of this process, made small
    assert run("--engine", "spark", "--master", "local[2]") == run()


def test_spark_needs_a_master(run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(on_spark.MASTER, raising=False)
    with pytest.raises(Problem, match="needs --master URL"):
        run("--engine", "spark")


@pytest.mark.parametrize("engine", ["numba", "spark"])
def test_a_missing_extra_is_named(run, engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "find_spec", lambda package: None)
    with pytest.raises(Problem, match="pip install fangxian"):
        run("--engine", engine, "--master", "local[2]")
