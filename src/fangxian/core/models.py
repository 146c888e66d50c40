"""Where Django looks for core's tables; each lives beside its functions."""

from fangxian.core.areas import Area, AreaCode, ZoneMember
from fangxian.core.audit import AuditEntry, AuditHead
from fangxian.core.jobs import Job
from fangxian.core.modes import OperatingMode
from fangxian.core.officers import Officer, Post
from fangxian.core.setup import SetupCode

__all__ = ["Area", "AreaCode", "AuditEntry", "AuditHead", "Job", "Officer", "OperatingMode", "Post", "SetupCode",
           "ZoneMember"]  # fmt: skip
