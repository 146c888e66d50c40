"""What the measures cost beside what they bring (统筹疫情防控和经济社会发展): whom and what they hold still.

Quarantined persons, tests and risk areas are figures already; here stand those that are counted for their cost only.
"""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.systems.quarantine.models import Stay
from fangxian.systems.risk_areas import selectors as risk_areas
from fangxian.systems.situation.figures import GROUPS, Figure, Span, define
from fangxian.systems.situation.figures_people import STAYS, during

SHUT = ("HIGH", "LOCKDOWN", "CONTROL")
GROUPS |= {"cost": _("Cost of the measures")}


def _shut(span: Span) -> Q:
    """The versions in force that shut something."""
    return Q(pk__in=[zone.version_id for zone in risk_areas.in_force(span.at) if zone.level in SHUT])


define(
    Figure(
        "restricted_central",
        "cost",
        _("Persons in central quarantine"),
        _("Stays at isolation sites with somebody checked in."),
        STAYS,
        lambda span: Q(state=Stay.State.IN, place=Stay.Place.CENTRAL),
    )
)
define(
    Figure(
        "restricted_home",
        "cost",
        _("Persons confined to their homes"),
        _("Stays at home with somebody confined there."),
        STAYS,
        lambda span: Q(state=Stay.State.IN, place=Stay.Place.HOME),
    )
)
define(
    Figure(
        "shut_areas",
        "cost",
        _("Areas shut or under control"),
        _("Risk areas in force at a level that shuts a place or holds its people."),
        "risk_areas.riskareaversion",
        _shut,
        clock=True,
        wide=True,
    )
)
define(
    Figure(
        "gatherings_refused",
        "cost",
        _("Gatherings not held"),
        _("Gatherings planned for this time that were refused."),
        "community.gathering",
        lambda span: during("starts_at", span) & Q(state="REFUSED"),
        flow=True,
    )
)
define(Figure("gate_shifts", "cost", _("Shifts at checkpoints"), _("Shifts begun in this time."), "checkpoints.shift",
              lambda span: during("starts_at", span), flow=True))  # fmt: skip
