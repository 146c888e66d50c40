"""Taking a bulletin in: repaired, read, kept with its measures, in one transaction."""

from bisect import bisect_left
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.areas import Area
from fangxian.core.clock import now, today
from fangxian.core.records import Source
from fangxian.engines import bulletins as engine
from fangxian.systems.bulletins.models import Bulletin, Measure
from fangxian.systems.bulletins.words import LONGEST

OWN_WORDS = ("title", "dated", "place", "issuer")
"""What whoever enters a bulletin may say better than the reader."""


def take_in(
    *, by, area: Area, given: str, file_name: str = "", source: str = Source.WEB, **values: Any
) -> Bulletin:  # fmt: skip
    """Read a document and keep it with what it proposes. The same text in the same area is answered with what is kept.

    Raises ValidationError for a text that is too long or too short to be one.
    """
    given = given.replace("\r\n", "\n").replace("\r", "\n")
    if len(given) > LONGEST:
        raise ValidationError({"given": _("Longer than a bulletin is: enter its documents one by one.")})
    digest = sha256(given.encode()).hexdigest()
    with transaction.atomic():
        known = Bulletin.objects.filter(area=area, digest=digest).first()
        if known is not None:
            return known
        read = engine.read(given, today())
        head = {**_head(read.head), **{name: value for name, value in values.items() if value}}
        made = records.create(
            Bulletin, by=by, action="bulletins.bulletin.read", source=source, area=area, given=given, digest=digest,
            file_name=file_name[:160], received_at=now(), text=read.text,
            repairs=_repairs(read.repaired), **head,
        )  # fmt: skip
        rows = [_measure(made, number, found) for number, found in enumerate(read.measures, 1)]
        records.create_many(Measure, rows, by=by, action="bulletins.measures.proposed", source=source)
    return made


def _repairs(repaired: engine.Repaired) -> list[dict[str, Any]]:
    """The repairs as they are kept: with `at`, where in the repaired text they stand."""
    return [{**asdict(one), "at": bisect_left(repaired.origin, one.position)} for one in repaired.repairs]


def _head(head: engine.Head) -> dict[str, Any]:
    return {
        "title": head.title[:200], "dated": head.date, "place": head.place[:80], "issuer": head.issuer[:120],
        "publisher": head.publisher[:80], "speakers": " ".join(head.speakers)[:200], "unsure": list(head.unsure),
    }  # fmt: skip


def _measure(bulletin: Bulletin, number: int, found: engine.Measure) -> Measure:
    return Measure(
        bulletin=bulletin, area=bulletin.area, number=number, start=found.start, end=found.end, text=found.text[:2000],
        mode=found.mode.name, verbs=" ".join(found.verbs)[:160], actors="、".join(found.actors)[:200],
        level=found.level.upper(), deadline=found.deadline[:40], due=found.due, every=found.every.upper(),
        requirements=" ".join(found.requirements)[:80], speaker=found.speaker[:40],
    )  # fmt: skip
