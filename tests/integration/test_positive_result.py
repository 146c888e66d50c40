"""The main street: a positive result, its contacts, rooms, tests, tasks; again, corrected, interrupted."""

from datetime import UTC, date, datetime, timedelta

import pytest

from fangxian.core import audit, clock, jobs, records, scope
from fangxian.core.areas import Area
from fangxian.systems.cases import selectors as cases
from fangxian.systems.cases import services as case_services
from fangxian.systems.cases.models import Case, Contact, Response
from fangxian.systems.command.models import Task
from fangxian.systems.letters import services as letters
from fangxian.systems.letters.models import Letter
from fangxian.systems.people.models import Household, Person
from fangxian.systems.quarantine.models import Room, Site, Stay
from fangxian.systems.screening.models import Place
from fangxian.systems.testing import services as testing
from fangxian.systems.testing.models import TestDuty
from fangxian.workflows import positive_result
from fangxian.workflows.positive_result import clocks, on_result, report_text, respond

MORNING = datetime(2022, 3, 15, 0, 0, tzinfo=UTC)  # 08:00 in Beijing
CELL, VILLAGE, NEIGHBOUR = "410883001212001", "410883002201", "410882001201"


@pytest.fixture
def town(officer, visits, frozen, everywhere):
    """A case-to-be with a household, a colleague, a guest at the restaurant, a guest from the next county."""
    return Town(officer, visits)


class Town:
    """People, places and the visits of the last days."""

    def __init__(self, officer, visits):
        self.investigator = officer("investigator")
        self.worker = officer("grid_worker", area=CELL)
        area = {code: Area.objects.get(code=code) for code in (CELL, VILLAGE, NEIGHBOUR)}
        home = make(Household, area=area[CELL], number="1", address="孟州市大定街道段西村1号")
        other_home = make(Household, area=area[VILLAGE], number="9")
        self.patient = make(Person, area=area[CELL], name="甲", household=home)
        self.wife = make(Person, area=area[CELL], name="乙", household=home)
        self.colleague = make(Person, area=area[VILLAGE], name="丙", household=other_home)
        self.colleague_wife = make(Person, area=area[VILLAGE], name="丁", household=other_home)
        self.guest = make(Person, area=area[NEIGHBOUR], name="戊")
        self.passer_by = make(Person, area=area[CELL], name="己")
        self.stranger = make(Person, area=area[CELL], name="庚")
        office = make(Place, area=area[VILLAGE], name="办公室", code="P1", kind="WORKPLACE")
        restaurant = make(Place, area=area[CELL], name="饭店", code="P2", kind="RESTAURANT")
        yesterday = MORNING - timedelta(days=1)
        visits(
            (self.patient, office, yesterday, 240), (self.colleague, office, yesterday + timedelta(hours=1), 200),
            (self.patient, restaurant, yesterday + timedelta(hours=10), 60),
            (self.guest, restaurant, yesterday + timedelta(hours=10, minutes=30), 60),
            (self.passer_by, restaurant, yesterday + timedelta(hours=10, minutes=55), 20),
            (self.stranger, restaurant, yesterday + timedelta(hours=14), 60),
        )  # fmt: skip
        site = make(Site, area=Area.objects.get(code="410883001"), name="宜尚酒店")
        for number in range(3):
            make(Room, area=site.area, site=site, number=str(101 + number))

    def positive(self, value="POSITIVE"):
        """The patient's single tube comes back."""
        area = self.patient.area
        testing.register_tube(by=None, area=area, barcode="T1")
        testing.add_sample(by=None, tube="T1", person=self.patient, sampled_at=MORNING - timedelta(hours=12))
        return testing.enter_result(
            by=None,
            barcode="T1",
            disease="covid19",
            value=value,
            tested_at=MORNING - timedelta(hours=1),
            laboratory="CDC",
        )

    def respond(self, **which) -> Response:
        return respond(by=self.investigator, **which)


def make(model, **values):
    return records.create(model, by=None, action="test.made", **values)


def contacts(**which) -> dict[str, str]:
    """Name → ring of the contacts followed."""
    found = Contact.objects.filter(status="ACTIVE", **which)
    return {contact.person.name: contact.ring for contact in found}


