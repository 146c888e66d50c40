"""Every verb of the environment."""

from fangxian.systems.environment.ordering import accept, begin_round, change_order, lacking, order, order_once, prove
from fangxian.systems.environment.sampling import About, change, correct, report, take

__all__ = [
    "About", "accept", "begin_round", "change", "change_order", "correct", "lacking", "order", "order_once", "prove",
    "report", "take",
]  # fmt: skip
