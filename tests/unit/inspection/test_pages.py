"""The pages of supervision: the board's figures, a finding from its page, a trip's stop, a place's four parties."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fangxian.core import clock, scope
from fangxian.core.areas import Area
from fangxian.systems.inspection import selectors, services
from fangxian.systems.inspection.models import Accountability, Finding, FourParties, Sheet, Trip
from fangxian.systems.screening import services as screening

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
AT = datetime(2022, 3, 15, 0, 0, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def enter(officer):
    def enter(role: str, area: str = "410883"):
        made = officer(role, area=area)
        Authenticator.objects.create(user=made, type=Authenticator.Type.TOTP, data={})
        client = Client()
        client.force_login(made)
        return made, client

    return enter


@pytest.fixture
def market(county):
    with scope.everywhere("test data"):
        yield screening.add_place(by=None, area=Area.objects.get(code="410883001"), name="Market", kind="MARKET")


def act(client, found, deed: str, **said):
    return client.post(reverse("finding_act", args=[found.pk, deed]), said, follow=True).content.decode()


def test_a_finding_goes_its_way_on_its_page(enter, market):
    inspector, at_desk = enter("inspector")
    _other, beside = enter("inspector")
    _holder, at_town = enter("township_officer", "410883001")
    said = {"what": "no code at gate", "severity": "MAJOR", "topic": "CODES"}
    found = services.raise_finding(by=inspector, area=market.area, where="Market", subject=market, **said)
    page = at_town.get(reverse("finding", args=[found.pk])).content.decode()
    assert "Report it mended" in page and "Nobody is named for this place" in page

    assert "Not without evidence" in act(at_town, found, "mend", reason="done")
    photo = SimpleUploadedFile("gate.png", PNG)
    assert "Somebody else looks again" in act(at_town, found, "mend", reason="code is up", photo=photo)
    assert "It is mended: close it" not in at_town.get(reverse("finding", args=[found.pk])).content.decode()
    assert "Looked at again: not mended" in act(at_desk, found, "reopen", reason="still none")
    act(at_town, found, "mend", reason="code is up now", photo=SimpleUploadedFile("gate2.png", PNG + b"2"))
    assert "Closed." in act(beside, found, "agree")
    assert selectors.finding(found.pk).state == "CLOSED"


def test_the_board_counts_what_its_links_show(enter, market):
    inspector, client = enter("inspector")
    for what in ("no code at gate", "no mask at stall"):
        services.raise_finding(by=inspector, area=market.area, where="Market", subject=market, what=what, topic="CODES")
    with clock.frozen(AT + timedelta(days=10)):
        page = client.get(reverse("supervision"))
        figures = {str(one["label"]): one for one in page.context["figures"]}
        assert (figures["Not settled"]["value"], figures["Overdue"]["value"], figures["Repeats"]["value"]) == (2, 2, 1)
        assert "no mask at stall" in client.get(figures["Repeats"]["url"]).content.decode()
        assert "Market" in page.content.decode() and page.context["repeaters"][0]["n"] == 2


def test_a_trip_is_planned_walked_and_concluded(enter, market):
    inspector, client = enter("inspector")
    market.created_at = AT - timedelta(days=90)
    market.save(update_fields=["created_at"])
    answer = client.post(reverse("trips"), {"name": "Night visit", "most": "3", "on": "2022-03-15"}, follow=True)
    sheet, trip = Sheet.objects.get(), Trip.objects.get()
    assert trip.leader == inspector and sheet.where in answer.content.decode()
    page = reverse("sheet", args=[sheet.pk])
    assert client.post(page, {"codes": "NO"}).status_code == 422
    keys = ("codes", "crowding", "disinfection", "ventilation", "staff", "person")
    said = {**dict.fromkeys(keys, "YES"), "codes": "NO", "codes-seen": "nobody at the gate"}
    assert client.post(page, said).status_code == 302
    finding = Finding.objects.get()
    assert (finding.topic, finding.sheet, finding.origin) == ("CODES", sheet, "INSPECTION")
    done = client.post(reverse("trip_end", args=[trip.pk]), {"reason": "one gap"}, follow=True).content.decode()
    assert "Concluded." in done and "nobody at the gate" in client.get(page).content.decode()


def test_a_route_is_chosen_by_hand(enter, market):
    inspector, client = enter("inspector")
    other, _beside = enter("inspector")
    planned = {"name": "By hand", "most": "0", "leader": str(other.pk)}
    page = client.post(reverse("trips"), planned, follow=True).content.decode()
    trip = Trip.objects.get()
    assert trip.leader == other and "Add a place" in page and not Sheet.objects.exists()
    at = reverse("trip", args=[trip.pk])
    assert "No key place and no unit" in client.get(at, {"find": "nowhere"}).content.decode()
    stop = lambda place, **said: client.post(  # noqa: E731
        reverse("trip_stop", args=[trip.pk]), {"place": place, **said}, follow=True
    ).content.decode()
    found = {one.name: one for one in client.get(at, {"find": "market"}).context["offers"]}
    village = client.get(at, {"find": "段西村"}).context["offers"][0]
    assert village.checklists[0].key == "village" and "Added" in stop(village.value)
    assert "Added" in stop(found["Market"].value, checklist="three_questions")
    assert "is not for" in stop(found["Market"].value, checklist="village")
    assert [one.where for one in selectors.sheets_of([trip])] == ["段西村", "Market"]
    first, second = selectors.sheets_of([trip])
    assert (first.area_id, first.subject_id, second.subject_id) == ("410883001212", None, market.pk)
    move = lambda sheet, **said: client.post(  # noqa: E731
        reverse("sheet_move", args=[sheet.pk]), said, follow=True
    ).content.decode()
    move(second), move(second)
    assert [one.pk for one in selectors.sheets_of([trip])] == [second.pk, first.pk]
    assert "Left out." in move(first, drop="1", reason="flooded road") and "already" in move(first)
    lead = reverse("trip_leader", args=[trip.pk])
    assert "Kept." in client.post(lead, {"leader": str(inspector.pk)}, follow=True).content.decode()
    assert "does not inspect here" in client.post(lead, {"leader": "0"}, follow=True).content.decode()
    assert selectors.trip(trip.pk).leader == inspector


@pytest.mark.parametrize(("role", "code", "checklist"), [
    ("village_secretary", "410883001212", "village"), ("township_officer", "410883001", "three_questions"),
])  # fmt: skip
def test_a_unit_checks_itself(enter, role, code, checklist):
    _holder, client = enter(role, code)
    here, page = reverse("own_check"), reverse("own_sheet", args=[code, checklist])
    assert page in client.get(here).content.decode() and here in client.get(reverse("ledger")).content.decode()
    keys = {item.key for item, _given, _seen in client.get(page).context["rows"]}
    said = dict.fromkeys(keys, "YES")
    assert client.post(page, {}).status_code == 422
    worst = sorted(keys)[0]
    assert client.post(page, {**said, worst: "NO", f"{worst}-seen": "not kept since Monday"}).url == here
    with scope.everywhere("test data"):
        finding = Finding.objects.select_related("sheet").get()
    assert (finding.origin, finding.area_id, finding.sheet.is_self_check) == ("SELF_CHECK", code, True)
    assert "1 of" in client.get(here).content.decode()
    assert client.get(reverse("own_sheet", args=["410883", checklist])).status_code == 404
    assert client.get(reverse("own_sheet", args=[code, "pharmacy"])).status_code == 404


def test_a_place_without_its_four_is_a_gap_until_they_are_named(enter, market):
    _holder, client = enter("township_officer", "410883001")
    assert "Market" in client.get(reverse("key_places") + "?show=gaps").content.decode()
    place = reverse("key_place", args=["screening.place", market.pk])
    assert "this place is on the list of gaps" in client.get(place).content.decode()
    four = {"locality": "Deputy Wang", "department": "Market bureau", "unit": "Market Ltd", "individual": "Li"}
    client.post(reverse("key_place_parties", args=["screening.place", market.pk]), {"duty": "EPIDEMIC", **four})
    assert FourParties.objects.get().missing == []
    assert "Market" not in client.get(reverse("key_places") + "?show=gaps").content.decode()
    check = reverse("self_check", args=["screening.place", market.pk, "three_questions"])
    said = {"minds": "NO", "minds-seen": "night shift asleep", "measures": "YES", "duty": "YES"}
    assert client.get(check).status_code == 200 and client.post(check, said).status_code == 302
    finding = Finding.objects.get()
    assert (finding.origin, finding.unit, finding.due_at) == ("SELF_CHECK", "Market Ltd", AT + timedelta(hours=252))
    assert client.get(reverse("key_place", args=["cases.case", market.pk])).status_code == 404


def test_parties_of_the_register_count_for_the_place_of_that_name(enter, market):
    holder, client = enter("township_officer", "410883001")
    four = {"locality": "Deputy Wang", "department": "Market bureau", "unit": "Market Ltd", "individual": "Li"}
    entered = {"area": "410883001", "where": "Market", "duty": "EPIDEMIC", **four}
    new = reverse("register_add", args=["inspection.fourparties"])
    assert "No place of a ledger" in client.post(new, {**entered, "where": "Fair"}).content.decode()
    assert client.post(new, entered).status_code == 302
    named = FourParties.objects.get()
    assert (named.subject_kind, named.subject_id) == ("screening.place", market.pk)
    assert "Market" not in client.get(reverse("key_places") + "?show=gaps").content.decode()
    tab = reverse("register_record", args=["screening.place", market.pk]) + "?tab=responsibility"
    assert "Deputy Wang" in client.get(tab).content.decode()
    with scope.everywhere("test data"):
        other = screening.add_place(by=None, area=market.area, name="Fair", kind="MALL")
        services.change_parties(parties=named, by=holder, where="Fair")
        assert FourParties.objects.get().subject_id == other.pk
        screening.add_place(by=None, area=market.area, name="Fair", kind="MARKET")
        with pytest.raises(ValidationError, match="several places"):
            services.name_parties(by=holder, area=market.area, where="Fair", **four)
        services.change_parties(parties=FourParties.objects.get(), by=holder, unit="Fair Ltd")
        assert FourParties.objects.get().unit == "Fair Ltd"


def test_accountability_is_decided_appealed_and_heard_by_three(enter, market):
    inspector, at_desk = enter("inspector")
    _first, one = enter("duty_officer")
    _second, two = enter("duty_officer")
    _holder, at_town = enter("township_officer", "410883001")
    found = services.raise_finding(by=inspector, area=market.area, where="Market", what="no code at gate")
    act(at_desk, found, "account", unit="Market Ltd", measure="TALK", reason="three times")
    account = Accountability.objects.get()
    say = lambda client, deed, **said: client.post(  # noqa: E731
        reverse("account_act", args=[account.pk, deed]), said, follow=True
    ).content.decode()
    assert "carries the right" in say(at_desk, "decide", reason="because")
    assert "Decided; it may be appealed." in say(one, "decide", reason="because", measure="CRITICISM")
    assert "Appealed" in say(at_town, "appeal", reason="it was mended")
    assert "second person" in say(one, "hear", outcome="REVOKED", reason="hm")
    assert "The appeal was heard." in say(two, "hear", outcome="CHANGED", measure="TALK", reason="it was mended late")
    account.refresh_from_db()
    assert (account.state, account.measure) == ("CHANGED", "TALK")
