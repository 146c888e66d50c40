"""The list of a register: own rows only, every state in the address, a bounded number of queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

PEOPLE = reverse("register", args=["people.person"])
HTMX = {"HX-Request": "true", "HX-Target": "rows"}

pytestmark = pytest.mark.django_db


def names(response) -> list[str]:
    return [str(row.record) for row in response.context["rows"]]


def test_only_the_rows_of_ones_own_area_are_listed(officer, sign_in, person):
    person("张三"), person("李四", "410883002201"), person("王五", "410882001201")
    assert sorted(names(sign_in(officer("investigator")).get(PEOPLE))) == ["张三", "李四"]
    assert names(sign_in(officer("grid_worker", "410883001212")).get(PEOPLE)) == ["张三"]


def test_a_stranger_is_sent_to_the_login(client, county):
    response = client.get(PEOPLE)
    assert response.status_code == 302 and "/accounts/login/" in response["Location"]


def test_without_the_right_the_page_says_why(officer, sign_in):
    response = sign_in(officer("laboratory")).get(PEOPLE)
    assert response.status_code == 403
    assert "people.read" in response.content.decode()


def test_an_unknown_register_is_not_found(investigator):
    assert investigator.get(reverse("register", args=["no.such"])).status_code == 404


def test_search_by_the_beginning_of_a_name(investigator, person):
    person("张三"), person("张四"), person("李四")
    assert sorted(names(investigator.get(PEOPLE, {"q": "张"}))) == ["张三", "张四"]
    assert names(investigator.get(PEOPLE, {"q": "ls"})) == ["李四"]


def test_a_full_number_finds_its_person_and_is_never_shown(investigator, person):
    person("张三", id_number="410883199001011230"), person("李四")
    response = investigator.get(PEOPLE, {"q": "410883199001011230"})
    assert names(response) == ["张三"]
    rows = investigator.get(PEOPLE, {"q": "410883199001011230"}, headers=HTMX).context["rows"]
    assert "4108**********1230" in [str(cell.value) for cell in rows[0].cells]


def test_the_area_filter_takes_a_code_or_a_typed_name(investigator, person):
    person("张三"), person("李四", "410883002201")
    assert names(investigator.get(PEOPLE, {"area": "410883002"})) == ["李四"]
    assert names(investigator.get(PEOPLE, {"area__text": "会昌街道 · 孟州市"})) == ["李四"]


def test_what_makes_no_sense_is_said_and_not_swapped_silently(investigator, person):
    person()
    for asked in ({"order": "nonsense"}, {"list": "nonsense"}, {"area__text": "火星"}):
        response = investigator.get(PEOPLE, asked, headers=HTMX)
        assert response.status_code == 422
        assert response.context["errors"] and "alert-danger" in response.content.decode()


def test_htmx_gets_the_rows_alone_and_the_address_is_kept(investigator, person):
    person("张三"), person("李四")
    response = investigator.get(PEOPLE, {"q": "张", "area": "", "page": "1"}, headers=HTMX)
    assert "<html" not in response.content.decode()
    assert response["HX-Push-Url"] == f"{PEOPLE}?q=%E5%BC%A0"


def test_pages_are_turned(investigator, person):
    for number in range(27):
        person(f"人{number:02}")
    first, second = investigator.get(PEOPLE), investigator.get(PEOPLE, {"page": "2"})
    assert len(names(first)) == 25 and len(names(second)) == 2
    assert "1–25 of 27" in first.content.decode() and "26–27 of 27" in second.content.decode()


def test_the_number_of_queries_does_not_grow_with_the_rows(investigator, person):
    person("一")
    investigator.get(PEOPLE)
    with CaptureQueriesContext(connection) as few:
        investigator.get(PEOPLE)
    for number in range(20):
        person(f"人{number:02}")
    with CaptureQueriesContext(connection) as many:
        investigator.get(PEOPLE)
    assert len(many) == len(few)


@pytest.mark.parametrize(("role", "hint"), [("investigator", "Enter one"), ("duty_officer", "Import a sheet")])
def test_an_empty_list_teaches(officer, sign_in, role, hint):
    shown = sign_in(officer(role)).get(PEOPLE).content.decode()
    assert "Nothing here yet" in shown and hint in shown


def test_the_export_link_carries_the_selection_and_needs_the_right(officer, sign_in, person, investigator):
    tasks = reverse("register", args=["command.task"])
    assert "export.csv" not in investigator.get(PEOPLE).content.decode()
    duty = sign_in(officer("duty_officer"))
    assert investigator.get(reverse("register_export", args=["people.person", "csv"])).status_code == 403
    duty.post(
        reverse("register_add", args=["command.task"]),
        {"area": "410883", "kind": "GENERAL", "title": "看门", "priority": "NORMAL"},
    )
    assert "export.csv?status=PENDING" in duty.get(tasks, {"status": "PENDING"}).content.decode()


def test_lookups_suggest_areas_of_ones_own_and_records_one_may_read(officer, sign_in, person):
    person("张三"), person("张四", "410882001201")
    client = sign_in(officer("township_officer", "410883001"))
    areas = client.get(reverse("lookup_areas"), {"area__text": "段西"}).content.decode()
    assert 'data-value="410883001212"' in areas and "段西村 · 大定街道" in areas or "Duanxi · Dading" in areas
    assert "410882" not in client.get(reverse("lookup_areas"), {"q": "西关"}).content.decode()
    assert "410882001201" in client.get(reverse("lookup_areas"), {"q": "西关", "anywhere": "1"}).content.decode()
    people = client.get(reverse("lookup_records", args=["people.person"]), {"person__text": "张"}).content.decode()
    assert "张三" in people and "张四" not in people


def test_a_disease_is_shown_and_chosen_by_its_name(officer, sign_in, person):
    client, who = sign_in(officer("investigator")), person("张三")
    add = reverse("register_add", args=["cases.case"])
    assert "COVID-19" in client.get(add).content.decode()
    made = {"area": "410883", "person": str(who.pk), "disease": "covid19", "number": "", "onset_precision": "DAY"}
    answer = client.post(add, {**made, "origin": "IN_COUNTRY", "outcome": "NO_OUTCOME"})
    assert answer.status_code == 302, answer.context["form"].errors
    cases = reverse("register", args=["cases.case"])
    response = client.get(cases, {"disease": "covid19"})
    assert "COVID-19" in [str(cell.value) for cell in response.context["rows"][0].cells]
    assert '<option value="covid19" selected>' in response.content.decode()


def test_a_list_is_filtered_by_a_record_named_by_its_id(officer, sign_in, person):
    client, who = sign_in(officer("investigator")), person("张三")
    made = {"area": "410883", "person": str(who.pk), "disease": "covid19", "onset_precision": "DAY"}
    made |= {"origin": "IN_COUNTRY", "outcome": "NO_OUTCOME", "positive_at": "2022-03-15T08:00"}
    client.post(reverse("register_add", args=["cases.case"]), made)
    client.post(
        reverse("register_add", args=["cases.event"]),
        {"area": "410883", "name": "三月疫情", "disease": "covid19", "status": "EVENT"},
    )
    event = client.get(reverse("register", args=["cases.event"])).context["rows"][0].record
    cases = reverse("register", args=["cases.case"])
    empty = client.get(cases, {"event": str(event.pk)})
    assert empty.context["rows"] == [] and "三月疫情" in empty.content.decode()
    assert client.get(cases, {"event": "nonsense"}).status_code == 422


def test_one_post_below_the_county_begins_a_form_in_its_own_area(officer, sign_in):
    form = sign_in(officer("township_officer", "410883001")).get(reverse("register_add", args=["people.person"]))
    assert form.context["form"]["area"].value() == "410883001"