def test_a_positive_result_finds_rings_rooms_tests_and_tasks(town):
    response = town.respond(result_id=town.positive().pk)

    assert contacts() == {"乙": "CLOSE", "丙": "CLOSE", "戊": "CLOSE", "丁": "SECONDARY", "己": "GENERAL"}
    case = Case.objects.get()
    assert (case.classification, case.person) == ("CONFIRMED_UNKNOWN_SYMPTOMS", town.patient)
    assert [step["step"] for step in response.steps][0] == "find_contacts"
    assert response.difference["contacts"] == {"added": 5, "kept": 0, "changed": 0, "dropped": 0}
    assert response.pack.startswith("covid19-cn-v8@")
    assert audit.verify().sound


def test_every_contact_carries_its_evidence_and_rule(town):
    town.respond(result_id=town.positive().pk)

    colleague = Contact.objects.get(person=town.colleague)
    assert [(e["kind"], e["place_name"], e["overlap_s"]) for e in colleague.evidence] == [("visit", "办公室", 180 * 60)]
    assert colleague.rule == "close:total"
    wife_of = Contact.objects.get(person=town.colleague_wife)
    assert (wife_of.via, wife_of.evidence[0]["kind"]) == (colleague, "household")


def test_contacts_elsewhere_become_letters_and_no_room_is_booked_for_them(town):
    town.respond(result_id=town.positive().pk)

    letter = Letter.objects.get()
    assert (letter.other_code, letter.state, letter.about) == ("410882", "DRAFT", Case.objects.get().number)
    assert [item.person for item in letter.items.all()] == [town.guest]
    task = Task.objects.get(kind="LETTER_OF_ASSISTANCE")  # nobody is on duty there: the letter goes out on paper
    assert (task.area_id, task.role, task.params["letters"]) == ("410883", "investigator", 1)
    assert not Stay.objects.filter(person=town.guest).exists()
    with scope.within("410882"):
        assert contacts() == {"戊": "CLOSE"}  # the other county sees its own contact


def test_one_task_a_contact_goes_to_the_worker_of_the_cell(town):
    town.respond(result_id=town.positive().pk)

    mine = Task.objects.filter(officer=town.worker)
    assert {task.person.name for task in mine} == {"乙", "己"}
    task = mine.get(person=town.wife)
    assert task.address.reveal() == "孟州市大定街道段西村1号"
    assert task.due_at == MORNING + timedelta(hours=8)
    assert "乙" in task.title_text and "2022-04-04" in task.title_text  # 14 days central and 7 at home


def test_plans_follow_the_pack(town):
    town.respond(result_id=town.positive().pk)

    wife = Contact.objects.get(person=town.wife)
    stays = Stay.objects.filter(subject_id=wife.pk).order_by("starts_on")
    assert [(s.place, s.starts_on, s.ends_on) for s in stays] == [
        ("CENTRAL", date(2022, 3, 15), date(2022, 3, 28)),
        ("HOME", date(2022, 3, 29), date(2022, 4, 4)),
    ]
    days = TestDuty.objects.filter(subject_id=wife.pk).order_by("due_on").values_list("due_on", flat=True)
    assert [str(day)[5:] for day in days] == ["03-15", "03-18", "03-21", "03-28", "03-30", "04-04"]


def test_a_shortfall_of_rooms_is_named(town):
    Room.objects.exclude(number="101").update(state="OUT_OF_USE")
    response = town.respond(result_id=town.positive().pk)

    assert response.difference["rooms"]["waiting"] == 2
    assert Task.objects.get(kind="ROOM_SHORTFALL").params["missing"] == 2


def test_running_again_changes_nothing(town):
    first = town.respond(result_id=town.positive().pk)
    rows = snapshot()
    second = town.respond(case_id=first.case_id)

    assert snapshot() == rows
    assert second.difference["contacts"] == {"added": 0, "kept": 5, "changed": 0, "dropped": 0}
    assert second.difference["tasks"]["new"] == second.difference["tasks"]["changed"] == 0


