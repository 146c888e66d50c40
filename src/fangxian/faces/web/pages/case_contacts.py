"""The contacts of a case, a page at a time, each with its evidence, its rule, its stay, its tests and its task."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from fangxian.core import policy
from fangxian.core.clock import today
from fangxian.faces.web.pages import lists
from fangxian.faces.web.pages.figures import readable
from fangxian.registers import site
from fangxian.systems.cases import selectors as cases
from fangxian.systems.cases import services
from fangxian.systems.people import selectors as people
from fangxian.systems.quarantine import selectors as quarantine
from fangxian.systems.testing import selectors as testing

PER_PAGE = 40
WAITING = "waiting"  # for a second person
KINDS = {"household": (_("Lives in the same household"), "home"), "declared": (_("Named by the case"), "message-2"),
         "visit": (_("At the same place"), "map-pin")}  # fmt: skip

# How the engine names what decided, in words, and the rule of the pack that holds the threshold.
RULES = {
    "close:total": (_("Together with the case for as long as the rule asks"), "contact.close.total_minutes"),
    "close": (_("A kind of contact that is always close"), "contact.close.kinds"),
    "secondary": (_("Together with a close contact for as long as the rule asks"), "contact.secondary.total_minutes"),
    "general": (_("At the same place, without the criteria of a close contact"), "contact.general.total_minutes"),
    "general:lag": (_("Came after the case had left"), "contact.lag_is_general"),
}  # fmt: skip


def shown(request: HttpRequest, case, tasks: QuerySet) -> dict:
    """One page of contacts; the number of queries does not depend on how many there are."""
    ring, state = request.GET.get("ring", ""), request.GET.get("state", "ACTIVE")
    found = cases.contacts_of(case)
    counts = _counts(found)
    if ring:
        found = found.filter(ring=ring)
    if state == WAITING:
        found = found.exclude(proposed="")
    elif state != "all":
        found = found.filter(status=state)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    contacts = list(page.object_list)
    return {"cards": _cards(request.user, case, contacts, tasks), "contacts_page": page, "ring": ring, "state": state,
            "chips": _chips(counts)}  # fmt: skip


def _counts(found) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for ring, status, proposed in found.order_by().values_list("ring", "status", "proposed"):
        counts[ring if status == "ACTIVE" else status] += 1
        counts[WAITING] += bool(proposed)
    return counts


def _chips(counts: dict[str, int]) -> list[tuple[str, str, str, int]]:
    """Rings of the active ones, and the other states: ring, state, words, how many."""
    model = site.get(lists.CONTACTS).model
    rings = [(ring.value, "ACTIVE", str(ring.label), counts[ring.value]) for ring in model.Ring]
    states = [state for state in model.Status if state not in ("ACTIVE", "PROPOSED")]
    others = [("", state.value, str(state.label), counts[state.value]) for state in states]
    waiting = [("", WAITING, str(_("Waiting for a second person")), counts[WAITING])]
    return [chip for chip in rings + waiting + others if chip[3]]


def _cards(officer, case, contacts: list, tasks: QuerySet) -> list[dict]:
    ids = [contact.pk for contact in contacts]
    stays = _within(officer, lists.STAYS, lambda: quarantine.stays_for(ids), {})
    duties: dict[UUID, list] = defaultdict(list)
    for duty in _within(officer, lists.DUTIES, lambda: list(testing.duties_of(ids)), []):
        duties[duty.subject_id].append(duty)
    own = tasks.filter(key__in=[f"contact:{pk}" for pk in ids]).select_related("officer")
    handed = {task.key: task for task in own}
    names = people.by_ids({UUID(piece["via"]) for row in contacts for piece in row.evidence if piece.get("via")})
    rules = _rules(case, contacts)
    return [
        {"contact": row, "pieces": [_piece(piece, names) for piece in row.evidence], "rule": rules.get(row.rule),
         "minutes": sum(piece.get("overlap_s") or 0 for piece in row.evidence) // 60, "stays": stays.get(row.pk, []),
         "duties": duties[row.pk], "task": handed.get(f"contact:{row.pk}"),
         "is_own": officer.pk in services.had_a_hand(row)}
        for row in contacts
    ]  # fmt: skip


def _within(officer, slug: str, read, otherwise):
    """What another register knows, in the scope of the officer's right there; nothing without that right."""
    if not readable(officer, slug):
        return otherwise
    with site.get(slug).scope(officer, "read"):
        return read()


def _piece(piece: dict, names: dict) -> dict:
    label, icon = KINDS.get(piece["kind"], (piece["kind"], "point"))
    via = names.get(UUID(piece["via"])) if piece.get("via") else None
    return {**piece, "label": label, "icon": icon, "via_person": via, "minutes": (piece.get("overlap_s") or 0) // 60,
            "starts": _moment(piece.get("starts_at")), "ends": _moment(piece.get("ends_at"))}  # fmt: skip


def _moment(text: str | None) -> datetime | None:
    return parse_datetime(text) if text else None


def _rules(case, contacts: list) -> dict[str, dict]:
    """Why each ring: in words, and the published rule behind it with its source and confidence."""
    pack = policy.pack(disease=case.disease, area_code=case.area_id, on=today())
    return {name: _rule(name, pack) for name in {row.rule for row in contacts}}


def _rule(name: str, pack: policy.Pack) -> dict:
    kind = "close" if name.startswith("close:") and name not in RULES else name
    words, key = RULES.get(kind, ("", ""))
    return {"words": words, "published": pack.rules.get(key)}
