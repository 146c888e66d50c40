"""What a record can do beyond being entered and listed. A model takes the mixin; the tabs of its page come along.

    class Stay(Followed, Record): …         a tab with the daily checks of its person, missing ones first
    class Place(Rectifiable, Record): …     a tab with the findings about it, and a button to raise one
    class Task(Attached, Record): …         a tab with its files, encrypted, each reading recorded
    class Pharmacy(Visited, Record): …      a tab with the place where people check in, which follows the record

Every record has tasks, a history and what hangs on it; encrypted fields are masked wherever they are shown. That needs
no mixin.
"""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Followed(models.Model):
    """A person (`person`) is looked at every morning and evening because of this record."""

    class Meta:
        abstract = True

    def followed_days(self) -> tuple[date, date] | None:
        """The first and the last day on which somebody has to look; None while that is not known."""
        raise NotImplementedError


class Rectifiable(models.Model):
    """An inspection may find something wrong with it that has to be mended and looked at again."""

    class Meta:
        abstract = True


class Attached(models.Model):
    """Photos and papers may be put to it."""

    class Meta:
        abstract = True


class Visited(models.Model):
    """People come in and check in: the place with the venue code takes its facts from this record, entered once."""

    venue_fields: ClassVar[dict[str, str]] = {"name": "name", "address": "address", "keeper": "head", "phone": "phone"}
    """A place's field and the field of this record it follows; the area and the day it closed are followed always."""

    venue_id = models.UUIDField(_("Place where people check in"), null=True, blank=True, unique=True, editable=False)

    class Meta:
        abstract = True

    def venue_kind(self) -> str:
        """What kind of place it is in the register of places; empty where nobody checks in."""
        raise NotImplementedError

    def venue_facts(self) -> dict[str, Any]:
        """What the place says, in the place's own fields."""
        followed = {**self.venue_fields, "area": "area", "closed_on": "closed_on"}
        return {theirs: getattr(self, ours) for theirs, ours in followed.items()}
