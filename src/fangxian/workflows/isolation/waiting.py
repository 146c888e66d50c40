"""Rooms that have become free or are newly open go to whoever waits for one, the earliest first."""

from typing import Any

from django.dispatch import receiver

from fangxian.core import jobs, scope
from fangxian.core.areas import Area
from fangxian.core.officers import Officer
from fangxian.systems.quarantine import selectors
from fangxian.systems.quarantine import services as quarantine
from fangxian.systems.quarantine.announcements import rooms_freed
from fangxian.systems.quarantine.services import Booking

WHY = "whoever waits for a room gets one of the county's, wherever they answer to in it"
COUNTY = 6
"""Digits of a county's code: its people are booked into its rooms."""


@receiver(rooms_freed)
def follow_rooms(sender: Any, area_codes: list[str], **_named: Any) -> None:
    """Queue the booking of the counties where somebody waits, in the transaction that freed the rooms."""
    for county in sorted({code[:COUNTY] for code in area_codes}):
        if selectors.somebody_waits(county):
            jobs.enqueue("quarantine.book_waiting", by=None, key=county, area_code=county)


@jobs.job("quarantine.book_waiting")
def book_job(job: jobs.Job, area_code: str) -> dict[str, int]:
    """The booking as a job; run again, who has a room keeps it."""
    done = book_waiting(by=job.created_by, area=Area.objects.get(pk=area_code))
    return {"booked": len(done.stays) - len(done.waiting), "waiting": len(done.waiting)}


def book_waiting(*, by: Officer | None, area: Area) -> Booking:
    """Give the free rooms of an area's counties to those of the area who wait; what the booking changed."""
    with scope.everywhere(WHY):
        return quarantine.book_waiting(by=by, area=area)
