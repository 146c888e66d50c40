"""Venue codes as they hang at doors: which place, from when until when, signed (decision 0019).

`FXC1:` and 148 letters of base32: key id (4 bytes), place (16), valid from and until (4 each, UTC seconds, half open),
Ed25519 signature (64). Only what a QR code packs two to eleven bits, so the sheet can be read from two metres.
"""

import hashlib
from typing import NamedTuple
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from fangxian.core.keys import KeyRing
from fangxian.core.signed_codes import NotOurs as NotOurs
from fangxian.core.signed_codes import SignedCode

CODE = SignedCode("FXC1:", b"fangxian venue code 1\0", 16 + 4 + 4)
PREFIX = CODE.prefix


class Reason(TextChoices):
    """Why a scan of a venue code is no proof of presence."""

    FORGED = "forged", _("Forged or damaged")
    EXPIRED = "expired", _("Expired")
    NOT_YET = "not_yet", _("Not yet valid")
    RETIRED_KEY = "retired_key", _("Signed with a retired key")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    UNKNOWN_PLACE = "unknown_place", _("Unknown place")
    ELSEWHERE = "elsewhere", _("Copied and used elsewhere")


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
    return CODE.sign(place.bytes + valid_from.to_bytes(4) + valid_until.to_bytes(4), ring)


def read(text: str, ring: KeyRing | None = None) -> Code:
    """What a code of this installation says; raises NotOurs for every other text."""
    said = CODE.read(text, ring)
    return Code(said.key_id, said.payload[:16], int.from_bytes(said.payload[16:20]), int.from_bytes(said.payload[20:]))


def digest(text: str) -> str:
    """A name for a code in tables: equal for equal texts, of no use at a door."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]
