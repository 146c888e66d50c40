"""What the rules suggest, what a checklist knows, who passed a checkpoint, and the same for programs."""

from datetime import timedelta

import pytest

from fangxian.core import clock
from fangxian.core.areas import Area
from fangxian.systems.cases import services as cases
from fangxian.systems.checkpoints import services as checkpoints
from fangxian.systems.checkpoints.models import Passage, PointOfEntry
from fangxian.systems.people import services as people
from fangxian.systems.risk_areas import selectors, services
from fangxian.systems.risk_areas.models import RiskAreaVersion
from fangxian.workflows.risk_areas import suggesting
from tests.integration.risk_areas.conftest import CELL, MORNING, TOWN, VILLAGE, make
from tests.registers.samples import resident_number
from tests.unit.api.conftest import call, token

__all__ = ["call", "token"]


@pytest.fixture
def case(world):
    """Factory: a confirmed case of somebody, positive so many days ago."""

    def open_(person, days: int = 0, **values):
        at = MORNING - timedelta(days=days)
        return cases.open_case(by=None, person=person, disease="covid19", area=person.area, positive_at=at,
                               classification="CONFIRMED", **values)  # fmt: skip

    return open_


def suggested():
    return [(one.area.pk, one.level, set(one.cases), bool(one.instead)) for one in suggesting.zones_for_cases()]


def test_a_village_with_cases_and_no_zone_is_suggested_until_one_lies_there(world, case):
    first, second = case(world.resident, 1), case(world.next_door)
    case(world.shopper, 60)  # longer ago than the pack looks back
    cases.open_case(by=None, person=world.rough, disease="covid19", area=world.rough.area)  # suspected only
    assert suggested() == [(VILLAGE, "LOCKDOWN", {first.number, second.number}, False)]
    assert str(suggesting.zones_for_cases()[0].label) == "Lockdown zone"

    world.publish(level="PRECAUTION", codes=VILLAGE, name="段西村")
    assert suggested() == [(VILLAGE, "LOCKDOWN", {first.number, second.number}, True)], "a lesser level is not enough"
    world.publish(level="LOCKDOWN", codes=VILLAGE, name="段西村")
    assert suggested() == []


def test_the_checklist_reads_cases_contacts_and_the_round(world, case):
    before = cases.open_case(by=None, person=world.early, disease="covid19", area=world.early.area)
    run = world.publish(level="LOCKDOWN", codes=VILLAGE, name="段西村")
    with clock.frozen(MORNING + timedelta(days=3)):
        case(world.resident, -2)
        wanted = cases.WantedContact(person=world.next_door, ring="CLOSE", rule="test", last_contact_at=clock.now())
        cases.sync_contacts(by=None, case=before, wanted=[wanted])
        (zone,) = [zone for zone in selectors.in_force() if zone.area_id == run.risk_area_id]
        found = suggesting.may_be_lowered(zone)
        facts = {check.label: (check.holds, check.facts) for check in found.checks}
        assert (found.step.to, found.allowed) == ("LIFTED", False)
        assert [(tick.number != "", tick.restarted) for tick in found.clock] == [(True, False)]
        contacts = next(value for _holds, value in facts.values() if "contacts" in value)
        people_ = next(value for _holds, value in facts.values() if "residents" in value)
        assert (contacts["contacts"], contacts["negative"]) == (1, 0)
        assert (people_["residents"], people_["negative"]) == (2, 0)


def test_who_passed_a_checkpoint_from_there_is_found(world):
    point = make(PointOfEntry, area=world.area["410883001"], name="孟吉交界处防疫卡点")
    driver = people.add_person(by=None, area=world.area[CELL], name="庚", id_number=resident_number(7))
    entries = [
        checkpoints.entry({"point": point, "plate": plate, "id_number": number, "name": "庚" if number else "",
                           "from_code": code, "passed_at": MORNING - timedelta(days=days)})
        for plate, number, code, days in (
            ("豫U10001", resident_number(7), TOWN, 2), ("豫U10001", resident_number(7), TOWN, 1),
            ("豫U10002", "", f"{TOWN}201", 1), ("豫U10003", resident_number(7), "410102", 1),
        )
    ]  # fmt: skip
    checkpoints.record_passages(by=None, entries=entries, tell=False)
    Passage.unscoped.exclude(id_index=None).update(person=driver)

    run = world.publish()

    row = world.affected()["庚"]
    assert (row.because, row.evidence[0]["times"], row.evidence[0]["code"]) == ("PASSAGE", 2, TOWN)
    assert (run.read["PASSAGE"], run.read["vehicles"]) == (1, 1), "two passages are one piece; a car without a name"


# --- for programs ---


def test_a_program_proposes_looks_and_asks(world, call):
    world.returns()
    officer, other = call("duty_officer"), call("duty_officer")
    said = {"area": "410883", "name": "沁阳市覃怀街道", "disease": "covid19", "level": "MEDIUM", "codes": TOWN,
            "from_at": MORNING - timedelta(days=1), "reason": "新增病例"}  # fmt: skip
    made = officer("POST", "/risk-areas", said)
    assert made.status_code == 200, made.content
    pk = made.json()["id"]
    assert made.json()["state"] == "PROPOSED" and officer("GET", "/risk-areas").json() == []
    seen = officer("GET", f"/risk-areas/{pk}/preview").json()
    assert (seen["new"], seen["released"], seen["read"]["STAY"]) == (1, 0, 1)

    assert officer("POST", f"/risk-areas/{pk}/publish").status_code in (403, 422), "nobody agrees to their own"
    assert other("POST", f"/risk-areas/{pk}/publish").json()["state"] == "PUBLISHED"
    (zone,) = officer("GET", "/risk-areas").json()
    assert (zone["name"], zone["level"], zone["codes"], zone["drawn"]) == ("沁阳市覃怀街道", "MEDIUM", [TOWN], False)
    inside = officer("GET", f"/risk-areas/match?code={TOWN}201").json()
    around = officer("GET", "/risk-areas/match?code=410882").json()
    point = officer("GET", "/risk-areas/match?latitude=35.1&longitude=112.9").json()
    assert (inside["zone"]["level"], around["zone"], len(around["possible"]), point["zone"]) == (
        "MEDIUM",
        None,
        1,
        None,
    )


@pytest.mark.parametrize("path", ["/risk-areas/{pk}/preview", "/risk-areas/{pk}/publish"])
def test_a_program_of_another_county_finds_no_proposal(world, call, path):
    version = world.propose()
    method = "POST" if path.endswith("publish") else "GET"
    assert call("duty_officer", area="410882")(method, path.format(pk=version.pk)).status_code == 404
    assert call("viewer")("POST", "/risk-areas", {}).status_code == 403
    assert RiskAreaVersion.objects.get().state == "PROPOSED" and Area.objects.filter(code=CELL).exists()
    assert services.publish(version=version, by=world.second).state == "PUBLISHED"
