"""Who answers for a place and who was there: a tab on the records of which the pack asks four parties."""

from django.http import HttpRequest

from fangxian.core.permissions import Permission, may
from fangxian.registers import site
from fangxian.systems.inspection import rules, selectors
from fangxian.workflows.rectifying.places import parties_of, sheets_at

PARTIES, SHEETS = "inspection.fourparties", "inspection.sheet"
SHOWN = 10


def is_for(request: HttpRequest, register) -> bool:
    """For records of a kind the pack has duties for, and whoever may read who answers."""
    if not site.get(PARTIES).may(request.user, "read"):
        return False
    return register.slug in selectors.by_register(rules.kinds_with_duties(rules.pack_of("")))


def tab(request: HttpRequest, register, found) -> dict:
    """The four parties a duty, those nobody is named for, and the latest visits and self-checks."""
    pack = rules.pack_of(found.area_id)
    with site.get(PARTIES).scope(request.user, "read"):
        duties, sheets = parties_of(found, pack), list(sheets_at(found)[:SHOWN])
    return {
        "duties": duties, "sheets": sheets,
        "may_name": bool(may(request.user, Permission.INSPECTION_WRITE, found.area_id)),
    }  # fmt: skip
