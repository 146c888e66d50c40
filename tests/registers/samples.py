"""A valid row of any register, made from its model, so that a new register is tested without a line of its own."""

import itertools
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone

from fangxian.core import records, scope
from fangxian.core.areas import Area
from fangxian.core.fields import BlindIndexField
from fangxian.core.identity.gb11643 import check_character
from fangxian.core.ids import uuid7
from fangxian.core.officers import Officer, appoint
from fangxian.registers.register import RECORD_FIELDS

_count = itertools.count(1)
DAY, MOMENT = date(2022, 3, 15), datetime(2022, 3, 15, tzinfo=UTC)

# What a field's type cannot say.
SPECIAL = {
    "people.person.id_number": lambda n: resident_number(n),
    "people.person.phone": lambda n: f"138{n:08d}",
    "testing.tube.barcode": lambda n: f"T{n}",
    "testing.labresult.disease": lambda n: "covid19",
    "testing.testduty.disease": lambda n: "covid19",
    "testing.sample.person": lambda n: MAKE,
    "testing.testround.disease": lambda n: "covid19",
    "testing.testround.number": lambda n: 1000 * n,
    "testing.testround.begins_at": lambda n: MOMENT + timedelta(minutes=n),
    "testing.testround.ends_at": lambda n: MOMENT + timedelta(days=1, minutes=n),
    "testing.groupmember.group": lambda n: "school",
    "cases.case.disease": lambda n: "covid19",
    "letters.letter.disease": lambda n: "covid19",
    "cases.event.disease": lambda n: "covid19",
    "cases.contact.reason": lambda n: f"named by a neighbour {n}",
    "cases.tracerequest.question": lambda n: {
        "windows": [],
        "lag": 0,
        "least": 0,
        "most_rows": 0,
        "second": False,
        "without": [],
        "only": [],
    },
    "screening.place.credit_code": lambda n: "",
    "quarantine.transfer.to_site": lambda n: MAKE,
    "checkpoints.passage.plate": lambda n: plate_number(n),
    "checkpoints.vehicle.plate": lambda n: plate_number(n),
    "checkpoints.soughtvehicle.plate": lambda n: plate_number(n),
    "checkpoints.shift.starts_at": lambda n: MOMENT + timedelta(hours=n),
    "checkpoints.shift.ends_at": lambda n: MOMENT + timedelta(hours=n + 8),
    "checkpoints.traveller.name": lambda n: f"乘客{n}",
    "checkpoints.passenger.name": lambda n: f"旅客{n}",
    "risk_areas.riskarea.disease": lambda n: "covid19",
    "risk_areas.riskareaversion.disease": lambda n: "covid19",
    "risk_areas.riskareaversion.codes": lambda n: f"41088200{n}",
    "arrivals.declaredperson.id_number": lambda n: resident_number(n),
    "arrivals.declaredperson.phone": lambda n: f"138{n:08d}",
    "pharmacies.pharmacy.credit_code": lambda n: "",
    "arrivals.declaration.phone": lambda n: f"138{n:08d}",
    "arrivals.loop.disease": lambda n: "covid19",
    "bulletins.measure.start": lambda n: 0,
    "bulletins.measure.end": lambda n: 10,
    "bulletins.bulletin.given": lambda n: f"会议强调,要加强核酸检测,每月组织一次应急演练。第{n}号通报。",
    "community.gathering.expected": lambda n: 60,
    "community.volunteercall.needed": lambda n: 3,
    "community.volunteercall.starts_at": lambda n: MOMENT + timedelta(hours=n),
    "community.volunteercall.ends_at": lambda n: MOMENT + timedelta(hours=n + 2),
    "community.gathering.starts_at": lambda n: MOMENT + timedelta(hours=n),
    "community.gathering.ends_at": lambda n: MOMENT + timedelta(hours=n + 2),
    "drills.drill.on": lambda n: DAY + timedelta(days=n),
    "medical.fevervisit.temperature": lambda n: Decimal("36.5"),
    "immunization.dose.disease": lambda n: "covid19",
    "immunization.dose.vaccine": lambda n: "inactivated",
    "immunization.refusal.disease": lambda n: "covid19",
    "immunization.stockmovement.doses": lambda n: 2,
    "supplies.movement.kind": lambda n: "COUNTED",
    "supplies.movement.store": lambda n: MAKE,
    "publicity.message.from_at": lambda n: MOMENT + timedelta(minutes=n),
    "publicity.message.until_at": lambda n: MOMENT + timedelta(days=5000),
    "publicity.message.text": lambda n: f"请勤洗手 {n}",
    "environment.environmentsample.sampled_at": lambda n: MOMENT,
    "goods.goodsplace.plate": lambda n: plate_number(n),
    "goods.goodsplace.phone": lambda n: f"138{n:08d}",
    "goods.movement.buyer_phone": lambda n: f"138{n:08d}",
    "goods.movement.pieces": lambda n: 3,
    "goods.lot.pieces": lambda n: 1000,
    "goods.consignment.pieces": lambda n: 1000,
    "goods.consignment.plate": lambda n: plate_number(n),
    "goods.consignment.driver_phone": lambda n: f"138{n:08d}",
    "directives.meeting.number": lambda n: n,
    "directives.report.ends_at": lambda n: MOMENT + timedelta(days=1),
    "directives.report.starts_at": lambda n: MOMENT - timedelta(days=n),
    "situation.issuedreport.starts_on": lambda n: DAY - timedelta(days=n),
    "situation.issuedreport.ends_on": lambda n: DAY - timedelta(days=n),
    "situation.issuedreport.number": lambda n: n,
    "situation.issuedreport.facts": lambda n: {"figures": []},
    "situation.issuedreport.said": lambda n: {},
    "situation.assessment.matters": lambda n: [],
    "situation.assessment.attendees": lambda n: [],
    "situation.assessment.reviewed": lambda n: [],
    "core.operatingmode.mode": lambda n: "emergency",
    "core.operatingmode.from_at": lambda n: datetime(2099, 1, 1, n % 24, tzinfo=UTC),
    "quarantine.wastebatch.bags": lambda n: 3,
    "quarantine.delivery.quantity": lambda n: 2,
    "quarantine.opening.rooms": lambda n: 12,
    "quarantine.openingshare.rooms": lambda n: 6,
    "readiness.epidemicfree.state": lambda n: "EXPIRED",
    "readiness.epidemicfree.ended_at": lambda n: MOMENT,
    "readiness.epidemicfree.ended_why": lambda n: "Its time is over.",
    "inspection.finding.task": lambda n: MAKE,
    "inspection.finding.due_at": lambda n: MOMENT,
    "inspection.sheet.checklist": lambda n: "key_place",
    "workforce.frontlineshift.starts_at": lambda n: MOMENT - timedelta(hours=9 * n),
    "workforce.frontlineshift.ends_at": lambda n: MOMENT - timedelta(hours=9 * n - 8),
    "workforce.subsidystatement.month": lambda n: date(1900 + n % 120, 1 + n % 12, 1),
    "workforce.deployment.starts_at": lambda n: MOMENT - timedelta(days=2 * n),
    "workforce.deployment.ends_at": lambda n: MOMENT - timedelta(days=2 * n - 1),
    "quarantine.dailycheck.temperature": lambda n: Decimal("36.5"),
}
MAKE = object()
SEES_ITS_AREA = {"command.groupmember.officer"}
"""Officers whom a row takes only with a post that reaches its area."""

