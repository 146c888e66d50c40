"""Words for the pages of checkpoints."""

from django import template

from fangxian.faces.web.registers import tables
from fangxian.systems.checkpoints.words import Striking

register = template.Library()
DANGER = {
    Striking.CASE_SOUGHT, Striking.QUARANTINED, Striking.CONTACT, Striking.VEHICLE_SOUGHT, Striking.RED_CODE,
    Striking.RISK_HIGH,
}  # fmt: skip
for _reason in Striking.values:
    tables.TONE_OF.setdefault(_reason, "danger" if _reason in DANGER else "warning")
for _word, _tone in {
    "LET_THROUGH": "success",
    "REFERRED": "warning",
    "TURNED_BACK": "warning",
    "ON": "success",
}.items():
    tables.TONE_OF.setdefault(_word, _tone)


@register.filter
def reason(word: str) -> str:
    """A reason in the reader's language."""
    return str(Striking(word).label) if word in Striking.values else word
