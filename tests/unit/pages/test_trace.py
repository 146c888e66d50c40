"""The pages of the tracing workbench: what is asked, what is shown to whom, filters, sheets."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from fangxian.core import jobs
from fangxian.core.audit import AuditEntry
from fangxian.faces.web.pages import trace_lines
from fangxian.registers import sheets
from fangxian.systems.cases.models import Contact, TraceRequest
from fangxian.systems.people.models import Person
from fangxian.systems.screening.models import Place
from fangxian.workflows import trace_for_purpose as workflow
from tests.integration.test_positive_result import MORNING, make
from tests.integration.test_tracing_by_hand import asked

HOME = "/tracing/"


@pytest.fixture
def traced(story):
    """A released trace of the town's case."""
    request = workflow.ask(asked(story.case), by=story.investigator)
    jobs.run_pending()
    request.refresh_from_db()
    return request


@pytest.fixture
def waiting(story, visits):
    """A trace of sixty people, which waits."""
    people = [make(Person, area=story.patient.area, name=f"客{n}") for n in range(60)]
    evening = MORNING - timedelta(days=1) + timedelta(hours=10)
    visits(*((one, Place.objects.get(code="P2"), evening, 40) for one in people))
    request = workflow.ask(asked(story.case), by=story.investigator)
    jobs.run_pending()
    request.refresh_from_db()
    return request


def page(request, **query) -> str:
    return reverse("trace", args=[request.pk], query=query)


def shown(client, request, **query) -> str:
    return client.get(page(request, **query)).content.decode()


def test_the_question_leads_to_its_page_and_keeps_its_window(story, investigator):
    given = {"purpose": "FIND_CONTACTS", "reason": "核实同事", "case": str(story.case.pk), "least": "10",
             f"for_{story.case.pk}": "FIND_CONTACTS", f"from_{story.case.pk}": "2022-03-14T00:00",
             f"until_{story.case.pk}": "2022-03-14T13:00"}  # fmt: skip
    answer = investigator.post(HOME, given)
    request = TraceRequest.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, page(request))
    assert (request.reason, request.question["least"], request.state) == ("核实同事", 600, "ASKED")
    window = request.question["windows"][0]
    assert timezone.localtime(trace_lines.moment(window["until"])).strftime("%H:%M") == "13:00"
    assert "Waiting to start" in shown(investigator, request)
    address = reverse("trace_progress", args=[request.pk])
    assert "HX-Refresh" not in investigator.get(address).headers
    jobs.run_pending()
    assert investigator.get(address).headers["HX-Refresh"] == "true"


def test_what_is_missing_is_said(story, investigator):
    for given, told in (
        ({"purpose": "FIND_CONTACTS", "reason": "无病例"}, "Choose at least one case"),
        ({"purpose": "CURIOSITY", "reason": "无病例"}, "another look"),
        ({"purpose": "FIND_CONTACTS", "reason": ""}, "another look"),
    ):
        answer = investigator.post(HOME, given)
        assert answer.status_code == 422 and told in answer.content.decode()
    assert not TraceRequest.objects.exists()


def test_a_closed_case_is_refused_on_the_page(story, investigator):
    from fangxian.systems.cases import services

    services.discard(story.case, by=None, reason="复核阴性")
    given = {"purpose": "FIND_CONTACTS", "reason": "核实", "case": str(story.case.pk)}
    given["reason"] = "核实同事"
    answer = investigator.post(HOME, given)
    assert answer.status_code == 422 and "is closed" in answer.content.decode()


def test_cases_are_found_by_number_and_name_and_places_by_name(story, investigator):
    for typed in (story.case.number[:8], "甲"):
        found = investigator.get(reverse("tracing_find_case"), {"find": typed}).content.decode()
        assert story.case.number in found, typed
    assert "Nothing in your areas" in investigator.get(
        reverse("tracing_find_case"), {"find": "不存在"}).content.decode()  # fmt: skip
    assert "<li>" not in investigator.get(reverse("tracing_find_case")).content.decode()
    assert "办公室" in investigator.get(reverse("tracing_find_place"), {"find": "办公"}).content.decode()