# What a value has to go with in its own row: the codes of a basket are those of the pharmacy's till.
TOGETHER = {
    "goods.paper": lambda values: {"lot": _lot_of(values["consignment"])},
    "goods.goodstest": lambda values: {"first_piece": 1, "last_piece": 1, "samples": 1},
    "inspection.fourparties": lambda values: {"where": _place_in(values["area"]).name},
    "pharmacies.sale": lambda values: {"items": f"{_product_of(values['pharmacy']).code}*2"},
    "pharmacies.tilltotal": lambda values: {"code": _product_of(values["pharmacy"]).code},
}


def resident_number(number: int) -> str:
    """A valid resident identity number of the county."""
    first = (
        f"41088319900101{number % 1000:03d}"
        if number < 1000
        else f"410883{19500101 + number // 1000}{number % 1000:03d}"
    )
    return first + check_character(first)


def plate_number(number: int) -> str:
    """A valid plate of the prefecture."""
    return f"豫H{number:05d}"


def make(register, area: Area, **given) -> models.Model:
    """A stored row of a register in an area, written the way the register writes."""
    with scope.everywhere("test data"):
        values = row_values(register.model, area, keys=register.key, **given)
        if register.read_only:
            return records.create(register.model, by=None, action="test.made", **values)
        entered = {name: value for name, value in values.items() if name in register.form}
        return register.write(by=None, values=register.clean_row(entered))


