"""The pages of the command: what stands, what would change, two officers, groups and their tasks; the badge."""

from datetime import timedelta

import pytest
from django.test import Client

from fangxian.core import jobs, modes
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.modes import Mode, OperatingMode
from fangxian.systems.cases import services as cases
from fangxian.systems.command import groups
from fangxian.systems.command.models import GroupMember, Task
from fangxian.systems.people import services as people

COUNTY, TOWN, VILLAGE = "410883", "410883001", "410883001212"
DECLARED = {"reason": "聚集性疫情", "basis": "第12号通告"}


@pytest.fixture
def desk(officer, everywhere, frozen, settings):
    """Factory: a signed-in officer's browser."""
    settings.LANGUAGE_CODE = "en"

    def sign_in(role="duty_officer", area=COUNTY, who=None):
        client = Client(headers={"accept-language": "en"})
        client.officer = who or officer(role, area=area)
        client.force_login(client.officer)
        return client

    return sign_in


@pytest.fixture(autouse=True)
def _no_second_factor(monkeypatch):
    for face in ("web.middleware", "api.policy"):
        monkeypatch.setattr(f"fangxian.faces.{face}.FIRST_STEPS", ())


def text(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_an_emergency_takes_two_and_shows_on_every_page(desk, officer):
    officer("grid_worker", area=VILLAGE)
    first, second = desk(), desk()
    assert "Normal operation" in text(first.get("/situation/"))
    laboratory = text(desk("laboratory").get("/ledger/"))
    assert "Normal operation" in laboratory and 'href="/command/"' not in laboratory  # it may not open that page
    seen = text(first.get(f"/command/mode/?area={COUNTY}&mode=emergency"))
    assert "24 hours" in seen and "8 hours" in seen and "every day" in seen and "/registers/people.household/" in seen
    answer = first.post(f"/command/mode/?area={COUNTY}&mode=emergency", DECLARED)
    row = OperatingMode.objects.get()
    assert answer.url == f"/command/modes/{row.pk}/" and row.state == "proposed"
    assert "second person has to agree" in text(first.get(answer.url))
    first.post(answer.url + "confirm/")
    row.refresh_from_db()
    assert row.state == "proposed", "the first is no second"
    second.post(answer.url + "confirm/")
    jobs.run_pending()
    row.refresh_from_db()
    assert (row.state, row.followed_at is not None) == ("declared", True)
    assert "Not yet acknowledged" in text(second.get(answer.url)) and "1 told" in text(second.get(answer.url))
    assert "Emergency" in text(first.get("/command/")) and "Emergency" in text(desk("viewer").get("/my-tasks/"))
    listed = text(first.get(f"/registers/command.task/?list=of_mode_open&value={row.pk}"))
    assert "state of emergency" in listed
    assert first.get("/registers/command.task/?list=of_mode_open&value=x").status_code in (200, 400, 404, 422)


def test_what_is_refused_says_why(desk):
    client = desk()
    past = {**DECLARED, "from_at": "2022-03-01T08:00"}
    answer = client.post(f"/command/mode/?area={COUNTY}&mode=alert", past)
    assert answer.status_code == 422 and "before it is declared" in answer.content.decode()
    client.post(f"/command/mode/?area={COUNTY}&mode=alert", DECLARED)
    town = desk("township_officer", TOWN)
    answer = town.post(f"/command/mode/?area={TOWN}&mode=normal", DECLARED)
    assert answer.status_code == 422 and "area above" in answer.content.decode()
    assert town.get(f"/command/?area={COUNTY}").status_code == 404
    assert client.get("/command/mode/?mode=none").status_code == 200
    assert "nothing would change" in text(client.get(f"/command/mode/?area={COUNTY}&mode=alert"))


def test_what_is_to_come_is_taken_back(desk):
    client = desk()
    begins = (now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    made = client.post(f"/command/mode/?area={COUNTY}&mode=alert", {**DECLARED, "from_at": begins}).url
    assert "Take back" in text(client.get(made))
    client.post(made + "withdraw/", {"reason": "called off"})
    assert modes.mode_of(COUNTY, now() + timedelta(days=3)) == Mode.NORMAL
    client.post(f"/command/mode/?area={COUNTY}&mode=emergency", DECLARED)
    waiting = OperatingMode.objects.get(state="proposed")
    assert str(waiting.pk) in text(client.get("/command/"))
    client.post(f"/command/modes/{waiting.pk}/refuse/", {"reason": "not yet"})
    waiting.refresh_from_db()
    assert (waiting.state, waiting.decision) == ("refused", "not yet")


def test_the_streak_opens_the_case_that_broke_it(desk):
    place = Area.objects.get(code=VILLAGE)
    who = people.add_person(by=None, area=place, name="张三", id_type="NONE")
    case = cases.open_case(by=None, person=who, disease="covid19", onset_on=(now() - timedelta(days=6)).date())
    cases.confirm(case, by=desk("investigator").officer, basis="clinical")
    client = desk()
    seen = text(client.get("/situation/"))
    assert "6 days" in seen and "last broken on" in seen
    day = (now() - timedelta(days=6)).date().isoformat()
    rows = text(client.get(f"/registers/cases.case/?list=broke&value={day}+{COUNTY}&area={COUNTY}"))
    assert str(case.pk) in rows or str(case) in rows
    api = client.get(f"/api/situation/streak?area={COUNTY}").json()
    assert (api["days"], api["cases"], api["last_on"]) == (6, 1, day)
    assert client.get(f"/api/situation/mode?area={COUNTY}").json()["mode"] == "normal"
    assert client.get("/api/situation/streak?area=410882").status_code == 404
    assert "No case on record" in text(desk("township_officer", "410883002").get("/command/"))


def test_a_group_is_led_and_given_a_task(desk, officer):
    client, leader = desk(), desk("viewer")
    group = groups.form_group(by=None, area=Area.objects.get(code=COUNTY), name="交通管控组", answers_for="卡点")
    here = f"/command/groups/{group.pk}/"
    assert "Nobody yet" in text(client.get(here)) and "交通管控组" in text(client.get("/command/"))
    due = (now() + timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M")
    client.post(here + "task/", {"title": "封闭孟吉交界路口", "due_at": due})
    assert not Task.unscoped.filter(group=group).exists(), "nobody leads it"
    client.post(here + "join/", {"officer": leader.officer.pk, "position": "LEADER", "duty": "总协调"})
    assert client.post(here + "join/", {"position": "LEADER"}).status_code == 422
    assert client.post(here + "task/", {"title": ""}).status_code == 422
    client.post(here + "task/", {"title": "封闭孟吉交界路口", "due_at": due})
    seen = text(leader.get("/my-tasks/"))
    assert "封闭孟吉交界路口" in seen and "交通管控组" in seen
    member = GroupMember.objects.get()
    client.post(f"/command/members/{member.pk}/leave/")
    member.refresh_from_db()
    assert member.valid_to is None, "open tasks and nobody else to lead"
    assert leader.post(here + "join/", {}).status_code == 403
    assert "封闭孟吉交界路口" in text(client.get(here))
