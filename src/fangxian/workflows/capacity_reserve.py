"""The four capacities of an area: testing, tracing, treatment, isolation reserve (能力建设).

Nothing is entered for this: samples follow from what lies in the stores, people from posts, beds from the admissions,
rooms from the stays. Each capacity is read with the reader's own right for its ledger; who may not read it does not
see it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fangxian.core import scope
from fangxian.core.areas import Area, covers
from fangxian.core.officers import Officer, Post
from fangxian.core.permissions import Permission, may
from fangxian.core.roles import Investigator
from fangxian.systems.medical import selectors as medical
from fangxian.systems.quarantine import day
from fangxian.systems.quarantine import selectors as quarantine
from fangxian.systems.supplies import rules, selectors

__all__ = ["Capacity", "capacities"]


@dataclass(frozen=True)
class Capacity:
    """One of the four. `there` and `free` in units of `unit`; `asked` is what the pack asks for, None where nothing.

    `register` names the ledger whose rows the figure is.
    """

    key: str
    label: Promise
    unit: Promise
    there: int
    free: int
    asked: int | None
    register: str

    @property
    def is_short(self) -> bool:
        """Whether less is there than the pack asks for, or nothing is free."""
        return self.there < self.asked if self.asked is not None else self.free <= 0


def capacities(area: Area, officer: Officer) -> list[Capacity]:
    """Those of the four that an officer may read in an area, in the order the field names them.

    Source: requirement D7; rules `supplies.norm.per_sample`, `isolation.reserve.*` of the pack.
    """
    found = []
    for right, count in _FOUR:
        if may(officer, right, area.code):
            with scope.of(officer, right), scope.narrowed(area.code):
                found.append(count(area))
    return found


def _testing(area: Area) -> Capacity:
    """How many samples can be taken and tested with what lies there: what runs out first limits them."""
    pack = rules.pack_of(area.code)
    norms = pack.table("supplies.norm.per_sample")
    lots = {row.item: row.stock for row in selectors.outlook(area, items=list(SAMPLED))}
    samples = min(int(lots[item] / norms[item]) for item in SAMPLED)
    return Capacity("testing", _("Testing"), _("samples from stock"), samples, samples, selectors.people_in(area),
                    "supplies.movement")  # fmt: skip


def _tracing(area: Area) -> Capacity:
    """How many investigators have a post that reaches the area."""
    posts = Post.objects.current().filter(role=Investigator.key).select_related("area")
    people = {post.officer_id for post in posts if post.covers(area.code) or covers(area.code, post.area_id)}
    return Capacity("tracing", _("Tracing"), _("investigators"), len(people), len(people), None, "")


def _treatment(area: Area) -> Capacity:
    """Beds of the facilities, and those nobody lies in."""
    beds = medical.capacity(area.code)
    there, free = sum(row.beds for row in beds), sum(row.free for row in beds)
    return Capacity("treatment", _("Treatment"), _("beds"), there, free, None, "medical.beds")


def _isolation(area: Area) -> Capacity:
    """Rooms of the quarantine sites against the reserve for the area's people."""
    rooms = quarantine.occupancy(area.code)
    rule = day.reserve(area, people=selectors.people_in(area), occupancy=rooms)
    return Capacity("isolation", _("Isolation reserve"), _("rooms"), rule.rooms, rooms.total("free"), rule.asked,
                    "quarantine.room")  # fmt: skip


SAMPLED = ("SWAB", "SAMPLE_TUBE", "REAGENT")
"""What every sample of a round takes; the norm of the pack says how much."""
_FOUR: tuple[tuple[Permission, Callable[[Area], Capacity]], ...] = (
    (Permission.SUPPLIES_READ, _testing), (Permission.CASES_READ, _tracing), (Permission.MEDICAL_READ, _treatment),
    (Permission.QUARANTINE_READ, _isolation),
)  # fmt: skip
