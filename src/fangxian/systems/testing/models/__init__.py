"""Rows of testing: tubes and results, who must be tested, rounds with their roster, batches, accidents."""

from fangxian.systems.testing.models.accidents import LabAccident
from fangxian.systems.testing.models.batches import TubeBatch
from fangxian.systems.testing.models.duties import GroupMember, TestDuty
from fangxian.systems.testing.models.points import SamplingPoint, SamplingTeam
from fangxian.systems.testing.models.results import LabResult
from fangxian.systems.testing.models.roster import RoundCount, RoundHour, RoundMember
from fangxian.systems.testing.models.rounds import TestRound
from fangxian.systems.testing.models.tubes import Sample, Tube

__all__ = [
    "GroupMember",
    "LabAccident",
    "LabResult",
    "RoundCount",
    "RoundHour",
    "RoundMember",
    "Sample",
    "SamplingPoint",
    "SamplingTeam",
    "TestDuty",
    "TestRound",
    "Tube",
    "TubeBatch",
]
