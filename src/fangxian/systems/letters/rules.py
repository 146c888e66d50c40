"""What the packs say about letters. No number of theirs stands in code."""

from datetime import datetime, timedelta

from fangxian.core import policy
from fangxian.core.policy import Pack
from fangxian.core.policy.files import ANY_DISEASE
from fangxian.systems.letters.models import Letter

ACKNOWLEDGE, FEEDBACK = "letter.acknowledge_hours", "letter.feedback_hours"
ESCALATE, REMIND_PAUSE = "letter.escalate_after_hours", "letter.remind_pause_minutes"
SIGNED_CHANNELS, BASIS, ACTIONS = "letter.signed_channels", "letter.legal_basis", "letter.actions"
CERTAIN, ANSWERS_ITSELF = "letter.certain_enough", "letter.answers_itself"
SKEW, BACKOFF, LONGEST_PAUSE = "letter.exchange_skew_minutes", "letter.retry_minutes", "letter.retry_longest_minutes"


def of(letter: Letter) -> Pack:
    """The rules in force for a letter's disease in its command."""
    return for_area(letter.disease, letter.area_id)


def for_area(disease: str, area_code: str) -> Pack:
    """The rules in force for a disease in a command; a disease nobody knows has those of any."""
    try:
        return policy.pack(disease=disease or ANY_DISEASE, area_code=area_code)
    except policy.UnknownDisease:
        return policy.pack(disease=ANY_DISEASE, area_code=area_code)


def pause(attempts: int) -> timedelta:
    """How long to wait after so many vain attempts: twice as long each time, up to a limit."""
    pack = policy.pack(disease=ANY_DISEASE)
    longest = pack.duration(LONGEST_PAUSE)
    return min(pack.duration(BACKOFF) * 2 ** min(attempts - 1, 20), longest)


def skew() -> timedelta:
    """How far the clocks of two installations may differ."""
    return policy.pack(disease=ANY_DISEASE).duration(SKEW)


def deadlines(pack: Pack, rule: str, sent_at: datetime) -> tuple[datetime, datetime]:
    """Until when a letter sent now is to be acknowledged and answered."""
    return sent_at + pack.duration(ACKNOWLEDGE), sent_at + pack.duration(rule or FEEDBACK)
