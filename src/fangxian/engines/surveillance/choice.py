"""Which method a series gets: what its history is long enough for. The card names it.

Source: the ladder by length of history of United4Surveillance/signal-detection-tool 0.9.0 (Robert Koch Institute), with
this package's methods on its rungs.
"""

from enum import Enum

import numpy as np

from fangxian.engines.surveillance.panel import Panel, Step


class Method(Enum):
    """Names a card can say."""

    FARRINGTON = "farrington"
    ESSENCE = "essence"
    EARS_C2 = "ears_c2"
    EARS_C1 = "ears_c1"
    NONE = "none"


WEEKLY = ((3 * 52 + 29, Method.FARRINGTON), (9, Method.EARS_C2), (7, Method.EARS_C1))
"""Known weeks before the newest a method needs: Farrington three years, half a window and the weeks left out."""
REACH = 5 * 52 + 29
"""Weeks before the newest that count as history: what lies beyond is in nobody's baseline, however long it is known."""
DAILY = ((28, Method.ESSENCE), (9, Method.EARS_C2), (7, Method.EARS_C1))
"""Known days before the newest."""


def method_for(panel: Panel) -> tuple[Method, ...]:
    """The best method each series has the history for, S long; the newest period is the one to judge."""
    known = (~np.isnan(panel.counts[:, :-1]))[:, -REACH:].sum(axis=1)
    ladder = WEEKLY if panel.step is Step.WEEK else DAILY
    return tuple(next((method for least, method in ladder if number >= least), Method.NONE) for number in known)


def years_of(known_weeks: int, most: int = 5) -> int:
    """Years of baseline so many known weeks have: whole ones, with half a window of three weeks before them."""
    return min(most, max(0, (known_weeks - 3) // 52))
