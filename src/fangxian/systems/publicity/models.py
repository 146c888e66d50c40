"""Messages by audience, area and time, every version of them, and who took note."""

from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fangxian.core import roles
from fangxian.core.areas import covers
from fangxian.core.clock import now
from fangxian.core.fields import CodeField
from fangxian.core.ids import uuid7
from fangxian.core.officers import Officer
from fangxian.core.records import Record
from fangxian.systems.publicity.words import Audience, MessageChannel, MessageKind


class Message(Record):
    """One version of what is said: drafted, approved by two, published; a correction is a new version."""

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        FIRST = "FIRST", _("Waits for the first approval")
        SECOND = "SECOND", _("Waits for the second approval")
        PUBLISHED = "PUBLISHED", _("Published")
        REPLACED = "REPLACED", _("Replaced by a correction")
        WITHDRAWN = "WITHDRAWN", _("Withdrawn")

    WAITING = (State.FIRST, State.SECOND)
    CHANNELS = {
        MessageChannel.PAGE: "on_page", MessageChannel.OWN_PAGE: "on_own_page",
        MessageChannel.BROADCAST: "as_broadcast", MessageChannel.SMS: "as_sms",
    }  # fmt: skip

    series = models.UUIDField(_("Series"), default=uuid7, editable=False)
    number = models.PositiveIntegerField(_("Version number"), default=1, editable=False)
    kind = models.CharField(_("Kind"), max_length=8, choices=MessageKind.choices, default=MessageKind.NOTICE)
    disease = CodeField(_("Disease"), max_length=40, blank=True)
    text_key = CodeField(_("Ready-made text"), max_length=40, blank=True, editable=False)
    audience = models.CharField(_("Audience"), max_length=12, choices=Audience.choices, default=Audience.ALL)
    role = CodeField(
        _("Role"), max_length=30, blank=True, choices=roles.choices,
        help_text=_("Of a message to officers: only those who hold this role; all where it is left empty."),
    )  # fmt: skip
    title = models.CharField(_("Title"), max_length=80, validators=[MinLengthValidator(2)])
    text = models.TextField(_("Text"), max_length=4000, validators=[MinLengthValidator(2)])
    title_en = models.CharField(_("Title in English"), max_length=160, blank=True)
    text_en = models.TextField(_("Text in English"), max_length=8000, blank=True)
    on_page = models.BooleanField(_("On the public page"), default=True)
    on_own_page = models.BooleanField(_("On the own page of whom it concerns"), default=False)
    as_broadcast = models.BooleanField(_("To be read over the loudspeaker"), default=False)
    as_sms = models.BooleanField(_("To be sent as a short message"), default=False)
    from_at = models.DateTimeField(_("In force from"))
    until_at = models.DateTimeField(
        _("In force until"), blank=True, help_text=_("Left empty: as many days as the pack gives a message.")
    )
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, verbose_name=_("Corrects"), related_name="corrections"
    )
    change_note = models.CharField(_("What changed"), max_length=300, blank=True, editable=False)
    basis = models.JSONField(_("Derived from"), default=dict, blank=True, editable=False)
    pack = models.CharField(_("Policy pack"), max_length=120, blank=True, editable=False)
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    writers = models.JSONField(_("Written by"), default=list, blank=True, editable=False)
    first_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, editable=False, verbose_name=_("First approval by"), related_name="+"
    )
    first_at = models.DateTimeField(_("First approval at"), null=True, editable=False)
    second_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, editable=False, verbose_name=_("Second approval by"), related_name="+"
    )
    published_at = models.DateTimeField(_("Published at"), null=True, editable=False)
    sent_back = models.CharField(_("Sent back because"), max_length=200, blank=True, editable=False)
    ended_at = models.DateTimeField(_("Ended at"), null=True, editable=False)
    ended_why = models.CharField(_("Why it ended"), max_length=200, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Public message")
        verbose_name_plural = _("Public messages")
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="message_version_once"),
            models.UniqueConstraint(
                fields=["series"], condition=Q(state__in=["DRAFT", "FIRST", "SECOND"]), name="message_one_open_version"
            ),
            models.UniqueConstraint(
                fields=["series"], condition=Q(state="PUBLISHED"), name="message_one_published_version"
            ),
            models.CheckConstraint(condition=Q(until_at__gt=F("from_at")), name="message_ends_after_begin"),
            models.CheckConstraint(
                condition=Q(first_by=None, first_at=None) | Q(first_by__isnull=False, first_at__isnull=False),
                name="message_first_approval_whole",
            ),
            models.CheckConstraint(
                condition=Q(second_by=None, published_at=None) | Q(
                    second_by__isnull=False, published_at__isnull=False, first_by__isnull=False
                ),
                name="message_published_by_two",
            ),
            models.CheckConstraint(
                condition=Q(second_by=None) | ~Q(second_by=F("first_by")), name="message_two_are_two"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["PUBLISHED", "REPLACED"]) | Q(second_by__isnull=False),
                name="message_public_is_approved",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["area", "state", "until_at"], name="message_area_state"),
            models.Index(fields=["series", "number"], name="message_series"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def channels(self) -> list[str]:
        """The ways it goes out by."""
        return [channel for channel, name in self.CHANNELS.items() if getattr(self, name)]

    @property
    def is_in_force(self) -> bool:
        """Whether it is published and its time has come and not passed."""
        return self.state == self.State.PUBLISHED and self.from_at <= now() < self.until_at

    @property
    def is_expired(self) -> bool:
        """Whether it was published and its time has passed; nobody has to do anything for that."""
        return self.state == self.State.PUBLISHED and self.until_at <= now()

    def reaches(self, code: str) -> bool:
        """Whether it is said to an area."""
        return covers(self.area_id, code)

    def clean(self) -> None:
        """It ends after it begins, is whole in each language, and officers' business stays inside."""
        super().clean()
        if self.from_at and self.until_at and self.until_at <= self.from_at:
            raise ValidationError({"until_at": _("It ends before it begins.")})
        if self.role and self.audience != Audience.OFFICERS:
            raise ValidationError({"role": _("A role belongs to a message to officers.")})
        if self.audience == Audience.OFFICERS and (self.on_page or self.on_own_page):
            raise ValidationError({"on_page": _("A message to officers does not go to the public page.")})
        if bool(self.title_en) != bool(self.text_en):
            raise ValidationError({"text_en": _("English needs both title and text.")})


class Receipt(Record):
    """That somebody took note of a message, or took its text along to send it elsewhere."""

    class Kind(models.TextChoices):
        SEEN = "SEEN", _("Taken note of")
        BROADCAST = "BROADCAST", _("Text taken for the loudspeaker")
        SMS = "SMS", _("Text taken for short messages")

    message = models.ForeignKey(Message, models.PROTECT, verbose_name=_("Public message"), related_name="receipts")
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind.choices)
    officer = models.ForeignKey(Officer, models.PROTECT, verbose_name=_("Officer"), related_name="+")
    at = models.DateTimeField(_("At"), default=now)

    class Meta(Record.Meta):
        verbose_name = _("Message receipt")
        verbose_name_plural = _("Message receipts")
        constraints = [
            models.UniqueConstraint(
                fields=["message", "officer"], condition=Q(kind="SEEN"), name="receipt_seen_once_an_officer"
            )
        ]
        indexes = [
            models.Index(fields=["area", "kind"], name="receipt_area_kind"),
            models.Index(fields=["message", "kind"], name="receipt_message_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.message} · {self.get_kind_display()}"


class PageViews(models.Model):
    """How often a public page was asked for on a day. Nothing of who asked is kept, so it is no record of anybody."""

    page = models.CharField(_("Page"), max_length=60)
    day = models.DateField(_("Day"))
    count = models.PositiveIntegerField(_("Count"), default=0)

    class Meta:
        verbose_name = _("Views of a public page")
        verbose_name_plural = _("Views of public pages")
        constraints = [models.UniqueConstraint(fields=["page", "day"], name="page_views_once_a_day")]

    def __str__(self) -> str:
        return f"{self.page} {self.day}"
