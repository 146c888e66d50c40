"""Why two entries may be one person, in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fangxian.engines.matching import How, Part, Slip

TEXTS: dict[tuple[str, str], str | Promise] = {
    (Part.NUMBER, How.SAME): _("Same identity number"),
    (Part.NUMBER, How.REPAIRED): _("Identity number agrees but for a slip"),
    (Part.NUMBER, How.OTHER): _("Another identity number"),
    (Part.NAME, How.SAME): _("Same name"),
    (Part.NAME, How.SAME_SOUND): _("Name sounds the same"),
    (Part.NAME, How.NEAR_SOUND): _("Name sounds nearly the same"),
    (Part.NAME, How.NEAR_SHAPE): _("Name looks nearly the same"),
    (Part.NAME, How.OTHER_ORDER): _("Same name in another order"),
    (Part.NAME, How.ROMANISED): _("Name written in pinyin"),
    (Part.NAME, How.NEAR_SPELLING): _("Name spelled nearly the same"),
    (Part.NAME, How.OTHER_SURNAME): _("Another surname, same given name"),
    (Part.NAME, How.ONE_CHARACTER): _("One character of the name differs"),
    (Part.NAME, How.OTHER): _("Another name"),
    (Part.BIRTH, How.SAME): _("Same birth date"),
    (Part.BIRTH, How.SWAPPED): _("Day and month of birth exchanged"),
    (Part.BIRTH, How.ONE_PART): _("One part of the birth date differs"),
    (Part.BIRTH, How.OTHER): _("Another birth date"),
    (Part.PHONE, How.SAME): _("Same phone"),
    (Part.PHONE, How.OTHER): _("Another phone"),
    (Part.DOOR, How.SAME): _("Same address or household"),
    (Part.DOOR, How.OTHER): _("Another address"),
    (Part.SEX, How.SAME): _("Same sex"),
    (Part.SEX, How.OTHER): _("Other sex"),
}
SLIPS: dict[str, str | Promise] = {
    Slip.OLD_FORM: _("old form of 15 digits"),
    Slip.SWAPPED: _("two neighbouring digits exchanged"),
    Slip.ONE_DIGIT: _("one digit wrong"),
    Slip.MISSING_DIGIT: _("one digit missing"),
    Slip.EXTRA_DIGIT: _("one digit too many"),
}


@dataclass(frozen=True)
class Reason:
    """One sign in words; `speaks` is "for", "against" or "" for what is worth nothing."""

    text: str
    points: float
    speaks: str


def reasons(signs: Iterable[list]) -> list[Reason]:
    """The signs as they are kept (`matching.as_json`), in the reader's language, strongest first."""
    return [_reason(*sign) for sign in signs]


def _reason(part: str, how: str, points: float, slip: str = Slip.NONE) -> Reason:
    text = str(TEXTS.get((part, how), f"{part} {how}"))
    if slip in SLIPS:
        text = f"{text} ({SLIPS[slip]})"
    return Reason(text, points, "for" if points > 0 else "against" if points < 0 else "")
