"""Drafts of a list of people: whose they are, who is asked for already, one letter a receiver."""

from dataclasses import dataclass
from typing import Any

from fangxian.core import policy
from fangxian.core.areas import Area
from fangxian.core.officers import Officer
from fangxian.systems.letters import rules, services
from fangxian.systems.letters import selectors as letters
from fangxian.systems.letters.models import Letter
from fangxian.workflows.letters import regions, routing
from fangxian.workflows.letters.routing import Stated

RING_DEADLINE = {
    "CLOSE": "investigation.contact_transfer_hours", "SECONDARY": "investigation.secondary_transfer_hours",
    "GENERAL": "investigation.general_notice_hours",
}  # fmt: skip
"""Within how long an answer about each ring is wanted, nearest first: rules of the pack."""


@dataclass(frozen=True)
class Writer:
    """Writes the drafts of one list."""

    by: Officer | None
    home: Area
    about: Any
    disease: str
    because: str
    actions: tuple[str, ...]
    pack: policy.Pack
    source: str
    rule: str

    def write(self, receiver: services.Receiver, group: list[tuple[Stated, routing.Route]]) -> Letter:
        """One draft with a group of people; an open draft about the same thing to the same receiver takes them in."""
        items = [one.item(route) for one, route in group]
        known = self._draft(receiver)
        if known is not None:
            services.add_items(by=self.by, letter=known, items=items, source=self.source)
            return known
        is_named = not isinstance(self.about, Area)
        return services.draft(
            by=self.by, area=self.home, receiver=receiver, disease=self.disease,
            reason=self.because, items=items, actions=self._actions(group), source=self.source, deadline_rule=self.rule,
            about=str(self.about)[:120] if is_named else "",
            subject=(self.about._meta.label_lower, self.about.pk) if is_named else None,
        )  # fmt: skip

    def _draft(self, receiver: services.Receiver) -> Letter | None:
        if isinstance(self.about, Area):
            return None
        drafts = (row for row in letters.about(self.about.pk) if row.is_out and row.state == Letter.State.DRAFT)
        return next((row for row in drafts if same(row, receiver)), None)

    def _actions(self, group: list[tuple[Stated, routing.Route]]) -> tuple[str, ...]:
        rings = {one.ring for one, _route in group}
        nearest = next((ring for ring in RING_DEADLINE if ring in rings), "GENERAL")
        return self.actions or tuple(self.pack.items(f"{rules.ACTIONS}.{nearest}"))


def named(receiver: services.Receiver) -> services.Receiver:
    """The receiver with the name of the region its code means, where none was given."""
    region = regions.by_code(receiver.code) if receiver.code else None
    return services.Receiver(receiver.code, receiver.name or (region.name if region else ""), receiver.contact)


def same(letter: Letter, receiver: services.Receiver) -> bool:
    """Whether a draft goes to a receiver: by code where there is one, else by name."""
    if letter.other_code or receiver.code:
        return letter.other_code == receiver.code
    return letter.other_name == receiver.name


def split(rows: list[Stated], home: Area, to_area: Area | str | None, to_name: str, enough: str) -> routing.Split:
    """Whose each person is: one given receiver for all, else by address, number or phone."""
    code = to_area.code if isinstance(to_area, Area) else to_area or ""
    if code or to_name:
        given = routing.Route(code, to_name, routing.Basis.OFFICER, routing.Certainty.HIGH)
        return routing.Split(by_code={code: [(row, given) for row in rows]} if rows else {})
    return routing.split(rows, own=home.code, names=_own_names(), certain_enough=enough)


def _own_names() -> dict[str, tuple[str, ...]]:
    """Counties and functional zones of the installation, which may be in no national list."""
    found: dict[str, tuple[str, ...]] = {}
    for area in Area.objects.filter(kind__in=[Area.Kind.COUNTY, Area.Kind.ZONE]):
        found[area.name] = (*found.get(area.name, ()), area.code)
    return found


def receiver_of(code: str, group: list[tuple[Stated, routing.Route]], name: str, contact: str) -> services.Receiver:
    """The receiver behind a code: its own name where none was given, else that of the first route."""
    area = Area.objects.filter(code=code).first() if code else None
    return services.Receiver(code, name or (area.name if area else group[0][1].name), contact)


def not_asked_yet(rows: list[Stated], about: Any) -> list[Stated]:
    """Those of a list who are on no letter of ours about the same thing: by contact, else by identity number."""
    if isinstance(about, Area):
        return rows
    stored = letters.alive_about(about.pk)
    subjects = {row.subject_id for row in stored if row.subject_id}
    numbers = (
        {row.id_number.reveal() for row in stored if row.id_number} if any(not r.subject_id for r in rows) else set()
    )
    return [
        row for row in rows
        if (row.subject_id not in subjects if row.subject_id else not row.id_number or row.id_number not in numbers)
    ]  # fmt: skip
