"""Tables of readiness: communities and their applications, schools of a term and who is on their rolls."""

from fangxian.systems.readiness.models.communities import EpidemicFree
from fangxian.systems.readiness.models.schools import SchoolMember, SchoolOpening

__all__ = ["EpidemicFree", "SchoolMember", "SchoolOpening"]
