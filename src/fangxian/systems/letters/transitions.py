"""Which verb is allowed on a letter in which state, and to which state it leads.

    verb         from                                    to
    sign         DRAFT                                   DRAFT         (a second officer)
    send         DRAFT                                   SENT
    acknowledge  SENT                                    ACKNOWLEDGED
    start        SENT ACKNOWLEDGED                       IN_PROGRESS
    answer_part  SENT ACKNOWLEDGED IN_PROGRESS PARTLY    PARTLY
                 ANSWERED                                              (somebody was added, or a result taken back)
    answer       SENT ACKNOWLEDGED IN_PROGRESS PARTLY    ANSWERED
                 ANSWERED
    remind       SENT ACKNOWLEDGED IN_PROGRESS PARTLY    (stays)
    correct      SENT ACKNOWLEDGED IN_PROGRESS PARTLY    (stays)
                 ANSWERED
    recall       DRAFT SENT ACKNOWLEDGED IN_PROGRESS     RECALLED
                 PARTLY
    close        PARTLY ANSWERED                         CLOSED        (with a reason while somebody is unanswered)

`TABLE` below is this drawing as data; a test compares the two.
"""

from enum import StrEnum

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fangxian.systems.letters.models import Letter

S = Letter.State


class Verb(StrEnum):
    """What can be done with a letter."""

    SIGN = "sign"
    SEND = "send"
    ACKNOWLEDGE = "acknowledge"
    START = "start"
    ANSWER_PART = "answer_part"
    ANSWER = "answer"
    REMIND = "remind"
    CORRECT = "correct"
    RECALL = "recall"
    CLOSE = "close"


STAYS = ""
_OPEN = (S.SENT, S.ACKNOWLEDGED, S.IN_PROGRESS, S.PARTLY)


def _rows(verb: Verb, states: tuple[str, ...], to: str) -> dict[tuple[str, Verb], str]:
    return {(state, verb): to or state for state in states}


TABLE: dict[tuple[str, Verb], str] = {
    **_rows(Verb.SIGN, (S.DRAFT,), STAYS),
    **_rows(Verb.SEND, (S.DRAFT,), S.SENT),
    **_rows(Verb.ACKNOWLEDGE, (S.SENT,), S.ACKNOWLEDGED),
    **_rows(Verb.START, (S.SENT, S.ACKNOWLEDGED), S.IN_PROGRESS),
    **_rows(Verb.ANSWER_PART, (*_OPEN, S.ANSWERED), S.PARTLY),
    **_rows(Verb.ANSWER, (*_OPEN, S.ANSWERED), S.ANSWERED),
    **_rows(Verb.REMIND, _OPEN, STAYS),
    **_rows(Verb.CORRECT, (*_OPEN, S.ANSWERED), STAYS),
    **_rows(Verb.RECALL, (S.DRAFT, *_OPEN), S.RECALLED),
    **_rows(Verb.CLOSE, (S.PARTLY, S.ANSWERED), S.CLOSED),
}


def allows(letter: Letter, verb: Verb) -> bool:
    """Whether a letter in its state allows a verb."""
    return (letter.state, verb) in TABLE


def step(letter: Letter, verb: Verb) -> str:
    """The state a verb leads to; raises ValidationError with the reason."""
    if not allows(letter, verb):
        shown = letter.get_state_display()
        raise ValidationError({"state": _("A letter that is “%(state)s” does not allow this.") % {"state": shown}})
    return TABLE[letter.state, verb]
