"""Samples and orders of the environment for other pages, for whoever may read both ledgers."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from fangxian.core.clock import now
from fangxian.faces.web.pages.environment.lists import SAMPLES
from fangxian.faces.web.pages.figures import readable
from fangxian.registers import site
from fangxian.systems.environment import selectors

ORDERS = "environment.environmentorder"


def shown(officer: Any, ids: Iterable[UUID], since: datetime | None = None) -> dict[str, Any]:
    """What was sampled and ordered of these things or because of them."""
    ids = list(ids)
    here: dict[str, Any] = {"samples": [], "orders": [], "now": now()}
    if readable(officer, SAMPLES):
        with site.get(SAMPLES).scope(officer, "read"):
            here["samples"] = selectors.samples_for(ids, since)
    if readable(officer, ORDERS):
        with site.get(ORDERS).scope(officer, "read"):
            here["orders"] = selectors.orders_for(ids, since)
    return here