def snapshot() -> dict:
    return {m: sorted(m.objects.values_list("pk", "version")) for m in (Contact, Task, Stay, TestDuty, Case)}


def test_a_withdrawn_result_takes_everything_back(town):
    result = town.positive()
    first = town.respond(result_id=result.pk)
    testing.withdraw(result, by=town.investigator, reason="样本调换")
    [case] = on_result(result_id=result.pk, by=town.investigator)
    again = town.respond(case_id=case.pk)

    assert case.pk == first.case_id and case.classification == "NOT_CLASSIFIED"
    assert contacts() == {}
    assert again.difference["contacts"]["dropped"] == 5
    assert set(Task.objects.values_list("status", flat=True)) == {"REMOVED"}
    assert set(Stay.objects.values_list("state", flat=True)) == {"CANCELLED"}
    assert set(TestDuty.objects.values_list("state", flat=True)) == {"CANCELLED"}


def test_another_onset_moves_the_window_and_shows_the_difference(town):
    first = town.respond(result_id=town.positive().pk)
    case_services.change_case(by=town.investigator, case=first.case, onset_on=date(2022, 3, 17))
    second = town.respond(case_id=first.case_id)

    assert second.difference["contacts"]["dropped"] == 4  # the visits of the 14th lie before the 15th
    assert contacts() == {"乙": "CLOSE"}


def test_a_disease_that_is_not_traced_gets_its_clocks_only(town):
    with clock.frozen(datetime(2023, 6, 1, tzinfo=UTC)):
        case = case_services.open_case(
            by=None, person=town.patient, disease="covid19", positive_at=clock.now(), classification="CONFIRMED"
        )
        response = town.respond(case_id=case.pk)
    assert (contacts(), response.difference["contacts"]["added"]) == ({}, 0)
    assert set(Task.objects.values_list("kind", flat=True)) == {"CASE_REPORT", "CASE_INVESTIGATION"}


def test_a_positive_pool_recalls_its_members_and_opens_no_case(town):
    testing.register_tube(by=None, area=town.patient.area, barcode="T10", size=10)
    for person in (town.patient, town.wife):
        testing.add_sample(by=None, tube="T10", person=person, sampled_at=MORNING - timedelta(hours=12))
    result = testing.enter_result(
        by=None, barcode="T10", disease="covid19", value="POSITIVE", tested_at=MORNING, laboratory="CDC"
    )
    assert on_result(result_id=result.pk, by=None) == []
    assert {task.person.name for task in Task.objects.filter(kind="SAMPLE_COLLECTION")} == {"甲", "乙"}
    with pytest.raises(LookupError):
        town.respond(result_id=result.pk)


def test_a_negative_result_opens_nothing(town):
    assert on_result(result_id=town.positive("NEGATIVE").pk, by=None) == []
    assert not Case.objects.exists()


def test_a_result_brings_its_own_work_and_a_job_that_dies_is_resumed(town, monkeypatch):
    town.positive()
    assert {jobs.run(jobs.claim()).kind for _two in range(2)} == {"testing.result", "isolation.infection"}
    case = Case.objects.get()
    died = jobs.claim()
    assert (died.kind, died.payload) == ("cases.respond", {"case_id": str(case.pk)})
    monkeypatch.setattr(positive_result, "STEPS", (*positive_result.STEPS[:4], _die))
    with pytest.raises(SystemExit):
        jobs.run(died)
    monkeypatch.undo()

    with clock.frozen(MORNING + timedelta(minutes=5)):
        assert jobs.run_pending() == 1
    died.refresh_from_db()
    assert (died.state, died.attempts) == ("done", 2)
    assert len(contacts()) == 5
    assert Response.objects.count() == 1  # the unfinished run was taken up, not begun again


def _die(run):
    raise SystemExit


def test_the_report_is_written_from_the_data_without_names(town):
    first = town.respond(result_id=town.positive().pk)
    text = report_text(cases.case(first.case_id))
    assert first.case.number in text and "3" in text
    assert not any(name in text for name in "甲乙丙丁戊己")


