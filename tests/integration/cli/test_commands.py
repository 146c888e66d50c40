"""The command line as an operator uses it: every verb in a process of its own, on one small demo county."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from tests.shared_data import shared

pytestmark = pytest.mark.timeout(900)


def fangxian(*arguments: object, code: int = 0, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command; the exit code is part of the promise."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("FANGXIAN", "DATABASE", "DJANGO"))
    }
    done = subprocess.run(
        [sys.executable, "-m", "fangxian.faces.cli", *map(str, arguments)],
        env={**environment, "LANG": "C.UTF-8"}, cwd=cwd, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == code, f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A demo county of a few hundred people; gives its folder and what the command printed."""
    data = tmp_path_factory.mktemp("demo") / "data"
    done = fangxian("demo", "--data", data, "--scale", "0.003", "--no-serve")
    return data, done.stdout


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """A new installation; gives its folder and what `init` said."""
    data = tmp_path_factory.mktemp("fresh") / "data"
    return data, json.loads(fangxian("init", "--data", data, "--json").stdout)


def test_the_demo_ends_with_its_line_and_is_not_built_twice(demo) -> None:
    data, said = demo
    last = said.strip().splitlines()[-1]
    assert re.fullmatch(
        r"demo persons=\d+ visits=\d+ cases=\d+ contacts=\d+ recall=[\d.]+ precision=[\d.]+ "
        r"seconds_result_to_tasks=[\d.]+",
        last,
    )
    assert re.search(r"Set-up code.* [A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}", said), said
    assert fangxian("demo", "--data", data, "--scale", "0.003", "--no-serve").stdout.strip().splitlines()[-1] == last
    assert "holds a demo of scale 0.003" in fangxian("demo", "--data", data, "--no-serve", code=2).stderr


def test_a_first_start_makes_keys_areas_and_a_code(fresh) -> None:
    data, said = fresh
    assert said["areas"] > 2000
    assert re.fullmatch(r"[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}", said["setup_code"])
    assert Path(said["keys"]).stat().st_mode & 0o777 == 0o600
    again = json.loads(fangxian("init", "--data", data, "--json").stdout)
    assert again["areas"] == 0
    assert again["setup_code"] != said["setup_code"]


@pytest.mark.sqlite_only
def test_migrations_make_the_tables_of_the_models(fresh, db) -> None:
    data, _said = fresh
    with connection.cursor() as here, closing(sqlite3.connect(data / "fangxian.sqlite")) as there:
        assert _tables(here) == {name: parts for name, parts in _tables(there).items() if name != "django_migrations"}


def _tables(store) -> dict[str, list[str]]:
    """The statements that made tables and indexes, by name, as their parts: the order of columns is free."""
    found = store.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")
    return {name: sorted(sql.partition("(")[2].removesuffix(")").split(", ")) for name, sql in found.fetchall()}


def test_officers_come_and_go(fresh) -> None:
    data, _said = fresh
    made = json.loads(
        fangxian("user", "add", "wang", "--role", "viewer", "--area", "410883", "--data", data, "--json").stdout
    )
    assert len(made["one_time_password"]) == 19
    assert fangxian("user", "add", "wang", "--role", "nobody", "--area", "410883", "--data", data, code=2)
    assert fangxian("user", "add", "wang", "--role", "viewer", "--area", "99", "--data", data, code=2)
    listed = json.loads(fangxian("user", "list", "--data", data, "--json").stdout)
    assert next(one for one in listed if one["username"] == "wang")["posts"] == ["viewer 410883"]
    assert json.loads(fangxian("user", "end", "wang", "--data", data, "--json").stdout)["ended_posts"] == 1
    assert "no active officer" in fangxian("user", "end", "wang", "--data", data, code=2).stderr


