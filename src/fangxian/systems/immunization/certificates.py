"""Certificates of vaccination: a signed code about one dose. Whether it holds is asked of the ledger, each time anew.

The code (`core/signed_codes.py`) says dose (16 bytes), its number in the course (1), its day (4, days since 1970).
Nothing of the person is in it.
"""

from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from fangxian.core.keys import KeyRing
from fangxian.core.signed_codes import NotOurs, SignedCode
from fangxian.systems.immunization.models import Dose

EPOCH = date(1970, 1, 1)
CODE = SignedCode("FXV1:", b"fangxian certificate of vaccination 1\0", 16 + 1 + 4)


class Certified(NamedTuple):
    """What a code says, once its signature is known to be ours."""

    dose_id: UUID
    number: int
    given_on: date


def sign(dose: Dose, ring: KeyRing | None = None) -> str:
    """The text of the code of a dose that counts."""
    return CODE.sign(dose.pk.bytes + dose.number.to_bytes(1) + (dose.given_on - EPOCH).days.to_bytes(4), ring)


def read(text: str, ring: KeyRing | None = None) -> Certified:
    """What a code of this installation says; raises NotOurs for every other text.

    A retired key still proves what it signed: whether the dose still stands is asked of the ledger.
    """
    said = CODE.read(text, ring).payload
    return Certified(UUID(bytes=said[:16]), said[16], EPOCH + timedelta(days=int.from_bytes(said[17:])))


def holding(text: str) -> Dose | None:
    """The dose a code proves; None for a text that is none of ours, and for a dose that no longer stands."""
    try:
        said = read(text)
    except NotOurs:
        return None
    dose = Dose.unscoped.filter(pk=said.dose_id, state=Dose.State.VALID).select_related("person").first()
    return dose if dose and (dose.number, dose.given_on) == (said.number, said.given_on) else None
