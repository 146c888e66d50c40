"""Figures about places and things: checkpoints, risk areas, goods, pharmacies."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.systems.risk_areas import selectors as risk_areas
from fangxian.systems.situation.figures import Figure, Span, define
from fangxian.systems.situation.figures_people import during

PASSAGES, LINES = "checkpoints.passage", "pharmacies.saleline"


def _in_force(span: Span) -> Q:
    """The versions in force at the moment; their terms begin and end by the clock."""
    return Q(pk__in=[zone.version_id for zone in risk_areas.in_force(span.at)])


define(
    Figure(
        "passages_day",
        "checkpoints",
        _("Passages"),
        _("Vehicles and people recorded at a point in this time."),
        PASSAGES,
        lambda span: during("passed_at", span),
        flow=True,
    )
)
define(
    Figure(
        "exceptions_day",
        "checkpoints",
        _("Exceptions at checkpoints"),
        _("Passages of this time that were not let through."),
        PASSAGES,
        lambda span: during("passed_at", span) & ~Q(decision="LET_THROUGH"),
        flow=True,
        share_of="passages_day",
    )
)
define(
    Figure(
        "exceptions_open",
        "checkpoints",
        _("Exceptions open"),
        _("Passages whose exception nobody settled."),
        PASSAGES,
        lambda span: Q(is_open=True),
        grave=True,
    )
)
define(
    Figure(
        "risk_areas_in_force",
        "risk_areas",
        _("Risk areas in force"),
        _("Versions of risk areas whose time has begun and not ended."),
        "risk_areas.riskareaversion",
        _in_force,
        clock=True,
        wide=True,
        grave=True,
    )
)
define(
    Figure(
        "goods_held",
        "goods",
        _("Goods on hold"),
        _("Lots that may not be moved or sold."),
        "goods.lot",
        lambda span: Q(is_held=True),
    )
)
define(
    Figure(
        "goods_positive",
        "goods",
        _("Positive goods"),
        _("Lots with a positive test in force."),
        "goods.lot",
        lambda span: Q(is_positive=True),
        grave=True,
    )
)
for _drug, _name in (
    ("FEVER", _("Fever medicine sold")),
    ("COUGH", _("Cough medicine sold")),
    ("ANTIVIRAL", _("Antivirals sold")),
    ("ANTIBIOTIC", _("Antibiotics sold")),
):
    define(
        Figure(
            f"sales_{_drug.lower()}",
            "pharmacies",
            _name,
            _("Lines of sales of this class on this day."),
            LINES,
            lambda span, drug=_drug: Q(day=span.day, drug=drug, is_void=False),
            flow=True,
        )
    )
define(Figure("calls_open", "pharmacies", _("Buyers to call back"), _("Call-backs of pharmacies nobody has made."),
              "pharmacies.callback", lambda span: Q(called_at__isnull=True)))  # fmt: skip
