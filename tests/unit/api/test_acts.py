"""The acts that are more than a row: results, the response, tracing, tasks, devices, tokens."""

from datetime import timedelta

import pytest

from fangxian.core import jobs, policy, scope
from fangxian.core.areas import Area
from fangxian.core.audit import AuditEntry
from fangxian.core.clock import now
from fangxian.registers import site
from fangxian.systems.command import services as command
from fangxian.systems.testing import services as testing

VILLAGE = "410883001212"


@pytest.fixture
def tube(person):
    """A tube with the sample of one person."""
    with scope.everywhere("test"):
        made = testing.register_tube(by=None, area=Area.objects.get(code=VILLAGE), barcode="T0001", size=1)
        testing.add_sample(by=None, tube=made, person=person(), sampled_at=now() - timedelta(hours=5))
    return made


@pytest.fixture
def finding():
    return {"barcode": "T0001", "disease": "covid19", "value": "POSITIVE", "laboratory": "孟州市疾控中心",
            "tested_at": (now() - timedelta(hours=1)).isoformat()}  # fmt: skip


@pytest.fixture
def task(county):
    with scope.everywhere("test"):
        command.hand_down(
            by=None, key="t1", kind="GENERAL", title="看一户", area=Area.objects.get(code="410883001212001"),
            from_area=county, role="grid_worker",
        )  # fmt: skip
        return site.get("command.task").model.objects.get(key="t1")


def test_a_result_is_entered_once(call, tube, finding) -> None:
    laboratory = call("laboratory")
    first = laboratory("POST", "/results", finding)
    assert first.status_code == 200, first.content
    assert first.json()["state"] == "IN_FORCE"
    assert laboratory("POST", "/results", finding).json()["id"] == first.json()["id"]


def test_a_result_of_an_unknown_tube_is_refused_with_the_reason(call, county, finding) -> None:
    answer = call("laboratory")("POST", "/results", finding)
    assert (answer.status_code, answer.json()["reasons"][0]["field"]) == (422, "tube")


def test_a_contradiction_is_held_for_two(call, tube, finding) -> None:
    laboratory = call("laboratory")
    laboratory("POST", "/results", finding)
    held = laboratory("POST", "/results", {**finding, "value": "NEGATIVE"}).json()
    assert held["state"] == "HELD"
    opinion = {"opinion": "REJECTED", "reason": "混样"}
    address = f"/results/{held['id']}/decide"
    assert laboratory("POST", address, opinion).status_code == 403
    first = call("investigator")("POST", address, opinion)
    assert (first.status_code, first.json()["state"]) == (200, "HELD")
    assert call("investigator")("POST", address, opinion).json()["state"] == "REJECTED"


def test_a_result_is_withdrawn_or_corrected_with_a_reason(call, tube, finding) -> None:
    laboratory = call("laboratory")
    made = laboratory("POST", "/results", finding).json()
    assert laboratory("POST", f"/results/{made['id']}/withdraw", {"reason": ""}).status_code == 422
    corrected = laboratory("POST", f"/results/{made['id']}/correct", {"value": "NEGATIVE", "reason": "录入错误"})
    assert corrected.json()["value"] == "NEGATIVE"
    assert corrected.json()["replaces"] == made["id"]
    taken = laboratory("POST", f"/results/{corrected.json()['id']}/withdraw", {"reason": "标本污染"})
    assert taken.json()["state"] == "WITHDRAWN"


@pytest.fixture
def case(call, tube, finding):
    """The case that a positive result opened."""
    call("laboratory")("POST", "/results", finding)
    jobs.run_pending()
    return call("investigator")("GET", "/registers/cases.case").json()["rows"][0]


def test_the_response_runs_as_a_job(call, case) -> None:
    investigator = call("investigator")
    answer = investigator("POST", f"/cases/{case['id']}/respond")
    assert answer.status_code == 200, answer.content
    assert answer.json()["state"] == "queued"
    jobs.run_pending()
    done = investigator("GET", f"/jobs/{answer.json()['id']}").json()
    assert (done["state"], done["percent"], done["failed"]) == ("done", 100, False)
    assert call("grid_worker")("GET", f"/jobs/{answer.json()['id']}").status_code == 404
    assert call("viewer")("POST", f"/cases/{case['id']}/respond").status_code == 403


