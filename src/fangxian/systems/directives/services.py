"""The verbs of directives. Which is allowed when, and whose act it is, stands in transitions.py.

A workflow that turns a confirmed measure of a bulletin into a directive calls `issue(measure_id=…)`: the same measure
never makes a second one.
"""

from fangxian.systems.directives.answering import Acted, answer, deploy, receive
from fangxian.systems.directives.checking import check, correct, look_again, remind, send_back, withdraw, withdraw_unit
from fangxian.systems.directives.issuing import (
    add_units,
    hand_down,
    issue,
    meant_for,
    resolve,
    split,
    standing,
    units_below,
    without,
)
from fangxian.systems.directives.meetings import convene, correct_meeting, next_number
from fangxian.systems.directives.reporting import note, report_up

__all__ = [
    "Acted", "add_units", "answer", "check", "convene", "correct", "correct_meeting", "deploy", "hand_down", "issue",
    "look_again", "meant_for", "next_number", "note", "receive", "remind", "report_up", "resolve", "send_back", "split",
    "standing", "units_below", "withdraw", "withdraw_unit", "without",
]  # fmt: skip
