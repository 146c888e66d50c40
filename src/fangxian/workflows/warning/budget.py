"""Which findings become cards: the least likely ones, as many as the budget has room for."""

from datetime import date, timedelta

import numpy as np

from fangxian.core.policy import Pack
from fangxian.engines.surveillance import within_budget as fit
from fangxian.systems.surveillance import selectors, services
from fangxian.systems.surveillance.services import Found

WEEK = 7


def within_budget(code: str, found: list[Found], as_of: date, pack: Pack) -> list[Found]:
    """The least likely new ones the budget of the last weeks still has room for; those that have a card already pass.

    Source: `engines/surveillance/combination.py`.
    """
    known = np.array([services.has_card(one, as_of) for one in found], dtype=bool)
    days = int(pack.number("warning.budget_days"))
    budget = round(pack.number("warning.budget_per_week") * days / WEEK)
    spent = selectors.raised_since(code, as_of - timedelta(days=days), as_of)
    chances = np.array([0.0 if one.p is None else one.p for one in found], dtype=np.float64)
    kept = fit(chances, known, spent=spent, budget=budget)
    return [one for one, yes in zip(found, kept, strict=True) if yes]
