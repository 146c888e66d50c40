"""Evidence to rings: 密接 close, 次密接 secondary, 一般接触 general. Pure; every threshold is a parameter.

The rules come from the policy pack of the disease and the day; nothing here knows a number.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

import pyarrow as pa

from fangxian.engines.tracing.checks import conform
from fangxian.engines.tracing.model import schema, type_int32, type_int64

EVIDENCE: Final = schema(
    case_id=type_int64,
    person_id=type_int32,
    degree=pa.int8(),
    kind=pa.string(),
    overlap_s=type_int64,
    protected=pa.bool_(),
)
"""What is known of a contact, one row a piece of evidence.

degree: 1 for contact with the case, 2 for contact with a close contact of it. kind: what the evidence is, in the words
of the caller (the kind of the place they met at, "household", "declared"). overlap_s: seconds together, 0 for a meeting
within the lag only. protected: whether both were effectively protected.
"""

RINGS: Final = schema(
    case_id=type_int64, person_id=type_int32, ring=pa.string(), rule=pa.string(), overlap_s=type_int64
)
"""One row a case and contact that falls into a ring, ordered by both ids.

rule: which part of the rules decided ("close:household", "close:total", "secondary", "general", "general:lag").
overlap_s: seconds together with the case, or for a secondary contact with its close contacts.
"""


class Ring(StrEnum):
    """The rings, innermost first."""

    CLOSE = "close"
    SECONDARY = "secondary"
    GENERAL = "general"


@dataclass(frozen=True, slots=True, kw_only=True)
class RingRules:
    """When a contact falls into which ring; a contact is in the innermost ring it qualifies for.

    close_total_s: unprotected seconds with the case, over all evidence, from which a contact is close.
    secondary_total_s: unprotected seconds with close contacts from which a contact is secondary; None: no such ring.
    general_total_s: seconds with the case, protected or not, from which any other contact is general.
    lag_is_general: whether who only came after the case had left is a general contact; otherwise in no ring.
    close_kinds: evidence of this kind makes a contact close from so many unprotected seconds of that kind; with 0 it
        does by being there at all (a household, a declared meal).
    """

    close_total_s: int
    secondary_total_s: int | None
    general_total_s: int
    lag_is_general: bool
    close_kinds: Mapping[str, int] = field(default_factory=dict)


class _Piece(NamedTuple):
    kind: str
    overlap_s: int
    protected: bool


@dataclass(slots=True)
class _Known:
    """The evidence about one case and person, by degree."""

    with_case: list[_Piece] = field(default_factory=list)
    with_contact: list[_Piece] = field(default_factory=list)


def classify(evidence: pa.Table, rules: RingRules) -> pa.Table:
    """The ring of every case and person in the evidence (schema `EVIDENCE` in, `RINGS` out).

    Who qualifies for no ring has no row. Raises ValueError for a wrong table or a degree other than 1 and 2.
    """
    rows = []
    for pair, known in sorted(_by_pair(conform(evidence, EVIDENCE, "evidence")).items()):
        decided = _decide(known, rules)
        if decided is not None:
            rows.append((*pair, *decided))
    columns = zip(*rows, strict=True) if rows else ([] for _ in RINGS)
    return pa.table([pa.array(values, kind) for values, kind in zip(columns, RINGS.types, strict=True)], schema=RINGS)


def _by_pair(evidence: pa.Table) -> dict[tuple[int, int], _Known]:
    pairs: dict[tuple[int, int], _Known] = defaultdict(_Known)
    for case_id, person_id, degree, *piece in zip(*(column.to_pylist() for column in evidence.columns), strict=True):
        if degree not in (1, 2):
            raise ValueError(f"evidence: degree {degree} is neither 1 nor 2")
        known = pairs[case_id, person_id]
        (known.with_case if degree == 1 else known.with_contact).append(_Piece(*piece))
    return pairs


def _decide(known: _Known, rules: RingRules) -> tuple[Ring, str, int] | None:
    """Ring, rule and seconds, or None for no ring."""
    seconds = sum(piece.overlap_s for piece in known.with_case)
    through = sum(piece.overlap_s for piece in known.with_contact)
    rule = _close_rule(known.with_case, rules)
    if rule is not None:
        return Ring.CLOSE, rule, seconds
    if _is_secondary(known.with_contact, rules):
        return Ring.SECONDARY, Ring.SECONDARY.value, through
    return _general(known.with_case, seconds, rules)


def _close_rule(pieces: list[_Piece], rules: RingRules) -> str | None:
    open_pieces = [piece for piece in pieces if not piece.protected]
    for kind, needed in rules.close_kinds.items():
        of_kind = [piece.overlap_s for piece in open_pieces if piece.kind == kind]
        if of_kind and sum(of_kind) >= needed:
            return f"{Ring.CLOSE}:{kind}"
    total = sum(piece.overlap_s for piece in open_pieces)
    return f"{Ring.CLOSE}:total" if total and total >= rules.close_total_s else None


def _is_secondary(pieces: list[_Piece], rules: RingRules) -> bool:
    total = sum(piece.overlap_s for piece in pieces if not piece.protected)
    return rules.secondary_total_s is not None and total > 0 and total >= rules.secondary_total_s


def _general(pieces: list[_Piece], seconds: int, rules: RingRules) -> tuple[Ring, str, int] | None:
    if seconds and seconds >= rules.general_total_s:
        return Ring.GENERAL, Ring.GENERAL.value, seconds
    if pieces and not seconds and rules.lag_is_general:
        return Ring.GENERAL, f"{Ring.GENERAL}:lag", seconds
    return None