def test_everything_about_a_case(call, case) -> None:
    investigator = call("investigator")
    assert isinstance(investigator("GET", f"/cases/{case['id']}/contacts").json(), list)
    chain = investigator("GET", f"/cases/{case['id']}/chain").json()
    assert (len(chain["nodes"]), chain["cut"]) == (1, False)
    assert investigator("GET", f"/cases/{case['id']}/timeline").status_code == 200
    assert case["number"] in investigator("GET", f"/cases/{case['id']}/report").json()["text"]
    stranger = call("investigator", area="410882")
    for part in ("contacts", "chain", "timeline", "report"):
        assert stranger("GET", f"/cases/{case['id']}/{part}").status_code == 404


QUESTION = {"purpose": "FIND_CONTACTS", "reason": "核实接触者"}


def test_a_trace_needs_a_case_a_purpose_and_a_reason_and_is_written_down(call, case) -> None:
    investigator, question = call("investigator"), {"case": case["id"], **QUESTION}
    assert investigator("POST", "/trace", {"case": case["id"]}).status_code == 422
    assert investigator("POST", "/trace", {**question, "purpose": "CURIOSITY"}).status_code == 422
    assert investigator("POST", "/trace", {**question, "reason": ""}).status_code == 422
    assert investigator("POST", "/trace", {**question, "starts_at": "2001-01-01T00:00:00Z"}).status_code == 422
    assert call("duty_officer")("POST", "/trace", question).status_code == 403
    answer = investigator("POST", "/trace", question)
    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert (told["state"], told["persons"], told["found"], told["case"]) == ("RELEASED", [], 0, case["id"])
    assert told["windows"][0]["case"] == case["id"]
    entry = AuditEntry.objects.filter(action="trace.run").get()
    assert (entry.detail["purpose"], entry.detail["given"]) == ("FIND_CONTACTS", True)


@pytest.fixture
def waiting(call, case, tmp_path):
    """A trace that waits for a second person, and who asked; one visitor is too many here."""
    (tmp_path / "ours.yaml").write_text(
        "pack: ours\ndisease: '*'\nlevel: default\nname: {zh: 本地, en: Ours}\nvalid_from: 2020-01-01\nrules:\n"
        "  - {key: trace.most_persons_alone, value: '0', data: 0, unit: person, source: ours, confidence: local}\n",
        "utf-8",
    )
    asker = call("investigator")
    policy.configure(tmp_path)
    try:
        yield asker, asker("POST", "/trace", {"case": case["id"], **QUESTION}).json()
    finally:
        policy.configure(None)


@pytest.fixture
def met(visits, case, person):
    """Somebody who was where the case was."""
    with scope.everywhere("test"):
        from fangxian.systems.screening import services as screening

        place = screening.add_place(by=None, area=Area.objects.get(code=VILLAGE), name="饭店", kind="RESTAURANT")
        patient = site.get("people.person").model.objects.get(pk=case["person"])
    other = person(name="李四")
    noon = now() - timedelta(hours=3)
    visits((patient, place, noon, 60), (other, place, noon, 60))
    return other


def test_more_persons_than_the_pack_allows_wait_for_somebody_else(call, met, waiting) -> None:
    asker, told = waiting
    assert (told["state"], told["found"], told["persons"]) == ("WAITING", 1, [])
    address = f"/trace/{told['id']}"
    assert asker("POST", f"{address}/release", {}).status_code == 403
    assert call("viewer")("GET", address).status_code == 403
    second = call("duty_officer")
    assert second("POST", f"{address}/refuse", {"reason": ""}).status_code == 422
    assert second("POST", f"{address}/release", {"reason": "已核对"}).json()["persons"] == []
    named = asker("GET", address).json()["persons"]
    assert [(one["person"], one["ring"], one["overlap_s"]) for one in named] == [(str(met.pk), "CLOSE", 3600)]
    assert call("investigator", area="410882")("GET", address).status_code == 404


def test_a_refused_trace_names_nobody(call, met, waiting) -> None:
    asker, told = waiting
    address = f"/trace/{told['id']}"
    assert call("duty_officer")("POST", f"{address}/refuse", {"reason": "范围过大"}).json()["state"] == "REFUSED"
    assert asker("GET", address).json()["persons"] == []


def test_a_closed_case_is_not_traced(call, case) -> None:
    from fangxian.systems.cases import selectors, services

    with scope.everywhere("test"):
        services.discard(selectors.case(case["id"]), by=None, reason="复核阴性")
    answer = call("investigator")("POST", "/trace", {"case": case["id"], **QUESTION})
    assert answer.status_code == 403


