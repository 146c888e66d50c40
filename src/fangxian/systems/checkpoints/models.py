"""Points of entry, their shifts, what passes them, and the manifests of what only stops."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.areas import Area
from fangxian.core.clock import TIME, shown
from fangxian.core.fields import BlindIndexField, CodeField, EncryptedTextField
from fangxian.core.officers import Officer
from fangxian.core.records import Record
from fangxian.registers.behaviours import Attached, Rectifiable
from fangxian.systems.checkpoints.words import (
    Carrier,
    CodeState,
    Decision,
    Direction,
    GoodsAct,
    PlateKind,
    PointKind,
    Purpose,
    ShiftState,
    Stop,
    Striking,
)
from fangxian.systems.people.models import Person

DIVISION = RegexValidator(r"^\d{2,12}$", _("Enter the digits of an area code, such as 4108 or 410883."))
TEMPERATURE = {
    "max_digits": 3, "decimal_places": 1, "null": True, "blank": True,
    "validators": [MinValueValidator(34), MaxValueValidator(43)],
}  # fmt: skip


def division(label, **more) -> CodeField:
    """A national area code of any length, of the whole country and not only of our tree."""
    return CodeField(label, max_length=12, blank=True, validators=[DIVISION], **more)


class PointOfEntry(Attached, Rectifiable, Record):
    """Where people, vehicles and goods come in: a checkpoint at a boundary, a station, an airport, a wharf."""

    name = models.CharField(_("Name"), max_length=80)
    kind = models.CharField(_("Kind"), max_length=8, choices=PointKind.choices, default=PointKind.ROAD)
    address = models.CharField(_("Address"), max_length=120, blank=True)
    posts = models.CharField(_("Posts"), max_length=120, blank=True, help_text=_("Such as: traffic, checks, tests."))
    head = models.CharField(_("Head of the checkpoint"), max_length=40, blank=True)
    phone = EncryptedTextField(_("Phone"), mask="phone")
    from_code = division(_("Most come from"))
    from_name = models.CharField(_("Name of that area"), max_length=60, blank=True)
    opened_on = models.DateField(_("Opened on"), null=True, blank=True)
    closed_on = models.DateField(_("Closed on"), null=True, blank=True)
    latitude = models.FloatField(_("Latitude"), null=True, blank=True)
    longitude = models.FloatField(_("Longitude"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Point of entry")
        verbose_name_plural = _("Points of entry")
        constraints = [models.UniqueConstraint(fields=["area", "name"], name="point_name_once")]

    def __str__(self) -> str:
        return self.name

    def is_open(self, on) -> bool:
        """Whether the point is manned on a day."""
        return (self.opened_on is None or self.opened_on <= on) and (self.closed_on is None or on < self.closed_on)


class Shift(Record):
    """Who stands at a point from when until when."""

    point = models.ForeignKey(PointOfEntry, models.PROTECT, verbose_name=_("Point of entry"), related_name="shifts")
    starts_at = models.DateTimeField(_("From"))
    ends_at = models.DateTimeField(_("Until"))
    leader = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, verbose_name=_("Shift leader"), related_name="+"
    )
    members = models.CharField(
        _("Who stands where"), max_length=300, blank=True, help_text=_("Such as: checks: Li, Wang; temperature: Zhao.")
    )
    state = models.CharField(
        _("State"), max_length=8, choices=ShiftState.choices, default=ShiftState.PLANNED, editable=False
    )

    class Meta(Record.Meta):
        verbose_name = _("Shift")
        verbose_name_plural = _("Shifts")
        constraints = [
            models.UniqueConstraint(fields=["point", "starts_at"], name="shift_once"),
            models.UniqueConstraint(fields=["point"], condition=Q(state="ON"), name="one_shift_on_duty"),
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="shift_ends_after_it_starts"),
        ]
        indexes = [models.Index(fields=["area", "starts_at"], name="shift_area_starts")]

    def __str__(self) -> str:
        return f"{shown(self.starts_at, '%m-%d %H:%M')}–{shown(self.ends_at, TIME)}"


class HandOver(Record):
    """The hand-over sheet (交接单) of a shift: figures, open exceptions, equipment, signed by both sides.

    The figures are those of the moment the leaving side signed; nobody types them.
    """

    shift = models.OneToOneField(Shift, models.PROTECT, verbose_name=_("Leaving shift"), related_name="hand_over")
    next_shift = models.OneToOneField(
        Shift, models.PROTECT, null=True, blank=True, verbose_name=_("Coming shift"), related_name="taken_from"
    )
    counts = models.JSONField(_("Figures"), default=dict, blank=True)
    open_exceptions = models.PositiveIntegerField(_("Open exceptions"), default=0)
    equipment = models.JSONField(_("Equipment"), default=dict, blank=True)
    note = models.CharField(_("To be known"), max_length=400, blank=True)
    given_by = models.ForeignKey(Officer, models.PROTECT, verbose_name=_("Handed over by"), related_name="+")
    given_at = models.DateTimeField(_("Handed over at"))
    taken_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, verbose_name=_("Taken over by"), related_name="+"
    )
    taken_at = models.DateTimeField(_("Taken over at"), null=True, blank=True)
    objection = models.CharField(_("What the coming side noted"), max_length=400, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Hand-over sheet")
        verbose_name_plural = _("Hand-over sheets")
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True, taken_by__isnull=True)
                | Q(taken_at__isnull=False, taken_by__isnull=False),
                name="hand_over_taken_by_someone",
            ),
            models.CheckConstraint(condition=~Q(taken_by=models.F("given_by")), name="hand_over_between_two"),
        ]
        indexes = [models.Index(fields=["area", "given_at"], name="hand_over_area_given")]

    def __str__(self) -> str:
        return str(self.shift)


class Vehicle(Record):
    """What a point remembers of a vehicle, so that nothing is entered twice; gone with its last passage."""

    plate = EncryptedTextField(_("Plate"), mask="plate")
    plate_index = BlindIndexField(of="plate")
    plate_kind = models.CharField(_("Kind of plate"), max_length=10, choices=PlateKind.choices)
    times = models.PositiveIntegerField(_("Passages"), default=0)
    last_at = models.DateTimeField(_("Last seen"))
    purpose = models.CharField(_("Usual purpose"), max_length=10, choices=Purpose.choices, blank=True)
    from_code = models.CharField(_("Comes from"), max_length=12, blank=True)
    from_name = models.CharField(_("Name of that area"), max_length=60, blank=True)
    people = models.PositiveSmallIntegerField(_("People"), default=1)
    name = EncryptedTextField(_("Driver"), mask="name")
    id_number = EncryptedTextField(_("Identity number"), mask="id")
    phone = EncryptedTextField(_("Phone"), mask="phone")

    class Meta(Record.Meta):
        verbose_name = _("Known vehicle")
        verbose_name_plural = _("Known vehicles")
        constraints = [models.UniqueConstraint(fields=["area", "plate_index"], name="vehicle_once")]
        indexes = [models.Index(fields=["area", "last_at"], name="vehicle_area_last")]

    def __str__(self) -> str:
        return str(self.plate)


class SoughtVehicle(Record):
    """A vehicle the area looks for; every point inside the area reports it."""

    plate = EncryptedTextField(_("Plate"), mask="plate")
    plate_index = BlindIndexField(of="plate")
    plate_kind = models.CharField(_("Kind of plate"), max_length=10, choices=PlateKind.choices, default=PlateKind.CIVIL)
    reason = models.CharField(_("Reason"), max_length=120)
    until = models.DateField(_("Sought until"))
    advice = models.CharField(_("What to do"), max_length=12, choices=Decision.choices, default=Decision.HELD)

    class Meta(Record.Meta):
        verbose_name = _("Vehicle sought")
        verbose_name_plural = _("Vehicles sought")
        constraints = [models.UniqueConstraint(fields=["area", "plate_index"], name="sought_vehicle_once")]
        indexes = [models.Index(fields=["area", "until"], name="sought_area_until")]

    def __str__(self) -> str:
        return str(self.plate)


class Passage(Record):
    """A vehicle, or a person on foot, at a point: what was looked at, what the rules advise, what was decided.

    `name`, `id_number` and `phone` are of the driver or of the person on foot. `reasons` are the words of `Striking`,
    the gravest first; `because` says of each by what it was found. `judged_at` is when the lists were last asked.
    """

    point = models.ForeignKey(PointOfEntry, models.PROTECT, verbose_name=_("Point of entry"), related_name="passages")
    passed_at = models.DateTimeField(_("Time"))
    direction = models.CharField(_("Direction"), max_length=3, choices=Direction.choices, default=Direction.IN)
    plate = EncryptedTextField(_("Plate"), mask="plate")
    plate_index = BlindIndexField(of="plate")
    plate_kind = models.CharField(_("Kind of plate"), max_length=10, choices=PlateKind.choices, default=PlateKind.CIVIL)
    vehicle = models.ForeignKey(
        Vehicle, models.SET_NULL, null=True, editable=False, verbose_name=_("Known vehicle"), related_name="passages"
    )
    name = EncryptedTextField(_("Driver or person"), mask="name")
    id_number = EncryptedTextField(_("Identity number"), mask="id")
    id_index = BlindIndexField(of="id_number")
    phone = EncryptedTextField(_("Phone"), mask="phone")
    person = models.ForeignKey(
        Person, models.SET_NULL, null=True, editable=False, verbose_name=_("Person"), related_name="passages"
    )
    people = models.PositiveSmallIntegerField(
        _("People"), default=1, validators=[MinValueValidator(1), MaxValueValidator(200)]
    )
    purpose = models.CharField(_("Purpose"), max_length=10, choices=Purpose.choices, blank=True)
    from_code = division(_("Comes from"))
    from_name = models.CharField(_("Name of that area"), max_length=60, blank=True)
    to_area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, verbose_name=_("Goes to"), related_name="+"
    )
    code_state = models.CharField(_("Health code"), max_length=6, choices=CodeState.choices, default=CodeState.UNSEEN)
    temperature = models.DecimalField(_("Temperature (°C)"), **TEMPERATURE)
    test_hours = models.PositiveSmallIntegerField(_("Negative test within (hours)"), null=True, blank=True)
    decision = models.CharField(_("Decision"), max_length=12, choices=Decision.choices, default=Decision.LET_THROUGH)
    why = models.CharField(_("Remark"), max_length=200, blank=True)
    reasons = models.JSONField(_("Stands out because"), default=list, editable=False)
    because = models.JSONField(default=list, editable=False)
    gravest = models.CharField(
        _("Stands out because"), max_length=16, choices=Striking.choices, blank=True, editable=False
    )
    advised = models.CharField(
        _("Advised"), max_length=12, choices=Decision.choices, default=Decision.LET_THROUGH, editable=False
    )
    rule = models.CharField(_("Policy pack"), max_length=120, blank=True, editable=False)
    judged_at = models.DateTimeField(_("Lists asked at"), null=True, editable=False)
    is_open = models.BooleanField(_("Open exception"), default=False, editable=False)
    settled_at = models.DateTimeField(_("Settled at"), null=True, editable=False)
    settled_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, editable=False, verbose_name=_("Settled by"), related_name="+"
    )
    outcome = models.CharField(_("What became of it"), max_length=200, blank=True, editable=False)
    device = models.CharField(_("Device"), max_length=80, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Passage")
        verbose_name_plural = _("Passages")
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True)
                | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="passage_settled_by_someone",
            )
        ]
        indexes = [
            models.Index(fields=["area", "passed_at"], name="passage_area_passed"),
            models.Index(fields=["point", "passed_at"], name="passage_point_passed"),
            models.Index(fields=["point", "is_open", "passed_at"], name="passage_point_open"),
            models.Index(fields=["from_code", "passed_at"], name="passage_from_passed"),
            models.Index(fields=["passed_at"], name="passage_passed"),
            models.Index(fields=["created_at"], name="passage_to_judge", condition=Q(judged_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{shown(self.passed_at, '%m-%d %H:%M')} {self.plate or self.name or self.id_number}"


class Traveller(Record):
    """One more person in a vehicle, where somebody looked at them one by one."""

    passage = models.ForeignKey(Passage, models.CASCADE, verbose_name=_("Passage"), related_name="travellers")
    name = EncryptedTextField(_("Full name"), mask="name")
    id_number = EncryptedTextField(_("Identity number"), mask="id")
    id_index = BlindIndexField(of="id_number")
    phone = EncryptedTextField(_("Phone"), mask="phone")
    person = models.ForeignKey(
        Person, models.SET_NULL, null=True, editable=False, verbose_name=_("Person"), related_name="+"
    )
    code_state = models.CharField(_("Health code"), max_length=6, choices=CodeState.choices, default=CodeState.UNSEEN)
    temperature = models.DecimalField(_("Temperature (°C)"), **TEMPERATURE)
    test_hours = models.PositiveSmallIntegerField(_("Negative test within (hours)"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Fellow traveller")
        verbose_name_plural = _("Fellow travellers")
        indexes = [models.Index(fields=["area", "created_at"], name="traveller_area_created")]

    def __str__(self) -> str:
        return str(self.name)


class Manifest(Record):
    """A flight, train, coach or ship that comes from elsewhere, with everybody and everything aboard."""

    number = models.CharField(_("Run number"), max_length=40, help_text=_("Number and day, such as MU5187/2022-03-15."))
    carrier = models.CharField(_("Carrier"), max_length=6, choices=Carrier.choices, default=Carrier.FLIGHT)
    point = models.ForeignKey(PointOfEntry, models.PROTECT, verbose_name=_("Point of entry"), related_name="manifests")
    from_code = division(_("Comes from"))
    from_name = models.CharField(_("Name of that area"), max_length=60, blank=True)
    to_name = models.CharField(_("Goes on to"), max_length=60, blank=True)
    arrives_at = models.DateTimeField(_("Arrives"))
    departs_at = models.DateTimeField(_("Departs"), null=True, blank=True)
    closed_at = models.DateTimeField(_("Manifest closed at"), null=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Manifest")
        verbose_name_plural = _("Manifests")
        constraints = [models.UniqueConstraint(fields=["area", "number"], name="manifest_once")]
        indexes = [models.Index(fields=["area", "arrives_at"], name="manifest_area_arrives")]

    def __str__(self) -> str:
        return self.number


class Passenger(Record):
    """Somebody aboard a manifest's run."""

    manifest = models.ForeignKey(Manifest, models.CASCADE, verbose_name=_("Manifest"), related_name="passengers")
    seat = models.CharField(_("Seat or berth"), max_length=12)
    name = EncryptedTextField(_("Full name"), mask="name")
    id_number = EncryptedTextField(_("Identity number"), mask="id")
    id_index = BlindIndexField(of="id_number")
    phone = EncryptedTextField(_("Phone"), mask="phone")
    stop = models.CharField(_("Here"), max_length=8, choices=Stop.choices, default=Stop.ALIGHT)
    from_code = division(_("Boarded at"))
    to_area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, verbose_name=_("Goes to"), related_name="+"
    )
    person = models.ForeignKey(
        Person, models.SET_NULL, null=True, editable=False, verbose_name=_("Person"), related_name="+"
    )
    decision = models.CharField(_("Decision"), max_length=12, choices=Decision.choices, blank=True)
    reasons = models.JSONField(_("Stands out because"), default=list, editable=False)
    because = models.JSONField(default=list, editable=False)
    gravest = models.CharField(
        _("Stands out because"), max_length=16, choices=Striking.choices, blank=True, editable=False
    )
    judged_at = models.DateTimeField(_("Lists asked at"), null=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Passenger")
        verbose_name_plural = _("Passengers")
        constraints = [models.UniqueConstraint(fields=["manifest", "seat"], name="passenger_seat_once")]
        indexes = [
            models.Index(fields=["area", "created_at"], name="passenger_area_created"),
            models.Index(fields=["created_at"], name="passenger_to_judge", condition=Q(judged_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.seat} {self.name}"


class Consignment(Record):
    """Goods aboard a manifest's run: what they are, whether proof of disinfection came along, what was done."""

    manifest = models.ForeignKey(Manifest, models.CASCADE, verbose_name=_("Manifest"), related_name="consignments")
    waybill = models.CharField(_("Waybill"), max_length=40)
    goods = models.CharField(_("Goods"), max_length=80)
    from_code = division(_("Loaded at"))
    pieces = models.PositiveIntegerField(_("Pieces"), default=1)
    weight_kg = models.DecimalField(_("Weight (kg)"), max_digits=10, decimal_places=1, null=True, blank=True)
    is_cold = models.BooleanField(_("Cold chain"), default=False)
    is_unloaded = models.BooleanField(_("Unloaded here"), default=True)
    is_proven = models.BooleanField(_("Proof of disinfection"), default=False)
    act = models.CharField(_("Treated"), max_length=12, choices=GoodsAct.choices, default=GoodsAct.WAITING)
    why = models.CharField(_("Remark"), max_length=200, blank=True)
    reasons = models.JSONField(_("Stands out because"), default=list, editable=False)
    because = models.JSONField(default=list, editable=False)
    gravest = models.CharField(
        _("Stands out because"), max_length=16, choices=Striking.choices, blank=True, editable=False
    )

    class Meta(Record.Meta):
        verbose_name = _("Consignment")
        verbose_name_plural = _("Consignments")
        constraints = [models.UniqueConstraint(fields=["manifest", "waybill"], name="consignment_once")]
        indexes = [models.Index(fields=["area", "created_at"], name="consignment_area_created")]

    def __str__(self) -> str:
        return f"{self.waybill} {self.goods}"
