"""Proofs of release: issued with the release, withdrawn by a correction, checked by whoever has the public key.

A signed code (`core/signed_codes.py`) of proof (16 bytes) and day of release (4, days since 1970).
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from fangxian.core import records
from fangxian.core.clock import now, today
from fangxian.core.keys import KeyRing
from fangxian.core.officers import Officer
from fangxian.core.reasons import stated
from fangxian.core.signed_codes import NotOurs as NotOurs
from fangxian.core.signed_codes import SignedCode
from fangxian.systems.quarantine.models import ReleaseProof, Stay

EPOCH = date(1970, 1, 1)
CODE = SignedCode("FXR1:", b"fangxian proof of release 1\0", 16 + 4)


class Proven(NamedTuple):
    """What a code says, once its signature is known to be ours."""

    proof_id: UUID
    released_on: date


def sign(proof_id: UUID, released_on: date, ring: KeyRing | None = None) -> str:
    """The text of a proof's code."""
    return CODE.sign(proof_id.bytes + (released_on - EPOCH).days.to_bytes(4), ring)


def read(text: str, ring: KeyRing | None = None) -> Proven:
    """What a code of this installation says; raises NotOurs for every other text.

    A retired key still proves what it signed: a proof is about a day, it does not open a door.
    """
    said = CODE.read(text, ring).payload
    return Proven(UUID(bytes=said[:16]), EPOCH + timedelta(days=int.from_bytes(said[16:])))


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
