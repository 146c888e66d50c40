"""Sites for contacts (and for the ill): rooms, stays, checks, what guests ask for and get, the ways in and out."""

from fangxian.systems.quarantine.models.asking import GuestRequest
from fangxian.systems.quarantine.models.keeping import Delivery, Disinfection, WasteBatch
from fangxian.systems.quarantine.models.leaving import ReleaseProof
from fangxian.systems.quarantine.models.opening import Opening, OpeningShare, ShiftHandOver
from fangxian.systems.quarantine.models.restarts import ClockRestart
from fangxian.systems.quarantine.models.sites import Room, Site
from fangxian.systems.quarantine.models.stays import DailyCheck, Stay
from fangxian.systems.quarantine.models.transfers import Transfer

__all__ = [
    "ClockRestart", "DailyCheck", "Delivery", "Disinfection", "GuestRequest", "Opening", "OpeningShare", "ReleaseProof",
    "Room", "ShiftHandOver", "Site", "Stay", "Transfer", "WasteBatch",
]  # fmt: skip
