"""The verbs of publicity, in one place for whoever calls them."""

from fangxian.systems.publicity.approving import allowed, approve, send_back, submit, withdraw
from fangxian.systems.publicity.drafting import change_draft, correct, draft
from fangxian.systems.publicity.models import Message
from fangxian.systems.publicity.reach import acknowledge, count_views, take

CHANNELS = dict(Message.CHANNELS)
"""The field of a message by the way it goes out by."""

__all__ = [
    "CHANNELS",
    "acknowledge",
    "allowed",
    "approve",
    "change_draft",
    "correct",
    "count_views",
    "draft",
    "send_back",
    "submit",
    "take",
    "withdraw",
]
