"""The way of goods as a drawing: a node a holding, an arrow for all movements between two of them."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from fangxian.systems.goods.models import GoodsPlace, Lot, Movement
from fangxian.systems.goods.words import Moved

MOST = 150
"""Nodes a drawing can carry; what is beyond stands in the list below it, and the page says so."""
Node = tuple[UUID, UUID | None]


def drawing(movements: Iterable[Movement], lot: Lot, *, held: dict[Node, int]) -> dict[str, Any]:
    """Nodes and edges as `chain.js` reads them, with how many nodes were cut. `held` are pieces still at a holding."""
    nodes: dict[Node, dict[str, Any]] = {}
    edges: dict[tuple[Node, Node], int] = defaultdict(int)
    cut: set[Node] = set()
    for row in movements:
        ends = [_node(nodes, cut, one, place, held) for one, place in _ends(row)]
        if len(ends) == 2 and None not in ends:
            edges[ends[0], ends[1]] += row.pieces
    for key, node in nodes.items():
        node["root"] = key[0] == lot.pk
    drawn = [
        {"source": _name(one), "target": _name(other), "label": f"{pieces:,}", "certain": True}
        for (one, other), pieces in edges.items()
        if one in nodes and other in nodes
    ]
    return {"nodes": list(nodes.values()), "edges": drawn, "cut": len(cut)}


def _ends(row: Movement) -> list[tuple[Lot, GoodsPlace | None]]:
    """The holdings of a movement that are there: before, behind, or both."""
    before = [(row.lot, row.from_place)] if row.from_place or row.kind != Moved.RECEIVE else []
    return before + ([(row.to_lot, row.to_place)] if row.to_lot else [])


def _node(nodes: dict, cut: set, lot: Lot, place: GoodsPlace | None, held: dict[Node, int]) -> Node | None:
    key: Node = (lot.pk, place.pk if place else None)
    if key in nodes:
        return key
    if len(nodes) >= MOST:
        cut.add(key)
        return None
    pieces = held.get(key, 0)
    where = str(place) if place else _("Customers without a name")
    nodes[key] = {
        "id": _name(key), "label": f"{where}\n{lot.number} · {pieces:,}", "url": f"/goods/lots/{lot.pk}/",
        "tone": "danger" if pieces else "neutral", "shape": "ellipse" if place else "round-rectangle",
    }  # fmt: skip
    return key


def _name(key: Node) -> str:
    return f"{key[0]}:{key[1] or ''}"
