"""From a draft to what is published, and its end. What everybody is told is never the word of one officer.

verb       from                     to
submit     DRAFT                    FIRST
approve    FIRST                    SECOND
approve    SECOND                   PUBLISHED  (by another person; what it corrects becomes REPLACED)
send_back  FIRST SECOND             DRAFT      (with a reason)
withdraw   DRAFT FIRST SECOND       WITHDRAWN  (with a reason, at once, by one: silence harms nobody)
           PUBLISHED

A published message ends by itself when its time has passed; no verb and no job is needed for that.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import records, second_person
from fangxian.core.clock import now
from fangxian.core.permissions import Permission, require
from fangxian.core.reasons import stated
from fangxian.systems.publicity import rules
from fangxian.systems.publicity.announcements import published
from fangxian.systems.publicity.models import Message

State = Message.State
FROM: dict[str, tuple[str, ...]] = {
    "submit": (State.DRAFT,),
    "approve": (State.FIRST, State.SECOND),
    "send_back": (State.FIRST, State.SECOND),
    "withdraw": (State.DRAFT, State.FIRST, State.SECOND, State.PUBLISHED),
    "correct": (State.PUBLISHED,),
}


def allowed(message: Message) -> list[str]:
    """The verbs its state allows."""
    return [verb for verb, states in FROM.items() if message.state in states]


def submit(*, message: Message, by) -> Message:
    """Ask for the approvals. Raises ValidationError for a message whose time has passed already."""
    with transaction.atomic():
        current = _locked(message, "submit", by)
        if current.until_at <= now():
            raise ValidationError({"until_at": _("Its time has passed: give it a later end.")})
        return records.change(current, by=by, action="publicity.message.submitted", state=State.FIRST, sent_back="")


def approve(*, message: Message, by) -> Message:
    """Give the first or the second approval; the second publishes.

    Raises `SamePerson` for whoever wrote it (the first approval too, unless the pack allows that) or gave the first.
    """
    with second_person.deciding(message, by=by, action="publicity.message.approved"):
        current = _locked(message, "approve", by)
        if current.state == State.FIRST:
            return _first(current, by)
        second_person.require_other(by, [*current.writers, current.first_by_id])
        return _publish(current, by)


def send_back(*, message: Message, by, reason: str) -> Message:
    """Ask its writers to write it anew; approvals given so far are void."""
    with transaction.atomic():
        return records.change(
            _locked(message, "send_back", by), by=by, action="publicity.message.sent_back", state=State.DRAFT,
            first_by=None, first_at=None, sent_back=stated(reason)[:200],
        )  # fmt: skip


def withdraw(*, message: Message, by, reason: str) -> Message:
    """Take a message away at once, or drop what was to become one."""
    with transaction.atomic():
        return records.change(
            _locked(message, "withdraw", by), by=by, action="publicity.message.withdrawn", state=State.WITHDRAWN,
            ended_at=now(), ended_why=stated(reason)[:200],
        )  # fmt: skip


def _first(message: Message, by) -> Message:
    if not rules.writer_may_approve_first(rules.pack_of(message.area_id, message.disease)):
        second_person.require_other(by, message.writers)
    return records.change(
        message, by=by, action="publicity.message.approved", state=State.SECOND, first_by=by, first_at=now()
    )


def _publish(message: Message, by) -> Message:
    if message.until_at <= now():
        raise ValidationError({"until_at": _("Its time has passed: send it back for a later end.")})
    if message.corrects_id:
        _replace(message, by)
    done = records.change(
        message, by=by, action="publicity.message.published", state=State.PUBLISHED, second_by=by, published_at=now()
    )
    published.send(sender=None, message=done, by=by)
    return done


def _replace(message: Message, by) -> None:
    """What is corrected gives way in the same transaction; one withdrawn meanwhile stays withdrawn."""
    former = Message.unscoped.select_for_update().get(pk=message.corrects_id)
    if former.state == State.PUBLISHED:
        records.change(former, by=by, action="publicity.message.replaced", state=State.REPLACED, ended_at=now())


def _locked(message: Message, verb: str, by) -> Message:
    if by is not None:
        require(by, Permission.PUBLICITY_WRITE, message.area_id)
    current = Message.objects.select_for_update().get(pk=message.pk)
    if current.state not in FROM[verb]:
        raise ValidationError(
            _("A message that is “%(state)s” does not allow this.") % {"state": current.get_state_display()}
        )
    return current
