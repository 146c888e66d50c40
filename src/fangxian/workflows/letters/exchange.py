"""Letters between two installations: sealed envelopes over HTTP, each answered with a sealed answer.

    ours                               theirs
    deliver: envelope, sealed    →     open_envelope: known partner? seal? for us? fresh? never seen?
                                       the message is taken in one transaction with the envelope's number
    the answer's seal is checked ←     answer, sealed: accepted, or refused with the reason; a word for each person

A message says how things stand, never what changed, and carries an edition: one that was taken already is answered as
before. So nothing is lost when an answer is (it is sent again, in a new envelope), and nothing happens twice. What
nobody answers is tried again after a pause that doubles; what the partner refuses is shown to an officer.
"""

import http.client
import json
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.dateparse import parse_datetime

from fangxian.core import drilling, jobs, scope
from fangxian.core.areas import Area, county_of
from fangxian.core.clock import now
from fangxian.core.ids import uuid7
from fangxian.systems.letters import channels, content, deliveries, envelopes, receiving, rules, services, signing
from fangxian.systems.letters import selectors as letters
from fangxian.systems.letters.content import NotReadable
from fangxian.systems.letters.models import Delivery, Letter, Peer

PATH, SEAL = "/exchange/letters", "Fangxian-Seal"
TIMEOUT_S, MOST_BYTES = 20, 20 * 2**20
WHY = "a partner's letter goes to whatever command it is for"
OK, UNREADABLE, UNKNOWN, SEEN, REFUSED, CLOCK = 200, 400, 401, 409, 422, 425


@dataclass(frozen=True)
class Answer:
    """What goes back over the wire."""

    status: int
    body: bytes
    seal: str


class Unanswered(Exception):
    """Nobody answered, or not in a way that can be believed: to be tried again. The message holds no personal data."""


# --- our side ---


@jobs.job(deliveries.JOB)
def deliver_job(job: jobs.Job, delivery: str) -> dict[str, str]:
    """Try one message now."""
    found = letters.delivery(UUID(delivery))
    return {"state": deliver(found) if found is not None else "gone"}


def deliver_due() -> dict[str, int]:
    """Try every message whose time has come; how many came to which end."""
    ends: dict[str, int] = {}
    for delivery in list(deliveries.due()):
        end = deliver(delivery)
        ends[end] = ends.get(end, 0) + 1
    return ends


def deliver(delivery: Delivery) -> str:
    """Try one message: "DELIVERED", "REFUSED" or "WAITING". No lock is held while the partner is spoken to."""
    if delivery.state != Delivery.Outcome.WAITING:
        return delivery.state
    with scope.everywhere(WHY):
        letter = letters.letter(delivery.letter_id)
        said = _said(delivery.kind, letter)
        try:
            answer = _post(letter.peer, delivery.kind, said)
        except Unanswered as error:
            deliveries.failed(delivery, str(error))
            return Delivery.Outcome.WAITING
        if answer.get("status") != "accepted":
            deliveries.refused(delivery, content.short(answer, "reason", 200))
            return Delivery.Outcome.REFUSED
        services.delivered(letter=letter, kind=delivery.kind, answer=answer)
        if _said(delivery.kind, letters.letter(letter.pk)) != said:  # changed while it was on its way
            deliveries.queue(letter, delivery.kind, by=None)
            return Delivery.Outcome.WAITING
        deliveries.delivered(delivery)
        return Delivery.Outcome.DELIVERED


def _said(kind: str, letter: Letter) -> dict[str, Any]:
    if kind == Delivery.Kind.LETTER:
        return content.letter(letter, letters.items_of(letter))
    if kind == Delivery.Kind.ANSWER:
        return content.answer(letter, letters.items_of(letter))
    if kind == Delivery.Kind.REMINDER:
        return content.reminder(letter)
    return content.acknowledgement(letter, str(letter.area))


def _post(peer: Peer | None, kind: str, said: Mapping[str, Any]) -> dict[str, Any]:
    if peer is None or peer.state != Peer.State.TRUSTED:
        raise Unanswered("this partner is not trusted (any more)")
    if drilling.current() is not None:
        raise Unanswered("this is the copy of a drill: nothing leaves it")
    envelope = {
        "envelope": str(uuid7()), "from": signing.own_fingerprint(), "to": peer.fingerprint,
        "made_at": now().isoformat(), "kind": kind, "said": said,
    }  # fmt: skip
    body = json.dumps(envelope, ensure_ascii=False).encode()
    status, answered, seal = _send(peer, body)
    if not signing.is_sealed(peer.public_key, signing.ANSWER, answered, seal):
        raise Unanswered(f"the answer (status {status}) is not sealed by the partner")
    answer = _read(answered)
    if answer.get("envelope") != envelope["envelope"] or status not in (OK, REFUSED):
        raise Unanswered(f"status {status}: {content.short(answer, 'reason', 120)}")
    return answer


