"""Sites for contacts (and for the ill): rooms, stays, twice-daily checks, the ways there and out again."""

from fangxian.systems.quarantine.models.leaving import ReleaseProof
from fangxian.systems.quarantine.models.sites import Room, Site
from fangxian.systems.quarantine.models.stays import DailyCheck, Stay
from fangxian.systems.quarantine.models.transfers import Transfer

__all__ = ["DailyCheck", "ReleaseProof", "Room", "Site", "Stay", "Transfer"]
