"""Houses that have a register of their own are told which place they are: entered once, counted once.

A pharmacy, a hospital or a shop takes over the place of its kind in its township that is there already; where there is
none, one is made from it, with a code.
"""

from fangxian.core.areas import code_range
from fangxian.demo.areas import COUNTY
from fangxian.registers import site
from fangxian.workflows import venue_of_house

REGISTERS = ("pharmacies.pharmacy", "medical.facility", "goods.goodsplace", "immunization.vaccinationsite")


def tie_venues() -> None:
    """With the real verbs; one pharmacy is left as it is, so that the page has something to offer."""
    low, high = code_range(COUNTY)
    for slug in REGISTERS:
        houses = list(site.get(slug).rows().filter(area_id__gte=low, area_id__lt=high).order_by("area_id", "name"))
        for house in houses[1:] if slug == REGISTERS[0] else houses:
            if house.venue_kind():
                _tie(house)


def _tie(house) -> None:
    offers = venue_of_house.offers(house)
    if offers:
        venue_of_house.join(house, offers[0].pk, by=None)
    else:
        venue_of_house.open_place(house, by=None)
