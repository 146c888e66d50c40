"""Proofs of release: issued with the release, withdrawn by a correction, checked by whoever has the public key.

`FXR1:` and base32 of key id (4 bytes), proof (16), day of release (4, days since 1970), Ed25519 signature (64). The key
is that of the venue codes; what is signed begins with other words, so neither can stand for the other.
"""

import base64
import binascii
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from fangxian.core import keys, records
from fangxian.core.clock import now, today
from fangxian.core.keys import KeyRing
from fangxian.core.officers import Officer
from fangxian.core.reasons import stated
from fangxian.core.venue_keys import ID_BYTES, SIGNATURE_BYTES
from fangxian.systems.quarantine.models import ReleaseProof, Stay

PREFIX, SIGNED_AS, EPOCH = "FXR1:", b"fangxian proof of release 1\0", date(1970, 1, 1)
_BODY = ID_BYTES + 16 + 4


class NotOurs(Exception):
    """The text is no proof of this installation: forged, damaged, or something else altogether."""


class Proven(NamedTuple):
    """What a code says, once its signature is known to be ours."""

    proof_id: UUID
    released_on: date


def sign(proof_id: UUID, released_on: date, ring: KeyRing | None = None) -> str:
    """The text of a proof's code."""
    key = (ring or keys.current()).venue_current
    body = bytes.fromhex(key.id) + proof_id.bytes + (released_on - EPOCH).days.to_bytes(4)
    return PREFIX + base64.b32encode(body + key.sign(SIGNED_AS + body)).decode("ascii").rstrip("=")


def read(text: str, ring: KeyRing | None = None) -> Proven:
    """What a code of this installation says; raises NotOurs for every other text.

    A retired key still proves what it signed: a proof is about a day, it does not open a door.
    """
    raw = _raw(text)
    body, signature = raw[:_BODY], raw[_BODY:]
    key = (ring or keys.current()).venue.get(body[:ID_BYTES].hex())
    if key is None or not key.signed(SIGNED_AS + body, signature):
        raise NotOurs
    return Proven(UUID(bytes=body[ID_BYTES:-4]), EPOCH + timedelta(days=int.from_bytes(body[-4:])))


def _raw(text: str) -> bytes:
    if not text.startswith(PREFIX):
        raise NotOurs
    letters = text[len(PREFIX) :]
    try:
        raw = base64.b32decode(letters + "=" * (-len(letters) % 8))
    except (binascii.Error, ValueError) as error:
        raise NotOurs from error
    # the last letter may have bits to spare; with other bits in them it is another text
    if len(raw) != _BODY + SIGNATURE_BYTES or base64.b32encode(raw).decode("ascii").rstrip("=") != letters:
        raise NotOurs
    return raw


def issue(*, stays: Iterable[Stay], by: Officer | None, evidence: dict[UUID, list] | None = None) -> list[ReleaseProof]:
    """A proof for each released stay that has none in force; `evidence` by stay: what was found in place."""
    stays = list(stays)
    there = ReleaseProof.unscoped.filter(stay__in=stays, state=ReleaseProof.State.VALID)
    known = set(there.values_list("stay_id", flat=True))
    made = [_proof(stay, (evidence or {}).get(stay.pk, [])) for stay in stays if stay.pk not in known]
    return records.create_many(ReleaseProof, made, by=by, action="quarantine.proofs.issued")


def withdraw(*, proof: ReleaseProof, by: Officer | None, reason: str) -> ReleaseProof:
    """The proof does not hold: the release was a mistake, or what it stood on was withdrawn."""
    return records.change(
        proof, by=by, action="quarantine.proof.withdrawn", state=ReleaseProof.State.WITHDRAWN, reason=stated(reason)
    )


def _proof(stay: Stay, evidence: list) -> ReleaseProof:
    proof = ReleaseProof(
        area_id=stay.area_id, present_area_id=stay.present_area_id, stay=stay, person_id=stay.person_id,
        starts_on=stay.starts_on, released_on=today(), where=_where(stay), rule=stay.rule or "-", pack=stay.pack,
        evidence=evidence, issued_at=now(),
    )  # fmt: skip
    proof.number = f"{stay.area_id[:6]}-{proof.released_on:%Y%m%d}-{proof.pk.hex[-8:].upper()}"
    proof.code = sign(proof.pk, proof.released_on)
    return proof


def _where(stay: Stay) -> str:
    return str(stay.room) if stay.room_id else str(stay.get_place_display())
