"""The pages: board, proposing, what would change, agreeing, the history, a run, the public list."""

import json

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse

from fangxian.core import jobs
from fangxian.systems.risk_areas import services, shapes
from fangxian.systems.risk_areas.models import RiskAreaVersion
from tests.integration.risk_areas.conftest import NEIGHBOUR, VILLAGE

BLOCK = shapes.polygon((34.910, 112.790), (34.910, 112.791), (34.911, 112.791), (34.911, 112.790))
PROPOSAL = {
    "name": "段西村一角", "level": "CONTROL", "disease": "covid19", "from_at": "2022-03-15T08:00", "until_at": "",
    "codes": "", "lies_in": VILLAGE, "building": "", "shape": json.dumps(BLOCK), "issuer": "指挥部", "document": "",
    "reason": "活动轨迹涉及",
}  # fmt: skip


@pytest.fixture
def signed(world):
    """Factory: the browser of somebody."""

    def sign(officer) -> Client:
        client = Client(headers={"accept-language": "en"})
        TOTP.activate(officer, generate_totp_secret())
        client.force_login(officer)
        return client

    return sign


def test_from_the_map_to_the_run(world, signed):
    world.checks_in()
    first, second = signed(world.proposer), signed(world.second)

    page = first.get("/risk-areas/new/")
    assert page.status_code == 200 and "data-draw" in page.content.decode()
    answer = first.post("/risk-areas/new/", PROPOSAL)
    version = RiskAreaVersion.objects.get()
    assert answer["Location"] == f"/risk-areas/versions/{version.pk}/"

    mine = first.get(answer["Location"]).content.decode()
    assert "a second person has to agree" in mine and "Agree and publish" not in mine
    theirs = second.get(answer["Location"]).content.decode()
    assert "What would change" in theirs and "戊" in theirs and "Agree and publish" in theirs

    answer = second.post(f"/risk-areas/versions/{version.pk}/publish/")
    assert answer["Location"] == f"/risk-areas/{version.risk_area_id}/"
    jobs.run_pending()
    page = second.get(f"/risk-areas/{version.risk_area_id}/").content.decode()
    assert "段西村一角" in page and "Control zone" in page
    run = version.risk_area.evaluations.get()
    assert "戊" in second.get(f"/risk-areas/runs/{run.pk}/").content.decode()
    assert "段西村一角" in second.get("/risk-areas/").content.decode()


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"shape": "[1, 2"}, "not GeoJSON"),
        ({"shape": json.dumps(shapes.polygon((0, 0), (1, 1), (0, 1), (1, 0)))}, "crosses itself"),
        ({"shape": "", "lies_in": ""}, "Say what it covers"),
        ({"lies_in": ""}, "code of the area around"),
        ({"codes": "410 -"}, "Codes of letters and digits"),
        ({"until_at": "2022-03-14T08:00"}, "ends before it begins"),
    ],
)
def test_what_is_wrong_stands_in_the_form(world, signed, changed, why):
    answer = signed(world.proposer).post("/risk-areas/new/", {**PROPOSAL, **changed})

    assert answer.status_code == 422 and why in answer.content.decode()
    assert not RiskAreaVersion.objects.exists()


def test_places_of_the_nation_are_found_by_name_and_stand_by_name(world, signed):
    client = signed(world.proposer)
    offered = client.get(reverse("lookup_areas"), {"nation": 1, "q": "宝山"}).content.decode()
    assert 'value="上海市宝山区" data-value="310113"' in offered
    assert "宝山" not in client.get(reverse("lookup_areas"), {"anywhere": 1, "q": "宝山"}).content.decode()
    shown = client.get("/risk-areas/new/", {"codes": "310113 410883001"}).content.decode()
    assert 'data-code="310113"' in shown and "上海市宝山区 ×" in shown and "Dading ×" in shown