def test_chosen_cases_and_places_are_added_and_taken_away(story, investigator):
    address, case, office = reverse("tracing_chosen"), str(story.case.pk), str(Place.objects.get(code="P1").pk)
    added = investigator.get(address, {"add_case": case, "add_without": office, "purpose": "FIND_SOURCE"})
    text = added.content.decode()
    assert story.case.number in text and "without 办公室" in text
    assert f'name="for_{case}" value="FIND_SOURCE"' in text
    twice = investigator.get(address, {"case": case, "add_case": case}).content.decode()
    assert twice.count("<fieldset") == 1
    gone = investigator.get(address, {"case": case, "without": office, "drop_case": case, "drop_without": office})
    assert "No case chosen yet" in gone.content.decode()
    assert "No case chosen yet" in investigator.get(address, {"case": "x", "purpose": "x"}).content.decode()


def test_another_purpose_has_another_window_and_forgets_the_typed_one(story, investigator):
    case = str(story.case.pk)
    typed = {"case": case, f"for_{case}": "FIND_CONTACTS", f"from_{case}": "2022-03-14T01:23"}
    kept = investigator.get(reverse("tracing_chosen"), {**typed, "purpose": "FIND_CONTACTS"}).content.decode()
    assert "2022-03-14T01:23" in kept
    other = investigator.get(reverse("tracing_chosen"), {**typed, "purpose": "FIND_SOURCE"}).content.decode()
    assert "2022-03-14T01:23" not in other


def test_people_stand_with_their_evidence_and_foreigners_are_counted(traced, story, investigator):
    text = shown(investigator, traced)
    assert "丙" in text and "办公室" in text and "3 h together" in text
    assert "戊" not in text and "1 person lives outside your areas" in text
    assert "already a contact" in text
    assert AuditEntry.objects.filter(action="cases.trace.shown").count() == 1


FILTERS = [
    ({}, {"丙", "己"}),
    ({"ring": "CLOSE"}, {"丙"}),
    ({"ring": "NONE"}, set()),
    ({"kind": "RESTAURANT"}, {"己"}),
    ({"minutes": "60"}, {"丙"}),
    ({"known": "no"}, set()),
    ({"known": "yes"}, {"丙", "己"}),
    ({"area": "410883002"}, {"丙"}),
    ({"area__text": "会昌街道 · 孟州市 · 410883002"}, {"丙"}),
    ({"area": "x", "minutes": "x"}, {"丙", "己"}),
]


def test_filters_narrow(traced, investigator):
    for query, names in FILTERS:
        lines = investigator.get(page(traced, **query)).context["lines"]
        assert {line.person.name for line in lines} == names, query


def test_places_have_bars_on_an_axis(traced, investigator):
    text = shown(investigator, traced, tab="places")
    assert text.count("<rect") >= 4 and "style=" not in text.split("<main")[1].split("</main>")[0]
    assert "09:00–12:20" in text and 'class="fx-lane-case"' in text
    assert "No place" in shown(investigator, traced, tab="places", ring="NONE")


def test_other_tabs_teach_what_is_missing(traced, investigator):
    assert "They were not asked for" in shown(investigator, traced, tab="second")
    assert "choose at least 3 cases" in shown(investigator, traced, tab="sources")


def test_while_it_waits_only_counts_are_shown_and_somebody_else_decides(waiting, story, officer, sign_in, investigator):
    text = shown(investigator, waiting)
    assert "62 persons" in text or "63 persons" in text
    assert "客1" not in text and "Release the names" not in text
    duty = sign_in(officer("duty_officer"))
    assert "Release the names" in shown(duty, waiting) and str(waiting.pk) in duty.get(HOME).content.decode()
    refused = duty.post(reverse("trace_refuse", args=[waiting.pk]), {"reason": ""}, follow=True)
    assert "Say why." in refused.content.decode()
    duty.post(reverse("trace_release", args=[waiting.pk]), {"reason": "已核对"})
    waiting.refresh_from_db()
    assert (waiting.state, waiting.decision) == ("RELEASED", "已核对")
    assert "for the investigators" in shown(duty, waiting) and "客1" not in shown(duty, waiting)
    assert "客1" in shown(investigator, waiting)


