"""Vaccination schedules: which doses count, what comes next, and whether it may be given on a day. Plain Python.

`judge(schedule, facts, on, vaccine)` answers the question asked at a registration desk; `counted(schedule, given)` says
of each dose on record whether it counts and as what. A schedule is data (the policy packs'), never code.
"""

from fangxian.engines.schedules.counting import Counted, counted
from fangxian.engines.schedules.dates import after_months, birthday, latest_birth
from fangxian.engines.schedules.judging import judge
from fangxian.engines.schedules.model import (
    Booster,
    Condition,
    Contraindication,
    Course,
    Facts,
    Given,
    Outcome,
    Reason,
    Role,
    Schedule,
    Verdict,
)

__all__ = [
    "Booster", "Condition", "Contraindication", "Counted", "Course", "Facts", "Given", "Outcome", "Reason", "Role",
    "Schedule", "Verdict", "after_months", "birthday", "counted", "judge", "latest_birth",
]  # fmt: skip
