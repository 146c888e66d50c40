"""What the packs say about people in quarantine. No number of theirs stands in code."""

from datetime import date, datetime
from decimal import Decimal

from fangxian.core import policy
from fangxian.core.clock import now, today
from fangxian.core.policy import Pack
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


def in_force(*, pack: str = "", area_code: str = "", on: date | None = None) -> Pack:
    """The rules of the disease of a pack's version."""
    return policy.pack(disease=disease_of(pack), area_code=area_code, on=on)


def request_hours(category: str, *, pack: str = "", area_code: str = "") -> int:
    """Within how many hours a request of a category is answered."""
    return int(in_force(pack=pack, area_code=area_code).table("request.due_hours")[category])


def deliveries(*, area_code: str, on: date, first_day: bool) -> dict[str, int]:
    """Pieces a guest and day, by item; on the first day those of the day of coming besides."""
    rules = in_force(area_code=area_code, on=on)
    return {**rules.table("deliver.daily"), **(rules.table("deliver.first_day") if first_day else {})}


def is_enough(kind: str, mg_per_litre: int | None, minutes: int | None, *, area_code: str) -> bool:
    """Whether a disinfection is as strong and as long as the rule asks; air and vehicles have no such rule."""
    key = {"WASTE": "waste.chlorine", "SURFACE": "disinfection.surface", "FINAL": "disinfection.final"}.get(kind)
    if key is None:
        return True
    asked = in_force(area_code=area_code).table(key)
    return (mg_per_litre or 0) >= asked["mg_per_litre"] and (minutes or 0) >= asked["minutes"]


def opening_hours(*, area_code: str) -> dict[str, int]:
    """Hours until a third, half and all of the reserve rooms are open."""
    return in_force(area_code=area_code).table("capacity.activation")


def rooms_per_10k(*, area_code: str = "", on: date | None = None) -> tuple[str, int]:
    """The rule and the number of reserve rooms per 10,000 people: the latest that was published by a day.

    Three figures were published (20, 40, 60), each under a key that ends with the month it came out.
    """
    rules = in_force(area_code=area_code, on=on)
    month = f"{on or today():%Y-%m}"
    known = sorted(key for key in rules.under("capacity.rooms_per_10k") if key.rpartition(".")[2] <= month)
    first = min(rules.under("capacity.rooms_per_10k"))
    key = known[-1] if known else first
    return key, int(rules.number(key))


def single_rooms(*, area_code: str, on: date | None = None) -> bool:
    """Whether strangers never share a room."""
    return in_force(area_code=area_code, on=on).flag("site.single_room")


def households_share(*, area_code: str, on: date | None = None) -> bool:
    """Whether members of one household may share a room that has the beds."""
    return in_force(area_code=area_code, on=on).flag("site.share.household")


def cared_for_share(*, area_code: str, on: date | None = None) -> bool:
    """Whether somebody who needs care shares the room with the companion."""
    return in_force(area_code=area_code, on=on).flag("site.share.care")


def is_child(birth_date: date | None, *, area_code: str, on: date) -> bool:
    """Whether somebody is too young to be alone in a room on a day."""
    if birth_date is None:
        return False
    years = on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))
    return years < in_force(area_code=area_code, on=on).number("site.care.child_under_years")