def test_more_people_take_no_more_queries(traced, waiting, officer, sign_in, investigator):
    workflow.release(waiting, by=officer("duty_officer"))
    for tab in ("people", "places"):
        few, many = _queries(investigator, traced, tab), _queries(investigator, waiting, tab)
        assert many <= few, tab


def _queries(client, request, tab: str) -> int:
    client.get(page(request, tab=tab))
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page(request, tab=tab)).status_code == 200
    return len(queries)


def test_refused_withdrawn_failed_and_expired_say_so(waiting, traced, officer, sign_in, investigator):
    duty = sign_in(officer("duty_officer"))
    duty.post(reverse("trace_refuse", args=[waiting.pk]), {"reason": "范围过大"})
    assert "范围过大" in shown(investigator, waiting)
    for state, told in (("EXPIRED", "The result is gone"), ("WITHDRAWN", "The result is gone"), ("FAILED", "failed")):
        TraceRequest.objects.filter(pk=traced.pk).update(state=state)
        assert told in shown(investigator, traced)


def test_who_asked_withdraws(waiting, investigator):
    investigator.post(reverse("trace_withdraw", args=[waiting.pk]))
    waiting.refresh_from_db()
    assert waiting.state == "WITHDRAWN"


def test_contacts_are_opened_for_the_ticked(traced, story, investigator):
    Contact.objects.filter(ring="SECONDARY").delete()
    Contact.objects.all().delete()
    address = reverse("trace_open", args=[traced.pk])
    assert "Tick the people" in investigator.post(address, {"person": "x"}, follow=True).content.decode()
    told = investigator.post(address, {"person": [str(story.colleague.pk), str(uuid4())]}, follow=True)
    assert "Contacts are being opened" in told.content.decode()
    jobs.run_pending()
    assert [row.person.name for row in Contact.objects.all()] == ["丙"]
    assert "1 new of 1 ticked" in shown(investigator, traced)


def test_a_sheet_is_masked_without_formulas_and_written_down(traced, story, investigator):
    Person.objects.filter(pk=story.colleague.pk).update(name="=丙丁")
    text = investigator.get(reverse("trace_export", args=[traced.pk, "csv"])).content.decode()
    assert str(story.colleague.pk) in text and "丙" not in text and "'=**" in text
    book = sheets.read(investigator.get(reverse("trace_export", args=[traced.pk, "xlsx"])).content)
    assert book.headings[:3] == ["Person (id)", "Name", "Area"]
    assert AuditEntry.objects.filter(action="cases.tracerequest.result_exported").count() == 2


def test_nothing_is_exported_before_it_is_released(waiting, investigator):
    answer = investigator.get(reverse("trace_export", args=[waiting.pk, "csv"]), follow=True)
    assert "are not shown" in answer.content.decode()


def test_the_page_of_a_foreign_trace_is_not_there(traced, officer, sign_in):
    assert sign_in(officer("investigator", area="410882")).get(page(traced)).status_code == 404
    assert sign_in(officer("viewer")).get(page(traced)).status_code == 403


def test_a_sheet_of_an_axis():
    begin, end, marks = trace_lines.axis(3600 * 5 + 10, 3600 * 30)
    assert begin == 3600 * 5 and end >= 3600 * 30 and len(marks) <= trace_lines.MARKS
    assert trace_lines.axis(0, 60)[2][0][0] == 0
    assert [bar.width for bar in trace_lines.bars([(0, 1)], 0, 36000)] == [4]
