"""Tables of the community."""

from fangxian.systems.community.models.gatherings import Gathering
from fangxian.systems.community.models.reports import PublicReport
from fangxian.systems.community.models.volunteers import Volunteer, VolunteerCall, VolunteerShift

__all__ = ["Gathering", "PublicReport", "Volunteer", "VolunteerCall", "VolunteerShift"]
