"""What a house says of its place, and references to rows that a verb makes when they are not there yet."""

import pytest
from django.core.exceptions import ValidationError

from fangxian.core.areas import Area
from fangxian.registers import site
from fangxian.registers.behaviours import Visited
from fangxian.registers.forms import form_fields
from fangxian.systems.immunization.models import VaccinationSite

NOBODY = "01a20000-0000-7000-8000-000000000000"


def test_a_house_says_what_its_place_shows():
    town = Area(code="410883001")
    house = VaccinationSite(area=town, name="接种点", head="王主任", place="中心街1号")
    assert house.venue_facts() == {
        "name": "接种点", "keeper": "王主任", "address": "中心街1号", "area": town, "closed_on": None,
    }  # fmt: skip
    with pytest.raises(NotImplementedError):
        Visited.venue_kind(house)


def test_a_number_nobody_has_is_kept_for_the_verb_that_makes_the_row(everywhere, county):
    fields = form_fields(site.get("goods.movement"))
    assert fields["to_lot"].clean("L-2022-1") == "L-2022-1"
    with pytest.raises(ValidationError):
        fields["to_lot"].clean(NOBODY)
    with pytest.raises(ValidationError):
        fields["lot"].clean("L-2022-1")
