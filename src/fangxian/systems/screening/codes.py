"""Venue codes as they hang at doors: which place, from when until when, signed (decision 0019).

`FXC1:` and 148 letters of base32: key id (4 bytes), place (16), valid from and until (4 each, UTC seconds, half open),
Ed25519 signature (64). Only what a QR code packs two to eleven bits, so the sheet can be read from two metres.
"""

import base64
import binascii
import hashlib
from typing import NamedTuple
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from fangxian.core import keys
from fangxian.core.keys import KeyRing
from fangxian.core.venue_keys import ID_BYTES, SIGNATURE_BYTES

PREFIX = "FXC1:"
LENGTH = 153
SIGNED_AS = b"fangxian venue code 1\0"
_PLACE, _FROM, _UNTIL, _BODY = ID_BYTES, ID_BYTES + 16, ID_BYTES + 20, ID_BYTES + 24


class Reason(TextChoices):
    """Why a scan of a venue code is no proof of presence."""

    FORGED = "forged", _("Forged or damaged")
    EXPIRED = "expired", _("Expired")
    NOT_YET = "not_yet", _("Not yet valid")
    RETIRED_KEY = "retired_key", _("Signed with a retired key")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    UNKNOWN_PLACE = "unknown_place", _("Unknown place")
    ELSEWHERE = "elsewhere", _("Copied and used elsewhere")


class NotOurs(Exception):
    """The text is not a code of this installation: forged, damaged, or something else altogether."""


class Code(NamedTuple):
    """What a code says, once its signature is known to be ours; times are UTC seconds, half open."""

    key_id: str
    place: bytes
    valid_from: int
    valid_until: int


def issue(place: UUID, *, valid_from: int, valid_until: int, ring: KeyRing | None = None) -> str:
    """The text of a code. The same place, validity and key give the same text."""
    if valid_until <= valid_from:
        raise ValueError("a code must hold for some time")
    key = (ring or keys.current()).venue_current
    body = bytes.fromhex(key.id) + place.bytes + valid_from.to_bytes(4) + valid_until.to_bytes(4)
    signed = body + key.sign(SIGNED_AS + body)
    return PREFIX + base64.b32encode(signed).decode("ascii").rstrip("=")


def read(text: str, ring: KeyRing | None = None) -> Code:
    """What a code of this installation says; raises NotOurs for every other text."""
    body, signature = _parts(text)
    code = Code(
        body[:_PLACE].hex(), body[_PLACE:_FROM], int.from_bytes(body[_FROM:_UNTIL]), int.from_bytes(body[_UNTIL:])
    )
    key = (ring or keys.current()).venue.get(code.key_id)
    if key is None or not key.signed(SIGNED_AS + body, signature):
        raise NotOurs
    return code


def digest(text: str) -> str:
    """A name for a code in tables: equal for equal texts, of no use at a door."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _parts(text: str) -> tuple[bytes, bytes]:
    if len(text) != LENGTH or not text.startswith(PREFIX):
        raise NotOurs
    try:
        raw = base64.b32decode(text[len(PREFIX) :] + "====")
    except (binascii.Error, ValueError) as error:
        raise NotOurs from error
    if base64.b32encode(raw).decode("ascii").rstrip("=") != text[len(PREFIX) :]:
        raise NotOurs  # the last letter has bits to spare; with other bits in them it is another text
    return raw[:_BODY], raw[_BODY : _BODY + SIGNATURE_BYTES]
