"""Certificates of vaccination: a signed code about one dose. Whether it holds is asked of the ledger, each time anew.

`FXV1:` and base32 of key id (4 bytes), dose (16), its number in the course (1), its day (4, days since 1970), Ed25519
signature (64). The key is that of the venue codes; what is signed begins with other words, so neither can stand for
the other. Nothing of the person is in it.
"""

import base64
import binascii
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from fangxian.core import keys
from fangxian.core.keys import KeyRing
from fangxian.core.venue_keys import ID_BYTES, SIGNATURE_BYTES
from fangxian.systems.immunization.models import Dose

PREFIX, SIGNED_AS, EPOCH = "FXV1:", b"fangxian certificate of vaccination 1\0", date(1970, 1, 1)
_BODY = ID_BYTES + 16 + 1 + 4


class NotOurs(Exception):
    """The text is no certificate of this installation: forged, damaged, or something else altogether."""


class Certified(NamedTuple):
    """What a code says, once its signature is known to be ours."""

    dose_id: UUID
    number: int
    given_on: date


def sign(dose: Dose, ring: KeyRing | None = None) -> str:
    """The text of the code of a dose that counts."""
    key = (ring or keys.current()).venue_current
    day = (dose.given_on - EPOCH).days.to_bytes(4)
    body = bytes.fromhex(key.id) + dose.pk.bytes + dose.number.to_bytes(1) + day
    return PREFIX + base64.b32encode(body + key.sign(SIGNED_AS + body)).decode("ascii").rstrip("=")


def read(text: str, ring: KeyRing | None = None) -> Certified:
    """What a code of this installation says; raises NotOurs for every other text.

    A retired key still proves what it signed: whether the dose still stands is asked of the ledger.
    """
    raw = _raw(text)
    body, signature = raw[:_BODY], raw[_BODY:]
    key = (ring or keys.current()).venue.get(body[:ID_BYTES].hex())
    if key is None or not key.signed(SIGNED_AS + body, signature):
        raise NotOurs
    rest = body[ID_BYTES:]
    return Certified(UUID(bytes=rest[:16]), rest[16], EPOCH + timedelta(days=int.from_bytes(rest[17:])))


def holding(text: str) -> Dose | None:
    """The dose a code proves; None for a text that is none of ours, and for a dose that no longer stands."""
    try:
        said = read(text)
    except NotOurs:
        return None
    dose = Dose.unscoped.filter(pk=said.dose_id, state=Dose.State.VALID).select_related("person").first()
    return dose if dose and (dose.number, dose.given_on) == (said.number, said.given_on) else None


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