def _send(peer: Peer, body: bytes) -> tuple[int, bytes, str]:
    """One POST; no redirect is followed, no proxy asked."""
    parts = urlsplit(peer.url)
    assert parts.hostname is not None
    if parts.scheme == "https":
        context = ssl.create_default_context()
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            parts.hostname, parts.port, timeout=TIMEOUT_S, context=context
        )
    else:
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=TIMEOUT_S)
    headers = {"Content-Type": "application/json", SEAL: signing.seal(signing.REQUEST, body)}
    try:
        connection.request("POST", PATH, body, headers)
        response = connection.getresponse()
        return response.status, response.read(MOST_BYTES), response.headers.get(SEAL, "")
    except (OSError, http.client.HTTPException) as error:
        raise Unanswered(type(error).__name__) from error
    finally:
        connection.close()


# --- their side ---


def open_envelope(body: bytes, seal: str) -> Answer:
    """Open what came in and answer it; nothing of a sender we do not know is looked at."""
    try:
        envelope = _read(body)
        sender = letters.trusted(content.short(envelope, "from", 64))
    except NotReadable:
        return _sealed(UNREADABLE, "", "this is no envelope")
    if sender is None or not signing.is_sealed(sender.public_key, signing.REQUEST, body, seal):
        return _sealed(UNKNOWN, "", "no partner we trust has sealed this")
    return _opened(sender, envelope)


def _opened(sender: Peer, envelope: Mapping[str, Any]) -> Answer:
    try:
        number, kind = content.uuid(envelope, "envelope"), content.short(envelope, "kind", 16)
        said = envelope.get("said")
        if envelope.get("to") != signing.own_fingerprint() or kind not in HANDLERS or not isinstance(said, Mapping):
            raise NotReadable("envelope")
    except NotReadable:
        return _sealed(UNREADABLE, "", "this envelope is not for us")
    if not _is_fresh(envelope.get("made_at")):
        return _sealed(CLOCK, str(number), "this envelope is too old, or a clock is wrong")
    with scope.everywhere(WHY), transaction.atomic():
        if not envelopes.first_time(number, sender):
            return _sealed(SEEN, str(number), "this envelope was opened before")
        return _taken(sender, number, kind, said)


def _taken(sender: Peer, number: UUID, kind: str, said: Mapping[str, Any]) -> Answer:
    """Take the message; one that is refused leaves nothing behind but its number."""
    try:
        with transaction.atomic():
            answer = HANDLERS[kind](said, sender)
    except NotReadable as error:
        return _sealed(REFUSED, str(number), f"cannot be taken: {error}")
    except ValidationError as error:
        return _sealed(REFUSED, str(number), " ".join(error.messages)[:200])
    return _sealed(OK, str(number), "", status_word="accepted", **answer)


def _take_letter(said: Mapping[str, Any], sender: Peer) -> dict[str, Any]:
    claimed = said.get("from")
    if not isinstance(claimed, Mapping) or not str(claimed.get("code", "")).startswith(sender.code):
        raise NotReadable("from")  # a partner speaks for its own area only
    taken = receiving.take(said, command=_command(said), by=None, peer=sender)
    return {"number": taken.letter.number, "taken": taken.status, "items": taken.items}


def _command(said: Mapping[str, Any]) -> Area:
    """The command of ours a letter is for: on duty, or at least there."""
    code = content.short(said, "to", 24)
    found = channels.command_at(code) or county_of(code) or Area.objects.filter(code=code).first()
    if not code or found is None:
        raise NotReadable("to")
    return found


def _take_answer(said: Mapping[str, Any], sender: Peer) -> dict[str, Any]:
    return {"items": services.take_answer(said, peer=sender)}


def _take_acknowledgement(said: Mapping[str, Any], sender: Peer) -> dict[str, Any]:
    return {"number": services.take_acknowledgement(said, peer=sender).number}


def _take_reminder(said: Mapping[str, Any], sender: Peer) -> dict[str, Any]:
    return {"number": services.take_reminder(said, peer=sender).number}


HANDLERS: dict[str, Callable[[Mapping[str, Any], Peer], dict[str, Any]]] = {
    Delivery.Kind.LETTER: _take_letter, Delivery.Kind.ANSWER: _take_answer,
    Delivery.Kind.ACKNOWLEDGEMENT: _take_acknowledgement, Delivery.Kind.REMINDER: _take_reminder,
}  # fmt: skip


def _is_fresh(made_at: Any) -> bool:
    made = parse_datetime(made_at) if isinstance(made_at, str) else None
    return made is not None and made.tzinfo is not None and abs(now() - made) <= rules.skew()


def _sealed(status: int, envelope: str, reason: str, *, status_word: str = "refused", **more: Any) -> Answer:
    said = {"envelope": envelope, "status": status_word, "reason": reason, **more}
    body = json.dumps(said, ensure_ascii=False).encode()
    return Answer(status, body, signing.seal(signing.ANSWER, body))


def _read(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except ValueError as error:
        raise NotReadable("body") from error
    if not isinstance(said, dict):
        raise NotReadable("body")
    return said


def forget_envelopes() -> int:
    """Numbers of envelopes that are too old to be taken anyway; how many were forgotten."""
    return envelopes.forget(now() - rules.skew() - timedelta(days=1))
