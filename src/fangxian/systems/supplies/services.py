"""Every verb of supplies."""

from fangxian.systems.supplies.moving import count, enter, receive, transfer, use, waste
from fangxian.systems.supplies.requesting import agree, ask, cancel, dispatch, refuse, settle
from fangxian.systems.supplies.requesting import receive as take_in

__all__ = [
    "agree", "ask", "cancel", "count", "dispatch", "enter", "receive", "refuse", "settle", "take_in", "transfer",
    "use", "waste",
]  # fmt: skip
