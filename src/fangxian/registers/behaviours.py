"""What a record can do beyond being entered and listed. A model takes the mixin; the tabs of its page come along.

    class Stay(Followed, Record): …         a tab with the daily checks of its person, missing ones first
    class Place(Rectifiable, Record): …     a tab with the findings about it, and a button to raise one
    class Task(Attached, Record): …         a tab with its files, encrypted, each reading recorded

Every record has tasks, a history and what hangs on it; encrypted fields are masked wherever they are shown. That needs
no mixin.
"""

from datetime import date

from django.db import models


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
