"""What the packs say about directives: until when they are received, answered and reported."""

from datetime import datetime, timedelta

from fangxian.core import policy
from fangxian.core.policy import Pack
from fangxian.core.policy.files import ANY_DISEASE

RECEIVE, ANSWER = "directives.receive_hours", "directives.answer_hours"
BELOW, RETURN = "directives.below_percent", "directives.return_hours"
GRACE = "directives.report_grace_hours"
MINUTE = timedelta(minutes=1)


def pack_of(area_code: str) -> Pack:
    """The pack in force for an area, in its operating mode; directives name no disease."""
    return policy.pack(disease=ANY_DISEASE, area_code=area_code)


def answer_due(pack: Pack, at: datetime) -> datetime:
    """Until when a directive that names no time is answered."""
    return at + pack.duration(ANSWER)


def receive_by(pack: Pack, at: datetime, due_at: datetime) -> datetime:
    """Until when it is received; never after the answer is due."""
    return min(at + pack.duration(RECEIVE), due_at)


def due_below(pack: Pack, at: datetime, due_at: datetime) -> datetime:
    """Until when the level below answers, so that the level above has time to look: a share of what is left, in whole
    minutes."""
    share = (due_at - at) * int(pack.number(BELOW)) // 100
    return at + max(share // MINUTE * MINUTE, timedelta())


def due_again(pack: Pack, at: datetime, due_at: datetime) -> datetime:
    """Until when what was sent back is answered: never sooner than it was due."""
    return max(due_at, at + pack.duration(RETURN))


def report_due(pack: Pack, ends_at: datetime) -> datetime:
    """Until when the report of a period is there."""
    return ends_at + pack.duration(GRACE)
