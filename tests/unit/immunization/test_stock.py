"""The fridge: doses in are used, wasted, gone or left at every step; what may not be given is refused at the chair."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F

from fangxian.core import clock
from fangxian.core.clock import now
from fangxian.systems.immunization import selectors, services
from fangxian.systems.immunization.announcements import lot_recalled
from fangxian.systems.immunization.models import StockMovement, VaccineLot
from tests.unit.immunization.conftest import DISEASE, fill, made_site, registered, somebody, vaccinated

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def figures(lot) -> tuple[int, ...]:
    row = VaccineLot.objects.get(pk=lot.pk)
    assert row.received == row.used + row.wasted + row.gone + row.left
    return row.received, row.used, row.wasted, row.gone, row.sealed, row.opened


def test_doses_come_in_are_given_wasted_sent_and_left(site, lot, person, town):
    assert figures(lot) == (20, 0, 0, 0, 20, 0)
    dose = vaccinated(site, person, lot)
    assert figures(lot) == (20, 1, 0, 0, 19, 0)
    services.waste(by=None, lot=lot, doses=2, reason="BROKEN", note="摔碎")
    services.send_back(by=None, lot=lot, doses=3, paper="TH-1")
    services.destroy(by=None, lot=lot, doses=1, paper="XH-1")
    assert figures(lot) == (20, 1, 2, 4, 13, 0)
    other = made_site(town, "会昌接种点")
    sent, there = services.hand_over(by=None, lot=lot, to=other, doses=5)
    assert figures(sent) == (20, 1, 2, 9, 8, 0) and figures(there) == (5, 0, 0, 0, 5, 0)
    assert figures(services.receive(by=None, site=site, disease=DISEASE, vaccine="inactivated", number=lot.number,
                                    expires_on=lot.expires_on, doses=4)) == (24, 1, 2, 9, 12, 0)  # fmt: skip
    services.void(dose=dose, by=None, reason="录错人")  # what left the fridge does not come back
    assert figures(lot) == (24, 0, 3, 9, 12, 0)
    kinds = list(StockMovement.objects.filter(lot=lot).order_by("pk").values_list("kind", "doses", "reason"))
    assert kinds == [
        ("RECEIVED", 20, ""), ("WASTED", 2, "BROKEN"), ("RETURNED", 3, ""), ("DESTROYED", 1, ""),
        ("HANDED_OVER", 5, ""), ("RECEIVED", 4, ""), ("WASTED", 1, "ENTERED_WRONGLY"),
    ]  # fmt: skip
    assert [row.kind for row in selectors.movements_of(other)] == ["TAKEN_OVER"]
    assert selectors.vaccines_at(site, DISEASE) == ["inactivated"]


def test_a_vial_of_several_doses_is_opened_once_and_has_its_hours(site, town):
    lot = fill(site, "BJ-5", doses=10, doses_per_vial=5)
    people = [somebody(town, f"甲{n}") for n in range(4)]
    vaccinated(site, people[0], lot)
    assert figures(lot) == (10, 1, 0, 0, 5, 4)
    vaccinated(site, people[1], lot)
    assert figures(lot) == (10, 2, 0, 0, 5, 3)
    with clock.frozen(now() + timedelta(hours=7)):
        visit = registered(site, people[2])
        with pytest.raises(ValidationError, match="open too long"):
            services.vaccinate(visit=visit, by=None, lot=lot)
        with pytest.raises(ValidationError, match="Only 3 doses"):
            services.waste(by=None, lot=lot, doses=4, reason="OPEN_TOO_LONG")
        services.waste(by=None, lot=lot, doses=3, reason="OPEN_TOO_LONG")
        services.vaccinate(visit=visit, by=None, lot=lot)
        assert figures(lot) == (10, 3, 3, 0, 0, 4)
        assert services.close_day(by=None, site=site) == 4 and figures(lot) == (10, 3, 7, 0, 0, 0)
        visit = registered(site, people[3])
        with pytest.raises(ValidationError, match="Only 0 doses"):
            services.vaccinate(visit=visit, by=None, lot=lot)
        with pytest.raises(ValidationError, match="Only 0 doses"):
            services.open_vial(by=None, lot=lot)


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (lambda lot: services.waste(by=None, lot=lot, doses=21, reason="WARM"), "Only 20 doses"),
        (lambda lot: services.waste(by=None, lot=lot, doses=0, reason="WARM"), "how many"),
        (lambda lot: services.waste(by=None, lot=lot, doses=1, reason="EATEN"), "Choose why"),
        (lambda lot: services.send_back(by=None, lot=lot, doses=21), "Only 20 doses"),
        (lambda lot: services.destroy(by=None, lot=lot, doses=1, paper=" "), "Say why"),
        (lambda lot: services.hand_over(by=None, lot=lot, to=lot.site, doses=1), "at this site already"),
        (lambda lot: fill(lot.site, doses=5, expires_on=date(2023, 1, 1)), "another expiry day"),
        (lambda lot: fill(lot.site, "X", doses=5, expires_on=date(2022, 3, 14)), "expired"),
        (lambda lot: fill(lot.site, "X", doses=7, doses_per_vial=5), "whole vials of 5"),
        (lambda lot: services.recall(by=None, vaccine="inactivated", number="Z", reason="x"), "No site has"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_changes_nothing(lot, act, why):
    with pytest.raises(ValidationError, match=why):
        act(lot)
    assert figures(lot) == (20, 0, 0, 0, 20, 0) and VaccineLot.objects.count() == 1


def test_the_database_itself_holds_the_balance(lot):
    with pytest.raises(IntegrityError), transaction.atomic():
        VaccineLot.objects.filter(pk=lot.pk).update(used=F("used") + 1)


def test_an_expired_lot_is_refused_at_the_chair(site, person):
    lot = fill(site, "OLD", expires_on=date(2022, 3, 15))
    visit = registered(site, person)
    with clock.frozen(now() + timedelta(hours=17)):  # after midnight of Beijing
        services.turn_away(visit=visit, by=None, reason="夜间")
        visit = registered(site, person)
        with pytest.raises(ValidationError, match="expired"):
            services.vaccinate(visit=visit, by=None, lot=lot)
        assert VaccineLot.objects.get(pk=lot.pk).is_expired and selectors.usable(site, "inactivated", DISEASE) == []


def test_a_recalled_lot_is_refused_everywhere_and_everybody_who_had_it_is_found(site, lot, person, town):
    other = made_site(town, "会昌接种点")
    vaccinated(site, person, lot)
    services.hand_over(by=None, lot=lot, to=other, doses=5)
    history = somebody(town, "李四")
    services.record_history(by=None, person=history, disease=DISEASE, vaccine="inactivated", given_on=date(2022, 3, 1),
                            lot_number=lot.number)  # fmt: skip
    waiting = registered(site, somebody(town, "王五"))
    told = []
    lot_recalled.connect(lambda sender, lots, by, **named: told.extend(lots), weak=False, dispatch_uid="t")
    lots = services.recall(by=None, vaccine="inactivated", number=lot.number, reason="国家药监局召回")
    lot_recalled.disconnect(dispatch_uid="t")
    assert len(lots) == 2 and told == lots
    assert {row.person_id for row in selectors.given_of("inactivated", lot.number)} == {person.pk, history.pk}
    assert {row.site: row.left for row in selectors.lots_called("inactivated", lot.number)} == {site: 14, other: 5}
    with pytest.raises(ValidationError, match="recalled"):
        services.vaccinate(visit=waiting, by=None, lot=lot)
    with pytest.raises(ValidationError, match="recalled"):  # also where it comes in later
        fill(made_site(town, "第三接种点"))
    assert selectors.lots_known("BJ")[0]["left"] == 19
