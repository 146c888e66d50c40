"""Naming the four parties of a place: locality, department, unit, individual."""

from typing import Any
from uuid import UUID

from django.db import transaction

from fangxian.core import records
from fangxian.core.areas import Area
from fangxian.core.officers import Officer
from fangxian.core.records import Source
from fangxian.systems.inspection.models import FourParties
from fangxian.systems.inspection.words import Duty


def name_parties(
    *, by: Officer | None, area: Area, where: str, duty: str = Duty.EPIDEMIC, about: tuple[str, UUID] | None = None,
    source: str = Source.WEB, **parties: Any,
) -> FourParties:  # fmt: skip
    """Say who answers at a place for a duty; named again, the stored row changes and its history keeps who it was."""
    kind, pk = about or ("", None)
    with transaction.atomic():
        known = FourParties.objects.select_for_update(of=("self",)).filter(area=area, where=where, duty=duty).first()
        if known is not None:
            subject = {"subject_kind": kind, "subject_id": pk} if about else {}
            return records.change(known, by=by, action="inspection.parties.named_anew", **parties, **subject)
        return records.create(
            FourParties, by=by, action="inspection.parties.named", source=source, area=area, where=where, duty=duty,
            subject_kind=kind, subject_id=pk, **parties,
        )  # fmt: skip
