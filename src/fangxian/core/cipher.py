"""Encryption of single fields and the keyed blind index, in two suites: AES/SHA-256 and SM4/SM3 (GB/T 39786).

A stored value is text: `fx1:<suite>:<key id>:<base64 of nonce and ciphertext with tag>`. The header and the name of
the field (`aad`) are authenticated with it, so a value moved to another field or another key does not open.
"""

import base64
import binascii
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC

from fangxian.core import keys
from fangxian.core.keys import AES, SM4, DataKey, KeyRing

MAGIC = "fx1"
NONCE_BYTES, TAG_BYTES = 12, 16
INDEX_BYTES = 16


class CannotDecrypt(Exception):
    """A stored value does not open; the message names the field and the reason, never the value."""


def encrypt(plain: str, *, aad: str, ring: KeyRing | None = None) -> str:
    """Encrypt one value with the current key. `aad` names its field, e.g. "people.person.id_number"."""
    header, body = _sealed(plain.encode(), aad, ring or keys.current())
    return f"{header}:{base64.b64encode(body).decode('ascii')}"


def decrypt(stored: str, *, aad: str, ring: KeyRing | None = None) -> str:
    """The plain value; raises CannotDecrypt for an unknown key, a damaged value or one of another field."""
    header, _, text = stored.rpartition(":")
    try:
        body = base64.b64decode(text, validate=True)
    except binascii.Error:
        body = b""
    return _opened(header, body, aad, ring or keys.current()).decode()


def seal(plain: bytes, *, aad: str, ring: KeyRing | None = None) -> bytes:
    """Encrypt a file's content: the same header, then the ciphertext itself instead of its base64."""
    header, body = _sealed(plain, aad, ring or keys.current())
    return f"{header}:".encode() + body


def unseal(stored: bytes, *, aad: str, ring: KeyRing | None = None) -> bytes:
    """The content that `seal` was given; raises CannotDecrypt as `decrypt` does."""
    *header, body = stored.split(b":", 3)
    return _opened(b":".join(header).decode("ascii", "replace"), body, aad, ring or keys.current())


def is_current(stored: str, *, ring: KeyRing | None = None) -> bool:
    """Whether a value was made with the current key; after a rotation the others are re-encrypted."""
    key = (ring or keys.current()).current
    return stored.startswith(f"{MAGIC}:{key.suite}:{key.id}:")


def blind_index(field: str, plain: str, *, ring: KeyRing | None = None) -> str:
    """32 hex digits that are equal for equal values of one field; useless without the index key.

    The name of the field goes in, so the same number in two tables cannot be joined by its index.
    """
    ring = ring or keys.current()
    mac = HMAC(ring.index_key, _HASH[ring.index_hash]())
    mac.update(f"{field}\0{plain}".encode())
    return mac.finalize()[:INDEX_BYTES].hex()


def _sealed(plain: bytes, aad: str, ring: KeyRing) -> tuple[str, bytes]:
    key = ring.current
    header, nonce = f"{MAGIC}:{key.suite}:{key.id}", os.urandom(NONCE_BYTES)
    return header, nonce + _SEAL[key.suite](key.material, nonce, plain, f"{header}:{aad}".encode())


def _opened(header: str, body: bytes, aad: str, ring: KeyRing) -> bytes:
    key = _key(header, aad, ring)
    if len(body) < NONCE_BYTES + TAG_BYTES:
        raise CannotDecrypt(f"{aad}: the stored value is cut off or damaged.")
    try:
        return _OPEN[key.suite](key.material, body[:NONCE_BYTES], body[NONCE_BYTES:], f"{header}:{aad}".encode())
    except InvalidTag:
        raise CannotDecrypt(f"{aad}: the stored value was changed, or belongs to another field.") from None


def _key(header: str, aad: str, ring: KeyRing) -> DataKey:
    """The key that a header names."""
    magic, _, rest = header.partition(":")
    suite, _, key_id = rest.partition(":")
    key = ring.data.get(key_id)
    if magic != MAGIC:
        raise CannotDecrypt(f"{aad}: the stored value is not an encrypted value of this platform.")
    if key is None or key.suite != suite:
        raise CannotDecrypt(f"{aad}: key {key_id} ({suite}) is not in the key file; restore the file that has it.")
    return key


def _seal_aes(key: bytes, nonce: bytes, plain: bytes, aad: bytes) -> bytes:
    return AESGCM(key).encrypt(nonce, plain, aad)


def _open_aes(key: bytes, nonce: bytes, sealed: bytes, aad: bytes) -> bytes:
    return AESGCM(key).decrypt(nonce, sealed, aad)


def _seal_sm4(key: bytes, nonce: bytes, plain: bytes, aad: bytes) -> bytes:
    sealing = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    sealing.authenticate_additional_data(aad)
    return sealing.update(plain) + sealing.finalize() + sealing.tag


def _open_sm4(key: bytes, nonce: bytes, sealed: bytes, aad: bytes) -> bytes:
    body, tag = sealed[:-TAG_BYTES], sealed[-TAG_BYTES:]
    opening = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
    opening.authenticate_additional_data(aad)
    return opening.update(body) + opening.finalize()


_SEAL = {AES: _seal_aes, SM4: _seal_sm4}
_OPEN = {AES: _open_aes, SM4: _open_sm4}
_HASH = {"sha256": hashes.SHA256, "sm3": hashes.SM3}
