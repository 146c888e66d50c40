"""The key by which partners know this installation, and the seal on what goes between them.

The key is Ed25519 and derived from the key file (HKDF over the index key, which no rotation changes), so there is
nothing more to keep or lose. What is sealed is the whole body of a message with the purpose in front; a seal made for
another purpose does not open here.
"""

import base64
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from fangxian.core import keys

PURPOSE = b"fangxian letters of assistance v1\0"
REQUEST, ANSWER = b"request\0", b"answer\0"
GROUP = 4


class BadKey(ValueError):
    """Not the public key of an installation."""


def public_key() -> str:
    """Our public key, as base64 of 32 bytes: what a partner enters."""
    return base64.b64encode(_raw(_private().public_key())).decode("ascii")


def fingerprint(public: str) -> str:
    """What two officers read to each other: 32 hex digits of the SHA-256 of a public key, in groups of four."""
    digits = hashlib.sha256(_raw(_public(public))).hexdigest()[:32]
    return " ".join(digits[start : start + GROUP] for start in range(0, len(digits), GROUP))


def own_fingerprint() -> str:
    """The fingerprint of this installation."""
    return fingerprint(public_key())


def seal(kind: bytes, body: bytes) -> str:
    """Our signature over a body, as base64."""
    return base64.b64encode(_private().sign(PURPOSE + kind + body)).decode("ascii")


def is_sealed(public: str, kind: bytes, body: bytes, signature: str) -> bool:
    """Whether the holder of a public key has sealed exactly this body for this purpose."""
    try:
        _public(public).verify(base64.b64decode(signature, validate=True), PURPOSE + kind + body)
    except (InvalidSignature, ValueError):
        return False
    return True


def _private() -> Ed25519PrivateKey:
    derived = HKDF(hashes.SHA256(), 32, salt=None, info=PURPOSE).derive(keys.current().index_key)
    return Ed25519PrivateKey.from_private_bytes(derived)


def _public(text: str) -> Ed25519PublicKey:
    try:
        return Ed25519PublicKey.from_public_bytes(base64.b64decode(text, validate=True))
    except ValueError as error:
        raise BadKey("not a public key") from error


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)
