"""The hand-overs of a letter: who did what when, as both sides see it."""

from datetime import datetime

from fangxian.core import records
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.records import Source
from fangxian.systems.letters.models import HandOver, Letter


def note(
    letter: Letter, kind: str, *, by: Officer | None, who: str = "", at: datetime | None = None, text: str = "",
    items: int = 0,
) -> HandOver:  # fmt: skip
    """Write one step down; `who` names somebody of the other side."""
    return records.create(
        HandOver, by=by, action=f"letters.letter.{kind.lower()}", source=Source.WORKFLOW, area=letter.area,
        letter=letter, kind=kind, at=at or now(), who=(who or (str(by) if by else ""))[:80], note=text[:200],
        items=items,
    )  # fmt: skip
