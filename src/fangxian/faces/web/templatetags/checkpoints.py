"""Words for the pages of checkpoints."""

from django import template

from fangxian.faces.web.registers import tables
from fangxian.systems.checkpoints.words import Reason

register = template.Library()
DANGER = {
    Reason.CASE_SOUGHT, Reason.QUARANTINED, Reason.CONTACT, Reason.VEHICLE_SOUGHT, Reason.RED_CODE, Reason.RISK_HIGH,
}  # fmt: skip
for _reason in Reason.values:
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
    return str(Reason(word).label) if word in Reason.values else word
