"""Every verb of the workforce."""

from fangxian.systems.workforce.going import call_back, found_is, log_visit, send
from fangxian.systems.workforce.shifts import enter_shift
from fangxian.systems.workforce.stating import Due, agree, draw_again, draw_up, fits
from fangxian.systems.workforce.training import ask_on_the_spot, take_quiz

__all__ = [
    "Due", "agree", "ask_on_the_spot", "call_back", "draw_again", "draw_up", "enter_shift", "fits", "found_is",
    "log_visit", "send", "take_quiz",
]  # fmt: skip
