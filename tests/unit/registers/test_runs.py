"""An import as people meet it: trial, confirmation, repair sheet; large ones as jobs; nothing lies in the clear."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from fangxian.core import clock, jobs
from fangxian.registers import runs, sheets, site
from fangxian.registers.ledger import Ledger
from fangxian.registers.runs import ImportRun
from fangxian.systems.people.models import Person
from tests.registers.samples import resident_number

VILLAGE = "410883001212"


@pytest.fixture
def duty(officer):
    return officer("duty_officer")


def sheet(*rows) -> bytes:
    return sheets.write_xlsx(["area", "name", "id_number"], rows)


def begin(duty, *rows) -> ImportRun:
    return runs.begin(site.get("people.person"), sheet(*rows), "people.xlsx", by=duty)


def test_trial_confirmation_and_repair(duty):
    run = begin(duty, [VILLAGE, "甲", resident_number(1)], [VILLAGE, "乙", "12345"])
    assert run.state == "tried" and run.ledger["inserted"] == 1 and Person.unscoped.count() == 0
    done = runs.confirm(run, by=duty)
    assert done.state == "done" and Person.unscoped.count() == 1
    repair = sheets.read(done.repair_sheet)
    assert repair.rows[0][:3] == [VILLAGE, "乙", "12345"] and "id_number" in repair.rows[0][3]
    with pytest.raises(ValidationError):
        runs.confirm(done, by=duty)
    assert "people.xlsx" in str(done)


def test_the_mended_repair_sheet_imports_clean(duty):
    done = runs.confirm(begin(duty, [VILLAGE, "乙", "12345"]), by=duty)
    table = sheets.read(done.repair_sheet)
    table.rows[0][2] = resident_number(2)
    again = runs.begin(site.get("people.person"), sheets.write_xlsx(table.headings, table.rows), "r.xlsx", by=duty)
    assert (again.ledger["inserted"], again.ledger["rejected"], again.ledger["ignored_columns"]) == (1, 0, [])


def test_uploads_are_encrypted_and_end_after_a_day(duty, frozen):
    run = begin(duty, [VILLAGE, "甲", resident_number(1)])
    with connection.cursor() as cursor:
        cursor.execute("select upload, repair from registers_importrun")
        assert resident_number(1) not in str(cursor.fetchall())
    assert runs.mine(duty).get() == run
    with clock.frozen(frozen + timedelta(hours=25)):
        assert runs.purge() == 1


def test_a_large_upload_is_tried_and_imported_by_jobs(duty, monkeypatch):
    monkeypatch.setattr(runs, "AT_ONCE", 1)
    run = begin(duty, [VILLAGE, "甲", resident_number(1)], [VILLAGE, "乙", resident_number(2)])
    assert run.state == "trying"
    jobs.run_pending()
    run.refresh_from_db()
    assert run.state == "tried"
    runs.confirm(run, by=duty)
    jobs.run_pending()
    run.refresh_from_db()
    assert run.state == "done" and Person.unscoped.count() == 2


def test_what_cannot_be_read_is_refused_with_the_reason(duty):
    run = runs.begin(site.get("people.person"), b"", "empty.csv", by=duty)
    assert run.state == "refused" and run.error
    run = runs.begin(site.get("people.person"), b"area\n1\n", "short.csv", by=duty)
    assert run.state == "refused" and run.error


def test_a_sheet_that_went_another_way_keeps_its_repair(duty):
    ledger = Ledger(rows=2, headings=["area", "name"])
    kept = runs.keep(site.get("people.person"), ledger, "clean.csv", by=duty)
    assert (kept.state, kept.repair) == ("done", "")
    ledger.reject(3, [VILLAGE, "乙"], {"name": "is missing"})
    table = sheets.read(runs.keep(site.get("people.person"), ledger, "torn.csv", by=duty).repair_sheet)
    assert table.rows[0][:2] == [VILLAGE, "乙"] and "is missing" in table.rows[0][2]