def test_a_task_goes_its_way(call, task) -> None:
    worker, giver = call("grid_worker", area="410883001212001"), call("duty_officer")
    mine = worker("GET", "/tasks").json()
    assert [one["title"] for one in mine] == ["看一户"]
    assert set(mine[0]["verbs"]) == {"receive", "finish", "cannot"}
    address = f"/tasks/{task.pk}"
    assert worker("POST", f"{address}/receive").json()["task"]["status"] == "IN_PROGRESS"
    assert worker("POST", f"{address}/check").status_code == 403
    assert worker("POST", f"{address}/finish", {"outcome": "在家"}).json()["task"]["status"] == "DONE"
    assert giver("POST", f"{address}/send-back", {"reason": "没有照片"}).json()["task"]["status"] == "IN_PROGRESS"
    assert worker("POST", f"{address}/finish", {}).status_code == 200
    assert giver("POST", f"{address}/check").json()["task"]["status"] == "CHECKED"
    assert giver("POST", f"{address}/withdraw", {"reason": "迟了"}).status_code == 403
    assert worker("GET", address).json()["verbs"] == []


def test_a_task_is_given_to_somebody_else_or_taken_back(call, officer, task) -> None:
    giver, colleague = call("duty_officer"), officer("grid_worker", area=VILLAGE, username="lihua")
    address = f"/tasks/{task.pk}"
    assert giver("POST", f"{address}/reassign", {"officer": "nobody"}).status_code == 422
    assert giver("POST", f"{address}/reassign", {"officer": "lihua"}).status_code == 200
    task.refresh_from_db()
    assert task.officer_id == colleague.pk
    assert giver("POST", f"{address}/reassign", {}).json()["task"]["officer"] is None
    assert call("inspector", area="410882")("POST", f"{address}/reassign", {}).status_code == 404
    worker = call("grid_worker", area="410883001212001")
    assert worker("POST", f"{address}/cannot", {"reason": "搬走了"}).json()["task"]["status"] == "NOT_EXECUTABLE"
    assert giver("POST", f"{address}/withdraw", {"reason": "已搬走"}).json()["task"]["status"] == "REMOVED"


@pytest.mark.django_db(transaction=True)
def test_a_device_gets_a_token_and_loses_it(call) -> None:
    keeper = call("system_admin")
    issued = keeper("POST", "/devices", {"name": "gate-1", "area": VILLAGE})
    assert issued.status_code == 200, issued.content
    assert issued.json()["token"]
    assert keeper("POST", "/devices", {"name": "gate-2", "area": "410882001"}).status_code == 403
    assert keeper("POST", "/devices", {"name": "gate-2", "area": "99"}).status_code == 422
    assert [one["name"] for one in keeper("GET", "/devices").json() if not one["revoked_at"]] == ["gate-1"]
    assert call("system_admin", area="410882")("DELETE", "/devices/gate-1").status_code == 404
    assert keeper("DELETE", "/devices/gate-1").json()[0]["revoked_at"]


def test_my_registers_and_tokens(call, officer) -> None:
    worker = call("grid_worker")
    slugs = {one["slug"]: one["actions"] for one in worker("GET", "/registers").json()}
    assert slugs["people.person"] == ["read", "write"]
    assert "cases.case" not in slugs
    mine = worker("GET", "/tokens").json()
    assert (len(mine), mine[0]["token"]) == (1, None)
    assert worker("GET", "/openapi.json").json()["info"]["title"] == "Fangxian"
    assert call("grid_worker")("DELETE", f"/tokens/{mine[0]['id']}").status_code == 404
    assert worker("DELETE", f"/tokens/{mine[0]['id']}").json()["revoked_at"]
    assert worker("GET", "/me").status_code == 401


def test_no_list_asks_once_a_row(call, case, person, django_assert_max_num_queries) -> None:
    from fangxian.faces.api import policy
    from fangxian.registers import site

    with scope.everywhere("test"):
        register = site.get("cases.case")
        area = Area.objects.get(code=VILLAGE)
        found = register.get(case["id"])
        for number in range(6):
            site.get("cases.contact").model.objects.create(
                area=area, case=found, case_area=area, person=person(f"甲{number}"), ring="CLOSE"
            )
        for number in range(6):
            command.hand_down(by=None, key=f"n{number}", kind="GENERAL", title="看", area=area, role="investigator")
    investigator = call("investigator")
    policy.RATE.cache.clear()
    with django_assert_max_num_queries(16):
        assert len(investigator("GET", f"/cases/{case['id']}/contacts").json()) == 6
    with django_assert_max_num_queries(16):
        assert len(investigator("GET", "/tasks").json()) >= 6
