"""The pages: what is asked for, the rows behind it, the steps, the boards, the list everybody may read."""

import pytest
from django.test import Client

from fangxian.core.audit import AuditEntry
from fangxian.faces.web.pages.publicity import counting
from fangxian.registers import site
from fangxian.systems.inspection.models import Trip
from fangxian.systems.readiness.models import EpidemicFree, SchoolOpening
from fangxian.workflows import epidemic_free, school_opening
from tests.registers.samples import make
from tests.unit.readiness.conftest import VILLAGE
from tests.unit.readiness.test_schools import School

pytestmark = pytest.mark.django_db
HERE = f"/readiness/communities/{VILLAGE}/"


@pytest.fixture(autouse=True)
def _afresh():
    counting._gathered.clear()
    counting._written_at.clear()


@pytest.fixture
def secretary(officer):
    return officer("village_secretary", area=VILLAGE)


@pytest.fixture
def granted(ready, secretary, officer):
    row = epidemic_free.apply(by=secretary, area=ready)
    return epidemic_free.approve(row=row, by=officer("duty_officer"))


def test_from_the_application_to_the_public_list(ready, hand, secretary, officer, sign_in):
    for _person in range(60):
        hand.person()
    desk, county = sign_in(secretary), sign_in(officer("duty_officer"))
    page = desk.get(HERE).content.decode()
    assert "Every criterion holds" in page and "What the community says" in page and "Grant the status" not in page
    assert desk.post(HERE + "apply/", {"note": "两轮全阴"}, follow=True).status_code == 200
    row = EpidemicFree.unscoped.get()
    assert "Grant the status" in county.get(HERE).content.decode()
    county.post(f"/readiness/applications/{row.pk}/approve/")
    row.refresh_from_db()
    assert row.state == "GRANTED"
    public = Client().get("/public/410883/epidemic-free/", headers={"accept-language": "en"})
    assert "Duanxi" in public.content.decode() and not public.cookies
    assert "Duanxi" in Client().get("/public/410883001/epidemic-free/?lang=en").content.decode()
    assert "Duanxi" not in Client().get("/public/410883002/epidemic-free/?lang=en").content.decode()
    assert Client().get("/public/999/epidemic-free/").status_code == 404


def test_a_very_small_community_is_not_named_in_public(granted, officer):
    assert "Duanxi" not in Client().get("/public/410883/epidemic-free/?lang=en").content.decode()


def test_figures_open_their_rows_only_for_those_who_may(ready, hand, secretary, officer, sign_in):
    contact = hand.contact(hand.case(40))
    county = sign_in(officer("duty_officer"))
    page = county.get(HERE).content.decode()
    rows = "/registers/cases.contact/?list=followed&amp;area=" + VILLAGE
    assert rows in page and "1 criterion is not met" in page
    assert str(contact.person.name) in county.get(rows.replace("&amp;", "&")).content.decode()
    assert "cases.contact" not in sign_in(secretary).get(HERE).content.decode()


def test_every_link_shows_rows(ready, hand, officer, sign_in):
    hand.case(1)
    hand.home()
    hand.finding(1)
    hand.arrival(1)
    hand.duty("MISSED")
    hand.round(1, 9)
    county = sign_in(officer("duty_officer"))
    context = county.get(HERE).context
    assert all(line.url for line in context["lines"])
    broken = [line.url for line in context["lines"] if not line.verdict.met]
    assert len(broken) == 6
    assert [county.get(url).context["page"].total for url in broken] == [1] * 6


def test_steps_by_hand_and_their_refusals(granted, officer, sign_in):
    first, second = officer("duty_officer"), officer("township_officer", area="410883001")
    act = f"/readiness/applications/{granted.pk}/"
    sign_in(first).post(act + "ask/", {"reason": "拒不配合"})
    assert "A second person has to agree" in sign_in(second).get(HERE).content.decode()
    sign_in(first).post(act + "revoke/")
    granted.refresh_from_db()
    assert granted.state == "GRANTED"
    sign_in(second).post(act + "revoke/")
    granted.refresh_from_db()
    assert granted.state == "REVOKED"
    assert sign_in(second).get(act).url == HERE
    assert "拒不配合" in sign_in(second).get(HERE).content.decode()
    assert AuditEntry.objects.filter(action="readiness.community.revoked").count() == 1


def test_an_application_refused_on_the_page(ready, secretary, officer, sign_in):
    row = epidemic_free.apply(by=secretary, area=ready)
    sign_in(officer("duty_officer")).post(f"/readiness/applications/{row.pk}/refuse/", {"reason": "夜间无人值守"})
    row.refresh_from_db()
    assert row.state == "REFUSED"


