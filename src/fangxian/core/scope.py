"""Scope: which areas' rows may be read and written right now. No scope in force means an error, never all rows.

A scope is a few half-open code ranges. Faces open one for the signed-in officer and the right they use
(`with scope.of(officer, permission)`); workflows open the area they act for; `everywhere` is the greppable exception.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.areas import Area, code_range


@dataclass(frozen=True)
class Scope:
    """Ranges in force; `None` as ranges means everywhere, with the reason why.

    `bound` are those of the ranges that only posts for one house reach (a pharmacy's clerk): there the rows of houses
    are those of the officer's own houses, see `HouseManager`.
    """

    ranges: tuple[tuple[str, str], ...] | None
    reason: str = ""
    bound: tuple[tuple[str, str], ...] = ()
    officer_id: int | None = None

    def covers(self, code: str) -> bool:
        """Whether an area code lies inside."""
        return self.ranges is None or any(low <= code < high for low, high in self.ranges)

    def condition(self, fields: tuple[str, ...]) -> Q:
        """The filter over area columns: a row is inside when one of its area fields is."""
        if self.ranges is None:
            return Q()
        inside = Q(pk__in=[])
        for field in fields:
            for low, high in self.ranges:
                inside |= Q(**{f"{field}_id__gte": low, f"{field}_id__lt": high})
        return inside

    @property
    def free(self) -> "Scope":
        """The part that no single house narrows."""
        return self if self.ranges is None else Scope(tuple(part for part in self.ranges if part not in self.bound))


class ScopeMissing(RuntimeError):
    """Rows were asked for while no scope was in force."""


_current: ContextVar[Scope | None] = ContextVar("scope", default=None)


def current() -> Scope:
    """The scope in force; raises `ScopeMissing` without one."""
    scope = _current.get()
    if scope is None:
        raise ScopeMissing(
            "no scope in force: use scope.of(officer, permission), scope.within(code) or scope.everywhere"
        )
    return scope


@contextmanager
def use(scope: Scope) -> Iterator[Scope]:
    """Put a scope in force."""
    token = _current.set(scope)
    try:
        yield scope
    finally:
        _current.reset(token)


def of_officer(officer, permission=None) -> Scope:
    """What an officer's current posts reach; with a permission, only the posts that carry it."""
    posts = officer.posts_with(permission) if permission else officer.current_posts
    reached = {reach for post in posts for reach in post.ranges}
    free = {reach for post in posts if not post.role_class.one_house for reach in post.ranges}
    return Scope(tuple(sorted(reached)), bound=tuple(sorted(reached - free)), officer_id=officer.pk)


def of(officer, permission=None):
    """Scope of an officer's posts, as a context manager."""
    return use(of_officer(officer, permission))


def within(code: str):
    """Scope of one area and all below it, as a context manager."""
    return use(Scope((code_range(code),)))


def narrowed(code: str):
    """The scope in force cut down to one area, as a context manager: one range for the index instead of two."""
    low, high = code_range(code)
    if current().ranges is None:
        return use(Scope(((low, high),)))
    given = current()

    def cut(ranges: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        parts = ((max(low, begin), min(high, end)) for begin, end in ranges)
        return tuple((begin, end) for begin, end in parts if begin < end)

    return use(replace(given, ranges=cut(given.ranges), bound=cut(given.bound)))


def everywhere(reason: str):
    """All rows. Every use says why; reviewers search for this name."""
    return use(Scope(None, reason))


class ScopedManager(models.Manager):
    """The default manager of records: only rows inside the scope in force."""

    def get_queryset(self):
        """Rows inside the scope; raises `ScopeMissing` when none is in force."""
        return super().get_queryset().filter(current().condition(self.model.scope_fields))


class HouseManager(ScopedManager):
    """Rows of houses, for models that name the house (`house_field`) and say which are an officer's own (`houses_of`).

    A post for one house reaches the area the house stands in, and of the houses there only its own.
    """

    def get_queryset(self):
        """Rows inside the scope, of houses the officer may see."""
        rows, scope = super().get_queryset(), current()
        if not scope.bound:
            return rows
        own = Q(**{f"{self.model.house_field}__in": self.model.houses_of(scope.officer_id)})
        return rows.filter(scope.free.condition(self.model.scope_fields) | own)


def check_write(record) -> None:
    """Refuse a row none of whose areas lies in the scope in force, or that is of another's house."""
    scope = current()
    codes = [getattr(record, f"{field}_id") for field in record.scope_fields]
    if not any(code and scope.covers(code) for code in codes):
        raise ValidationError({"area": _("This area lies outside your posts.")})
    if scope.bound and hasattr(record, "houses_of") and not any(code and scope.free.covers(code) for code in codes):
        if not record.houses_of(scope.officer_id).filter(pk=getattr(record, record.house_field)).exists():
            raise ValidationError({"area": _("Your post is for another house.")})


def areas_in_scope():
    """The areas inside the scope in force, for choices and searches."""
    scope = current()
    if scope.ranges is None:
        return Area.objects.all()
    inside = Q(pk__in=[])
    for low, high in scope.ranges:
        inside |= Q(code__gte=low, code__lt=high)
    return Area.objects.filter(inside)
