"""What a worker enters at a door: one verb an entry. Each may come late, twice, or about somebody who has gone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from fangxian.core import areas, policy
from fangxian.core.areas import Area
from fangxian.core.clock import now, today
from fangxian.core.officers import Officer
from fangxian.core.policy.files import ANY_DISEASE
from fangxian.core.records import Record, Source
from fangxian.systems.arrivals import selectors as arrivals
from fangxian.systems.arrivals import services as arrival_services
from fangxian.systems.command import selectors as command
from fangxian.systems.command import services as command_services
from fangxian.systems.command.models import Task
from fangxian.systems.people import calling
from fangxian.systems.people import selectors as people
from fangxian.systems.people.models import Person
from fangxian.systems.quarantine import selectors as quarantine
from fangxian.systems.quarantine import services as quarantine_services

LATE, ILL = "door.late_entry_days", "door.ill_report_hours"
ILL_TITLE = gettext_noop("Ill at the door: %(name)s")
ILL_TEXT = gettext_noop("%(what)s on %(day)s. Arrange a test and a doctor, and keep the person apart until then.")
TOWNSHIP_ROLE = "township_officer"


@dataclass(frozen=True)
class Sent:
    """How an entry came: its id, when it was made on our clock, what the phone's clock said."""

    by: Officer
    id: UUID
    made_at: datetime
    device_at: datetime


def call(
    sent: Sent, *, household_id: UUID, day: date, outcome: str, away: Iterable[UUID] = (),
    reminded: Iterable[UUID] = (), note: str = "",
) -> Record:  # fmt: skip
    """What was found at a door: who is as on the roster, who is away, or why nobody was seen."""
    home = calling.household(household_id)
    _refuse_late(day, home.area)
    return calling.record_call(
        by=sent.by, household=home, day=day, outcome=outcome, away=away, reminded=reminded, note=note,
        called_at=sent.made_at, device_at=sent.device_at, source=Source.FIELD, id=sent.id,
    )  # fmt: skip


def check(
    sent: Sent, *, person_id: UUID, day: date, slot: str, status: str, temperature: Decimal | None = None,
    symptoms: str = "",
) -> Record:  # fmt: skip
    """A morning's or evening's check of somebody in quarantine at home. Fever or symptoms go to the township."""
    person, area = _followed(person_id)
    _refuse_late(day, area)
    stay = quarantine.open_stays("").filter(person_id=person_id).first()
    with transaction.atomic():
        done = quarantine_services.record_check(
            by=sent.by, person=person, area=area, day=day, slot=slot, status=status, temperature=temperature,
            symptoms=symptoms, pack=stay.pack if stay else "", source=Source.FIELD, id=sent.id,
        )  # fmt: skip
        if done.fever or done.symptoms:
            _report_ill(sent, person, area, f"{done.temperature or ''} {done.symptoms}".strip(), day)
    return done


def _report_ill(sent: Sent, person: Person, area: Area, what: str, day: date) -> Task:
    """One task a person and day to the township; the same one when the evening brings fever again."""
    due = policy.pack(disease=ANY_DISEASE, area_code=area.code).duration(ILL)
    return command_services.hand_down(
        by=sent.by, area=township_of(area), from_area=area, key=f"door-ill:{person.pk}:{day}",
        kind=Task.Kind.SAMPLE_COLLECTION, title=ILL_TITLE, instructions=ILL_TEXT, role=TOWNSHIP_ROLE,
        params={"name": person.name, "what": what, "day": day.isoformat()}, priority=Task.Priority.HIGH,
        person=person, address=person.address.reveal(), due_at=now() + due, source=Source.FIELD,
    )  # fmt: skip


def task(sent: Sent, *, task_id: UUID, is_done: bool, text: str = "") -> Record:
    """A task is done, or cannot be done and why. Done already by the same officer: nothing changes."""
    found = command.task(task_id)
    if is_done and found.status == Task.Status.DONE and found.done_by_id == sent.by.pk:
        return found
    if is_done:
        return command_services.finish(task=found, by=sent.by, outcome=text)
    return command_services.cannot(task=found, by=sent.by, reason=text)


def reminded(sent: Sent, *, person_id: UUID, duty_id: UUID, day: date) -> Record | None:
    """Somebody was reminded of today's test; who was told was seen. Who is on no roster has no door to note it at."""
    person = people.person(person_id)
    _refuse_late(day, person.area)
    if person.household is None:
        return None
    return calling.record_reminder(
        by=sent.by, household=person.household, day=day, person_id=person_id, duty_id=duty_id, called_at=sent.made_at,
        source=Source.FIELD, id=sent.id,
    )  # fmt: skip


def arrived(sent: Sent, *, arrival_id: UUID, has_come: bool, note: str = "") -> Record:
    """An expected or landed person is at home now, or did not come."""
    found = arrivals.arrival(arrival_id)
    if has_come:
        return arrival_services.receive(by=sent.by, arrival=found)
    return arrival_services.not_come(by=sent.by, arrival=found, note=note)


def township_of(area: Area) -> Area:
    """The township above a cell or village; the area itself where there is none."""
    return next((found for found in areas.path(area) if found.kind == Area.Kind.TOWNSHIP), area)


def _followed(person_id: UUID) -> tuple[Person, Area]:
    """Somebody in quarantine here: of the roster, or staying with us though another area answers for them."""
    try:
        person = people.person(person_id)
        return person, person.area
    except Person.DoesNotExist:
        stay = quarantine.open_stays("").filter(person_id=person_id).first()
        if stay is None or stay.present_area is None:
            raise
        return stay.person, stay.present_area


def _refuse_late(day: date, area: Area) -> None:
    """A phone may have been without a network for days, not for weeks; nothing is entered for a day to come."""
    days = int(policy.pack(disease=ANY_DISEASE, area_code=area.code).number(LATE))
    if day > today():
        raise ValidationError({"day": _("This day is still to come.")})
    if today() - day > timedelta(days=days):
        raise ValidationError({"day": _("This is more than %(days)s days ago.") % {"days": days}})
