"""Two officers on one contact, through the interface."""

import pytest

from fangxian.core import scope
from fangxian.systems.cases import selectors, services

REGISTER = "cases.contact"


@pytest.fixture
def entered(call, person):
    """What an investigator sends as a new contact, and the investigator."""
    patient, found = person("甲"), person("乙")
    with scope.everywhere("test"):
        case = services.open_case(by=None, person=patient, disease="covid19")
    row = {"area": found.area_id, "case": str(case.pk), "person": str(found.pk), "ring": "CLOSE"}
    return call("investigator"), row


def test_a_contact_sent_is_proposed_and_needs_a_reason(entered) -> None:
    first, row = entered
    answer = first("POST", f"/registers/{REGISTER}", row)
    assert (answer.status_code, answer.json()["reasons"][0]["field"]) == (422, "reason")
    made = first("POST", f"/registers/{REGISTER}", {**row, "reason": "named by a neighbour"}).json()
    assert (made["status"], made["proposed"]) == ("PROPOSED", "CLOSE")


def test_the_second_officer_agrees_and_the_first_cannot(call, entered) -> None:
    first, row = entered
    made = first("POST", f"/registers/{REGISTER}", {**row, "reason": "named by a neighbour"}).json()
    refused = first("POST", f"/contacts/{made['id']}/confirm")
    assert refused.status_code == 422 and "second person" in refused.content.decode()
    agreed = call("duty_officer")("POST", f"/contacts/{made['id']}/confirm").json()
    assert (agreed["status"], agreed["classification"], agreed["proposed"]) == ("ACTIVE", "CONFIRMED", None)
    ended = first("POST", f"/contacts/{made['id']}/end", {"kind": "NO_CONTACT", "reason": "was abroad"}).json()
    assert (ended["status"], ended["proposed"]) == ("ACTIVE", "NO_CONTACT")
    assert first("POST", f"/contacts/{made['id']}/end", {"kind": "CONVERTED", "reason": "no"}).status_code == 422
    kept = call("duty_officer")("POST", f"/contacts/{made['id']}/refuse", {"reason": "was seen here"}).json()
    assert (kept["status"], kept["proposed"]) == ("ACTIVE", None)


def test_who_was_dropped_is_proposed_again(call, entered) -> None:
    first, row = entered
    made = first("POST", f"/registers/{REGISTER}", {**row, "reason": "named by a neighbour"}).json()
    assert first("POST", f"/contacts/{made['id']}/refuse", {"reason": "my mistake"}).json()["status"] == "DROPPED"
    again = first("POST", f"/contacts/{made['id']}/restore", {"reason": "no mistake"}).json()
    assert (again["status"], again["proposed"]) == ("DROPPED", "CLOSE")


def test_a_neighbours_contact_is_not_there(call, entered) -> None:
    first, row = entered
    made = first("POST", f"/registers/{REGISTER}", {**row, "reason": "named by a neighbour"}).json()
    assert call("investigator", area="410882")("POST", f"/contacts/{made['id']}/confirm").status_code == 404
    with scope.everywhere("test"):
        assert selectors.contact(made["id"]).proposed == "CLOSE"