def row_values(model: type[models.Model], area: Area, keys: Iterable[str] = (), **given) -> dict[str, Any]:
    """Values for every field that must be there, and for the fields of the key."""
    number = next(_count)
    values = {"area": area, **given}
    keys = {*keys, *(name for rule in model._meta.constraints for name in getattr(rule, "fields", ()))}
    for field in model._meta.concrete_fields:
        if field.name in RECORD_FIELDS or field.name in values or isinstance(field, BlindIndexField):
            continue
        label = f"{model._meta.label_lower}.{field.name}"
        needed = not (field.null or field.blank or field.has_default()) or field.name in keys
        if label in SPECIAL or needed:
            values[field.name] = _value(field, label, number, area)
    fitting = TOGETHER.get(model._meta.label_lower)
    return {**values, **fitting(values)} if fitting else values


def _place_in(area: Area) -> models.Model:
    place = apps.get_model("screening.place")
    return records.create(place, by=None, action="test.made", **row_values(place, area))


def _product_of(pharmacy: models.Model) -> models.Model:
    product = apps.get_model("pharmacies.product")
    return records.create(product, by=None, action="test.made", **row_values(product, pharmacy.area, pharmacy=pharmacy))


def _lot_of(consignment: models.Model) -> models.Model:
    lot = apps.get_model("goods.lot")
    return records.create(
        lot, by=None, action="test.made", **row_values(lot, consignment.area, consignment=consignment)
    )


def _value(field: models.Field, label: str, number: int, area: Area) -> Any:
    special = SPECIAL[label](number) if label in SPECIAL else None
    if special is not None and special is not MAKE:
        return special
    if isinstance(field, models.ForeignKey):
        return area if field.related_model is Area else _related(field, area)
    if field.choices:
        return field.choices[0][0]
    someone = None if field.null else uuid7()
    for kind, value in ((models.DateTimeField, MOMENT), (models.DateField, DAY), (models.UUIDField, someone)):
        if isinstance(field, kind):
            return value
    if isinstance(field, models.IntegerField | models.FloatField | models.DecimalField):
        return number % 100 or 1
    return f"{field.name}{number}"[: getattr(field, "max_length", None) or 40]


def _related(field: models.ForeignKey, area: Area) -> models.Model:
    target = field.related_model
    if target is Officer:
        made = Officer.objects.create_officer(f"sample{next(_count)}", name="sample")
        if f"{field.model._meta.label_lower}.{field.name}" in SEES_ITS_AREA:
            appoint(made, role="viewer", area=area, by=None)
        return made
    made = records.create(target, by=None, action="test.made", **row_values(target, area))
    if field.model._meta.label_lower == "testing.labresult" and field.name == "tube":
        sample = apps.get_model("testing.sample")  # a result needs a registered sample
        records.create(sample, by=None, action="test.made", **row_values(sample, area, tube=made))
    return made


def cells(register, area: Area) -> dict[str, str]:
    """One row of a sheet: field name → text as a person writes it. Rows it refers to are made first."""
    with scope.everywhere("test data"):
        values = row_values(register.model, area, keys=register.key)
    return {name: _text(values[name]) for name in register.form if name in values}


def _text(value: Any) -> str:
    if isinstance(value, Area):
        return value.code
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    return str(value)
