"""Questions to bulletins, inside the scope in force."""

from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from fangxian.systems.bulletins.models import Bulletin, Measure
from fangxian.systems.bulletins.words import MeasureMode, MeasureState


def bulletin(pk: UUID | str) -> Bulletin:
    """One bulletin; raises DoesNotExist."""
    return Bulletin.objects.select_related("area").get(pk=pk)


def measure(pk: UUID | str) -> Measure:
    """One measure with its bulletin; raises DoesNotExist."""
    return Measure.objects.select_related("area", "bulletin__area").get(pk=pk)


def measures_of(bulletin: Bulletin) -> list[Measure]:
    """The measures of a bulletin, in the order of its text."""
    return list(Measure.objects.filter(bulletin=bulletin).select_related("decided_by", "area").order_by("number"))


def confirmed(bulletin: Bulletin) -> list[Measure]:
    """Those confirmed and not handed down."""
    rows = Measure.objects.filter(bulletin=bulletin, state=MeasureState.CONFIRMED, directive_id=None)
    return list(rows.select_related("area", "bulletin__area").order_by("number"))


def bulletins() -> QuerySet[Bulletin]:
    """All, the latest first, with how many of their measures are still to be looked at, confirmed and handed down."""
    state = "measures__state"
    return Bulletin.objects.defer("given", "text", "repairs").select_related("area").annotate(
        to_do=Count("measures", filter=Q(**{state: MeasureState.PROPOSED, "measures__mode": MeasureMode.ORDERED})),
        agreed=Count("measures", filter=Q(**{state: MeasureState.CONFIRMED})),
        handed=Count("measures", filter=Q(measures__directive_id__isnull=False)),
    ).order_by("-received_at", "-pk")  # fmt: skip


def counts(measures: list[Measure]) -> dict[str, int]:
    """How many of the measures are open, confirmed, rejected and handed down."""

    def having(state: Any) -> int:
        return sum(row.state == state for row in measures)

    handed = sum(row.directive_id is not None for row in measures)
    to_do = sum(row.state == MeasureState.PROPOSED and row.mode == MeasureMode.ORDERED for row in measures)
    return {
        "proposed": having(MeasureState.PROPOSED), "confirmed": having(MeasureState.CONFIRMED),
        "rejected": having(MeasureState.REJECTED), "handed": handed, "to_do": to_do,
    }  # fmt: skip
