"""What others may want to know of risk areas; told inside the transaction of the change."""

from collections.abc import Iterable

from django.dispatch import Signal

from fangxian.systems.risk_areas.models import RiskAreaVersion

published = Signal()
"""A version was published: `versions` (list of RiskAreaVersion), `by` (officer or None)."""


def announce(versions: Iterable[RiskAreaVersion], *, by) -> None:
    """Tell it."""
    published.send(RiskAreaVersion, versions=list(versions), by=by)
