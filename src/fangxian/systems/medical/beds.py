"""Beds and who lies in them: always counted from the admissions, never a figure of its own."""

from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from fangxian.core.areas import code_range
from fangxian.systems.medical.models import Admission, Beds, Facility
from fangxian.systems.medical.words import Bed

OPEN = Q(discharged_at__isnull=True)


@dataclass(frozen=True)
class Capacity:
    """Beds of a kind in a facility: there are, taken, free (below zero: more patients than beds)."""

    facility: Facility
    kind: str
    beds: int
    taken: int

    @property
    def free(self) -> int:
        """How many more can be admitted."""
        return self.beds - self.taken

    @property
    def kind_label(self) -> str:
        """The kind in the reader's language."""
        return str(Bed(self.kind).label)


def capacity(area_code: str = "") -> list[Capacity]:
    """Every facility's beds by kind, inside the scope in force; two questions whatever the number of facilities."""
    rows = Beds.objects.select_related("facility").order_by("facility__area_id", "facility__name", "kind")
    taken = {
        (row["facility_id"], row["bed"]): row["n"]
        for row in Admission.objects.filter(OPEN).values("facility_id", "bed").annotate(n=Count("pk"))
    }
    low, high = code_range(area_code)
    found = rows.filter(facility__area_id__gte=low, facility__area_id__lt=high)
    return [Capacity(row.facility, row.kind, row.count, taken.get((row.facility_id, row.kind), 0)) for row in found]


def is_full(facility: Facility, kind: str) -> bool:
    """Whether every bed of a kind is taken. Beds nobody has put on record are not known to be taken."""
    there = Beds.unscoped.filter(facility=facility, kind=kind).aggregate(n=Sum("count"))["n"]
    return there is not None and Admission.unscoped.filter(OPEN, facility=facility, bed=kind).count() >= there
