"""What the packs say about people in quarantine. No number of theirs stands in code."""

from datetime import date, datetime
from decimal import Decimal

from fangxian.core import policy
from fangxian.core.clock import now
from fangxian.core.policy.files import ANY_DISEASE

FEVER, TRANSFER = "contact.fever_c", "transfer.complete_hours"


def fever_from(*, pack: str = "", area_code: str = "", on: date | None = None) -> Decimal:
    """Temperature (°C) from which a check counts as fever, by the disease of the pack a stay was planned by."""
    rules = policy.pack(disease=disease_of(pack), area_code=area_code, on=on)
    return Decimal(str(rules.number(FEVER)))


def transfer_due(*, pack: str = "", area_code: str = "") -> datetime:
    """Until when a transfer ordered now has to be over, by the disease of the pack it was ordered by."""
    return now() + policy.pack(disease=disease_of(pack), area_code=area_code).duration(TRANSFER)


def disease_of(pack: str) -> str:
    """The disease of a pack's version (`covid19-cn-v8@…`); any disease where the pack is not known."""
    key = pack.partition("@")[0]
    return next((file.disease for file in policy.store().packs if file.key == key), ANY_DISEASE)
