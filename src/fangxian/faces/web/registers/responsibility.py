"""Who answers for a place and who was there: a tab on the records of which the pack asks four parties."""

from django.http import HttpRequest

from fangxian.core.permissions import Permission, may
from fangxian.registers import site
from fangxian.systems.inspection import rules, selectors
from fangxian.systems.inspection.words import Duty
from fangxian.workflows.rectifying.places import kind_of

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
        named = {row.duty: row for row in selectors.parties_at(register.slug, found.pk, found.area, str(found)[:120])}
        sheets = list(selectors.sheets_about(register.slug, found.pk)[:SHOWN])
    duties = dict.fromkeys([*rules.duties(pack, kind_of(register.slug, found, pack)), *named])
    return {
        "duties": [(Duty(duty).label, named.get(duty)) for duty in duties], "sheets": sheets,
        "may_name": bool(may(request.user, Permission.INSPECTION_WRITE, found.area_id)),
    }  # fmt: skip
