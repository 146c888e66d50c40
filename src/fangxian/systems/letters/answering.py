"""Acknowledging, collecting what became of everyone, and answering; and taking the other side's answers in."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import records, scope
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.reasons import stated
from fangxian.systems.command import services as command
from fangxian.systems.command.models import Task
from fangxian.systems.command.transitions import Verb as TaskVerb
from fangxian.systems.command.transitions import allowed
from fangxian.systems.letters import content, handing, history
from fangxian.systems.letters.content import NotReadable
from fangxian.systems.letters.deliveries import queue
from fangxian.systems.letters.models import Delivery, HandOver, Letter, LetterItem, Peer
from fangxian.systems.letters.transitions import Verb, allows, step

WHY = "an answer goes back to whatever command has asked"
_NONE: dict[str, Any] = {**dict.fromkeys(content.TOLD, ""), **dict.fromkeys(content.MOMENTS), "monitored_since": None}


def acknowledge(*, letter: Letter, by: Officer | None, who: str = "", their_number: str = "") -> Letter:
    """The letter is here: ours to say of a letter received; of one we sent on paper, what the other side told us."""
    with transaction.atomic():
        changes: dict[str, Any] = {"state": step(letter, Verb.ACKNOWLEDGE), "acknowledged_at": now()}
        if letter.is_out:
            changes |= {"their_number": their_number or letter.their_number}
        done = records.change(letter, by=by, action="letters.letter.acknowledged", **changes)
        history.note(done, HandOver.Kind.ACKNOWLEDGED, by=by, who=who)
        if not done.is_out:
            _close_task(done, by)
            tell(done, by=by)
    return done


def tell(letter: Letter, *, by: Officer | None) -> None:
    """Let the asking command know that its letter is here and worked on."""
    if letter.channel == Letter.Channel.PEER:
        queue(letter, Delivery.Kind.ACKNOWLEDGEMENT, by=by)
    elif letter.channel == Letter.Channel.LOCAL:
        with scope.everywhere(WHY):
            take_acknowledgement(content.acknowledgement(letter, str(by or letter.area)), by=by)


def set_results(*, letter: Letter, by: Officer | None, results: Mapping[UUID, Mapping[str, Any]]) -> int:
    """What became of people, by id of their row; only what is named changes. Returns how many rows changed.

    The letter stands where its people stand: answered once nothing that was asked for is missing.
    """
    with transaction.atomic():
        rows = LetterItem.objects.select_for_update(of=("self",)).filter(letter=letter, pk__in=list(results))
        changed = [row for row in rows.order_by("pk") if _set(row, results[row.pk], letter)]
        records.save_many(changed, [*content.TOLD, "answered_at"], by=by, action="letters.items.results")
    return len(changed)


def answer(*, letter: Letter, by: Officer | None) -> Letter:
    """Send back what is known of everyone so far; a letter with nobody missing is answered, else partly answered."""
    with transaction.atomic():
        rows = list(LetterItem.objects.filter(letter=letter).order_by("position", "pk"))
        told = [row for row in rows if row.result or row.is_recalled]
        if not told:
            raise ValidationError(_("There is nothing to answer yet: nobody of this letter has a result."))
        done = _stand(letter, rows, by, answer_revision=letter.answer_revision + 1)
        if done.channel == Letter.Channel.PEER:
            queue(done, Delivery.Kind.ANSWER, by=by)
        elif done.channel == Letter.Channel.LOCAL:
            with scope.everywhere(WHY):
                take_answer(content.answer(done, rows), by=by)
    return done


def close(*, letter: Letter, by: Officer | None, reason: str = "") -> Letter:
    """Nothing more is expected; while somebody is unanswered only with a reason."""
    with transaction.atomic():
        state = step(letter, Verb.CLOSE)
        if letter.state == Letter.State.PARTLY:
            reason = stated(reason)
        done = records.change(letter, by=by, action="letters.letter.closed", state=state, closed_at=now())
        history.note(done, HandOver.Kind.CLOSED, by=by, text=reason)
    return done


# --- what the other side says ---


def take_acknowledgement(said: Mapping[str, Any], *, by: Officer | None = None, peer: Peer | None = None) -> Letter:
    """The receiver has the letter; later, that work on it has begun. Said again it changes nothing."""
    letter = sent(content.uuid(said, "letter"), peer)
    at, who = content.moment(said, "at"), content.short(said, "who", 80)
    number = content.short(said, "number", 60)
    if allows(letter, Verb.ACKNOWLEDGE):
        letter = records.change(
            letter, by=by, action="letters.letter.acknowledged", state=step(letter, Verb.ACKNOWLEDGE),
            acknowledged_at=at or now(), their_number=number,
        )  # fmt: skip
        history.note(letter, HandOver.Kind.ACKNOWLEDGED, by=by, who=who or letter.other_name, at=at, text=number)
    started = content.moment(said, "started_at")
    if started and allows(letter, Verb.START):
        state = step(letter, Verb.START)
        letter = records.change(letter, by=by, action="letters.letter.begun", state=state, started_at=started)
        history.note(letter, HandOver.Kind.HANDED_ON, by=by, who=letter.other_name, at=started)
    return letter


def take_answer(said: Mapping[str, Any], *, by: Officer | None = None, peer: Peer | None = None) -> list[dict]:
    """What the other side has found out, person by person; an answer older than the last one changes nothing.

    Returns a word for each row of the answer. A row that cannot be read is refused with the reason, the others count.
    """
    letter, revision = sent(content.uuid(said, "letter"), peer), content.number(said, "revision")
    given = said.get("items")
    if not isinstance(given, list):
        raise NotReadable("items")
    if revision <= letter.answer_revision or not allows(letter, Verb.ANSWER):
        return []
    rows = {row.pk: row for row in LetterItem.unscoped.select_for_update(of=("self",)).filter(letter=letter)}
    answers, changed = [], []
    for entry in given:
        status, row = _taken(entry, rows, letter)
        answers.append(status)
        changed += [row] if row is not None else []
    records.save_many(changed, [*content.TOLD, "answered_at"], by=by, action="letters.items.answered")
    _stand(letter, list(rows.values()), by, answer_revision=revision, who=letter.other_name)
    return answers


def sent(pk: UUID, peer: Peer | None) -> Letter:
    """A letter of ours the other side speaks of; one sent elsewhere is not theirs to answer."""
    found = Letter.unscoped.select_for_update(of=("self",)).select_related("area", "peer")
    letter = found.filter(pk=pk, direction=Letter.Direction.OUT, peer=peer).first()
    if letter is None:
        raise NotReadable("letter")
    return letter


def _taken(entry: Any, rows: dict[UUID, LetterItem], letter: Letter) -> tuple[dict[str, str], LetterItem | None]:
    try:
        if not isinstance(entry, Mapping):
            raise NotReadable("items")
        pk, told = content.uuid(entry, "id"), content.read_told(entry)
        if pk not in rows:
            raise NotReadable("id")
    except NotReadable as error:
        said = str(entry.get("id"))[:36] if isinstance(entry, Mapping) else ""
        reason = str(_("This part cannot be read: %(part)s") % {"part": error})
        return {"id": said, "status": "refused", "reason": reason}, None
    changed = _set(rows[pk], told, letter)
    return {"id": str(pk), "status": "accepted", "reason": ""}, rows[pk] if changed else None


def _set(row: LetterItem, told: Mapping[str, Any], letter: Letter) -> bool:
    """Set what is told about a person; whether anything changed."""
    wanted = {name: told[name] for name in content.TOLD if name in told}
    wanted = {name: value if value not in (None, "") else _NONE[name] for name, value in wanted.items()}
    if wanted.get("result") and not (wanted.get("result_at") or row.result_at):
        wanted["result_at"] = now()
    changed = any(getattr(row, name) != value for name, value in wanted.items())
    for name, value in wanted.items():
        setattr(row, name, value)
    complete = bool(row.result) and not row.missing(letter.actions)
    if complete and row.answered_at is None:
        row.answered_at, changed = now(), True
    elif not complete and row.answered_at is not None:
        row.answered_at, changed = None, True
    return changed


def _stand(letter: Letter, rows: Iterable[LetterItem], by: Officer | None, *, who: str = "", **changes: Any) -> Letter:
    """Bring the letter to where its people stand."""
    rows = [row for row in rows if not row.is_recalled]
    complete = all(row.result and not row.missing(letter.actions) for row in rows)
    state = step(letter, Verb.ANSWER if complete else Verb.ANSWER_PART)
    kind = HandOver.Kind.ANSWERED if complete else HandOver.Kind.PARTLY
    done = records.change(
        letter, by=by, action="letters.letter.answered", state=state, answered_at=now() if complete else None, **changes
    )
    history.note(done, kind, by=by, who=who, items=sum(bool(row.result) for row in rows))
    return done


def settle(letter: Letter, *, by: Officer | None) -> Letter:
    """Of a letter answered on paper: where its people stand now, after results were entered by hand."""
    return _stand(letter, LetterItem.objects.filter(letter=letter), by, answer_revision=letter.answer_revision + 1)


def _close_task(letter: Letter, by: Officer | None) -> None:
    """Acknowledging is what the command's task asked for."""
    with scope.everywhere(WHY):
        task = Task.objects.filter(key=handing.letter_key(letter), status__in=Task.OPEN).first()
        if task is None:
            return
        if by is not None and allowed(task, TaskVerb.FINISH, by):
            command.finish(task=task, by=by, outcome=str(_("The letter is acknowledged.")))
        else:
            command.withdraw_many(tasks=[task], by=None, reason=str(_("The letter is acknowledged.")))
