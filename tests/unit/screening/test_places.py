"""Places: their codes, their assumed stay, finding them."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import audit, policy, scope
from fangxian.core.areas import Area
from fangxian.systems.screening import selectors, services
from fangxian.systems.screening.models import Place

TOWN = "410883001"


@pytest.fixture
def town(county) -> Area:
    return Area.objects.get(code=TOWN)


@pytest.fixture
def place(town, everywhere):
    """Factory: `place("Noodles", code="M1")` is a restaurant of the town."""

    def make(name="Noodles", kind=Place.Kind.RESTAURANT, **values):
        return services.add_place(by=None, area=town, name=name, kind=kind, **values)

    return make


@pytest.fixture
def own_packs(tmp_path):
    """An operator's pack that says how long a visit to a mall lasts, and one to anywhere else."""
    rule = "  - {{key: {0}, value: '{1}', data: {1}, unit: minute, source: us, confidence: local}}\n".format
    head = "pack: own\ndisease: '*'\nlevel: general\nname: {zh: 本地, en: own}\nvalid_from: 2020-01-01\nrules:\n"
    rules = [rule("screening.assumed_stay_minutes", 45), rule("screening.assumed_stay_minutes.mall", 75)]
    (tmp_path / "own.yaml").write_text(head + "".join(rules), encoding="utf-8")
    policy.configure(tmp_path)
    yield
    policy.configure(None)


def test_a_place_without_a_code_gets_one_nobody_has(place):
    first, second = place(), place("Rice")

    assert first.code != second.code
    assert first.code.startswith("P410883")
    assert len(first.code) == 15


def test_what_is_entered_has_one_spelling(place):
    made = place(code=" m-1 ", phone="138 0000 1234", credit_code="91350100m000100y43")

    assert (made.code, made.phone.reveal(), made.credit_code) == ("M-1", "13800001234", "91350100M000100Y43")
    assert [entry.action for entry in audit.history(made)] == ["screening.place.added"]


@pytest.mark.parametrize(("field", "value"), [("phone", "12"), ("credit_code", "91350100M000100Y40")])
def test_what_is_wrong_is_refused_by_field(place, field, value):
    with pytest.raises(ValidationError) as error:
        place(**{field: value})
    assert [*error.value.error_dict] == [field]


def test_a_code_names_one_place(place):
    place(code="M1")

    with pytest.raises(ValidationError):
        place(code="m1")


def test_a_place_outside_the_scope_is_neither_written_nor_read(place, town):
    made = place(code="M1")

    with scope.within("410882"):
        assert selectors.place_by_code("M1") is None
        assert selectors.by_codes(["M1"]) == selectors.by_ids([made.pk]) == {}
        assert not selectors.in_area("410883").exists()
        with pytest.raises(Place.DoesNotExist):
            selectors.place(made.pk)
        with pytest.raises(ValidationError):
            services.add_place(by=None, area=town, name="x", kind="SHOP")


def test_places_are_found_by_code_however_typed(place, django_assert_num_queries):
    first, second = place(code="M1"), place("Rice", code="M2")

    assert selectors.place_by_code(" m1") == first
    with django_assert_num_queries(1):
        assert selectors.by_codes(["m1", "M2", "M3"]) == {"m1": first, "M2": second}
    assert selectors.by_ids([first.pk]) == {first.pk: first}
    assert selectors.place(second.pk) == second


def test_places_of_an_area_by_kind_without_the_closed(place):
    shop, school = place("Shop", Place.Kind.SHOP), place("School", Place.Kind.SCHOOL)
    services.close_place(place=place("Gone"), by=None, on=date(2022, 1, 1))

    assert {*selectors.in_area("410883")} == {shop, school}
    assert [*selectors.in_area(TOWN, kinds=["SCHOOL"])] == [school]
    assert selectors.in_area(TOWN, on=date(2021, 12, 31)).count() == 3


def test_a_place_is_called_by_its_name(place):
    assert str(place("Noodles")) == "Noodles"


def test_hubs_are_known(place):
    hub = place("Station", Place.Kind.STATION, is_hub=True)
    place()

    assert selectors.hubs() == {hub.pk}


def test_an_assumed_stay_is_what_the_pack_says_of_the_kind(place, own_packs):
    assert selectors.assumed_stay("MALL") == 75
    assert place("Mall", Place.Kind.MALL).assumed_stay == 75
    assert place("Guild", Place.Kind.OTHER).assumed_stay == 45
    assert place("Bar", Place.Kind.OTHER, assumed_stay=200).assumed_stay == 200


def test_without_any_rule_the_models_default_holds(monkeypatch):
    class Silent:
        def get(self, key, default=None):
            return default

    monkeypatch.setattr(policy, "pack", lambda **_wanted: Silent())

    assert selectors.assumed_stay("MALL") == Place._meta.get_field("assumed_stay").default


def test_a_place_changes_with_one_spelling(place):
    made = services.change_place(place=place(code="M1"), by=None, phone="138-0000-1234", code="m9", base_version=1)

    assert (made.code, made.phone.reveal()) == ("M9", "13800001234")
    assert services.change_place(place=made, by=None, phone=made.phone, name="Rice").code == "M9"


def test_many_places_come_in_set_based(town, everywhere, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(services, "BATCH", 20)
    rows = [Place(area=town, name=f"Shop {n}", kind="SHOP", code="" if n % 2 else f"s{n}") for n in range(30)]

    with django_assert_max_num_queries(20):
        services.add_places_many(by=None, places=rows)

    assert Place.objects.filter(code__startswith="S").count() == 15
    assert Place.objects.filter(code__startswith="P410883").count() == 15
    batches = audit.AuditEntry.objects.filter(action="screening.place.imported")
    assert [entry.detail["rows"] for entry in batches] == [20, 10]
