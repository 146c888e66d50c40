"""Every verb of early warning."""

from fangxian.systems.surveillance.judging import judge, link_event, take_back
from fangxian.systems.surveillance.raising import (
    Found,
    Raised,
    end_signals,
    has_card,
    join_signal,
    key_of,
    raise_held,
    raise_signals,
    told_once,
)
from fangxian.systems.surveillance.warnings import allowed, deliver, feed_back, form, respond, withdraw

__all__ = [
    "Found", "Raised", "allowed", "deliver", "end_signals", "feed_back", "form", "has_card", "join_signal", "judge",
    "key_of", "link_event", "raise_held", "raise_signals", "respond", "take_back", "told_once", "withdraw",
]  # fmt: skip
