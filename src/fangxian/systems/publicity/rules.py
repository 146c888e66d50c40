"""What the packs say of messages: how long one holds, who may approve, how long a short message is."""

from datetime import timedelta

from fangxian.core import policy
from fangxian.core.policy import Pack

ANY = "unknown"
DAY = timedelta(days=1)


def pack_of(area_code: str, disease: str = "") -> Pack:
    """The rules for messages of an area, about a disease or about none."""
    return policy.pack(disease=disease or ANY, area_code=area_code)


def time_in_force(pack: Pack) -> timedelta:
    """How long a message holds that names no end."""
    return pack.duration("publicity.message_days")


def writer_may_approve_first(pack: Pack) -> bool:
    """Whether who wrote it may give the first of the two approvals; the second never."""
    return pack.flag("publicity.writer_may_approve_first")


def sms_characters(pack: Pack) -> int:
    """How many characters one part of a short message holds."""
    return int(pack.number("publicity.sms_characters"))
