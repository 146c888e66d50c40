"""A house entered in its own register is not entered a second time as a place where people check in."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from stdnum.cn import uscc

from fangxian.core import audit, records, scope
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.permissions import Refused
from fangxian.core.records import Source
from fangxian.systems.goods.models import GoodsPlace
from fangxian.systems.immunization.models import VaccinationSite
from fangxian.systems.inspection import rules
from fangxian.systems.inspection.models import Sheet
from fangxian.systems.medical.models import Facility
from fangxian.systems.pharmacies.models import Pharmacy
from fangxian.systems.screening import services as screening
from fangxian.systems.screening.models import Place
from fangxian.workflows import venue_of_house
from fangxian.workflows.rectifying.places import key_places
from fangxian.workflows.rectifying.places import place_of as key_place

TOWN, CODE = "410883001", "91410883MA0000000" + uscc.calc_check_digit("91410883MA0000000")


@pytest.fixture
def enter(county, everywhere):
    """`enter(model, name=…)`: a house in the township, or in `area`."""

    def make(model=Pharmacy, area=TOWN, **values):
        given = {"name": "仁济药房大定店", "head": "李药师", "phone": "03918190001", **values}
        return records.create(
            model, by=None, action="test.made", source=Source.WEB, area=Area.objects.get(code=area), **given
        )

    return make


@pytest.fixture
def place(county, everywhere):
    """A place that somebody entered where people check in."""

    def make(name="仁济大药房", kind="PHARMACY", area=TOWN, **values):
        return screening.add_place(by=None, area=Area.objects.get(code=area), name=name, kind=kind, **values)

    return make


def test_a_house_is_given_its_place_and_the_place_its_facts(enter):
    house = enter(address="中心街8号", credit_code="")
    made = venue_of_house.open_place(house, by=None)
    assert (made.name, made.address, made.keeper, made.kind) == ("仁济药房大定店", "中心街8号", "李药师", "PHARMACY")
    assert made.phone.reveal() == "0391-8190001"
    assert made.code.startswith("P410883") and made.kept_in == "pharmacies.pharmacy"
    house.refresh_from_db()
    assert house.venue_id == made.pk
    assert venue_of_house.place_of(house) == made and venue_of_house.house_of(made) == house


def test_what_is_changed_in_the_house_is_changed_in_the_place(enter, officer):
    house, by = enter(), officer("duty_officer")
    made = venue_of_house.open_place(house, by=None)
    house.refresh_from_db()
    with scope.everywhere("test"):
        records.change(house, by=by, action="test.changed", name="仁济药房东街店", closed_on="2022-05-01",
                       area=Area.objects.get(code="410883002"))  # fmt: skip
    made.refresh_from_db()
    assert (made.name, str(made.closed_on), made.area_id) == ("仁济药房东街店", "2022-05-01", "410883002")
    assert made.changed_by == by
    assert audit.history(made).last().action == "screening.place.kept"
    records.change(Pharmacy.objects.get(pk=house.pk), by=by, action="test.changed", closed_on=None, address="")
    made.refresh_from_db()
    assert made.closed_on is None


def test_what_is_known_of_the_place_alone_stays(enter, place):
    known = place(address="中心街8号", assumed_stay=25, latitude=34.9, longitude=112.8)
    house = enter()
    tied = venue_of_house.join(house, known.pk, by=None)
    assert (tied.pk, tied.code, tied.assumed_stay, tied.latitude) == (known.pk, known.code, 25, 34.9)
    assert (tied.name, tied.address) == ("仁济药房大定店", "中心街8号")  # the house knows no address: nothing is lost


def test_a_kept_place_is_not_changed_beside_its_house(enter):
    made = venue_of_house.open_place(enter(), by=None)
    with pytest.raises(ValidationError) as refused:
        screening.change_place(place=made, by=None, name="别名", assumed_stay=20)
    assert set(refused.value.message_dict) == {"name"} and "Pharmacies" in str(refused.value)
    with pytest.raises(ValidationError, match="Pharmacies"):
        screening.close_place(place=made, by=None, on="2022-05-01")
    changed = screening.change_place(place=made, by=None, name=made.name, assumed_stay=20)  # what is its own, is
    assert changed.assumed_stay == 20


def test_parted_both_stand_alone(enter):
    house = enter()
    made = venue_of_house.open_place(house, by=None)
    house.refresh_from_db()
    venue_of_house.part(house, by=None)
    made.refresh_from_db()
    house.refresh_from_db()
    assert (house.venue_id, made.kept_in) == (None, "")
    assert venue_of_house.house_of(made) is None and venue_of_house.place_of(house) is None
    assert screening.change_place(place=made, by=None, name="别名").name == "别名"


def test_no_second_place_and_no_second_house(enter, place):
    first, second, known = enter(), enter(name="百姓堂"), place()
    venue_of_house.join(first, known.pk, by=None)
    first.refresh_from_db()
    with pytest.raises(ValidationError, match="already"):
        venue_of_house.open_place(first, by=None)
    with pytest.raises(ValidationError, match="belongs to another"):
        venue_of_house.join(second, known.pk, by=None)
    assert venue_of_house.offers(second) == [] and venue_of_house.offers(first) == []


def test_the_likeliest_are_offered_first(enter, place):
    same_code = place("怀庆堂", credit_code=CODE)
    alike, other = place("仁济药房（大定）"), place("仁济诊所")
    for values in ({"kind": "SHOP"}, {"area": "410883002"}, {"name": "德和超市"}):
        place(**{"name": "仁济药房", **values})
    assert venue_of_house.offers(enter(credit_code=CODE)) == [same_code, alike, other]


@pytest.mark.parametrize(
    ("model", "values", "kind"),
    [
        (Facility, {"kind": "VILLAGE_CLINIC"}, "HOSPITAL"),
        (GoodsPlace, {"kind": "COLD_STORE"}, "COLD_STORE"),
        (GoodsPlace, {"kind": "VEHICLE"}, ""),
        (GoodsPlace, {"kind": "PORT"}, ""),
        (VaccinationSite, {"kind": "FIXED"}, "HOSPITAL"),
        (VaccinationSite, {"kind": "MOBILE"}, ""),
    ],
)
def test_which_place_each_house_is(enter, model, values, kind):
    values = {**values, "phone": "03918190001"} if model is not VaccinationSite else values
    house = records.create(model, by=None, action="test.made", area=Area.objects.get(code=TOWN), name="某处", **values)
    assert house.venue_kind() == kind
    if kind:
        assert venue_of_house.open_place(house, by=None).kind == kind
        return
    with pytest.raises(ValidationError, match="Nobody checks in"):
        venue_of_house.open_place(house, by=None)
    assert venue_of_house.offers(house) == []


def test_it_takes_the_right_to_change_places(enter, officer):
    house = enter()
    for act in (venue_of_house.open_place, venue_of_house.part):
        with pytest.raises(Refused):
            act(house, by=officer("laboratory", area="410883"))


def test_a_key_place_counts_once(enter, place):
    house, known, lone = enter(), place(), place("德和药房")
    pack = rules.pack_of("410883")
    assert {one.pk for one in key_places("410883", pack)} == {house.pk, known.pk, lone.pk}
    venue_of_house.join(house, known.pk, by=None)
    assert {one.pk for one in key_places("410883", pack)} == {house.pk, lone.pk}
    assert Place.objects.get(pk=known.pk).kept_in == "pharmacies.pharmacy"


def test_each_register_of_key_places_is_read_once(enter, place, django_assert_num_queries):
    for number in range(3):
        venue_of_house.open_place(enter(name=f"药房{number}"), by=None)
        place(f"学校{number}", kind="SCHOOL")
    pack = rules.pack_of("410883")
    registers = {kind.partition(":")[0] for kind in (*rules.cycles(pack), *rules.kinds_with_duties(pack))}
    with django_assert_num_queries(3 * len(registers) + 1):
        assert len(key_places("410883", pack)) == 6
    with django_assert_num_queries(4):
        assert {one.name for one in key_places("410883", pack, ("screening.place:SCHOOL",))} == {
            "学校0", "学校1", "学校2"
        }  # fmt: skip


def been(record, by, days_ago, **values):
    """Somebody was there and answered the list."""
    about = {"subject_kind": record._meta.label_lower, "subject_id": record.pk, "where": str(record)}
    return records.create(
        Sheet, by=by, action="test.visited", area=record.area, checklist="three_questions", state=Sheet.State.DONE,
        done_at=now() - timedelta(days=days_ago), done_by=by, **about, **values,
    )  # fmt: skip


@pytest.mark.parametrize(("house_days", "place_days"), [(3, 9), (9, 3), (9, None), (None, 9), (None, None)])
def test_a_visit_to_the_house_or_to_its_place_is_one_to_both(enter, place, officer, house_days, place_days):
    house, known, by = enter(), place(), officer("inspector")
    venue_of_house.join(house, known.pk, by=None)
    seen = [been(*visit) for visit in ((house, by, house_days), (known, by, place_days)) if visit[2]]
    for record in (house, known):
        been(record, by, 1, is_self_check=True)  # whoever answers for it is no visitor
    last = max((sheet.done_at for sheet in seen), default=None)
    pack = rules.pack_of("410883")
    (found,) = key_places("410883", pack)
    assert (found.pk, found.last) == (house.pk, last)
    assert key_place(type(house).objects.get(pk=house.pk), pack) == found


def test_a_visit_to_the_place_stands_on_the_pages_of_the_house(enter, place, officer, sign_in):
    house, known, by = enter(), place(), officer("inspector")
    venue_of_house.join(house, known.pk, by=None)
    here, there, other = been(house, by, 9), been(known, by, 3), been(place("德和药房"), by, 2)
    tab = reverse("register_record", args=["pharmacies.pharmacy", house.pk]) + "?tab=responsibility"
    for page in (tab, reverse("key_place", args=["pharmacies.pharmacy", house.pk])):
        shown = sign_in(by).get(page)
        assert shown.context["sheets"] == [there, here] and str(other.pk) not in shown.content.decode()


# --- the tab ---


def at(record) -> str:
    return reverse("register_record", args=[record._meta.label_lower, record.pk]) + "?tab=venue"


def tied(client, house, **said):
    return client.post(reverse("register_tie_venue", args=["pharmacies.pharmacy", house.pk]), said, follow=True)


def test_the_tab_offers_ties_and_parts(enter, place, officer, sign_in):
    house, known, client = enter(), place(), sign_in(officer("duty_officer"))
    assert known.code in client.get(at(house)).content.decode()
    assert "A place of its own" in client.get(at(known)).content.decode()

    assert f"The place {known.code} follows" in tied(client, house, act="join", place=known.pk).content.decode()
    assert "Part them" in client.get(at(house)).content.decode()
    assert "仁济药房大定店" in client.get(at(known)).content.decode()
    assert "already" in tied(client, house, act="open").content.decode()
    assert "stand alone" in tied(client, house, act="part").content.decode()
    assert "was made with the code" in tied(client, house, act="open").content.decode()
    assert Place.objects.filter(kept_in="pharmacies.pharmacy").count() == 1


def test_a_place_names_its_house_and_leads_there_only_who_may_read_it(enter, place, officer, sign_in):
    house, known = enter(), place()
    venue_of_house.join(house, known.pk, by=None)
    page = reverse("register_record", args=["pharmacies.pharmacy", house.pk])
    for role, leads in (("duty_officer", True), ("checkpoint_guard", False)):
        client = sign_in(officer(role))
        tab = client.get(at(known)).content.decode()
        assert "仁济药房大定店" in tab and (page in tab) is leads
        assert client.get(page).status_code == (200 if leads else 403)


def test_the_tab_says_where_nobody_checks_in(enter, officer, sign_in):
    lorry = enter(GoodsPlace, kind="VEHICLE", plate="豫H3F218")
    assert "Nobody checks in here" in sign_in(officer("duty_officer")).get(at(lorry)).content.decode()


def test_who_may_not_change_places_ties_nothing(enter, place, officer, sign_in):
    house, near, far = enter(), place(), place("仁济药房", area="410882001")
    inspector = sign_in(officer("inspector"))
    assert "Whoever may change places" in inspector.get(at(house)).content.decode()
    assert tied(inspector, house, act="join", place=near.pk).status_code == 403
    client = sign_in(officer("duty_officer"))
    for said in ({"act": "join", "place": far.pk}, {"act": "join", "place": "x"}, {"act": "burn"}):
        assert tied(client, house, **said).status_code == 404
    house.refresh_from_db()
    assert house.venue_id is None