def test_nobody_agrees_to_their_own(world, signed):
    version = world.propose()

    page = signed(world.proposer).post(f"/risk-areas/versions/{version.pk}/publish/", follow=True)

    assert "a second person has to agree" in page.content.decode()
    version.refresh_from_db()
    assert version.state == "PROPOSED"


def test_a_list_is_agreed_to_at_once(world, signed):
    many = [world.propose(name=f"街道{number}", codes=f"41088{number}") for number in range(3)]

    page = signed(world.second).post("/risk-areas/publish/", {"version": [one.pk for one in many[:2]]}, follow=True)

    assert "2 areas published" in page.content.decode()
    assert RiskAreaVersion.objects.filter(state="PUBLISHED").count() == 2


def test_refusing_needs_a_reason(world, signed):
    version, client = world.propose(), signed(world.second)

    assert client.post(f"/risk-areas/versions/{version.pk}/refuse/", {"reason": ""}).status_code == 422
    assert client.post(f"/risk-areas/versions/{version.pk}/refuse/", {"reason": "范围不清"}).status_code == 302
    version.refresh_from_db()
    assert version.state == "REFUSED" and version.decision == "范围不清"


@pytest.mark.parametrize(
    ("act", "given"),
    [
        ("level", {**PROPOSAL, "shape": "", "codes": "410882001", "level": "HIGH"}),
        ("lift", {"from_at": "2022-03-15T08:00", "reason": "14天无新增"}),
        ("correct", {**PROPOSAL, "shape": "", "codes": "410882002", "level": "MEDIUM"}),
        ("withdraw", {"reason": "误发布公告"}),
    ],
)
def test_every_change_is_a_version_with_its_difference(world, signed, act, given):
    run, client = world.publish(), signed(world.proposer)
    url = f"/risk-areas/versions/{run.version_of_area_id}/{act}/"

    assert client.get(url).status_code == 200
    answer = client.post(url, given)

    assert answer.status_code == 302, answer.content.decode()
    page = client.get(f"/risk-areas/{run.risk_area_id}/").content.decode()
    assert "<del>" in page and "<ins>" in page
    assert RiskAreaVersion.objects.filter(risk_area_id=run.risk_area_id).count() == 2


def test_the_public_list_needs_no_account_and_names_nobody(world):
    world.returns()
    world.publish()

    page = Client().get("/public/risk-areas/")

    assert page.status_code == 200 and "沁阳市覃怀街道" in page.content.decode()
    assert "丙" not in page.content.decode() and "risk-areas/01" not in page.content.decode()


def test_the_public_list_shows_no_proposal(world):
    world.propose(name="未公布街道")

    assert "未公布街道" not in Client().get("/public/risk-areas/").content.decode()


def test_a_proposal_of_another_county_does_not_exist(world, officer, signed):
    version = world.propose()

    assert signed(officer("duty_officer", area="410882")).get(f"/risk-areas/versions/{version.pk}/").status_code == 404


def test_a_township_sees_its_own_people_of_a_run(world, officer, signed):
    world.returns()
    world.checks_in(world.resident)
    run = world.publish(codes=f"{NEIGHBOUR} {VILLAGE}", level="HIGH")

    page = signed(officer("township_officer", area="410883001")).get("/registers/risk_areas.affectedperson/")
    assert "甲" in page.content.decode() and "丙" not in page.content.decode()
    assert signed(world.second).get(f"/risk-areas/runs/{run.pk}/?tab=new").status_code == 200


def test_looking_again_queues_one_run(world, signed):
    run = world.publish()

    client = signed(world.second)
    client.post(f"/risk-areas/{run.risk_area_id}/again/")
    client.post(f"/risk-areas/{run.risk_area_id}/again/")

    assert jobs.run_pending() == 1


def test_a_step_keeps_the_checklist_with_the_proposal(world):
    run = world.publish(level="LOCKDOWN", codes=VILLAGE, name="段西村")

    lifted = services.lift(version=run.version_of_area, by=world.proposer, from_at=run.judged_at, reason="解除")

    assert lifted.number == 2 and lifted.risk_area_id == run.risk_area_id