def test_outside_the_scope_is_nothing(granted, officer, sign_in):
    stranger = sign_in(officer("township_officer", area="410883002"))
    assert stranger.get(HERE).status_code == 404
    assert stranger.post(f"/readiness/applications/{granted.pk}/revoke/").status_code == 404
    assert sign_in(officer("duty_officer")).get("/readiness/communities/410883001/").status_code == 404


def test_the_board_counts_by_township_and_reason(granted, hand, officer, sign_in):
    county = sign_in(officer("duty_officer"))
    page = county.get("/readiness/")
    towns = {town.area.code: town.cells for town in page.context["towns"]}
    assert towns["410883001"] == [1, 1, 0, 0, 0, 0] and towns["410883002"] == [1, 0, 0, 0, 1, 0]
    assert page.context["lacking"] == [("Residents on record", 1)]
    hand.home()
    epidemic_free.look()
    assert [row.tab for row in county.get("/readiness/?show=revoked").context["page"]] == ["revoked"]
    assert list(county.get("/readiness/?show=able&town=410883002").context["page"]) == []
    assert county.get("/registers/readiness.epidemicfree/?list=revoked").status_code == 200


def test_a_school_from_the_plan_to_the_opening(hand, officer, sign_in):
    place = make(site.get("screening.place"), hand.area, kind="SCHOOL", name="段西小学")
    first, second = officer("duty_officer"), officer("duty_officer")
    here, desk = f"/readiness/schools/{place.pk}/", sign_in(first)
    assert "Prepare a term" in desk.get(here).content.decode()
    plan = {"term": "2022-1", "opens_on": "2022-03-21", "grades": ["一年级", ""], "stage_on": ["2022-03-21", ""],
            "commissioner": "李校医", "commissioner_phone": "13812345678"}  # fmt: skip
    desk.post(here, {**plan, "opens_on": "soon"})
    assert not SchoolOpening.unscoped.exists()
    desk.post(here, plan)
    opening = SchoolOpening.unscoped.get()
    school = School.__new__(School)
    school.hand, school.place, school.officer, school.opening = hand, place, first, opening
    board = desk.get("/readiness/schools/?show=blocked").content.decode()
    assert "段西小学" in board
    school.all_met()
    act = f"/readiness/openings/{opening.pk}/"
    desk.post(act + "change/", {**plan, "commissioner": "王校医", "commissioner_phone": ""})
    desk.post(act + "propose/")
    assert "Open the school" not in desk.get(here).content.decode()
    assert "Open the school" in sign_in(second).get(here).content.decode()
    sign_in(second).post(act + "open/")
    opening.refresh_from_db()
    assert (opening.state, opening.commissioner, str(opening.commissioner_phone)) == ("OPEN", "王校医", "138****5678")
    assert desk.get(act).url == here
    assert "readiness.schoolmember/?list=of_opening" in desk.get(here).content.decode()
    assert desk.get(f"/registers/readiness.schoolmember/?list=silent&value={opening.pk}").status_code == 200
    school.finding()
    school_opening.look()
    assert "Closed again on" in desk.get(here).content.decode()


def test_the_cycle_of_key_places_names_kinds_of_which_none_is_on_record(hand, officer, sign_in):
    from datetime import timedelta

    from fangxian.core import clock
    from fangxian.core.clock import now

    with clock.frozen(now() - timedelta(days=200)):
        make(site.get("screening.place"), hand.area, kind="MARKET", name="段西市场")
        make(site.get("quarantine.site"), hand.area, kind="QUARANTINE")
    county = sign_in(officer("duty_officer"))
    page = county.get("/readiness/key-places/")
    kinds = {row.kind: row for row in page.context["register"].kinds}
    market, mall = kinds["screening.place:MARKET"], kinds["screening.place:MALL"]
    assert (market.registered, market.never, market.due, market.is_gap) == (1, 1, 1, False)
    assert (mall.registered, mall.known, mall.is_gap) == (0, None, True)
    assert kinds["quarantine.site"].due == 1  # a row with a kind the pack does not name is of its register's kind
    assert [(row.area.code, row.unplanned) for row in page.context["register"].towns][0] == ("410883001", 2)
    answer = county.post("/readiness/key-places/", {"town": "410883001"})
    assert answer.url == f"/supervision/trips/{Trip.unscoped.get().pk}/"
    page = county.get("/readiness/key-places/")
    assert page.context["register"].towns[0].planned == 2
    assert "段西市场" in page.content.decode()
