"""Early warning: methods that say whether a count is out of the ordinary, and what a situation is heading for.

Arrays in, arrays out: many series at once (S × T), a period missing where nobody reported. Every method is proven
against the published one it names; `docs/early-warning.md` says what each is for.
"""

from fangxian.engines.surveillance.bounds import Threshold
from fangxian.engines.surveillance.ears import C1, C2, Ears, ears, ears_c3
from fangxian.engines.surveillance.farrington import IMPROVED, ORIGINAL, Farrington, Fitted, farrington
from fangxian.engines.surveillance.model import Judged
from fangxian.engines.surveillance.panel import Count, Panel, Step

__all__ = [
    "C1",
    "C2",
    "IMPROVED",
    "ORIGINAL",
    "Count",
    "Ears",
    "Farrington",
    "Fitted",
    "Judged",
    "Panel",
    "Step",
    "Threshold",
    "ears",
    "ears_c3",
    "farrington",
]
