"""The operations of a register: list, get, create, change, bulk, export; people stand for all."""

import pytest

PEOPLE, VILLAGE = "/registers/people.person", "410883001212"
ID = "410883199001011234"


@pytest.fixture
def clerk(call):
    """A township officer of the county: reads, writes and imports people."""
    return call("township_officer")


def test_a_list_shows_its_own_areas_only(clerk, person) -> None:
    mine, foreign = person("王小明"), person("李明", area="410882001201")
    answer = clerk("GET", PEOPLE).json()
    assert [row["id"] for row in answer["rows"]] == [str(mine.pk)]
    assert (answer["count"], answer["more"], answer["page"], answer["pages"]) == (1, False, 1, 1)
    assert clerk("GET", f"{PEOPLE}/{foreign.pk}").status_code == 404
    assert clerk("PATCH", f"{PEOPLE}/{foreign.pk}", {"base_version": 1, "name": "x"}).status_code == 404


def test_a_list_is_searched_and_narrowed(clerk, person) -> None:
    person("王小明"), person("张三", area="410883002201")
    assert clerk("GET", f"{PEOPLE}?q=王").json()["count"] == 1
    assert clerk("GET", f"{PEOPLE}?area=410883002").json()["rows"][0]["name"] == "张三"
    assert clerk("GET", f"{PEOPLE}?page=0").status_code == 422
    assert clerk("GET", f"{PEOPLE}?order=nothing").status_code == 422


def test_personal_values_are_masked(clerk, person) -> None:
    row = clerk("GET", f"{PEOPLE}/{person(phone='13800138000').pk}").json()
    assert row["phone"] and "13800138000" not in str(row)
    assert row["labels"]["area"] == "Duanxi"


def test_a_row_is_created_once(clerk) -> None:
    body = {"id": "0193a5f0-0000-7000-8000-000000000001", "area": VILLAGE, "name": "赵六"}
    first = clerk("POST", PEOPLE, body)
    assert first.status_code == 200, first.content
    assert clerk("POST", PEOPLE, body).json()["id"] == first.json()["id"] == body["id"]
    assert clerk("GET", PEOPLE).json()["count"] == 1


@pytest.mark.parametrize("extra", [{"created_by": 1}, {"version": 7}, {"source": "web"}, {"nonsense": 1}])
def test_a_field_of_the_server_is_refused(clerk, extra) -> None:
    answer = clerk("POST", PEOPLE, {"area": VILLAGE, "name": "赵六", **extra})
    assert answer.status_code == 422
    assert answer.json()["reasons"][0]["field"].endswith(next(iter(extra)))


def test_what_a_form_refuses_is_refused_here_by_field(clerk) -> None:
    answer = clerk("POST", PEOPLE, {"area": "410882001201", "name": "赵六"})
    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.json()["reasons"]] == ["area"]


def test_two_people_change_one_row(clerk, call, person) -> None:
    address = f"{PEOPLE}/{person().pk}"
    assert clerk("PATCH", address, {"base_version": 1, "occupation": "教师"}).json()["version"] == 2
    other = call("township_officer")("PATCH", address, {"base_version": 1, "name": "王大明"})
    assert (other.status_code, other.json()["version"]) == (200, 3)
    clash = clerk("PATCH", address, {"base_version": 1, "name": "王中明"})
    assert clash.status_code == 409
    assert {**clash.json()["clashes"][0], "by": "", "at": ""} == {
        "field": "name", "stored": "王大明", "wanted": "王中明", "by": "", "at": ""}  # fmt: skip
    assert clash.json()["clashes"][0]["by"] and clash.json()["clashes"][0]["at"]


def test_a_bulk_call_accounts_for_every_row(clerk) -> None:
    rows = [{"area": VILLAGE, "name": "甲"}, {"area": VILLAGE, "name": ""}, {"area": "410882001201", "name": "乙"}]
    answer = clerk("POST", f"{PEOPLE}/bulk", {"rows": rows}, Idempotency_Key="monday-1234")
    ledger = answer.json()
    assert answer.status_code == 200, answer.content
    assert (ledger["rows"], ledger["inserted"], ledger["rejected"]) == (3, 1, 2)
    assert {(one["row"], one["field"]) for one in ledger["rejects"]} == {(2, "name"), (3, "area")}


def test_a_bulk_call_repeated_answers_the_same_and_writes_nothing(clerk, call) -> None:
    body = {"rows": [{"area": VILLAGE, "name": "甲"}]}
    first = clerk("POST", f"{PEOPLE}/bulk", body, Idempotency_Key="monday-1234").json()
    assert clerk("POST", f"{PEOPLE}/bulk", body, Idempotency_Key="monday-1234").json() == first
    assert clerk("GET", PEOPLE).json()["count"] == 1
    other = {"rows": [{"area": VILLAGE, "name": "乙"}]}
    assert clerk("POST", f"{PEOPLE}/bulk", other, Idempotency_Key="monday-1234").status_code == 409
    assert clerk("POST", f"{PEOPLE}/bulk", other).status_code == 422
    assert call("township_officer")("POST", f"{PEOPLE}/bulk", other, Idempotency_Key="monday-1234").status_code == 200


def test_a_bulk_call_with_a_field_of_the_server_is_refused_whole(clerk) -> None:
    body = {"rows": [{"area": VILLAGE, "name": "甲", "version": 9}]}
    assert clerk("POST", f"{PEOPLE}/bulk", body, Idempotency_Key="monday-1234").status_code == 422
    assert clerk("GET", PEOPLE).json()["count"] == 0


def test_an_export_carries_no_number(call) -> None:
    duty = call("duty_officer")
    answer = duty("GET", "/registers/command.task/export.csv")
    assert answer.status_code == 200
    assert answer["Content-Disposition"].endswith('"command-task.csv"')
    assert call("viewer")("GET", "/registers/command.task/export.csv").status_code == 403


def test_a_call_that_cannot_be_read_is_refused(clerk) -> None:
    answer = clerk.client.generic("POST", f"/api{PEOPLE}", "{", content_type="application/json", headers=clerk.headers)
    assert answer.status_code == 422
    assert clerk("GET", "/registers/nothing.atall").status_code == 404
