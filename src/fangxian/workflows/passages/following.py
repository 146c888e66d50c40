"""What follows when a list knows somebody who passes: an arrival for the home area, a task for whoever looks for them.

Passages go after a fortnight, so nothing that follows carries the id of one: arrivals and tasks are known again by
person, point and day.
"""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_noop

from fangxian.core import policy
from fangxian.core.areas import Area
from fangxian.core.clock import now, shown
from fangxian.core.policy.files import ANY_DISEASE
from fangxian.core.records import Source
from fangxian.core.roles import DutyOfficer, TownshipOfficer
from fangxian.systems.arrivals import services as arrivals
from fangxian.systems.arrivals.models import Arrival
from fangxian.systems.arrivals.words import Channel, Means
from fangxian.systems.checkpoints.models import PointOfEntry
from fangxian.systems.command import services as command
from fangxian.systems.command.models import Task
from fangxian.systems.people import services as people
from fangxian.systems.people.models import Person
from fangxian.workflows.passages.lists import LISTED, Found

OURS = UUID("7a1f4f0e-6c3b-5d0a-9a55-0c3e6b1f2d47")
SEEN = gettext_noop("Seen at %(point)s: somebody who should not travel")
SEEN_HOW = gettext_noop(
    "%(time)s, %(direction)s. On the list as: %(listed)s. Find out where they are now, and why they were travelling."
)
CAR = gettext_noop("A vehicle you look for was seen at %(point)s")
CAR_HOW = gettext_noop("%(time)s, %(direction)s. Sought because: %(why)s. The plate stands on the page of the point.")


def arrive(*, person: Person, home: Area, point: PointOfEntry, at: datetime, code: str, named: str, means: str,
           carrier: str = "", seat: str = "") -> Arrival:  # fmt: skip
    """Tell the home area that somebody from a risk area has landed here (第一落点); once a person and day."""
    day = timezone.localdate(at)
    stay = arrivals.Stayed(code=code, from_on=day, until_on=day, named=named)
    return arrivals.record_arrival(
        by=None, id=uuid5(OURS, f"{person.pk} {day}"), person=person, area=home, present_area=point.area,
        arrived_on=day, stays=[stay], source=Source.WORKFLOW, means=means, carrier=carrier[:20], seat=seat[:12],
        channel=Channel.CHECKPOINT if means == Means.ROAD else Channel.STATION,
    )  # fmt: skip


def person_of(*, known: Person | None, name: Any, number: Any, phone: Any, home: Area) -> Person | None:
    """Who it is: known, or entered now from name and number; None where the two do not make a person."""
    if known is not None or not (name and number):
        return known
    values = {"name": _text(name), "id_number": _text(number), "phone": _text(phone) if phone else ""}
    try:
        return people.add_person(by=None, area=home, source=Source.WORKFLOW, **values)
    except ValidationError:  # a number that is none: the exception stays open until somebody reads the paper again
        return None


def tell(*, person: Person, found: list[Found], point: PointOfEntry, at: datetime, direction: str) -> Task | None:
    """A task for the township that answers for a person of a list; once a point and day."""
    listed = [one["reason"] for one in found if one["reason"] in LISTED]
    if not listed:
        return None
    return _task(
        point, at, direction, key=f"seen:{person.pk}:{point.pk}:{timezone.localdate(at)}", area=person.area,
        role=TownshipOfficer.key, title=SEEN, instructions=SEEN_HOW, person=person,
        more={"listed": ", ".join(dict.fromkeys(listed))},
    )  # fmt: skip


def tell_of_vehicle(*, found: Found, point: PointOfEntry, at: datetime, direction: str) -> Task:
    """A task for the command that seeks a vehicle; one an hour, however often it passes."""
    return _task(
        point, at, direction, key=f"sought:{point.pk}:{found['area']}:{shown(at, '%Y-%m-%d %H')}:{found['why'][:40]}",
        area=Area.objects.get(code=found["area"]), role=DutyOfficer.key, title=CAR, instructions=CAR_HOW,
        more={"why": found["why"]},
    )  # fmt: skip


def _task(point: PointOfEntry, at: datetime, direction: str, *, more: dict[str, str], **values: Any) -> Task:
    params = {"point": point.name, "time": shown(at, "%m-%d %H:%M"), "direction": direction, **more}
    pack = policy.pack(disease=ANY_DISEASE, area_code=point.area_id)
    return command.hand_down(
        by=None, source=Source.WORKFLOW, kind=Task.Kind.GENERAL, from_area=point.area, params=params,
        subject=point, due_at=now() + pack.duration("checkpoint.chase_hours"), priority=Task.Priority.HIGH, **values,
    )  # fmt: skip


def _text(value: Any) -> str:
    return str(value.reveal() if hasattr(value, "reveal") else value)
