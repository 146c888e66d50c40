"""Signing and sending: the number, the deadlines, and the way to the other side."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fangxian.core import records, scope, second_person
from fangxian.core.clock import now
from fangxian.core.ids import uuid7
from fangxian.core.officers import Officer
from fangxian.systems.letters import channels, content, history, receiving, rules
from fangxian.systems.letters.deliveries import queue
from fangxian.systems.letters.models import Delivery, HandOver, Letter, LetterItem
from fangxian.systems.letters.numbers import next_number
from fangxian.systems.letters.transitions import Verb, step

WHY = "a letter goes to whatever command it is for"


def sign(*, letter: Letter, by: Officer | None) -> Letter:
    """The second officer has read it: whoever drafted or changed it cannot sign."""
    with second_person.deciding(letter, by=by, action="letters.letter.signed"):
        current = locked(letter)
        state = step(current, Verb.SIGN)
        second_person.require_other(by, [current.created_by_id, current.changed_by_id])
        signed = records.change(
            current, by=by, action="letters.letter.signed", state=state, signed_at=now(), signed_by=by
        )
        history.note(signed, HandOver.Kind.SIGNED, by=by)
    return signed


def send(*, letter: Letter, by: Officer | None, rule: str = "") -> Letter:
    """Send a draft: it gets its number, its deadlines, and goes on its way. `rule` (else the draft's) says by when."""
    with transaction.atomic():
        current = locked(letter)
        state = step(current, Verb.SEND)
        current = _readdressed(current, by)
        items = _checked(current)
        at, pack = now(), rules.of(current)
        acknowledge_by, due_at = rules.deadlines(pack, rule or current.deadline_rule, at)
        sent = records.change(
            current, by=by, action="letters.letter.sent", state=state, revision=1, sent_at=at, pack=pack.version,
            acknowledge_by=acknowledge_by, due_at=current.due_at or due_at,
            legal_basis=current.legal_basis or pack.text(rules.BASIS)[:300],
            number=next_number(current.area, current.direction, timezone.localtime(at).year),
        )  # fmt: skip
        history.note(sent, HandOver.Kind.SENT, by=by, items=len(items), text=sent.other_name)
        pass_over(sent, items, by=by)
    return Letter.objects.select_related("area", "peer").get(pk=sent.pk)


def pass_over(letter: Letter, items: Iterable[LetterItem], *, by: Officer | None) -> None:
    """Hand the letter as it now stands to the other side: at once in the house, through the outbox to a partner."""
    if letter.channel == Letter.Channel.PEER:
        queue(letter, Delivery.Kind.LETTER, by=by)
    elif letter.channel == Letter.Channel.LOCAL:
        _into_the_house(letter, list(items), by)


def locked(letter: Letter) -> Letter:
    """The stored letter, held until the transaction ends."""
    return Letter.objects.select_for_update(of=("self",)).select_related("area", "peer").get(pk=letter.pk)


def delivered(*, letter: Letter, kind: str, answer: Mapping[str, Any]) -> None:
    """A partner has taken a message: a letter is noted as delivered, and whom they did not take is marked."""
    if kind != Delivery.Kind.LETTER:
        return
    given = answer.get("items")
    refused = receiving.refused(given if isinstance(given, list) else [])
    with transaction.atomic():
        rows = list(LetterItem.objects.filter(letter=letter))
        changed = [row for row in rows if row.refused != refused.get(row.pk, "")]
        for row in changed:
            row.refused = refused.get(row.pk, "")
        records.save_many(changed, ["refused"], by=None, action="letters.items.refused_there")
        text = content.short(answer, "number", 60)
        history.note(letter, HandOver.Kind.DELIVERED, by=None, who=letter.other_name, text=text, items=len(rows))
        if refused:
            history.note(letter, HandOver.Kind.REFUSED, by=None, who=letter.other_name, items=len(refused))


def _into_the_house(letter: Letter, items: list[LetterItem], by: Officer | None) -> None:
    command = channels.command_at(letter.other_code)
    if command is None:
        raise ValidationError(_("Nobody is on duty there any more. Choose the receiver again."))
    people = {row.pk: row.person_id for row in items if row.person_id}
    with scope.everywhere(WHY):
        told = receiving.take(content.letter(letter, items), command=command, by=by, people=people)
        Letter.objects.filter(pk=letter.pk).update(twin=told.letter.pk)


def _readdressed(letter: Letter, by: Officer | None) -> Letter:
    """The way as it is today: since the draft a partner may have been confirmed, or trusted no longer."""
    way = channels.of(letter.area, letter.other_code, letter.disease)
    return records.change(
        letter, by=by, action="letters.letter.readdressed", channel=way.channel, peer=way.peer,
        signature_needed=way.signature_needed,
    )  # fmt: skip


def _checked(letter: Letter) -> list[LetterItem]:
    """Who is on it; raises when the letter is not ready to go."""
    items = list(LetterItem.objects.filter(letter=letter).order_by("position", "pk"))
    if not (letter.other_code or letter.other_name):
        raise ValidationError({"other_name": _("Say first whom this letter is for.")})
    if not items:
        raise ValidationError(_("There is nobody on this letter."))
    if letter.signature_needed and letter.signed_at is None:
        raise ValidationError(_("A second officer has to sign what leaves the installation."))
    return items


def pass_on(*, letter: Letter, items: Iterable[LetterItem], by: Officer | None, receiver, note: str = "") -> Letter:
    """People of a letter received belong to another command again: a letter of ours to there (转办).

    The asking command hears “passed on” with the name of the new receiver; what comes back is theirs to ask for there.
    Our tasks about them are taken back. Raises ValidationError for nobody, for a letter of ours or one that is over.
    """
    from fangxian.systems.letters.answering import set_results
    from fangxian.systems.letters.drafting import draft
    from fangxian.systems.letters.handing import take_back

    rows = [row for row in items if row.letter_id == letter.pk and not row.is_recalled]
    if not rows:
        raise ValidationError(_("Choose the people first."))
    if letter.is_out:
        raise ValidationError(_("Only people of a letter received can be passed on."))
    step(letter, Verb.ANSWER_PART)
    with transaction.atomic():
        copies = [_copy(row) for row in rows]
        onward = draft(
            by=by, area=letter.area, receiver=receiver, disease=letter.disease, reason=letter.reason, items=copies,
            actions=letter.actions, about=letter.about, legal_basis=letter.legal_basis, origin=letter.pk,
        )  # fmt: skip
        told = {"result": LetterItem.Result.TRANSFERRED, "moved_to": receiver.name or receiver.code,
                "result_note": note}  # fmt: skip
        set_results(letter=letter, by=by, results={row.pk: told for row in rows})
        take_back(rows, by=by, reason=str(_("They are passed on to another command.")))
        history.note(letter, HandOver.Kind.PASSED_ON, by=by, text=receiver.name or receiver.code, items=len(rows))
    return onward


def _copy(row: LetterItem) -> LetterItem:
    said = {name: getattr(row, name) for name in (*content.SAID, "person", "last_contact_at") if name != "position"}
    secret = {name: content._revealed(getattr(row, name)) for name in content.SECRETS}
    return LetterItem(id=uuid7(), **said, **secret)
