"""The tasks of leaving and of an infection: to the area at home, to the head of the site, to where exposed guests went.

Titles and instructions are message ids with params: everyone reads them in their own language.
"""

from datetime import date, datetime, time

from django.utils import timezone
from django.utils.translation import gettext_noop as _

from fangxian.core.clock import today
from fangxian.systems.command.models import Task
from fangxian.systems.quarantine import rules, selectors
from fangxian.systems.quarantine.models import ClockRestart, Stay
from fangxian.systems.testing.models import LabResult

RESULT, INFECTION = "testing.labresult", "infection:"
HOME_TITLE = _("%(name)s comes home from %(site)s: home monitoring until %(until)s")
HOME_TEXT = _(
    "Released on %(day)s with proof %(proof)s. Home monitoring begins on %(from)s: confirm that the person has come, "
    "check morning and evening, tests as planned."
)
EXPOSED_TITLE = _("%(name)s left %(site)s and was exposed there to an infected guest")
EXPOSED_TEXT = _("Last exposed on %(day)s (%(via)s). Find the person, have a sample taken, ask the county what holds.")
INFECTED_TITLE = _("A guest of %(site)s is positive: %(count)s guests begin their days anew")
INFECTED_TEXT = _(
    "Room %(room)s. Bring the guest to hospital, disinfect the room finally, tell those concerned: the list of "
    "restarted clocks names each with its reason."
)


def home_task(line, worker) -> Task:
    """To whoever answers for a released person at home: from the first day there on."""
    stay, home = line.stay, line.home
    proof = selectors.proof_of(stay.pk)
    params = {
        "name": stay.person.name, "site": stay.room.site.name if stay.room_id else "-", "until": f"{home.ends_on}",
        "day": f"{today()}", "proof": proof.number, "from": f"{home.starts_on}",
    }  # fmt: skip
    return Task(
        key=f"home:{home.pk}", kind=Task.Kind.CONTACT_FOLLOW_UP, title=HOME_TITLE, instructions=HOME_TEXT,
        params=params, person=stay.person, area=home.area, officer=worker,
        role="grid_worker" if worker else "township_officer", subject_kind="quarantine.stay", subject_id=home.pk,
        due_at=_end_of(home.starts_on), priority=Task.Priority.HIGH,
    )  # fmt: skip


def site_task(result: LabResult, stay: Stay, count: int) -> Task:
    """To the head of the site with an infected guest; `count` guests begin their days anew."""
    params = {"site": stay.room.site.name, "count": count, "room": stay.room.number}
    return Task(
        key=f"{INFECTION}{result.pk}:{stay.pk}", kind=Task.Kind.GENERAL, title=INFECTED_TITLE,
        instructions=INFECTED_TEXT, params=params, area=stay.room.area, role="isolation_manager",
        subject_kind=RESULT, subject_id=result.pk, priority=Task.Priority.HIGH,
        due_at=rules.transfer_due(pack=stay.pack, area_code=stay.area_id),
    )  # fmt: skip


def left_task(result: LabResult, stay: Stay, other: Stay, via: str) -> Task:
    """To the area of somebody who was exposed and has left meanwhile."""
    params = {
        "name": other.person.name, "site": stay.room.site.name, "via": str(ClockRestart.Via(via).label),
        "day": f"{timezone.localdate(other.released_at)}",
    }  # fmt: skip
    return Task(
        key=f"{INFECTION}{result.pk}:{other.pk}", kind=Task.Kind.CONTACT_FOLLOW_UP, title=EXPOSED_TITLE,
        instructions=EXPOSED_TEXT, params=params, area=other.area, person=other.person, role="township_officer",
        subject_kind=RESULT, subject_id=result.pk, priority=Task.Priority.HIGH,
        due_at=rules.transfer_due(pack=other.pack, area_code=other.area_id),
    )  # fmt: skip


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(23, 59)))
