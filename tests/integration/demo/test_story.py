"""The demo county: complete, synthetic, nobody can sign in, and its response is scored against the truth."""

import json
from datetime import datetime, timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fangxian.core import audit, clock
from fangxian.core.areas import Area, AreaCode
from fangxian.core.officers import Officer, Post
from fangxian.core.records import Record, Source
from fangxian.core.roles import ROLES
from fangxian.demo import report as demo_report
from fangxian.demo.days import BEGIN, DAY, DAYS
from fangxian.demo.morning import Told
from fangxian.systems.cases import services as case_services
from fangxian.systems.cases.models import Case, Contact, Event, Response
from fangxian.systems.command.models import Task
from fangxian.systems.command.selectors import ledger
from fangxian.systems.letters.models import LetterItem
from fangxian.systems.people.models import Household, Person
from fangxian.systems.quarantine.models import DailyCheck, Site, Stay
from fangxian.systems.screening.models import Place
from fangxian.systems.testing.models import LabResult, Sample, TestDuty, Tube
from fangxian.warehouse import visit_log
from fangxian.workflows import positive_result

pytestmark = [pytest.mark.slow, pytest.mark.postgres_only]  # the command builds one on SQLite


def test_the_tree_has_its_neighbours_and_the_other_list_of_codes(lived):
    assert Area.objects.filter(code__startswith="410883", kind="village").count() == 289
    assert Area.objects.filter(code__startswith="4108", kind__in=["county", "zone"]).count() == 11
    assert AreaCode.objects.filter(area_id="410883104", system="mca", code="410883108").exists()


def test_everybody_and_everything_loaded_is_marked_as_made_up(lived):
    demo, _report, _told = lived
    residents = Person.objects.filter(pk__in=demo.loaded.persons, source=Source.DEMO)
    assert residents.count() == len(demo.world.people) < Person.objects.count()  # a compound, travellers, entries twice
    for model in (Household, Place, Site):
        assert set(model.objects.values_list("source", flat=True)) == {Source.DEMO}


def test_a_stored_person_is_the_one_of_the_truth(lived):
    demo, _report, _told = lived
    person = Person.objects.get(pk=demo.loaded.persons[3])
    assert person.name == demo.world.people.name[3]
    assert person.area_id == demo.world.people.code(3)
    assert person.household_id == Person.objects.get(pk=demo.loaded.persons[3]).household_id
    assert f"{person.birth_date:%Y%m%d}" == str(demo.world.people.birth[3]) == person.id_number.reveal()[6:14]
    assert demo.world.tree.address(person.area_id) in person.address.reveal()


def test_the_recorded_visits_are_in_the_log_the_fortnight_sealed(lived):
    demo, report, _told = lived
    store = visit_log().open_store(include_hot=False)
    recorded = demo.world.moves.entered[demo.world.moves.is_scanned]
    assert report.visits == demo.visits == len(recorded)
    assert store.rows == (recorded < BEGIN + DAYS * DAY).sum() < len(recorded)
    assert len(store.segments) == DAYS
    assert visit_log().verify() == []


def test_nobody_can_sign_in_and_every_role_has_an_account(lived):
    assert not any(officer.has_usable_password() for officer in Officer.objects.all())
    assert set(Post.objects.values_list("role", flat=True)) == set(ROLES) - {"system_admin"}


def test_the_busiest_worker_has_tasks_to_show(lived):
    _demo, report, _told = lived
    worker = Officer.objects.get(username=report.busiest_worker)
    assert ledger(worker).exists()


def test_every_cell_has_its_grid_worker(lived):
    cells = set(Area.objects.filter(kind=Area.Kind.GRID_CELL).values_list("code", flat=True))
    assert set(Post.objects.filter(role="grid_worker").values_list("area_id", flat=True)) == cells


def test_no_register_of_the_demo_is_empty(lived):
    models = [model for model in apps.get_models() if issubclass(model, Record)]
    empty = [model.__name__ for model in models if not model._base_manager.exists()]
    assert empty == []


