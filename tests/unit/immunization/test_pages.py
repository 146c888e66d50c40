"""The pages: three stations, the fridge, a list behind a figure, an event, a recall, a certificate."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from fangxian.core import clock
from fangxian.core.clock import now
from fangxian.systems.immunization import certificates, services
from fangxian.systems.immunization.models import Aefi, Refusal, VaccineLot, Visit
from fangxian.systems.people.models import Person
from tests.unit.immunization.conftest import DISEASE, made_site, vaccinated

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
NUMBER = "410883198002030018"


@pytest.fixture
def enter(officer, settings):
    settings.SESSION_IDLE_SECONDS = settings.SESSION_COOKIE_AGE = 10**9

    def make(role="vaccinator", area="410883001") -> Client:
        client, user = Client(), officer(role, area=area)
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
        return client

    return make


def act(client, visit, station, **post):
    return client.post(reverse("vaccination_act", args=[visit.pk, station]), post, follow=True).content.decode()


def test_a_vaccinator_lands_at_the_site_and_brings_somebody_new_through(enter, site, lot):
    client = enter()
    assert client.get(reverse("immunization"), follow=True).redirect_chain[-1][0] == f"/immunization/sites/{site.pk}/"
    url = reverse("vaccination_arrive", args=[site.pk])
    page = client.post(url, {"name": "王建国", "id_number": "41088319800203001X"}, follow=True).content.decode()
    assert (
        "41088319800203001X" not in page and not Visit.objects.exists()
    )  # a wrong number is refused, and not repeated
    client.post(url, {"name": "王建国", "id_number": _valid()}, follow=True)
    visit = Visit.objects.get()
    page = client.get(reverse("vaccination_visit", args=[visit.pk])).content.decode()
    assert "May be vaccinated" in page and _valid() not in page and "none in the fridge" in page
    assert "Enter who agreed" in act(client, visit, "register", vaccine="inactivated")
    assert "As on the vial".lower() in act(client, visit, "register", vaccine="inactivated", consent="SELF").lower()
    assert "Choose the lot" in act(client, visit, "vaccinate", lot="x")
    page = act(client, visit, "vaccinate", lot=str(lot.pk), body_site="LEFT_ARM")
    assert "Why they leave before the time is up" in page and "Say why" in act(client, visit, "leave")
    page = act(client, visit, "report", symptoms="晕厥", serious_reason="HOSPITALIZATION")
    assert "晕厥" in page and Aefi.objects.get().severity == "SERIOUS"
    board = client.get(reverse("vaccination_rooms", args=[site.pk])).content.decode()
    assert "30 min left" in board
    with clock.frozen(now() + timedelta(minutes=31)):
        assert "may go" in client.get(reverse("vaccination_site", args=[site.pk])).content.decode()
        act(client, visit, "leave")
        assert Visit.objects.get().state == "LEFT"


def _valid() -> str:
    from fangxian.core.identity.gb11643 import check_character

    return NUMBER[:17] + check_character(NUMBER[:17])


def test_somebody_of_another_county_is_found_by_the_whole_number_only(enter, site, lot, county):
    from fangxian.core.areas import Area

    there = Area.objects.get(code="410882001201")
    person = Person.objects.create(area=there, name="外地人", id_type="RESIDENT", id_number=_valid(),
                                   birth_date="1980-02-03")  # fmt: skip
    client, url = enter(), reverse("vaccination_site", args=[site.pk])
    assert "Nobody is found" in client.post(url, {"q": "外地"}).content.decode()
    page = client.post(url, {"q": _valid()}).content.decode()
    assert str(person.pk) in page and _valid() not in page.replace(f'value="{_valid()}"', "")
    client.post(reverse("vaccination_arrive", args=[site.pk]), {"person": str(person.pk)})
    visit = Visit.objects.get()
    assert (visit.home_area_id, visit.area_id) == ("410882001201", "410883001")
    act(client, visit, "register", vaccine="inactivated", consent="SELF")
    act(client, visit, "vaccinate", lot=str(lot.pk))
    assert Visit.objects.get().vaccinated_at


def test_what_the_schedule_refuses_and_who_goes_home(enter, site, lot, person, child):
    client = enter()
    visit = services.arrive(by=None, site=site, person=person, disease=DISEASE)
    assert "YYYY-MM-DD" in act(
        client, visit, "register", condition="OTHER_VACCINE", **{"since-OTHER_VACCINE": "2022-13-45"}
    )
    page = act(client, visit, "register", vaccine="inactivated", condition="OTHER_VACCINE",
               **{"since-OTHER_VACCINE": "2022-03-10"})  # fmt: skip
    assert "Another vaccine lately" in page and "May come again from" in page
    young = services.arrive(by=None, site=site, person=child, disease=DISEASE)
    assert (
        'value="GUARDIAN" required checked'
        in client.get(reverse("vaccination_visit", args=[young.pk])).content.decode()
    )
    assert "none was given at this visit" in act(client, young, "report", symptoms="x")
    act(client, young, "turn-away", reason="监护人不同意")
    assert Visit.objects.get(pk=young.pk).note == "监护人不同意"
    for post in ({}, {"person": "x"}, {"person": "00000000-0000-7000-8000-000000000000"}):
        page = client.post(reverse("vaccination_arrive", args=[site.pk]), post, follow=True).content.decode()
        assert "Enter name and identity number" in page or "Nobody is known" in page


def test_the_fridge_takes_gives_and_accounts(enter, site, lot, town):
    client, other = enter(), made_site(town, "会昌接种点")
    fridge = reverse("vaccine_stock", args=[site.pk])
    row = {"vaccine": "subunit", "number": "S1", "expires_on": "2022-12-01", "doses": 10, "doses_per_vial": 5}
    assert client.post(reverse("vaccine_receive", args=[site.pk]), row).status_code == 302
    assert client.post(reverse("vaccine_receive", args=[site.pk]), row | {"doses": 7}).status_code == 422
    assert client.post(reverse("vaccine_receive", args=[site.pk]), row | {"doses": ""}).status_code == 422
    vial = VaccineLot.objects.get(number="S1")
    for movement, post in (
        ("open", {}), ("waste", {"doses": "2", "reason": "BROKEN"}), ("waste", {"doses": "x", "reason": "BROKEN"}),
    ):  # fmt: skip
        page = client.post(reverse("vaccine_move", args=[vial.pk, movement]), post, follow=True).content.decode()
    assert "Enter how many doses" in page and "3 in an open vial" in page
    client.post(reverse("vaccine_close_day", args=[site.pk]))
    for movement, post in (("send-back", {"doses": 1}), ("destroy", {"doses": 1, "paper": "XH"}),
                           ("hand-over", {"doses": 5, "to": str(other.pk)})):  # fmt: skip
        client.post(reverse("vaccine_move", args=[vial.pk, movement]), post)
    vial.refresh_from_db()
    assert (vial.received, vial.wasted, vial.gone, vial.left) == (10, 5, 2, 3)  # an opened box is not handed over whole
    assert "Stock movements" in client.get(fridge).content.decode()


def test_a_figure_opens_its_list_and_a_refusal_is_kept(enter, town, person, site):
    client = enter("township_officer")
    page = client.get(reverse("immunization"), {"area": "410883001"}).content.decode()
    link = re.search(r'href="(/immunization/people/[^"]*group=adults_18_59&amp;stand=ALL)"', page)[1].replace(
        "&amp;", "&"
    )
    page = client.get(link).content.decode()
    assert "1 person" in page and person.name in page
    page = client.get(reverse("vaccination_people"), {"stand": "NONE", "page": "9"}).content.decode()
    assert person.name in page and "Afraid of reactions" in page
    back = {"back": "stand=NONE&page=1"}
    client.post(reverse("vaccination_refused"), {"person": str(person.pk), "reason": "AFRAID", **back})
    assert Refusal.objects.get().reason == "AFRAID"
    page = client.post(reverse("vaccination_refused"), {"person": "x", **back}, follow=True).content.decode()
    assert "Choose somebody first" in page and "again" in page
    assert "Nobody is in this list" in client.get(reverse("vaccination_people"), {"stand": "BOOSTED"}).content.decode()
    assert enter().get(reverse("vaccination_people")).status_code == 403  # a vaccinator sees no lists of the village


def test_an_event_is_worked_off_on_its_page(enter, site, lot, person):
    event = services.report(by=None, dose=vaccinated(site, person, lot), symptoms="发热")
    client, url = enter("investigator", "410883"), reverse("aefi", args=[event.pk])
    for stage, post in (
        ("grade", {"serious_reason": "DISABILITY"}), ("report-up", {}), ("investigate", {"findings": "无异常"}),
        ("conclude", {"classification": "COINCIDENTAL_ADVERSE_EVENT", "causality": "CONFIRMED",
                      "outcome": "RECOVERED"}),
    ):  # fmt: skip
        client.post(reverse("aefi_act", args=[event.pk, stage]), post)
    page = client.get(url).content.decode()
    assert "Coincidental" in page and "Reported to the county CDC now" not in page
    assert Aefi.objects.get().outcome == "RECOVERED"


def test_a_lot_is_recalled_by_the_command_alone(enter, site, lot, person):
    vaccinated(site, person, lot)
    post = {"vaccine": "inactivated", "number": lot.number, "reason": "效价不合格"}
    assert enter().post(reverse("vaccine_recall"), post).status_code == 403
    client = enter("duty_officer", "410883")
    assert lot.number in client.get(reverse("vaccine_lots")).content.decode()
    page = client.post(reverse("vaccine_recall"), post, follow=True).content.decode()
    assert "No chair gives it any more" in page and person.name in page and site.name in page


def test_a_certificate_is_checked_by_anybody_and_says_the_least(enter, site, lot, person):
    dose = vaccinated(site, person, lot)
    page = enter().get(reverse("vaccination_certificate", args=[dose.pk])).content.decode()
    assert "<svg" in page and person.name in page
    url, code = reverse("vaccination_verify"), certificates.sign(dose)
    page = Client(HTTP_ACCEPT_LANGUAGE="en").post(url, {"code": code}).content.decode()
    assert "It holds: 王**" in page and person.name not in page
    services.void(dose=dose, by=None, reason="录错人")
    page = Client(HTTP_ACCEPT_LANGUAGE="en").post(url, {"code": code}).content.decode()
    assert "no certificate of ours" in page
    assert enter().get(reverse("vaccination_certificate", args=[dose.pk])).status_code == 404


def test_a_dose_is_taken_back_with_the_reason_and_everything_follows(enter, site, lot, person):
    dose = vaccinated(site, person, lot)
    client, url, record = enter(), reverse("dose_void", args=[dose.pk]), f"/registers/immunization.dose/{dose.pk}/"
    visit = reverse("vaccination_visit", args=[dose.visit_id])
    assert "Take this dose back" in client.get(record).content.decode()
    assert "Take this dose back" in client.get(visit).content.decode()
    assert "counts as wasted" in client.get(url).content.decode()
    assert "Say why" in client.post(url, {"reason": " "}, follow=True).content.decode()
    page = client.post(url, {"reason": "录错人"}, follow=True).content.decode()
    assert "was taken back" in page and "录错人" in page and url not in page
    assert certificates.holding(certificates.sign(dose)) is None
    after = VaccineLot.objects.get(pk=lot.pk)
    assert (after.used, after.wasted) == (0, 1)
    assert "taken back already" in client.post(url, {"reason": "录错人"}, follow=True).content.decode()
    assert "Entered by mistake" in client.get(url).content.decode()


def test_an_empty_county_teaches(enter, town):
    page = enter("duty_officer", "410883").get(reverse("immunization")).content.decode()
    assert "No vaccination site is open" in page
    assert "No lot is on record" in enter("duty_officer", "410883").get(reverse("vaccine_lots")).content.decode()
