"""Signed codes: read back as made, and every other text, kind, key and length refused."""

import base64

import pytest

from fangxian.core import keys
from fangxian.core.keys import KeyRing
from fangxian.core.signed_codes import NotOurs, Signed, SignedCode

RING = KeyRing.generate()
KIND = SignedCode("FXT1:", b"fangxian test 1\0", 21)
OTHER = SignedCode("FXT1:", b"fangxian test 2\0", 21)
PAYLOAD = bytes(range(21))


def test_a_code_says_what_was_signed():
    text = KIND.sign(PAYLOAD, RING)
    assert KIND.read(text, RING) == Signed(RING.venue_current.id, PAYLOAD)
    assert (KIND.sign(PAYLOAD, RING), len(text)) == (text, KIND.length)


@pytest.mark.parametrize("size", [1, 20, 21, 24, 36])
def test_the_length_is_that_of_every_text(size):
    kind = SignedCode("FXT1:", b"x\0", size)
    assert len(kind.sign(bytes(size), RING)) == kind.length


def test_without_a_ring_the_one_of_the_process_signs_and_reads():
    text = KIND.sign(PAYLOAD)
    assert KIND.read(text) == KIND.read(text, keys.current())


def test_a_payload_of_another_length_is_not_signed():
    with pytest.raises(ValueError, match="says 21 bytes, not 20"):
        KIND.sign(PAYLOAD[:-1], RING)


def test_a_retired_key_still_proves_what_it_signed():
    text = KIND.sign(PAYLOAD, RING)
    assert KIND.read(text, RING.with_venue_key_retired(RING.venue_current.id, at=0)).payload == PAYLOAD


def spoilt() -> dict[str, str]:
    text = KIND.sign(PAYLOAD, RING)
    raw = bytearray(base64.b32decode(text[5:] + "=" * (-len(text[5:]) % 8)))
    raw[20] ^= 1
    twin = next(text[:-1] + letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" if _same_bytes(text, letter))
    return {
        "nothing": "",
        "only its beginning": "FXT1:",
        "another beginning": "FXR1:" + text[5:],
        "small letters": text.lower(),
        "a letter short": text[:-1],
        "a letter more": text + "A",
        "no base32": "FXT1:" + "1" * (KIND.length - 5),
        "another script": "FXT1:" + "场" * (KIND.length - 5),
        "one bit": "FXT1:" + base64.b32encode(bytes(raw)).decode().rstrip("="),
        "spare bits": twin,
        "another ring": KIND.sign(PAYLOAD, KeyRing.generate()),
        "another kind": OTHER.sign(PAYLOAD, RING),
        "a thief with our key's name": KIND.sign(PAYLOAD, _thief()),
    }


def _same_bytes(text: str, letter: str) -> bool:
    """Whether the text ends with the same bytes when its last letter is another."""
    letters = text[5:-1] + letter
    padding = "=" * (-len(letters) % 8)
    return letter != text[-1] and base64.b32decode(letters + padding) == base64.b32decode(text[5:] + padding)


def _thief() -> KeyRing:
    other = KeyRing.generate()
    named = other.venue_current.__class__(RING.venue_current.id, other.venue_current.seed)
    return other.__class__(**{**other.__dict__, "venue": {named.id: named}})


@pytest.mark.parametrize("text", spoilt().values(), ids=spoilt())
def test_every_other_text_is_not_ours(text):
    with pytest.raises(NotOurs):
        KIND.read(text, RING)
