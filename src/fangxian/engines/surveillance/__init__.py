"""Early warning: methods that say whether a count is out of the ordinary, and what a situation is heading for.

Arrays in, arrays out: many series at once (S × T), a period missing where nobody reported. Every method is proven
against the published one it names; `docs/early-warning.md` says what each is for.
"""

from fangxian.engines.surveillance.bounds import Threshold
from fangxian.engines.surveillance.choice import Method, method_for
from fangxian.engines.surveillance.combination import (
    Calibration,
    Combined,
    benjamini_hochberg,
    budget_level,
    combined,
    fisher,
    mid_p,
    over_days,
    within_budget,
)
from fangxian.engines.surveillance.cusum import RKI, Cusum, cusum
from fangxian.engines.surveillance.ears import C1, C2, Ears, ears, ears_c3
from fangxian.engines.surveillance.essence import Colour, Switched, essence_switch, kinds_of
from fangxian.engines.surveillance.farrington import IMPROVED, ORIGINAL, Farrington, Fitted, farrington
from fangxian.engines.surveillance.growth import Growth, growth
from fangxian.engines.surveillance.merging import Card, Excess, lowest, merged
from fangxian.engines.surveillance.model import Judged
from fangxian.engines.surveillance.moving_epidemic import Epidemic, Level, Season, moving_epidemic
from fangxian.engines.surveillance.nowcast import Nowcast, nowcast
from fangxian.engines.surveillance.panel import Count, Panel, Step
from fangxian.engines.surveillance.percentile import moving_percentile
from fangxian.engines.surveillance.reproduction import (
    SERIAL_INTERVALS,
    Reproduction,
    SerialInterval,
    reproduction,
    weights,
)
from fangxian.engines.surveillance.scan import Cylinder, Scan, space_time_scan
from fangxian.engines.surveillance.silence import silences

__all__ = [
    "C1",
    "C2",
    "IMPROVED",
    "ORIGINAL",
    "RKI",
    "SERIAL_INTERVALS",
    "Calibration",
    "Card",
    "Colour",
    "Combined",
    "Count",
    "Cusum",
    "Cylinder",
    "Ears",
    "Epidemic",
    "Excess",
    "Farrington",
    "Fitted",
    "Growth",
    "Judged",
    "Level",
    "Method",
    "Nowcast",
    "Panel",
    "Reproduction",
    "Scan",
    "Season",
    "SerialInterval",
    "Step",
    "Switched",
    "Threshold",
    "benjamini_hochberg",
    "budget_level",
    "combined",
    "cusum",
    "ears",
    "ears_c3",
    "essence_switch",
    "farrington",
    "fisher",
    "growth",
    "kinds_of",
    "lowest",
    "merged",
    "method_for",
    "mid_p",
    "moving_epidemic",
    "moving_percentile",
    "nowcast",
    "over_days",
    "reproduction",
    "silences",
    "space_time_scan",
    "weights",
    "within_budget",
]
