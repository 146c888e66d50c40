"""What a paper is made of: plain blocks in order, the same for Word, PDF and page.

A document is JSON: `{"title", "issuer", "as_of", "tongue", "blocks": [...]}`. A block is one of

    {"kind": "heading", "text"}            a numbered heading
    {"kind": "text", "text"}               a paragraph
    {"kind": "small", "text"}              a remark in small type
    {"kind": "list", "items": [text]}      numbered lines
    {"kind": "table", "headings": [text], "rows": [[text]], "right": [columns of numbers], "wide": [columns of words]}
    {"kind": "code", "text"}               a query, as it was run
    {"kind": "annex", "text"}              begins a new page with a heading of its own
"""

from collections.abc import Iterable, Sequence
from typing import Any

Block = dict[str, Any]
NUMERALS = "一二三四五六七八九十"


def heading(number: int, text: str, tongue: str) -> Block:
    """A heading, numbered as the field numbers: 一、 in Chinese."""
    before = f"{NUMERALS[number - 1]}、" if tongue == "zh" else f"{number}. "
    return {"kind": "heading", "text": f"{before}{text}"}


def text(said: str) -> Block:
    """A paragraph."""
    return {"kind": "text", "text": said}


def small(said: str) -> Block:
    """A remark."""
    return {"kind": "small", "text": said}


def listing(items: Iterable[str]) -> Block:
    """Numbered lines."""
    return {"kind": "list", "items": list(items)}


def code(said: str) -> Block:
    """A query."""
    return {"kind": "code", "text": said}


def annex(said: str) -> Block:
    """The beginning of an annex."""
    return {"kind": "annex", "text": said}


def table(headings: Sequence[str], rows: Iterable[Sequence[object]], *, right: Sequence[int] = (),
          wide: Sequence[int] = ()) -> Block:  # fmt: skip
    """A table; `right` are the columns of numbers, `wide` those of words that take the room that is left."""
    return {
        "kind": "table", "headings": [str(one) for one in headings],
        "rows": [[str(cell) for cell in row] for row in rows], "right": list(right), "wide": list(wide),
    }  # fmt: skip
