"""Bulletins of local governments: damaged copies repaired, their measures found.

    reading = read(decoded(path.read_bytes()))
    reading.text, reading.repaired.repairs, reading.head.date, reading.measures

Repair is the exact inversion of the damage where that is possible, a marked guess where not; every change is listed
with its place. Plain Python over plain text: no store, no network.
"""

import datetime

from fangxian.engines.bulletins import heads, measures
from fangxian.engines.bulletins.model import Bulletin, Certainty, Head, Kind, Measure, Mode, Repair, Repaired
from fangxian.engines.bulletins.repairing import decoded, repair

__all__ = [
    "Bulletin", "Certainty", "Head", "Kind", "Measure", "Mode", "Repair", "Repaired", "decoded", "read", "repair",
]  # fmt: skip


def read(given: str, received: datetime.date | None = None) -> Bulletin:
    """Repair a document and find what it says.

    given     the text of the page, as it came
    received  the day it came: from it the year is concluded when page and text name none
    """
    repaired = repair(given)
    head = heads.read(repaired.text, given, received)
    skip = 0 if "title" in head.unsure else repaired.text.find(head.title) + len(head.title)
    return Bulletin(head, repaired, measures.found_in(repaired.text, head.date or received, skip, head.speakers))
