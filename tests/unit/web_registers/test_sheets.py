"""Sheets in and out through the pages: trial, ledger, confirmation, repair sheet, template, export."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from fangxian.core import jobs
from fangxian.core.audit import AuditEntry
from fangxian.registers import runs, sheets
from fangxian.registers.runs import ImportRun
from fangxian.systems.people.models import Person

pytestmark = pytest.mark.django_db
IMPORT = reverse("register_import", args=["people.person"])
HEAD = "area,name,id_type,sex,id_number"
ROWS = (
    "410883001212,张三,RESIDENT,MALE,410883199001011230",
    "410883002201,李四,NONE,FEMALE,",
    "火星,王五,NONE,MALE,",
    "410883001212,赵六,RESIDENT,MALE,410883199001011239",
)


def file(*rows: str, name: str = "名单.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "\n".join((HEAD, *rows)).encode())


def uploaded(client, *rows: str, address: str = IMPORT) -> ImportRun:
    answer = client.post(address, {"file": file(*rows)})
    assert answer.status_code == 302, answer.context["form"].errors
    return ImportRun.objects.get(pk=answer["Location"].rstrip("/").split("/")[-1])


def page(name: str, run: ImportRun) -> str:
    return reverse(name, args=[run.register, run.pk])


def test_a_sheet_is_tried_then_confirmed_and_every_row_accounted_for(investigator, county):
    run = uploaded(investigator, *ROWS)
    shown = investigator.get(page("register_import_run", run)).content.decode()
    assert "nothing is written yet" in shown and "Import 2 rows" in shown
    assert not Person.unscoped.exists()

    answer = investigator.post(page("register_import_confirm", run), follow=True)
    assert sorted(Person.unscoped.values_list("name", flat=True)) == ["张三", "李四"]
    counts = {key: count for key, count, _label, _tone in answer.context["counts"]}
    assert counts == {"inserted": 2, "updated": 0, "unchanged": 0, "duplicate": 0, "rejected": 2, "blank": 0}
    assert [(reject["row"], reject["label"]) for reject in answer.context["rejects"]] == [
        (4, "Area"),
        (5, "Identity number"),
    ]
    assert "Every row of the sheet is accounted for" in answer.content.decode()


def test_the_repair_sheet_holds_the_rejected_rows_with_their_reasons(investigator, county):
    run = uploaded(investigator, *ROWS)
    answer = investigator.get(page("register_import_repair", run))
    table = sheets.read(answer.content)
    assert table.headings[:2] == ["area", "name"] and [row[1] for row in table.rows] == ["王五", "赵六"]
    assert all(row[-1] for row in table.rows)


def test_an_import_cannot_be_confirmed_twice(investigator, county):
    run = uploaded(investigator, ROWS[0])
    investigator.post(page("register_import_confirm", run))
    answer = investigator.post(page("register_import_confirm", run), follow=True)
    assert "not waiting to be confirmed" in answer.content.decode()
    assert Person.unscoped.count() == 1


def test_a_sheet_that_cannot_be_read_says_why(investigator, county):
    answer = investigator.post(IMPORT, {"file": SimpleUploadedFile("x.csv", b"name\nx\n")}, follow=True)
    assert "These columns are missing" in answer.content.decode()
    assert investigator.post(IMPORT, {}).status_code == 422


def test_nobody_sees_anothers_upload(investigator, officer, sign_in, county):
    run = uploaded(investigator, *ROWS)
    other = sign_in(officer("investigator"))
    for name in ("register_import_run", "register_import_repair"):
        assert other.get(page(name, run)).status_code == 404
    assert other.post(page("register_import_confirm", run)).status_code == 404
    assert run.filename not in other.get(IMPORT).content.decode()


def test_a_large_sheet_is_tried_by_a_job_that_shows_how_far_it_is(investigator, county, monkeypatch):
    monkeypatch.setattr(runs, "AT_ONCE", 1)
    run = uploaded(investigator, *ROWS)
    address = page("register_import_run", run)
    assert "hx-trigger" in investigator.get(address).content.decode()
    htmx = {"HX-Request": "true"}
    assert "fx-progress" in investigator.get(address, headers=htmx).content.decode()
    jobs.run_pending()
    assert investigator.get(address, headers=htmx)["HX-Redirect"] == address
    assert "Import 2 rows" in investigator.get(address).content.decode()


def test_importing_needs_the_right(officer, sign_in, county):
    worker = sign_in(officer("grid_worker", "410883001212"))
    assert worker.get(IMPORT).status_code == worker.post(IMPORT, {"file": file()}).status_code == 403
    assert worker.get(reverse("register_template", args=["people.person"])).status_code == 403


def test_the_empty_sheet_has_the_headings_in_the_readers_language(officer, sign_in):
    client = sign_in(officer("investigator"))
    answer = client.get(reverse("register_template", args=["people.person"]))
    assert "Sex" in sheets.read(answer.content).headings


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_export_is_what_the_list_shows_and_is_recorded(officer, sign_in, form):
    client = sign_in(officer("duty_officer"))
    add = reverse("register_add", args=["command.task"])
    for title in ("=1+1", "看门"):
        client.post(add, {"area": "410883", "kind": "GENERAL", "title": title, "priority": "NORMAL"})
    answer = client.get(
        reverse("register_export", args=["command.task", form]), {"status": "PENDING", "area": "410883"}
    )
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    table = sheets.read(content)
    titles = {row[table.headings.index("Title")] for row in table.rows}
    assert titles == {"'=1+1", "看门"}
    entry = AuditEntry.objects.get(action="command.task.exported")
    assert entry.detail == {"form": form, "area": "410883", "filters": {"status": "PENDING"}, "searched": False}
