"""The accidents of results as rows: what was said, of which tube, in which row of a file."""

from fangxian.systems.testing.accidents import Kind, Notice, Outcome, area_of
from fangxian.systems.testing.judging import Word
from fangxian.systems.testing.models import LabResult, Tube


def of_tube(
    tube: Tube, kind: str, word: Word, result: LabResult | None, field: str = "", row: int | None = None
) -> Notice:
    """An accident of a registered tube. Without a result the finding was not taken."""
    taken = Outcome.HELD if kind == Kind.RESULT_CONTRADICTS else Outcome.FLAGGED
    outcome = Outcome.REFUSED if result is None else taken
    return Notice(
        kind, outcome, tube.area_id, tube.barcode, row, field or "value", said(word), tube.round_id, tube.pk,
        tube.batch_id, result.pk if result else None,
    )  # fmt: skip


def unregistered(barcode: str, word: Word, *, by, row: int | None = None, area: str = "") -> Notice:
    """A finding on a tube nobody registered; it belongs where whoever sent it has their post."""
    where = area_of(by, area)
    return Notice(Kind.RESULT_UNREGISTERED, Outcome.REFUSED, where, barcode[:40], row, "tube", said(word))


def said(word: Word) -> dict[str, str]:
    """What the laboratory said."""
    return {"value": word.value, "tested_at": word.tested_at.isoformat(), "laboratory": word.laboratory}