def test_states_of_every_kind_are_to_be_seen(lived):
    assert set(Task.objects.values_list("status", flat=True)) == set(Task.Status.values)
    assert Task.objects.filter(escalated_at__isnull=False).exists()
    assert set(Stay.objects.values_list("state", flat=True)) >= {"NO_ROOM", "BOOKED", "IN", "RELEASED"}
    assert set(TestDuty.objects.values_list("state", flat=True)) >= {"DUE", "DONE", "MISSED"}
    assert set(LabResult.objects.values_list("state", flat=True)) >= {"IN_FORCE", "HELD"}
    assert set(LabResult.objects.values_list("value", flat=True)) >= {"NEGATIVE", "POSITIVE"}
    assert set(Tube.objects.values_list("size", flat=True)) >= {1, 10}
    assert set(Sample.objects.values_list("subject", flat=True)) == set(Sample.Subject.values)
    assert DailyCheck.objects.filter(fever=True).exists() or DailyCheck.objects.count() < 400
    assert Event.objects.filter(closed_on__isnull=False).count() == 1


def test_each_positive_has_a_case_contacts_rooms_tests_and_tasks(lived):
    demo, report, _told = lived
    case = Case.objects.get(person_id=demo.loaded.persons[demo.world.infections[0].person])
    assert case.laboratory_at
    assert case.onset_on
    contacts = Contact.objects.filter(case=case, status=Contact.Status.ACTIVE)
    assert contacts.exists()
    assert not contacts.filter(evidence=[]).exists()
    local = contacts.filter(area__code__startswith="410883")
    tasks = Task.objects.filter(key__in=[f"contact:{contact.pk}" for contact in local])
    assert tasks.exclude(status=Task.Status.REMOVED).count() == local.count() > 0
    assert not tasks.filter(officer__isnull=True).exists()
    assert report.tasks + report.letters >= report.contacts


def test_a_contact_who_lives_elsewhere_becomes_a_letter(lived):
    _demo, report, _told = lived
    elsewhere = Contact.objects.exclude(area__code__startswith="410883").filter(status=Contact.Status.ACTIVE).count()
    people = LetterItem.objects.filter(letter__direction="OUT", letter__subject_kind="cases.case")
    assert report.letters == people.count() >= elsewhere > 0
    assert not people.filter(letter__other_code__startswith="410883").exists()
    assert not people.filter(letter__state="DRAFT", letter__channel="LOCAL").exists()


def test_the_interview_is_a_second_run_that_shows_the_difference(lived):
    _demo, report, _told = lived
    runs = [run for run in report.responses if run["why"] == "interview"]
    assert len(runs) == 1
    assert runs[0]["difference"]["contacts"]["added"] > 0
    assert Response.objects.filter(finished_at__isnull=True).count() == 0


def test_a_run_that_changes_much_still_reads_and_writes_in_sets(lived):
    demo, report, _told = lived
    case = Case.objects.get(person_id=demo.loaded.persons[demo.world.infections[0].person])
    with clock.frozen(datetime.fromisoformat(report.clock)):
        case = case_services.change_case(by=None, case=case, onset_on=case.onset_on - timedelta(days=4))
        with CaptureQueriesContext(connection) as asked:
            run = positive_result.respond(case_id=case.pk, by=None)
    assert run.difference["contacts"]["added"] + run.difference["contacts"]["changed"] > 40
    assert len(asked) < 140


def test_the_score_is_that_of_the_truth(lived):
    demo, report, _told = lived
    assert 0.5 < report.recall <= 1
    assert 0.5 < report.precision <= 1
    assert report.infected_found <= report.infected
    assert report.checksum == demo.world.checksum()


def test_the_last_line_and_the_document(lived):
    _demo, report, _told = lived
    words = dict(word.split("=") for word in report.line().removeprefix("demo ").split())
    assert list(words) == [
        "persons", "visits", "cases", "contacts", "recall", "precision", "seconds_result_to_tasks",
    ]  # fmt: skip
    assert int(words["cases"]) == report.cases >= 2
    assert json.loads(json.dumps(report.as_json()))["clock"].startswith("2022-03-15T13:00")
    assert (
        0
        < report.cpu_seconds_result_to_tasks
        == max(run["cpu_seconds"] for run in report.responses if run["why"] == "result")
    )
    assert {step.name for step in report.build} >= {"areas", "truth", "people_and_visits"}


def test_progress_is_told_while_it_goes(lived):
    _demo, _report, told = lived
    assert {what for what, _done, _total in told} >= {"area", "person", "household", "place", "visit", "case"}
    assert all(0 < done <= total for _what, done, total in told)


def test_the_audit_chain_of_the_demo_is_whole(lived):
    assert audit.verify().breaks == []


def test_a_score_needs_no_contact_at_all(lived):
    demo, _report, _told = lived
    told = Told()
    assert demo_report.score(demo.world, demo.loaded, told).recall == 1.0
