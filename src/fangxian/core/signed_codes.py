"""Short texts that prove themselves: what is printed as a QR code and signed by this installation (decision 0019).

A prefix, then base32 of key id (4 bytes), payload (of one length for each kind), Ed25519 signature (64). All kinds
share the keys of the venue codes; what is signed begins with the kind's own words, so none can stand for another.
"""

import base64
import binascii
from dataclasses import dataclass
from typing import NamedTuple

from fangxian.core import keys
from fangxian.core.keys import KeyRing
from fangxian.core.venue_keys import ID_BYTES, SIGNATURE_BYTES


class NotOurs(Exception):
    """The text is no code of this kind and installation: forged, damaged, or something else altogether."""


class Signed(NamedTuple):
    """What a code says, once its signature is known to be ours."""

    key_id: str
    payload: bytes


@dataclass(frozen=True)
class SignedCode:
    """One kind of code: how its text begins, the words its signature begins with, how many bytes it says."""

    prefix: str
    signed_as: bytes
    body_bytes: int

    @property
    def length(self) -> int:
        """Characters of every text of this kind: base32 without its padding."""
        return len(self.prefix) + -(-(ID_BYTES + self.body_bytes + SIGNATURE_BYTES) * 8 // 5)

    def sign(self, payload: bytes, ring: KeyRing | None = None) -> str:
        """The text of a code; the same payload and key give the same text. Raises ValueError for another length."""
        if len(payload) != self.body_bytes:
            raise ValueError(f"{self.prefix} says {self.body_bytes} bytes, not {len(payload)}")
        key = (ring or keys.current()).venue_current
        body = bytes.fromhex(key.id) + payload
        return self.prefix + _letters(body + key.sign(self.signed_as + body))

    def read(self, text: str, ring: KeyRing | None = None) -> Signed:
        """What a code of this installation says; raises NotOurs for every other text.

        A retired key still proves what it signed: whether that still counts is for whoever asks.
        """
        raw = self._raw(text)
        body, signature = raw[:-SIGNATURE_BYTES], raw[-SIGNATURE_BYTES:]
        said = Signed(body[:ID_BYTES].hex(), body[ID_BYTES:])
        key = (ring or keys.current()).venue.get(said.key_id)
        if key is None or not key.signed(self.signed_as + body, signature):
            raise NotOurs
        return said

    def _raw(self, text: str) -> bytes:
        if len(text) != self.length or not text.startswith(self.prefix):
            raise NotOurs
        letters = text[len(self.prefix) :]
        try:
            raw = base64.b32decode(letters + "=" * (-len(letters) % 8))
        except (binascii.Error, ValueError) as error:
            raise NotOurs from error
        if _letters(raw) != letters:
            raise NotOurs  # the last letter may have bits to spare; with other bits in them it is another text
        return raw


def _letters(raw: bytes) -> str:
    return base64.b32encode(raw).decode("ascii").rstrip("=")
