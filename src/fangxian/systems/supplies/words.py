"""The words of supplies: what is stored, in which unit, how it moves, whose store it is."""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class SupplyItem(models.TextChoices):
    """What is stored. How much of it an area has to hold, and how fast it is used, says the pack."""

    SURGICAL_MASK = "SURGICAL_MASK", _("Surgical mask")
    N95 = "N95", _("N95 respirator")
    SUIT = "SUIT", _("Protective suit")
    GOWN = "GOWN", _("Isolation gown")
    FACE_SHIELD = "FACE_SHIELD", _("Face shield")
    GLOVES = "GLOVES", _("Disposable gloves")
    SHOE_COVERS = "SHOE_COVERS", _("Shoe covers")
    SWAB = "SWAB", _("Sampling swab")
    SAMPLE_TUBE = "SAMPLE_TUBE", _("Sampling tube with medium")
    REAGENT = "REAGENT", _("Nucleic-acid reagent")
    ANTIGEN = "ANTIGEN", _("Antigen test")
    DISINFECTANT = "DISINFECTANT", _("Chlorine disinfectant")
    HAND_SANITISER = "HAND_SANITISER", _("Hand sanitiser")
    THERMOMETER = "THERMOMETER", _("Infrared thermometer")
    WASTE_BAG = "WASTE_BAG", _("Medical waste bag")


_PIECE, _SET, _PAIR, _TEST, _LITRE, _BOTTLE = _("pcs"), _("sets"), _("pairs"), _("tests"), _("litres"), _("bottles")
_UNITS: dict[str, Promise] = {
    SupplyItem.SUIT: _SET,
    SupplyItem.GLOVES: _PAIR,
    SupplyItem.SHOE_COVERS: _PAIR,
    SupplyItem.REAGENT: _TEST,
    SupplyItem.ANTIGEN: _TEST,
    SupplyItem.DISINFECTANT: _LITRE,
    SupplyItem.HAND_SANITISER: _BOTTLE,
}


def unit_of(item: str) -> Promise:
    """What one of it is called."""
    return _UNITS.get(item, _PIECE)


def label_of(item: str) -> str:
    """The item in the reader's language; a word nobody knows stays itself."""
    return str(SupplyItem(item).label) if item in SupplyItem.values else item


class SupplyMove(models.TextChoices):
    """How things move. A count moves the difference between shelf and book."""

    IN = "IN", _("Came in")
    OUT = "OUT", _("Given out of the system")
    SENT = "SENT", _("Sent to another store")
    ARRIVED = "ARRIVED", _("Arrived from another store")
    USED = "USED", _("Used up")
    WASTED = "WASTED", _("Spoilt or lost")
    COUNTED = "COUNTED", _("Counted on the shelf")


INTO = (SupplyMove.IN, SupplyMove.ARRIVED)
OUT_OF = (SupplyMove.OUT, SupplyMove.SENT, SupplyMove.USED, SupplyMove.WASTED)
BETWEEN = (SupplyMove.SENT, SupplyMove.ARRIVED)
"""Only a request or a transfer moves things between stores; nobody enters half of it."""


class RateBasis(models.TextChoices):
    """What a burn rate rests on."""

    USE = "USE", _("from use")
    NORM = "NORM", _("from the work planned")
    NONE = "NONE", _("not known yet")