def test_a_sheet_goes_in_with_a_ledger_and_comes_out(demo, tmp_path) -> None:
    data, _said = demo
    sheet = tmp_path / "people.csv"
    sheet.write_text("name,area,phone\n金小一,410883001,13800138000\n金小二,410883001,abc\n", "utf-8")
    common = ("person", sheet, "--as", "duty-officer1", "--data", data)
    tried = json.loads(fangxian("import", *common, "--dry-run", "--json", code=1).stdout)
    assert (tried["inserted"], tried["rejected"]) == (1, 1)
    report, repair = tmp_path / "ledger.json", tmp_path / "repair.xlsx"
    said = fangxian("import", *common, "--report", report, "--repair", repair, code=1).stdout
    assert json.loads(report.read_text())["rejects"][0]["field"] == "phone"
    assert repair.stat().st_size > 1000
    assert "Mend and import again" in said
    assert "There is no register" in fangxian("import", "nothing", sheet, "--as", "x", "--data", data, code=2).stderr
    assert "carries the right" in fangxian("import", *common[:3], "laboratory1", *common[4:], code=2).stderr
    out = tmp_path / "tasks.xlsx"
    exported = json.loads(
        fangxian("export", "task", "--as", "duty-officer1", "--out", out, "--data", data, "--json").stdout
    )
    assert exported["rows"] > 10
    assert out.read_bytes().startswith(b"PK")
    text = fangxian("export", "command.task", "--as", "duty-officer1", "--data", data).stdout
    assert len(text.splitlines()) > exported["rows"]


def test_a_case_is_responded_to_again(demo) -> None:
    data, _said = demo
    number = json.loads((data / "demo.json").read_text("utf-8"))["responses"][0]["case"]
    again = json.loads(fangxian("respond", "--case", number, "--data", data, "--json").stdout)
    assert again["difference"]["contacts"]["added"] == 0
    assert "no case with the number" in fangxian("respond", "--case", "x", "--data", data, code=2).stderr
    assert "Name either" in fangxian("respond", "--data", data, code=2).stderr


def test_a_night_of_early_warning_is_run_again(demo) -> None:
    told = json.loads(fangxian("warn", "--as-of", "2022-03-14", "--area", "410883", "--data", demo[0], "--json").stdout)
    assert (told["as_of"], told["raised"], told["areas"]) == ("2022-03-14", 0, 1)
    assert told["extended"] + told["quiet"] > 0 and told["series"] > 5


def test_a_backup_is_restored_and_a_damaged_one_is_not(demo, tmp_path) -> None:
    data, _said = demo
    file, keys = tmp_path / "b.fxb", Path(f"{data}.keys.json")
    assert json.loads(fangxian("backup", file, "--data", data, "--json").stdout)["files"] > 5
    assert "never replaces" in fangxian("backup", file, "--data", data, code=2).stderr
    restored = tmp_path / "restored"
    said = json.loads(fangxian("restore", file, "--data", restored, "--keys", keys, "--json").stdout)
    assert said["findings"] == {}
    assert "is not empty" in fangxian("restore", file, "--data", restored, "--keys", keys, code=2).stderr
    forced = json.loads(fangxian("restore", file, "--data", restored, "--keys", keys, "--force", "--json").stdout)
    assert Path(forced["set_aside"]).is_dir()
    cut = tmp_path / "cut.fxb"
    cut.write_bytes(file.read_bytes()[:-1000])
    assert "damaged or cut" in fangxian("restore", cut, "--data", tmp_path / "x", "--keys", keys, code=2).stderr
    assert not (tmp_path / "x").exists()


def test_a_purge_proves_itself(demo, tmp_path) -> None:
    data, _said = demo
    file, copy = tmp_path / "b.fxb", tmp_path / "copy"
    keys, proof = Path(f"{data}.keys.json"), tmp_path / "proof.json"
    fangxian("backup", file, "--data", data)
    fangxian("restore", file, "--data", copy, "--keys", keys)
    fangxian("purge", "--as-of", "2022-03-20", "--proof", proof, "--data", copy, "--keys", keys)
    found = json.loads(proof.read_text())
    assert found["visits_before"] == "2022-03-06"
    assert found["visits_dropped"] == found["ids_searched"] > 1000
    assert (found["hits"], found["retention"]["days"]) == (0, 14)
    assert found["control_hits"] >= found["control_ids"] > 0


