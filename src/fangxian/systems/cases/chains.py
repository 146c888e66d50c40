"""Chains of transmission: cases as nodes, links and contacts who became cases as edges.

A chain respects time: nobody is reached through someone who fell ill later. An edge whose infected case fell ill
before its infector is shown, marked, and not followed. A contact edge has no direction of its own: it points from
the earlier illness to the later one.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from django.db.models import Q

from fangxian.core.clock import day_of
from fangxian.systems.cases.models import Case, Contact, Event, TransmissionLink

LIMIT = 2000


@dataclass(frozen=True)
class Node:
    """One case. `generation` counts from a case without a source; `visible` is false outside the scope."""

    id: UUID
    label: str
    day: date | None = None
    classification: str = ""
    outcome: str = ""
    generation: int = 0
    visible: bool = True
    focus: bool = False


@dataclass(frozen=True)
class Edge:
    """Who may have infected whom. `backwards` contradicts the days of illness; `contact` is the contact row, if one."""

    source: UUID
    target: UUID
    kind: str = ""
    certainty: str = ""
    link: UUID | None = None
    contact: UUID | None = None
    backwards: bool = False


@dataclass
class Chain:
    """Nodes and edges; `cut` says that there was more than the limit."""

    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    cut: bool = False

    def cytoscape(self) -> dict[str, list[dict]]:
        """As Cytoscape reads it."""
        nodes = [{"data": _texts(vars(node))} for node in self.nodes]
        edges = [{"data": {"id": f"{e.source}-{e.target}", **_texts(vars(e))}} for e in self.edges]
        return {"nodes": nodes, "edges": edges}


def chain(subject: Case | Event, limit: int = LIMIT) -> Chain:
    """The chain around a case (all that can be reached from it in time, both ways), or all of an event's."""
    if isinstance(subject, Event):
        return _of_event(subject, limit)
    days, edges, ends = _component(subject, limit)
    reached = _reached(subject.pk, edges)
    kept = [edge for edge in edges if {edge.source, edge.target} <= reached]
    return _drawn(kept, reached, days, ends, focus=subject.pk, cut=len(days) > limit)


def _of_event(event: Event, limit: int) -> Chain:
    found = list(Case.objects.filter(event=event).values_list("pk", flat=True).order_by("onset_on", "pk")[: limit + 1])
    inside = set(found[:limit])
    raw = _raw_edges(Q(infector__event=event, infected__event=event), Q(case__event=event))
    days, ends = _days(inside), _labels(raw)
    edges = [edge for edge in _directed(raw, days) if {edge.source, edge.target} <= inside]
    return _drawn(edges, inside, days, ends, focus=None, cut=len(found) > limit)


def _component(case: Case, limit: int) -> tuple[dict[UUID, date | None], list[Edge], dict[UUID, str]]:
    """Everything connected with a case, a ring of neighbours at a time: a few queries a ring, however many rows."""
    seen, frontier, raw = {case.pk}, {case.pk}, {}
    while frontier and len(seen) <= limit:
        near = _raw_edges(
            Q(infector__in=frontier) | Q(infected__in=frontier),
            Q(case__in=frontier) | Q(person__cases__in=frontier),
        )
        raw.update({(edge.source, edge.target, edge.link): edge for edge in near})
        frontier = {end for edge in near for end in (edge.source, edge.target)} - seen
        seen |= frontier
    edges = list(raw.values())
    days = _days(seen)
    return days, _directed(edges, days), _labels(edges)


def _raw_edges(links: Q, contacts: Q) -> list["_Raw"]:
    """Links and conversions as stored, undirected for contacts."""
    found = [
        _Raw(link.infector_id, link.infected_id, link.infector.number, link.infected.number, link=link)
        for link in TransmissionLink.objects.filter(links).select_related("infector", "infected").distinct()
    ]
    converted = Contact.objects.filter(contacts, status=Contact.Status.CONVERTED).select_related("case").distinct()
    return found + _conversions(list(converted))


@dataclass(frozen=True)
class _Raw:
    source: UUID
    target: UUID
    source_label: str
    target_label: str
    link: TransmissionLink | None = None
    contact: Contact | None = None


def _conversions(contacts: list[Contact]) -> list[_Raw]:
    """A contact who became a case, joined to that case of the same disease."""
    people = {contact.person_id for contact in contacts}
    cases = Case.objects.filter(person__in=people).only("pk", "number", "person_id", "disease") if people else []
    own = {(case.person_id, case.disease): case for case in cases}
    pairs = [(contact, own.get((contact.person_id, contact.case.disease))) for contact in contacts]
    return [
        _Raw(contact.case_id, case.pk, contact.case.number, case.number, contact=contact)
        for contact, case in pairs
        if case is not None and case.pk != contact.case_id
    ]


