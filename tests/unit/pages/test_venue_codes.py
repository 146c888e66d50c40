"""Printing venue codes and looking at what bad ones brought: who may, what is on the sheet, what is remembered."""

import re
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.urls import reverse
from django.utils.translation import override

from fangxian.core import audit, keys
from fangxian.core.areas import Area
from fangxian.core.clock import now, today
from fangxian.core.ids import uuid7
from fangxian.registers import site
from fangxian.systems.screening import codes, flagged, printing, selectors, services
from fangxian.systems.screening.codes import Reason
from fangxian.systems.screening.plausible import Attempt

TOWN, OTHER_TOWN, OTHER_COUNTY = "410883001", "410883002", "410882001"


@pytest.fixture
def place(county, everywhere):
    return services.add_place(by=None, area=Area.objects.get(code=TOWN), name="Noodles <b>", kind="RESTAURANT")


@pytest.fixture
def desk(officer, sign_in):
    return sign_in(officer("township_officer", area=TOWN))


def days(first: int = 0, last: int = 29, **more) -> dict:
    return {"valid_from": today() + timedelta(first), "valid_until": today() + timedelta(last), **more}


def printed_text(page: str, place) -> str:
    """The code the sheet was drawn from: the same drawing made of the record's facts."""
    code = selectors.printed_codes(place)[0]
    return codes.issue(
        place.pk, valid_from=int(code.valid_from.timestamp()), valid_until=int(code.valid_until.timestamp())
    )


def test_the_sheet_bears_the_place_the_code_and_both_languages(desk, place):
    from fangxian.faces.web.pages.venue_codes import drawn

    page = desk.post(reverse("place_code", args=[place.pk]), days()).content.decode()
    assert "Noodles &lt;b&gt;" in page
    assert drawn(printed_text(page, place)) in page
    assert "Scan this code when you enter." in page
    with override("zh-hans"):
        from django.utils.translation import gettext

        assert gettext("Scan this code when you enter.") in page
    assert 'style="' not in page
    code = selectors.printed_codes(place)[0]
    assert code.digest[:8] in page
    assert (code.valid_until - code.valid_from).days == 30


def test_who_printed_it_is_in_the_audit_and_on_the_page(desk, place):
    desk.post(reverse("place_code", args=[place.pk]), days())
    entry = audit.history(place).last()
    assert entry.action == "screening.place.code_printed"
    assert entry.officer is not None
    assert entry.detail["key"] == keys.current().venue_current.id
    page = desk.get(reverse("place_code", args=[place.pk])).content.decode()
    assert entry.officer.name in page
    assert "Holds" in page


def test_printing_again_is_the_same_code_and_another_line_of_the_audit(desk, place):
    for _ in range(2):
        assert desk.post(reverse("place_code", args=[place.pk]), days()).status_code == 200
    assert selectors.printed_codes(place).count() == 1
    assert [entry.action for entry in audit.history(place)].count("screening.place.code_printed") == 2


def test_renewing_withdraws_what_hung_there(desk, place):
    desk.post(reverse("place_code", args=[place.pk]), days())
    desk.post(reverse("place_code", args=[place.pk]), days(0, 60, withdraw="on"))
    young, old = selectors.printed_codes(place)
    assert (young.withdrawn_at, old.withdrawn_at is None) == (None, False)
    ground = selectors.ground([place.pk])
    assert set(ground.withdrawn) == {old.digest}
    refused = desk.post(reverse("place_code", args=[place.pk]), days())
    assert refused.status_code == 422
    assert "was withdrawn" in refused.content.decode()


@pytest.mark.parametrize(("first", "last"), [(0, -1), (0, 400)])
def test_a_code_holds_for_a_day_at_least_and_a_year_at_most(desk, place, first, last):
    answer = desk.post(reverse("place_code", args=[place.pk]), days(first, last))
    assert answer.status_code == 422
    assert selectors.printed_codes(place).count() == 0


def test_a_closed_place_gets_no_code(desk, place):
    services.close_place(place=place, by=None, on=date(2020, 1, 1))
    assert desk.post(reverse("place_code", args=[place.pk]), days()).status_code == 422


