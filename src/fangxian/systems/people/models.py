"""A person is entered once; every ledger points here."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.fields import BlindIndexField, EncryptedTextField
from fangxian.core.records import Record
from fangxian.core.scope import ScopedManager
from fangxian.systems.people.calls import DoorCall
from fangxian.systems.people.doors import DoorIndexField
from fangxian.systems.people.matched import DuplicatePair, ListRow, Merge, SourceList

__all__ = ["DoorCall", "DuplicatePair", "Household", "ListRow", "Merge", "Person", "SourceList"]


class Household(Record):
    """People who live together; the grid cell (its area) answers for it."""

    number = models.CharField(_("Household number"), max_length=40)
    address = EncryptedTextField(_("Address"), mask="address")
    door_index = DoorIndexField(of="address")

    class Meta(Record.Meta):
        verbose_name = _("Household")
        verbose_name_plural = _("Households")
        constraints = [models.UniqueConstraint(fields=["area", "number"], name="household_number_once")]

    def __str__(self) -> str:
        return self.number


class OneEntryManager(ScopedManager):
    """Inside the scope, without the entries that were merged into others: nobody is listed or counted twice."""

    def get_queryset(self):
        """Rows inside the scope that stand for somebody."""
        return super().get_queryset().filter(merged_into__isnull=True)


class Person(Record):
    """Someone who lives in, works in or came to the area. The area is the responsible one: village or grid cell."""

    class Sex(models.TextChoices):
        MALE = "MALE", _("Male")
        FEMALE = "FEMALE", _("Female")
        UNKNOWN = "UNKNOWN", _("Unknown")

    class IdType(models.TextChoices):
        RESIDENT = "RESIDENT", _("Resident identity number")
        PERMIT = "PERMIT", _("Residence permit (Hong Kong, Macau, Taiwan)")
        FOREIGN = "FOREIGN", _("Foreign permanent identity card")
        PASSPORT = "PASSPORT", _("Passport")
        TEMPORARY = "TEMPORARY", _("Temporary number")
        NONE = "NONE", _("None")

    name = models.CharField(_("Full name"), max_length=60)
    initials = models.CharField(_("Pinyin initials"), max_length=20, blank=True, editable=False)
    sex = models.CharField(_("Sex"), max_length=8, choices=Sex.choices, default=Sex.UNKNOWN)
    birth_date = models.DateField(_("Birth date"), null=True, blank=True)
    id_type = models.CharField(
        _("Kind of identity paper"), max_length=10, choices=IdType.choices, default=IdType.RESIDENT
    )
    id_number = EncryptedTextField(_("Identity number"), mask="id")
    id_index = BlindIndexField(of="id_number")
    phone = EncryptedTextField(_("Phone"), mask="phone")
    phone_index = BlindIndexField(of="phone")
    address = EncryptedTextField(_("Address"), mask="address")
    door_index = DoorIndexField(of="address")
    household = models.ForeignKey(
        Household, models.PROTECT, null=True, blank=True, verbose_name=_("Household"), related_name="members"
    )
    occupation = models.CharField(_("Occupation"), max_length=60, blank=True)
    workplace = models.CharField(_("Works or studies at"), max_length=80, blank=True)
    left_on = models.DateField(_("Moved away on"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, verbose_name=_("Merged into"), related_name="+",
        db_index=False,  # a plain index would be taken for “not merged”, which is nearly everybody
    )  # fmt: skip

    objects = OneEntryManager()
    unscoped = models.Manager()

    class Meta(Record.Meta):
        verbose_name = _("Person")
        verbose_name_plural = _("People")
        constraints = [
            models.UniqueConstraint(fields=["id_index"], condition=Q(id_index__isnull=False), name="person_id_once")
        ]
        indexes = [
            models.Index(fields=["area", "name"], name="person_area_name"),
            models.Index(fields=["area", "initials"], name="person_area_initials"),
            models.Index(fields=["sex", "area"], name="person_sex_area"),
            models.Index(fields=["name"], name="person_name"),
            models.Index(fields=["initials"], name="person_initials"),
            models.Index(  # holds all that matching reads of the people of a day
                fields=["birth_date", "area", "name", "id"],
                condition=Q(merged_into__isnull=True),
                name="person_birth_name",
            ),
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="person_merged"),
        ]

    def __str__(self) -> str:
        return self.name
