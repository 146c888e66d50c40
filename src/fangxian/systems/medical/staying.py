"""Admissions: into a free bed, out of it with an outcome."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.clock import now
from fangxian.core.records import Source
from fangxian.systems.medical import beds
from fangxian.systems.medical.models import Admission, Facility
from fangxian.systems.medical.words import Bed, Discharged
from fangxian.systems.people.models import Person


def admit(
    *, by, facility: Facility, person: Person, bed: str = Bed.ISOLATION, source: str = Source.WEB, **values: Any
) -> Admission:
    """Take a person in. Raises ValidationError where no bed of the kind is free, and for whoever lies somewhere."""
    with transaction.atomic():
        Facility.unscoped.select_for_update().get(pk=facility.pk)  # the last bed is given once
        if beds.is_full(facility, bed):
            raise ValidationError({"bed": _("No bed of this kind is free here: ask for a transfer to another house.")})
        if Admission.unscoped.filter(beds.OPEN, person=person).exists():
            raise ValidationError({"person": _("This person lies in a bed already: ask for a transfer instead.")})
        return records.create(
            Admission, by=by, action="medical.admission.admitted", source=source, area=facility.area,
            facility=facility, person=person, home_area=person.area, bed=bed, **values,
        )  # fmt: skip


def discharge(*, admission: Admission, by, outcome: str) -> Admission:
    """End a stay in a bed, with its outcome."""
    with transaction.atomic():
        current = Admission.objects.select_for_update().get(pk=admission.pk)
        if current.discharged_at:
            raise ValidationError(_("This person has been discharged already."))
        if outcome not in Discharged.values:
            raise ValidationError({"outcome": _("Choose how the stay ended.")})
        return records.change(
            current, by=by, action="medical.admission.discharged", discharged_at=now(), outcome=outcome
        )


def move(*, person: Person, to: Facility, bed: str, by) -> Admission | None:
    """Whoever lies in a bed lies in one of another house now; None for whoever lay nowhere."""
    open_ = Admission.unscoped.filter(beds.OPEN, person=person).first()
    if open_ is None:
        return None
    records.change(
        open_, by=by, action="medical.admission.transferred", discharged_at=now(),
        outcome=Discharged.TRANSFERRED,
    )  # fmt: skip
    return admit(by=by, facility=to, person=person, bed=bed, diagnosis=open_.diagnosis)