def test_the_clock_of_a_ring_stops_when_its_last_contact_is_moved(town):
    case = town.respond(result_id=town.positive().pk).case
    close = list(Task.objects.filter(person__in=[town.wife, town.colleague]))

    def state(key: str) -> str:
        found = clocks(cases.case(case.pk), Task.objects.filter(subject_id=case.pk))
        return {clock.key: clock.state for clock in found}[key]

    for number, task in enumerate(close):
        assert state("close") == "running", number
        records.change(task, by=town.worker, action="test", status="DONE", done_at=clock.now(), done_by=town.worker)
    assert state("close") == "running"  # the guest of the next county is not
    letter = Letter.objects.get()
    told = {"result": "FOUND", "isolated_since": clock.now()}
    letters.set_results(letter=letter, by=None, results={item.pk: told for item in letter.items.all()})
    assert (state("close"), state("secondary")) == ("done", "running")


def enter_by_hand(town, person, ring="CLOSE"):
    """The investigator types a contact of the patient's case in."""
    case = Case.objects.get()
    return case_services.propose_contact(
        by=town.investigator, case=case, case_area=case.area, area=person.area, person=person, ring=ring,
        reason="the patient's neighbour names them",
    )  # fmt: skip


def follows(contact) -> tuple[int, int, int]:
    """Open stays, due tests, open tasks that hang on a contact."""
    stays = Stay.objects.filter(subject_id=contact.pk, state__in=Stay.OPEN).count()
    tests = TestDuty.objects.filter(subject_id=contact.pk, state="DUE").count()
    return stays, tests, Task.objects.filter(key=f"contact:{contact.pk}", status__in=Task.OPEN).count()


def test_nothing_follows_from_a_contact_typed_in_until_a_second_officer_agrees(town, officer):
    town.respond(result_id=town.positive().pk)
    contact = enter_by_hand(town, town.stranger)
    run = town.respond(case_id=contact.case_id)
    assert (follows(contact), run.difference["proposed"]) == ((0, 0, 0), 1)
    assert Task.objects.filter(key__startswith="cases.second_person", status="PENDING").count() == 1
    case_services.confirm_contact(by=officer("duty_officer"), contact=contact)
    assert jobs.run_pending() > 0
    stays, tests, tasks = follows(contact)
    assert stays and tests and tasks == 1


def test_what_a_rule_finds_stays_in_force_until_a_second_officer_agrees_to_its_end(town, officer):
    town.respond(result_id=town.positive().pk)
    contact = Contact.objects.get(person=town.wife)
    before = follows(contact)
    case_services.not_a_contact(by=town.investigator, contact=contact, reason="has been abroad for a year")
    town.respond(case_id=contact.case_id)
    assert follows(contact) == before and before[2] == 1
    case_services.confirm_contact(by=officer("duty_officer"), contact=contact)
    jobs.run_pending()
    assert follows(contact) == (0, 0, 0)


def test_another_ring_by_hand_waits_while_the_computed_one_stands(town, officer):
    town.respond(result_id=town.positive().pk)
    contact = Contact.objects.get(person=town.passer_by)
    assert contact.ring == "GENERAL" and follows(contact)[:2] == (0, 0)
    case_services.change_contact(by=town.investigator, contact=contact, ring="CLOSE", reason="they shared a cigarette")
    town.respond(case_id=contact.case_id)
    assert follows(contact)[:2] == (0, 0)
    case_services.confirm_contact(by=officer("duty_officer"), contact=contact)
    jobs.run_pending()
    assert all(follows(contact))


def test_a_ring_typed_in_goes_with_the_rule_that_no_longer_finds_it(town):
    """The stay that hung on the rule ends; what was typed waits again."""
    town.respond(result_id=town.positive().pk)
    contact = Contact.objects.get(person=town.wife)
    case_services.change_contact(by=town.investigator, contact=contact, ring="SECONDARY", reason="sleeps elsewhere")
    case_services.sync_contacts(by=town.investigator, case=contact.case, wanted=[])
    Person.objects.filter(pk=town.wife.pk).update(household=None)
    town.respond(case_id=contact.case_id)
    assert Contact.objects.get(pk=contact.pk).status == "PROPOSED"
    assert follows(contact) == (0, 0, 0)
