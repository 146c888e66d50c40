"""Every verb of immunization."""

from fangxian.systems.immunization.dosing import correct, record_history, record_history_many, renumber, void
from fangxian.systems.immunization.models import Aefi as AEFI
from fangxian.systems.immunization.reaching import refuse
from fangxian.systems.immunization.reporting import conclude, grade, investigate, report, report_up
from fangxian.systems.immunization.stocking import (
    close_day,
    destroy,
    hand_over,
    open_vial,
    recall,
    receive,
    send_back,
    waste,
)
from fangxian.systems.immunization.visiting import Agreed, arrive, leave, register, turn_away, vaccinate

SERIOUS = AEFI.Serious

__all__ = [
    "AEFI",
    "SERIOUS",
    "Agreed",
    "arrive",
    "close_day",
    "conclude",
    "correct",
    "destroy",
    "grade",
    "hand_over",
    "investigate",
    "leave",
    "open_vial",
    "recall",
    "receive",
    "record_history",
    "record_history_many",
    "refuse",
    "register",
    "renumber",
    "report",
    "report_up",
    "send_back",
    "turn_away",
    "vaccinate",
    "void",
    "waste",
]  # fmt: skip