def test_everything_stored_is_verified(demo, tmp_path) -> None:
    data, _said = demo
    fangxian("verify", "--data", data)
    heads = tmp_path / "heads.jsonl"
    fangxian("audit", "anchor", "--out", heads, "--data", data)
    assert json.loads(fangxian("audit", "verify", "--anchors", heads, "--data", data, "--json").stdout)["sound"] is True
    heads.write_text('{"seq": 3, "mac": "0"}\n')
    assert fangxian("audit", "verify", "--anchors", heads, "--data", data, code=1)
    heads.write_text("nonsense\n")
    assert fangxian("audit", "verify", "--anchors", heads, "--data", data, code=2)
    assert "jobs" in json.loads(fangxian("worker", "--once", "--data", data, "--json").stdout)


def test_what_is_wrong_is_said_without_a_traceback(tmp_path) -> None:
    assert "no installation" in fangxian("serve", "--data", tmp_path / "none", code=3).stderr
    assert "TLS proxy" in fangxian("serve", "--data", tmp_path, "--address", "0.0.0.0", code=2).stderr
    assert fangxian("import", "person", tmp_path / "none.csv", "--as", "x", code=2)
    (tmp_path / "fangxian.sqlite").touch()
    assert "restore the key file" in fangxian("init", "--data", tmp_path, code=3).stderr


def test_real_check_ins_are_traced(tmp_path) -> None:
    (tmp_path / "cases.csv").write_text("person,from,until\n0,2010-10-10 00:00,2010-10-20 00:00\n5,,\n")
    visits, out = shared("data/checkins/gowalla_sample.txt.gz"), tmp_path / "contacts.csv"
    said = json.loads(
        fangxian("trace", "--visits", visits, "--cases", tmp_path / "cases.csv", "--out", out, "--json").stdout
    )
    assert (said["visits"], said["contacts"], said["checksum"]) == (157_251, 19, "0x5f5520e87fd4f995")
    assert len(out.read_text().splitlines()) == 20


def test_a_real_line_list_is_taken_in_from_an_empty_folder(tmp_path) -> None:
    cases, pairs = (
        shared("data/linelists/mers_korea_2015_cases.csv"),
        shared("data/linelists/mers_korea_2015_contacts.csv"),
    )
    said = json.loads(fangxian("respond", "--linelist", cases, "--contacts", pairs, "--json", cwd=tmp_path).stdout)
    assert (said["cases"], said["links"], said["pair_rows"]) == (162, 98, 98)
    assert max(said["spreaders"].values()) == 38
    assert (tmp_path / "data" / "fangxian.sqlite").exists()


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["fresh"], r"promise=S3 installs=2 accounts=0 shared_secrets=0 .*findings=0"),
        (["audit", "--tamper", "all", "--entries", "300"], r"promise=S18 entries=300 tampered=9\d missed=0 .*"),
        (["import", "--rows", "600", "--bad", "60"], r"promise=R7 rows=600 .*difference=0 .*repair_rejects=0 .*"),
        (["residue", "--persons", "20"], r"promise=P5 .*plain=0 .*after_purge=0 in_restored_backup=0 findings=0"),
        (["authz", "--role", "grid_worker"], r"promise=S1 operations=\d+ cells=\d+ .*undeclared=0 violations=0 .*"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)  # fmt: skip
def test_a_promise_is_checked(arguments, line) -> None:
    last = fangxian("check", *arguments).stdout.strip().splitlines()[-1]
    assert re.fullmatch(line, last), last


def test_a_tampering_that_does_not_exist_is_refused() -> None:
    assert "There are: all, edit" in fangxian("check", "audit", "--tamper", "bend", code=2).stderr
