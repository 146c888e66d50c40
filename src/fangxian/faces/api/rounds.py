"""Rounds of tests for programs: registrations and results by the thousand, how far a round is, who is missing."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Body, Path, Query, Router
from pydantic import Field

from fangxian.core.permissions import Permission
from fangxian.core.records import Source
from fangxian.faces.api.policy import needs, operation
from fangxian.faces.api.schemas import Strict
from fangxian.systems.testing import coverage, selectors, services
from fangxian.systems.testing.services import Registration, ResultRow

router = Router(tags=["rounds"])
READ, WRITE, IMPORT = (needs(Permission[f"TESTING_{name}"]) for name in ("READ", "WRITE", "IMPORT"))
MOST = 5000


class NewRegistration(Strict):
    """One sample given; the id is made by the sender, so sending it again is harmless."""

    id: UUID
    person: UUID
    tube: Annotated[str, Field(min_length=1, max_length=40)]
    point: UUID
    sampled_at: datetime
    size: Annotated[int, Field(ge=1, le=99)] = 10


class Word(Strict):
    """What is said about one row."""

    row: int
    field: str
    reason: str


class Registered(Strict):
    """Every row is accepted, a duplicate, or rejected; flagged ones are among the accepted."""

    accepted: int
    duplicates: int
    rejected: list[Word]
    flagged: list[Word]


class NewFinding(Strict):
    """What a laboratory found in a tube."""

    barcode: Annotated[str, Field(max_length=40)]
    disease: Annotated[str, Field(max_length=40)]
    value: Annotated[str, Field(max_length=40)]
    tested_at: datetime
    laboratory: Annotated[str, Field(max_length=80)]


class Findings(Strict):
    """Every row is inserted, unchanged, a duplicate of another row, or rejected; held ones are among the inserted."""

    rows: int
    inserted: int
    unchanged: int
    duplicate: int
    rejected: list[Word]
    held: list[Word]


class FiguresOut(Strict):
    """tested + missing + excused = roster; tested = negative + positive + recall + pending."""

    roster: int
    tested: int
    negative: int
    positive: int
    recall: int
    pending: int
    missing: int
    excused: int
    others: int


@operation(
    router.post, "/registrations", policy=WRITE, response=Registered, summary="Register samples",
)  # fmt: skip
def register(request: HttpRequest, body: Body[Annotated[list[NewRegistration], Field(max_length=MOST)]]):
    """Up to 5,000 samples at once, each answered by its row; devices of a point use the ingest door instead."""
    rows = [
        Registration(n, one.id, one.person, one.tube.strip().upper(), one.size, one.point, one.sampled_at)
        for n, one in enumerate(body)
    ]
    answer = services.register_samples(rows, by=request.user, source=Source.API)
    return {
        "accepted": len(answer.new), "duplicates": len(answer.known),
        "rejected": [_word(word) for word in answer.refused], "flagged": [_word(word) for word in answer.flagged],
    }  # fmt: skip


@operation(router.post, "/results", policy=IMPORT, response=Findings, summary="Take the results of many tubes")
def results(request: HttpRequest, body: Body[Annotated[list[NewFinding], Field(max_length=MOST)]]):
    """Up to 5,000 findings at once, each in the ledger once; what cannot be right is an accident as well."""
    rows = [ResultRow(n, **one.model_dump()) for n, one in enumerate(body)]
    ledger = services.import_results(rows, by=request.user, source=Source.API)
    return {
        "rows": ledger.rows, "inserted": ledger.inserted, "unchanged": ledger.unchanged,
        "duplicate": ledger.duplicate, "rejected": [_word(word) for word in ledger.rejects],
        "held": [_word(word) for word in ledger.held],
    }  # fmt: skip


@operation(router.get, "/{uuid:pk}/figures", policy=READ, response=FiguresOut, summary="How far a round is")
def figures(request: HttpRequest, pk: Path[UUID], area: Query[str] = ""):
    """The whole round inside your posts, or one area of it."""
    return coverage.figures(selectors.test_round(pk), area[:24]).as_json()


def _word(word) -> dict:
    return {"row": word.row, "field": word.field, "reason": str(word.reason)}
