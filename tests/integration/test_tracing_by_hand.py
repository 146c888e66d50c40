"""Tracing by hand: asking, the second person, reading, opening contacts, and the end of what was kept."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from fangxian.core import audit, clock, jobs, policy, scope
from fangxian.core.audit import AuditEntry
from fangxian.core.permissions import Permission, Refused
from fangxian.systems.cases import traces
from fangxian.systems.cases.models import Case, Contact, TraceRequest, TraceResult
from fangxian.systems.command.models import Task
from fangxian.systems.people.models import Person
from fangxian.systems.screening.models import Place
from fangxian.workflows import rounds
from fangxian.workflows import trace_for_purpose as workflow
from fangxian.workflows.trace_for_purpose import Purpose, Question
from tests.integration.test_positive_result import CELL, MORNING, NEIGHBOUR, Town, make, town

__all__ = ["town"]


@pytest.fixture
def case(town) -> Case:
    """The case of the town; its response is not run."""
    opened = workflow.positive_result.on_result(result_id=town.positive().pk, by=town.investigator)[0]
    jobs.Job.objects.all().delete()
    return opened


@pytest.fixture
def crowd(town, visits):
    """Sixty more people at the restaurant with the case."""
    restaurant = Place.objects.get(code="P2")
    people = [make(Person, area=town.patient.area, name=f"客{number}") for number in range(60)]
    evening = MORNING - timedelta(days=1) + timedelta(hours=10)
    visits(*((person, restaurant, evening + timedelta(minutes=5), 40) for person in people))
    return people


def asked(case: Case, purpose: str = Purpose.FIND_CONTACTS, **more) -> Question:
    return Question((case,), purpose, "核实饭店的接触者", **more)


def ask(town, case: Case, **more) -> TraceRequest:
    """Ask, and let the worker answer."""
    request = workflow.ask(asked(case, **more), by=town.investigator)
    jobs.run_pending()
    request.refresh_from_db()
    return request


def names(found: dict) -> list[str]:
    return [Person.objects.get(pk=row["person"]).name for row in found["people"]]


def test_few_persons_are_shown_to_who_asked_and_all_is_written_down(town, case):
    request = ask(town, case)

    assert (request.state, request.persons, request.most_alone) == ("RELEASED", 3, 50)
    found = workflow.read(request, by=town.investigator)
    assert names(found) == ["丙", "戊", "己"]
    assert [row["ring"] for row in found["people"]] == ["CLOSE", "CLOSE", "GENERAL"]
    entry = AuditEntry.objects.get(action="trace.run")
    assert (entry.officer, entry.detail["purpose"], entry.detail["persons"], entry.detail["given"]) == (
        town.investigator, "FIND_CONTACTS", 3, True)  # fmt: skip
    assert entry.detail["cases"] == [str(case.pk)] and entry.detail["reason"] == "核实饭店的接触者"
    assert AuditEntry.objects.get(action="cases.trace.shown").officer == town.investigator
    assert audit.verify().sound


def test_more_than_the_pack_allows_waits_for_a_second_person(town, case, crowd, officer):
    request = ask(town, case)

    assert (request.state, request.persons) == ("WAITING", 63)
    assert request.summary["rings"] == {"CLOSE": 62, "GENERAL": 1}
    with pytest.raises(Refused):
        workflow.read(request, by=town.investigator)
    with pytest.raises(Refused):
        workflow.open_contacts(request, [crowd[0].pk], by=town.investigator)
    with pytest.raises(Refused, match="Somebody else"):
        workflow.release(request, by=town.investigator)
    task = Task.objects.get(key=f"trace:{request.pk}")
    assert (task.role, task.area_id, task.status) == ("duty_officer", request.area_id, "PENDING")
    assert "63" in task.title_text and "客" not in task.title_text + task.instructions_text

    second = officer("duty_officer")
    workflow.release(request, by=second, reason="已核对")
    request.refresh_from_db()
    task.refresh_from_db()
    assert (request.state, request.decided_by, task.status) == ("RELEASED", second, "DONE")
    assert len(workflow.read(request, by=town.investigator)["people"]) == 63
    with pytest.raises(Refused):  # the duty officer decides, and still does not trace people
        workflow.read(request, by=second)


def test_the_number_is_the_packs_not_the_programs(town, case, tmp_path):
    (tmp_path / "ours.yaml").write_text(
        "pack: ours\ndisease: '*'\nlevel: default\nname: {zh: 本地, en: Ours}\nvalid_from: 2020-01-01\nrules:\n"
        "  - {key: trace.most_persons_alone, value: '2', data: 2, unit: person, source: ours, confidence: local}\n",
        "utf-8",
    )
    policy.configure(tmp_path)
    try:
        assert ask(town, case).state == "WAITING"
    finally:
        policy.configure(None)


def test_refusing_needs_a_reason_and_deletes_what_was_found(town, case, crowd, officer):
    request, second = ask(town, case), officer("investigator")

    with pytest.raises(ValidationError):
        workflow.refuse(request, by=second, reason=" ")
    assert TraceResult.objects.filter(request=request).exists()
    workflow.refuse(request, by=second, reason="范围过大，先缩小场所")
    request.refresh_from_db()
    assert (request.state, request.decision) == ("REFUSED", "范围过大，先缩小场所")
    assert not TraceResult.objects.filter(request=request).exists()
    assert Task.objects.get(key=f"trace:{request.pk}").status == "REMOVED"  # the task was the duty officer's
    with pytest.raises(Refused):
        workflow.release(request, by=second)


def test_only_who_holds_the_right_there_decides(town, case, crowd, officer):
    request = ask(town, case)

    for role, area in (("township_officer", "410883001"), ("viewer", "410883"), ("duty_officer", "410882")):
        with pytest.raises(Refused):
            workflow.release(request, by=officer(role, area=area))


def test_withdrawn_before_the_answer_stays_without_one(town, case):
    request = workflow.ask(asked(case), by=town.investigator)
    workflow.withdraw(request, by=town.investigator)
    jobs.run_pending()

    request.refresh_from_db()
    assert (request.state, request.persons) == ("WITHDRAWN", None)
    assert not TraceResult.objects.exists()


def test_withdrawn_while_it_runs_stops_at_the_next_step(town, case, monkeypatch):
    request = workflow.ask(asked(case), by=town.investigator)
    plain = jobs.Job.progress

    def withdrawn_meanwhile(job, done, total, message=""):
        if done == 1:
            workflow.withdraw(request, by=town.investigator)
        plain(job, done, total, message)

    monkeypatch.setattr(jobs.Job, "progress", withdrawn_meanwhile)
    jobs.run_pending()
    assert jobs.Job.objects.get(kind="cases.trace").result == {"state": "WITHDRAWN"}
    assert not TraceResult.objects.exists()


def test_only_who_asked_withdraws(town, case, officer):
    request = workflow.ask(asked(case), by=town.investigator)
    with pytest.raises(Refused):
        workflow.withdraw(request, by=officer("investigator"))


def test_a_job_that_fails_for_good_says_so(town, case, monkeypatch):
    request = workflow.ask(asked(case), by=town.investigator)
    monkeypatch.setattr(workflow, "search", lambda *args: 1 / 0)
    jobs.run_pending()

    request.refresh_from_db()
    assert (request.state, request.summary) == ("FAILED", {"failed": "ZeroDivisionError"})


def test_a_job_that_died_is_answered_by_the_next(town, case, monkeypatch):
    request = workflow.ask(asked(case), by=town.investigator)
    plain = workflow.search
    monkeypatch.setattr(workflow, "search", lambda *args: 1 / 0)
    jobs.run_pending(limit=1)
    request.refresh_from_db()
    assert request.state == "RUNNING"

    monkeypatch.setattr(workflow, "search", plain)
    jobs.run_pending()
    request.refresh_from_db()
    assert (request.state, request.persons) == ("RELEASED", 3)


def test_results_are_deleted_when_their_time_is_up_and_the_asking_stays(town, case):
    request = ask(town, case)

    with clock.frozen(MORNING + timedelta(days=2)):
        assert workflow.expire() == 0
    with clock.frozen(MORNING + timedelta(days=3, hours=1)):
        assert rounds.DAILY["traces_expired"]() == 1
    request.refresh_from_db()
    assert (request.state, request.persons, request.reason) == ("EXPIRED", 3, "核实饭店的接触者")
    assert not TraceResult.objects.exists()
    with pytest.raises(Refused):
        workflow.read(request, by=town.investigator)


def test_what_nobody_decided_in_time_leaves_the_ledger_too(town, case, crowd):
    request = ask(town, case)
    with clock.frozen(MORNING + timedelta(days=4)):
        assert workflow.expire() == 1
        assert workflow.expire() == 0
    assert Task.objects.get(key=f"trace:{request.pk}").status == "REMOVED"


def test_what_is_kept_is_encrypted(town, case):
    from django.db import connection

    request = ask(town, case)
    with connection.cursor() as cursor:
        cursor.execute("SELECT found FROM cases_traceresult")
        stored = cursor.fetchone()[0]
    assert str(town.colleague.pk) not in stored
    assert traces.pack({"a": 1}) not in stored
    assert str(TraceResult.objects.get(request=request).found) == "***"


def test_the_store_itself_refuses_the_first_person_as_the_second(town, case, crowd):
    request = ask(town, case)
    stamps = {"decided_by": town.investigator, "decided_at": MORNING}
    with pytest.raises(IntegrityError), transaction.atomic():
        TraceRequest.objects.filter(pk=request.pk).update(state="RELEASED", **stamps)


def test_the_drawing_of_the_states_is_the_table():
    rows = re.findall(r"^    (\w+) +((?:[A-Z]+ ?)+|any but the ends)", traces.__doc__, re.MULTILINE)
    drawn = {verb: set(states.split()) for verb, states in rows if verb in traces.FROM}
    drawn["withdraw"].add("WAITING")  # the second line of its row
    drawn["expire"] = {state for state in TraceRequest.State.values if state not in traces.ENDS}
    stored = {verb: set(states) for verb, states in traces.FROM.items()}
    moved = {"begin", "keep", "release", "refuse", "withdraw", "fail", "expire"}
    assert drawn.keys() == moved and {verb: drawn[verb] & stored[verb] for verb in moved} == stored


# --- what may be asked ---


def test_a_closed_case_is_refused_and_that_is_written_down(town, case):
    from fangxian.systems.cases import services

    services.discard(case, by=None, reason="复核阴性")
    case.refresh_from_db()
    with pytest.raises(Refused):
        workflow.ask(asked(case), by=town.investigator)
    assert AuditEntry.objects.get(action="trace.run").detail["given"] is False
    assert not TraceRequest.objects.exists()


def test_only_an_investigator_of_the_area_asks(town, case, officer):
    for who in (officer("duty_officer"), officer("investigator", area="410882")):
        with pytest.raises(Refused):
            workflow.ask(asked(case), by=who)


def test_a_window_is_narrowed_and_never_widened(town, case):
    widest = workflow.span(case, Purpose.FIND_CONTACTS, workflow.pack_of(case))

    inside = {case.pk: (MORNING - timedelta(days=1), MORNING - timedelta(hours=19))}
    assert names(workflow.read(ask(town, case, windows=inside), by=town.investigator)) == ["丙"]
    with pytest.raises(ValidationError, match="ask between"):
        wide = {case.pk: (widest.t0 - timedelta(days=1), None)}
        workflow.ask(asked(case, windows=wide), by=town.investigator)
    with pytest.raises(ValidationError, match="end lies before"):
        empty = {case.pk: (MORNING - timedelta(hours=1), MORNING - timedelta(hours=2))}
        workflow.ask(asked(case, windows=empty), by=town.investigator)


def test_the_source_is_asked_before_the_onset_and_names_nobody(town, case):
    widest = workflow.span(case, Purpose.FIND_SOURCE, workflow.pack_of(case))
    first = workflow.span(case, Purpose.FIND_CONTACTS, workflow.pack_of(case)).t0
    assert widest.t0 < first and (widest.t1 - widest.t0).days >= 14

    request = ask(town, case, purpose=Purpose.FIND_SOURCE)
    assert (request.state, request.persons) == ("RELEASED", 0)
    both = workflow.span(case, Purpose.VERIFY_STATEMENT, workflow.pack_of(case))
    assert (both.t0, both.t1) == (widest.t0, workflow.span(case, Purpose.FIND_CONTACTS, workflow.pack_of(case)).t1)


def test_places_are_left_out_or_asked_for_alone(town, case):
    office, restaurant = Place.objects.get(code="P1"), Place.objects.get(code="P2")

    without = ask(town, case, without=(office.pk,))
    assert names(workflow.read(without, by=town.investigator)) == ["戊", "己"]
    only = ask(town, case, only=(office.pk,))
    assert names(workflow.read(only, by=town.investigator)) == ["丙"]
    crowded = ask(town, case, most_rows=1)
    assert names(workflow.read(crowded, by=town.investigator)) == ["丙"]
    long = ask(town, case, least=100 * 60)
    assert names(workflow.read(long, by=town.investigator)) == ["丙"]
    assert restaurant.pk != office.pk


def test_a_trace_follows_at_most_as_many_cases_as_the_pack_says(town, case, monkeypatch):
    with pytest.raises(ValidationError, match="at most 200"):
        workflow.ask(Question((case,) * 201, Purpose.FIND_CONTACTS, "太多"), by=town.investigator)


# --- several cases ---


@pytest.fixture
def dinner(town, visits, case):
    """Four more cases who ate with the first one five days ago, and one guest who did not fall ill."""
    from fangxian.systems.cases import services

    hall = make(Place, area=town.patient.area, name="宴会厅", code="P9", kind="RESTAURANT")
    evening = MORNING - timedelta(days=5) + timedelta(hours=10)
    ill = [make(Person, area=town.patient.area, name=f"病{number}") for number in range(4)]
    guest = make(Person, area=town.patient.area, name="未病")
    others = [make(Person, area=town.patient.area, name=f"路{number}") for number in range(30)]
    shop = make(Place, area=town.patient.area, name="超市", code="P8", kind="MALL")
    visits(
        *((person, hall, evening + timedelta(minutes=5 * number), 120)
          for number, person in enumerate([town.patient, *ill, guest])),
        *((person, shop, evening + timedelta(hours=number % 3), 20) for number, person in enumerate(others)),
    )  # fmt: skip
    more = [services.open_case(by=None, person=person, disease="covid19", onset_on=(MORNING).date()) for person in ill]
    return [case, *more]


def test_a_shared_dinner_is_the_likeliest_source(town, dinner):
    request = workflow.ask(Question(tuple(dinner), Purpose.FIND_SOURCE, "聚集性疫情溯源"), by=town.investigator)
    jobs.run_pending()
    request.refresh_from_db()

    found = workflow.read(request, by=town.investigator)
    first = found["sources"]["places"][0]
    assert Place.objects.get(pk=first["place"]).name == "宴会厅"
    assert (len(first["cases"]), first["peak"], request.persons) == (5, 5, 0)
    assert first["expected"] < 3
    assert len(found["sources"]["stays"][0]) == 5
    assert {"rows_touched", "days", "engine", "ms"} <= found["explain"].keys()


def test_who_else_was_at_the_source_is_asked_for_by_the_place(town, dinner):
    hall = Place.objects.get(code="P9")
    question = Question(tuple(dinner), Purpose.FIND_SOURCE, "同桌还有谁", only=(hall.pk,))
    request = workflow.ask(question, by=town.investigator)
    jobs.run_pending()
    request.refresh_from_db()

    found = workflow.read(request, by=town.investigator)
    assert names(found) == ["未病"]  # the cases themselves are no contacts
    assert len(found["among"]) == 20 and request.persons == 1


def test_cases_of_two_counties_need_an_area_that_holds_both(town, case, officer):
    from fangxian.systems.cases import services

    other = services.open_case(by=None, person=town.guest, disease="covid19")
    question = Question((case, other), Purpose.FIND_CONTACTS, "两县关联")
    with pytest.raises(Refused):
        workflow.ask(question, by=town.investigator)
    above = officer("investigator", area="4108")
    assert workflow.ask(question, by=above).area_id == "4108"


def test_contacts_of_contacts_are_ranked_and_the_cut_is_said(town, case, visits):
    market = make(Place, area=town.patient.area, name="棋牌室", code="P7", kind="OTHER")
    late = MORNING - timedelta(hours=8)
    players = [make(Person, area=town.patient.area, name=f"牌{number}") for number in range(5)]
    visits((town.colleague, market, late, 180),
           *((person, market, late, 60 + 20 * number) for number, person in enumerate(players)))  # fmt: skip

    request = ask(town, case, second=True, second_limit=2)
    found = workflow.read(request, by=town.investigator)
    assert [Person.objects.get(pk=row["person"]).name for row in found["second"]] == ["牌4", "牌3"]
    assert (found["cut"], request.summary["cut"]) == ({"0": 3}, 3)
    assert request.persons == 5


def test_time_with_two_cases_at_once_counts_once(town, dinner):
    hall = Place.objects.get(code="P9")
    question = Question(tuple(dinner), Purpose.VERIFY_STATEMENT, "同桌时长", only=(hall.pk,))
    request = workflow.ask(question, by=town.investigator)
    jobs.run_pending()
    request.refresh_from_db()
    (guest,) = workflow.read(request, by=town.investigator)["people"]
    assert len(guest["meetings"]) == 5 and guest["seconds"] == 115 * 60  # of its 120 the last five minutes alone


def test_spans_are_joined_before_they_are_counted():
    assert workflow.together([(0, 10), (5, 20), (30, 40), (35, 38), (50, 50), (60, 55)], 0) == 30
    assert workflow.together([], 0) == 0


# --- opening contacts ---


def test_contacts_are_opened_by_the_rules_and_again_changes_nothing(town, case):
    request = ask(town, case)
    (job,) = workflow.open_contacts(request, [town.colleague.pk, town.passer_by.pk], by=town.investigator)
    jobs.run_pending()

    job.refresh_from_db()
    assert (job.state, job.result["added"], job.result["without"]) == ("done", 2, 0)
    made = {row.person.name: (row.ring, row.rule, bool(row.evidence)) for row in Contact.objects.filter(case=case)}
    assert made == {"丙": ("CLOSE", "close:total", True), "己": ("GENERAL", "general", True)}
    assert Task.objects.filter(person=town.passer_by, status="PENDING").exists()

    workflow.open_contacts(request, [town.colleague.pk, town.passer_by.pk], by=town.investigator)
    jobs.run_pending()
    assert Contact.objects.filter(case=case).count() == 2


def test_opening_some_drops_nobody_the_response_had_found(town, case):
    town.respond(case_id=case.pk)
    before = set(Contact.objects.filter(status="ACTIVE").values_list("person_id", flat=True))
    request = ask(town, case)
    workflow.open_contacts(request, [town.passer_by.pk], by=town.investigator)
    jobs.run_pending()

    assert set(Contact.objects.filter(status="ACTIVE").values_list("person_id", flat=True)) == before


def test_nobody_outside_the_result_is_opened(town, case):
    request = ask(town, case)
    assert workflow.open_contacts(request, [town.stranger.pk], by=town.investigator) == []


def test_who_may_not_run_the_response_opens_nothing(town, case, monkeypatch):
    request = ask(town, case)
    from fangxian.core.roles import Investigator

    monkeypatch.setattr(Investigator, "permissions", Investigator.permissions - {Permission.RESPOND_RUN})
    with pytest.raises(Refused):
        workflow.open_contacts(request, [town.colleague.pk], by=town.investigator)


def test_a_foreign_request_is_not_there(town, case):
    request = ask(town, case)
    with scope.within("410882"), pytest.raises(TraceRequest.DoesNotExist):
        traces.trace_request(request.pk)
    assert (CELL, NEIGHBOUR) == (town.patient.area_id, town.guest.area_id) and Town