def test_all_places_of_a_township_are_one_print(desk, place):
    area = Area.objects.get(code=TOWN)
    names = [services.add_place(by=None, area=area, name=f"Shop {n}", kind="SHOP").name for n in range(3)]
    page = desk.post(reverse("area_codes"), days(area=TOWN)).content.decode()
    assert len(re.findall("<svg", page)) == 4
    assert all(name in page for name in names)
    assert desk.post(reverse("area_codes"), days(area=OTHER_TOWN)).status_code == 422


def test_too_many_places_are_refused_whole(desk, place, monkeypatch):
    monkeypatch.setattr(printing, "MOST_AT_ONCE", 0)
    assert desk.post(reverse("area_codes"), days(area=TOWN)).status_code == 422
    assert selectors.printed_codes(place).count() == 0


def test_only_who_may_prints(officer, sign_in, place):
    address = reverse("place_code", args=[place.pk])
    assert sign_in(officer("checkpoint_guard", area=TOWN)).get(address).status_code == 403
    assert sign_in(officer("township_officer", area=OTHER_COUNTY)).get(address).status_code == 404
    record = reverse("register_record", args=["screening.place", place.pk])
    assert address in sign_in(officer("township_officer", area=TOWN)).get(record).content.decode()
    assert address not in sign_in(officer("checkpoint_guard", area=TOWN)).get(record).content.decode()


# --- flagged scans ---


def attempt(place=None, *, reason: str = "expired", area: str = TOWN, person: UUID | None = None, ago: int = 60):
    second = int(now().timestamp()) - ago
    return Attempt(
        uuid7(), reason, person or uuid7(), place.pk.bytes if place else None, second, second, "gate", area, "d1"
    )


def test_flagged_scans_are_counted_by_reason_for_those_who_may(desk, officer, sign_in, place):
    flagged.keep([attempt(place), attempt(place), attempt(place, reason="elsewhere", area=OTHER_COUNTY)])
    flagged.keep([attempt(reason="forged", area=OTHER_COUNTY)])
    page = desk.get(reverse("venue_codes")).content.decode()
    counted = dict(re.findall(r">([^<>]+)</a></t[dh]><t[dh] class=\"text-end\">(\d+)", page))
    assert counted["Expired"] == "2"
    assert counted["Copied and used elsewhere"] == "1"
    assert counted["Forged or damaged"] == "0"
    assert counted["All flagged scans"] == "3"
    assert sign_in(officer("checkpoint_guard", area=TOWN)).get(reverse("venue_codes")).status_code == 403


def test_the_register_of_flagged_scans_is_read_only_and_names_nobody(desk, place):
    person = uuid7()
    flagged.keep([attempt(place, person=person)])
    page = desk.get(reverse("register", args=["screening.flaggedscan"])).content.decode()
    assert "Expired" in page
    assert str(person) not in page
    assert desk.get(reverse("register_add", args=["screening.flaggedscan"])).status_code == 403


def test_an_attempt_is_kept_once_and_never_for_want_of_an_area(place):
    one = attempt(place, area="no such area")
    assert flagged.keep([one, one]) == 1
    assert flagged.keep([one]) == 0
    unknown = attempt(area="no such area", reason="forged")
    assert flagged.keep([unknown]) == 1
    areas = dict(site.get("screening.flaggedscan").rows().values_list("pk", "area_id"))
    assert areas == {one.id: TOWN, unknown.id: "41"}


def test_attempts_go_with_the_visits_of_their_day_and_with_their_person(place):
    person = uuid7()
    flagged.keep([attempt(place), attempt(place, ago=20 * 86_400), attempt(place, person=person)])
    assert flagged.drop_before(now() - timedelta(days=14)) == 1
    assert flagged.erase(person) == 1
    assert flagged.counts(now() - timedelta(days=30)) == {Reason.EXPIRED: 1}


def test_a_phone_is_as_far_as_its_county(county):
    assert selectors.coarse_area(TOWN) == "410883"
    assert selectors.coarse_area("no such area") == "no such area"
    assert selectors.coarse_area("41") == "41"


def test_how_long_a_code_holds_is_a_rule(county):
    assert selectors.code_days(TOWN) == selectors.CODE_DAYS
