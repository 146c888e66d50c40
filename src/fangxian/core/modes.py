"""The operating mode of an area (平战结合): normal, alert or emergency; dated declarations, never overwritten.

The smallest area with a declaration in force counts; what declares nothing of its own follows the area above it. A
declaration never begins before it is made, so the mode of a moment that has passed can no longer change: a plan can
always be read by the rules it was made by. Declaring and agreeing are verbs of `systems/command`; here stands the fact,
because `core/policy` asks for it with every rule.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.areas import ZoneMember
from fangxian.core.officers import Officer
from fangxian.core.records import Record


class Mode(models.TextChoices):
    """How an area works; in order of gravity."""

    NORMAL = "normal", _("Normal operation")
    ALERT = "alert", _("Alert")
    EMERGENCY = "emergency", _("Emergency")

    @property
    def gravity(self) -> int:
        """0 for normal; the graver the higher."""
        return list(Mode).index(self)


FOLLOW = "follow"
"""Declared to end what an area had declared of its own."""


class OperatingMode(Record):
    """One declaration: from when on an area works in which mode, why, and by which document."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Waiting for a second person")
        DECLARED = "declared", _("In force as declared")
        REFUSED = "refused", _("Turned down")
        WITHDRAWN = "withdrawn", _("Taken back before it began")

    mode = models.CharField(_("Mode"), max_length=10, choices=[*Mode.choices, (FOLLOW, _("As the area above"))])
    from_at = models.DateTimeField(_("In force from"))
    reason = models.CharField(_("Reason"), max_length=300)
    basis = models.CharField(_("By document"), max_length=120, help_text=_("Number of the notice or decision."))
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.PROPOSED, editable=False)
    declared_at = models.DateTimeField(_("Declared at"), null=True, editable=False)
    decided_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, editable=False, verbose_name=_("Second person"), related_name="+"
    )
    decided_at = models.DateTimeField(_("Decided at"), null=True, editable=False)
    decision = models.CharField(_("Reason of the decision"), max_length=200, blank=True, editable=False)
    followed_at = models.DateTimeField(_("Carried out at"), null=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Operating mode")
        verbose_name_plural = _("Operating modes")
        constraints = [
            models.CheckConstraint(
                condition=Q(declared_at=None, state__in=["proposed", "refused"])
                | Q(declared_at__lte=models.F("from_at"), state__in=["declared", "withdrawn"]),
                name="mode_never_before_declared",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None) | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="mode_decided_by_someone",
            ),
        ]
        indexes = [
            models.Index(fields=["area", "state", "from_at"], name="mode_area_state"),
            models.Index(fields=["state", "from_at"], name="mode_state_from"),
        ]

    def __str__(self) -> str:
        return f"{self.area}: {self.get_mode_display()}"


@dataclass(frozen=True, order=True)
class Said:
    """What a declaration says, in the order in which declarations of one area take each other's place."""

    from_at: datetime
    declared_at: datetime
    mode: str = field(compare=False)
    area: str = field(compare=False)
    id: UUID = UUID(
        int=2**128 - 1
    )  # of two of one moment the one entered last counts; what is only supposed comes last


class Book:
    """All declarations by area, and which zones command which areas: answers for any area and moment."""

    def __init__(self, said: Iterable[Said] = (), zones: Iterable[tuple[str, str]] = ()):
        self._said: dict[str, list[Said]] = defaultdict(list)
        for one in sorted(said):
            self._said[one.area].append(one)
        self._zones: dict[str, list[str]] = defaultdict(list)
        for zone, member in zones:
            self._zones[member].append(zone)

    def standing(self, area_code: str, at: datetime) -> Said | None:
        """The declaration that counts for an area at a moment; None where nothing is declared: normal operation.

        The smaller area before the larger; an area's own word before that of a functional zone that commands it.
        """
        for length in range(len(area_code), 0, -1):
            code = area_code[:length]
            for declaring in (code, *self._zones.get(code, ())):
                said = self._last(declaring, at)
                if said and said.mode != FOLLOW:
                    return said
        return None

    def mode(self, area_code: str, at: datetime) -> Mode:
        """The mode an area works in at a moment."""
        said = self.standing(area_code, at)
        return Mode(said.mode) if said else Mode.NORMAL

    def own(self, at: datetime) -> dict[str, Said]:
        """Areas that have a mode of their own at a moment, with the declaration, in order of their codes."""
        found = {area: self._last(area, at) for area in sorted(self._said)}
        return {area: said for area, said in found.items() if said and said.mode != FOLLOW}

    def with_also(self, said: Said) -> "Book":
        """The same with one more declaration, for looking ahead."""
        zones = [(zone, member) for member, found in self._zones.items() for zone in found]
        return Book([*(one for each in self._said.values() for one in each), said], zones)

    def _last(self, area: str, at: datetime) -> Said | None:
        said = self._said.get(area, [])
        number = bisect_right(said, at, key=lambda one: one.from_at)
        return said[number - 1] if number else None


@dataclass
class _Held:
    """A book kept while a piece of work goes on; read at the first question."""

    book: Book | None = None
    outer: "_Held | None" = None


_held: ContextVar[_Held | None] = ContextVar("modes_held", default=None)


def book() -> Book:
    """The declarations as they stand: kept while `remembered` is in force, else read with each question."""
    held = _held.get()
    if held is None:
        return _read()
    if held.book is None:
        held.book = _read()
    return held.book


def mode_of(area_code: str, at: datetime) -> Mode:
    """The mode an area works in at a moment; without an area there is nothing to declare for."""
    return book().mode(area_code, at) if area_code else Mode.NORMAL


@contextmanager
def remembered(known: Book | None = None) -> Iterator[None]:
    """One page, job or set of rows: the declarations are read once, and all of it goes by the same. Parts share it."""
    outer = _held.get()
    token = _held.set(outer if outer and known is None else _Held(known, outer))
    try:
        yield
    finally:
        _held.reset(token)


@contextmanager
def supposing(said: Said) -> Iterator[None]:
    """Everything asked inside is answered as if this were declared too: looking ahead writes nothing."""
    with remembered(book().with_also(said)):
        yield


def forget() -> None:
    """What was read is out of date: the verbs call this."""
    held = _held.get()
    while held is not None:
        held.book, held = None, held.outer


def _read() -> Book:
    declared = OperatingMode.unscoped.filter(state=OperatingMode.State.DECLARED)
    rows = declared.values_list("from_at", "declared_at", "mode", "area_id", "pk")
    said = [Said(*row) for row in rows]
    return Book(said, ZoneMember.objects.values_list("zone_id", "member_id") if said else ())
