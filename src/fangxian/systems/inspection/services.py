"""The verbs of supervision, by what they are about."""

from fangxian.systems.inspection.accounting import appeal, decide, drop, hear, propose
from fangxian.systems.inspection.climbing import climb, waiting, wanted_step
from fangxian.systems.inspection.mending import agree, agree_withdrawal, ask_withdrawal, cannot, mend, reopen
from fangxian.systems.inspection.naming import change_parties, name_parties
from fangxian.systems.inspection.raising import change_finding, raise_finding, time_allowed
from fangxian.systems.inspection.visiting import (
    Answer,
    Stop,
    add_stop,
    answer_sheet,
    cancel_trip,
    check_oneself,
    end_trip,
    lead_trip,
    leave_out,
    move_up,
    note_finding,
    plan_trip,
)

__all__ = [
    "Answer", "Stop", "add_stop", "agree", "agree_withdrawal", "answer_sheet", "appeal", "ask_withdrawal",
    "cancel_trip", "cannot", "change_finding", "change_parties", "check_oneself", "climb", "decide", "drop",
    "end_trip", "hear", "lead_trip", "leave_out", "mend", "move_up", "name_parties", "note_finding", "plan_trip",
    "propose", "raise_finding", "reopen", "time_allowed", "waiting", "wanted_step",
]  # fmt: skip
