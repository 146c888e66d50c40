"""The keys that sign venue codes: Ed25519, so that whoever checks a code cannot make one (decision 0019)."""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ID_BYTES, SEED_BYTES, SIGNATURE_BYTES = 4, 32, 64


@dataclass(frozen=True)
class VenueKey:
    """One signing key; times are UTC seconds. Its id stands in every code it signed."""

    id: str
    seed: bytes = field(repr=False)
    made_at: int = 0
    retired_at: int | None = None

    @classmethod
    def of(cls, id_: str, seed: bytes, made_at: object, retired_at: object) -> "VenueKey":
        """A key as the file holds it; ValueError where it cannot be one."""
        if (
            len(bytes.fromhex(id_)) != ID_BYTES
            or not isinstance(made_at, int)
            or not isinstance(retired_at, int | None)
        ):
            raise ValueError("not a venue key")
        return cls(id_, seed, made_at, retired_at)

    def facts(self) -> dict[str, int | None]:
        """What is no secret."""
        return {"made_at": self.made_at, "retired_at": self.retired_at}

    @cached_property
    def public(self) -> Ed25519PublicKey:
        """The half that may be given to whoever checks codes."""
        return self._private.public_key()

    @cached_property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    def sign(self, message: bytes) -> bytes:
        """The signature, 64 bytes."""
        return self._private.sign(message)

    def signed(self, message: bytes, signature: bytes) -> bool:
        """Whether this key signed the message."""
        try:
            self.public.verify(signature, message)
        except InvalidSignature:
            return False
        return True


def new_key() -> VenueKey:
    """A fresh key."""
    return VenueKey(secrets.token_hex(ID_BYTES), secrets.token_bytes(SEED_BYTES), int(time.time()))


def current_key(keys: Mapping[str, VenueKey]) -> VenueKey | None:
    """The youngest key that is not retired, or None."""
    return next((key for key in reversed(list(keys.values())) if key.retired_at is None), None)


def with_retired(keys: Mapping[str, VenueKey], key_id: str, at: int) -> dict[str, VenueKey]:
    """The keys with one of them retired from a moment; LookupError where there is no such key.

    An earlier retirement stands: putting it off would let codes hold again that were refused meanwhile.
    """
    key = keys.get(key_id)
    if key is None:
        raise LookupError(f"there is no venue key {key_id}")
    earliest = at if key.retired_at is None else min(at, key.retired_at)
    return {**keys, key_id: replace(key, retired_at=earliest)}
