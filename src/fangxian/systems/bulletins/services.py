"""The verbs of bulletins."""

from fangxian.systems.bulletins.deciding import (
    CORRECTABLE,
    confirm,
    confirm_rest,
    correct,
    correct_head,
    mark_handed_down,
    reject,
    undo,
)
from fangxian.systems.bulletins.reading import take_in

__all__ = [
    "CORRECTABLE", "confirm", "confirm_rest", "correct", "correct_head", "mark_handed_down", "reject", "take_in",
    "undo",
]  # fmt: skip
