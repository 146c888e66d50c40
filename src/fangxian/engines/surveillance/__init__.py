"""Early warning: methods that say whether a count is out of the ordinary, and what a situation is heading for.

Arrays in, arrays out: many series at once (S × T), a period missing where nobody reported. Every method is proven
against the published one it names; `docs/early-warning.md` says what each is for.
"""

from fangxian.engines.surveillance.bounds import Threshold
from fangxian.engines.surveillance.choice import Method, method_for
from fangxian.engines.surveillance.combination import (
    Calibration,
    against_past,
    benjamini_hochberg,
    budget_level,
    fisher,
    least_of,
    mid_p,
    together,
    within_budget,
)
from fangxian.engines.surveillance.cusum import RKI, Cusum, cusum
from fangxian.engines.surveillance.deciding import Channel, Heard, Rules, Seen, Unlikely, explained, heard, rare, spoken
from fangxian.engines.surveillance.ears import C1, C2, Ears, ears, ears_c3
from fangxian.engines.surveillance.essence import Colour, Switched, essence_switch, kinds_of
from fangxian.engines.surveillance.farrington import IMPROVED, ORIGINAL, Farrington, Fitted, farrington
from fangxian.engines.surveillance.growth import Growth, growth
from fangxian.engines.surveillance.merging import Card, Excess, Filed, filed, lowest, merged
from fangxian.engines.surveillance.model import Judged, run_of
from fangxian.engines.surveillance.moving_epidemic import Epidemic, Level, Season, moving_epidemic
from fangxian.engines.surveillance.nowcast import Nowcast, nowcast
from fangxian.engines.surveillance.panel import Count, Panel, Step
from fangxian.engines.surveillance.percentile import moving_percentile
from fangxian.engines.surveillance.reproduction import (
    SERIAL_INTERVALS,
    Reproduction,
    SerialInterval,
    drawn,
    reproduction,
    weights,
)
from fangxian.engines.surveillance.scan import Cylinder, Scan, space_time_scan
from fangxian.engines.surveillance.seven_days import Weeks, seven_days
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
    "Channel",
    "Colour",
    "Count",
    "Cusum",
    "Cylinder",
    "Ears",
    "Epidemic",
    "Excess",
    "Farrington",
    "Filed",
    "Fitted",
    "Growth",
    "Heard",
    "Judged",
    "Level",
    "Method",
    "Nowcast",
    "Panel",
    "Reproduction",
    "Rules",
    "Scan",
    "Season",
    "Seen",
    "SerialInterval",
    "Step",
    "Switched",
    "Threshold",
    "Unlikely",
    "Weeks",
    "against_past",
    "benjamini_hochberg",
    "budget_level",
    "cusum",
    "drawn",
    "ears",
    "ears_c3",
    "essence_switch",
    "explained",
    "farrington",
    "filed",
    "fisher",
    "growth",
    "heard",
    "kinds_of",
    "least_of",
    "lowest",
    "merged",
    "method_for",
    "mid_p",
    "moving_epidemic",
    "moving_percentile",
    "nowcast",
    "rare",
    "reproduction",
    "run_of",
    "seven_days",
    "silences",
    "space_time_scan",
    "spoken",
    "together",
    "weights",
    "within_budget",
]
