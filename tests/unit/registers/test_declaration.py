"""The declaration refuses to guess, and everything else follows from it."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import translation

from fangxian import registers
from fangxian.core.areas import Area
from fangxian.registers import Column, Register, site
from fangxian.registers.collection import Site
from fangxian.systems.people.models import Household, Person
from fangxian.systems.screening.models import Place

GOOD = {
    "model": Household, "columns": ("number", "address"), "form": ("area", "number", "address"), "key": ("number",),
    "permission": "people",
}  # fmt: skip


def declared(**changes):
    """The checks of a declaration, without adding it to the site."""
    register = object.__new__(Register)
    register.__dict__.update({**GOOD, **changes})
    for name in [name for name, value in register.__dict__.items() if value is None]:
        del register.__dict__[name]
    return register


def test_a_complete_declaration_passes():
    declared().check()
    declared(form=(), key=()).check()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"model": None}, "declares no model"),
        ({"key": None}, "declares no key"),
        ({"columns": ("number", "colour")}, "no field colour"),
        ({"search": ("nothing",)}, "no field nothing"),
        ({"form": ("area", "address")}, "form lacks"),
        ({"key": ()}, "no key"),
        ({"columns": ("number",), "form": ("area", "number")}, "neither shows nor exempts"),
    ],
)
def test_an_incomplete_one_is_refused_at_start(changes, words):
    with pytest.raises(ImproperlyConfigured, match=words):
        declared(**changes).check()


def test_what_follows_from_the_names():
    register = site.get("people.person")
    assert (register.slug, register.read_only, register.secrets) == (
        "people.person", False, ["id_number", "phone", "address"],
    )  # fmt: skip
    assert {"household", "area"} <= set(register.related)
    assert register.right("fly") is None
    assert not register.may(None, "fly")
    assert site.get("quarantine.stay").may(None, "write").reason


def test_the_site_finds_by_key_and_model():
    assert site.of(Person) is site.get("people.person") and site.of(Area) is None
    assert len(site) == len(list(site))
    assert "people.person" in site and "no.such" not in site
    with pytest.raises(LookupError, match="people.person"):
        site.get("no.such")
    twice = Site()
    twice.add(site.get("people.person"))
    with pytest.raises(ValueError, match="two registers"):
        twice.add(site.get("people.person"))


def test_the_package_names_only_what_it_has():
    with pytest.raises(AttributeError):
        _ = registers.nothing
    assert registers.Column is Column


def test_columns_show_values_as_people_read_them():
    place = Place(name="饭店", kind="RESTAURANT", is_hub=True, latitude=None)
    with translation.override("en"):
        assert Column("kind").shown(place) == "Restaurant"
        assert Column("is_hub").shown(place) == "Yes"
        assert Column("latitude").shown(place) == ""
        assert Column("x", value=lambda row: row.name).shown(place) == "饭店"
        assert Column("x", value=lambda row: row.name).raw(place) == "饭店"
        assert Column("name").raw(place) == "饭店"
        assert Column("name").heading(Place) == "Name" and Column("x", label="Count").heading(Place) == "Count"
        assert Column("x").heading(Place) == "x"
    place.is_hub = False
    with translation.override("en"):
        assert Column("is_hub").shown(place) == "No"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("phone", "secret"), ("created_at", "time"), ("closed_on", "date"), ("area", "link"), ("latitude", "number"),
        ("kind", "choice"), ("name", "text"), ("nothing", "text"),
    ],
)  # fmt: skip
def test_a_column_knows_how_it_is_set(name, kind):
    assert Column(name).kind(Place) == kind
