"""Medical care: facilities and their beds, fever patients, admissions, transfers, rounds of infection control."""

from fangxian.systems.medical.models.care import Admission, Referral
from fangxian.systems.medical.models.control import ControlAnswer, ControlRound
from fangxian.systems.medical.models.facilities import Beds, Facility
from fangxian.systems.medical.models.fever import FeverVisit

__all__ = ["Admission", "Beds", "ControlAnswer", "ControlRound", "Facility", "FeverVisit", "Referral"]