def _directed(raw: Iterable[_Raw], days: dict[UUID, date | None]) -> list[Edge]:
    """One edge a pair, links before contacts, each pointing or marked by the days of illness."""
    edges: dict[tuple[UUID, UUID], Edge] = {}
    for item in sorted(raw, key=lambda r: r.link is None):
        source, target = item.source, item.target
        late = _before(days.get(target), days.get(source))
        if item.link is None and late:
            source, target, late = target, source, False
        known = edges.get((source, target)) or edges.get((target, source))
        if known is None:
            edges[source, target] = _edge(item, source, target, late)
        elif item.contact is not None:
            edges[known.source, known.target] = replace(known, contact=item.contact.pk)
        elif known.source == target:
            edges[source, target] = _edge(item, source, target, late)
    return list(edges.values())


def _edge(item: _Raw, source: UUID, target: UUID, late: bool) -> Edge:
    if item.link is None:
        return Edge(source, target, contact=item.contact.pk)
    return Edge(source, target, item.link.kind, item.link.certainty, link=item.link.pk, backwards=late)


def _reached(start: UUID, edges: list[Edge]) -> set[UUID]:
    """The case, its sources upstream, and all that any of these may have infected downstream."""
    forward, back = _neighbours(edges)
    sources = _walk({start}, back)
    return _walk(sources, forward) | {
        end for e in edges if start in (e.source, e.target) for end in (e.source, e.target)
    }


def _neighbours(edges: list[Edge]) -> tuple[dict[UUID, set[UUID]], dict[UUID, set[UUID]]]:
    forward: dict[UUID, set[UUID]] = {}
    back: dict[UUID, set[UUID]] = {}
    for edge in edges:
        if not edge.backwards:
            forward.setdefault(edge.source, set()).add(edge.target)
            back.setdefault(edge.target, set()).add(edge.source)
    return forward, back


def _walk(starts: set[UUID], near: dict[UUID, set[UUID]]) -> set[UUID]:
    seen, waiting = set(starts), deque(starts)
    while waiting:
        for other in near.get(waiting.popleft(), set()) - seen:
            seen.add(other)
            waiting.append(other)
    return seen


def _drawn(edges, ids: set[UUID], days, labels: dict[UUID, str], *, focus: UUID | None, cut: bool) -> Chain:
    cases = {case.pk: case for case in Case.objects.filter(pk__in=ids)}
    generation = _generations(ids, edges, days)
    nodes = [_node(pk, cases.get(pk), labels.get(pk, ""), days.get(pk), generation[pk], pk == focus) for pk in ids]
    nodes.sort(key=lambda node: (node.generation, node.day or date.max, node.label))
    return Chain(nodes, edges, cut)


def _generations(ids: set[UUID], edges: list[Edge], days: dict[UUID, date | None]) -> dict[UUID, int]:
    """Steps from the nearest case without a known source; a ring of cases on one day starts at its first."""
    forward, back = _neighbours(edges)
    order = sorted(ids, key=lambda pk: (days.get(pk) or date.max, str(pk)))
    generation = dict.fromkeys((pk for pk in order if pk not in back), 0)
    _spread(generation, deque(generation), forward)
    for pk in order:
        if pk not in generation:
            generation[pk] = 0
            _spread(generation, deque([pk]), forward)
    return generation


def _spread(generation: dict[UUID, int], waiting: deque[UUID], forward: dict[UUID, set[UUID]]) -> None:
    while waiting:
        here = waiting.popleft()
        for other in forward.get(here, set()) - generation.keys():
            generation[other] = generation[here] + 1
            waiting.append(other)


def _node(pk: UUID, case: Case | None, label: str, day: date | None, generation: int, focus: bool) -> Node:
    if case is None:
        return Node(pk, label, generation=generation, visible=False)
    return Node(pk, case.number, day, case.classification, case.outcome, generation, focus=focus)


def _labels(raw: Iterable[_Raw]) -> dict[UUID, str]:
    """Numbers of both ends, also of cases outside the scope: a link that is visible names both."""
    return {pk: label for r in raw for pk, label in ((r.source, r.source_label), (r.target, r.target_label))}


def _days(ids: set[UUID]) -> dict[UUID, date | None]:
    rows = Case.unscoped.filter(pk__in=ids).values_list("pk", "onset_on", "sampled_at", "positive_at")
    return {pk: onset or _local(sampled or positive) for pk, onset, sampled, positive in rows}


def _local(at) -> date | None:
    return day_of(at) if at else None


def _before(one: date | None, other: date | None) -> bool:
    return one is not None and other is not None and one < other


def _texts(values: dict) -> dict:
    plain = (bool, int, str, type(None))
    return {name: value if isinstance(value, plain) else str(value) for name, value in values.items()}
