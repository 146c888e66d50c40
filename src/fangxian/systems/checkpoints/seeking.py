"""A vehicle is put on the list of those looked for: also what passed before is held against it."""

from typing import Any

from django.db import transaction

from fangxian.core import records
from fangxian.core.areas import code_range
from fangxian.core.clock import today
from fangxian.core.fields import blind
from fangxian.core.officers import Officer
from fangxian.core.records import Source
from fangxian.systems.checkpoints.announcements import announce
from fangxian.systems.checkpoints.models import Passage, SoughtVehicle


def seek(*, by: Officer | None, source: str = Source.WEB, **values: Any) -> SoughtVehicle:
    """List a vehicle. Its passages that are still kept are asked about again: it may have come through yesterday."""
    with transaction.atomic():
        sought = records.create(
            SoughtVehicle, by=by, action="checkpoints.soughtvehicle.created", source=source, **values
        )
        look_back(sought)
    return sought


def change_sought(
    *, sought: SoughtVehicle, by: Officer | None, base_version: int | None = None, **changes: Any
) -> SoughtVehicle:
    """Correct an entry of the list, and look back with what it says now."""
    with transaction.atomic():
        changed = records.change(
            sought, by=by, action="checkpoints.soughtvehicle.changed", base_version=base_version, **changes
        )
        look_back(changed)
    return changed


def look_back(sought: SoughtVehicle) -> int:
    """Let the lists be asked again about the passages of a vehicle inside the area that seeks it; returns how many.

    Asking again writes down what is found and tells nobody twice. Nothing follows for a vehicle sought no longer.
    """
    if sought.until < today():
        return 0
    low, high = code_range(sought.area_id)
    index = blind(Passage, "plate", sought.plate)
    # unscoped, but inside the area of the record that was just written
    rows = Passage.unscoped.filter(plate_index=index, area_id__gte=low, area_id__lt=high, judged_at__isnull=False)
    count = rows.update(judged_at=None)
    if count:
        announce()
    return count
