"""The named lists of the story: what a figure counts is what its link shows (see registers/named.py)."""

from datetime import timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.clock import now, today
from fangxian.core.standing import standing
from fangxian.faces.web.registers.named import add, day_of, uuid_of
from fangxian.registers import site
from fangxian.systems.cases import streaks

TASKS, CASES, CONTACTS = "command.task", "cases.case", "cases.contact"
ROOMS, STAYS, DUTIES, RESULTS = "quarantine.room", "quarantine.stay", "testing.testduty", "testing.labresult"
OPEN_TASK = Q(status__in=["PENDING", "IN_PROGRESS"])
COUNTS = ~Q(classification="NO_CASE")
ACTIVE = Q(status="ACTIVE")


def _broke(value: str) -> Q:
    """The cases that broke the three-none streak of an area on a day: `day area`."""
    day, _space, code = value.partition(" ")
    return streaks.breaking(day_of(day), code)


def _of_mode(value: str) -> Q:
    """The tasks that ask to acknowledge one declaration of an operating mode."""
    return Q(subject_kind="core.operatingmode", subject_id=uuid_of(value)) & ~Q(status="REMOVED")


def _held(*states: str) -> Q:
    """Rooms with a stay in one of these states."""
    stays = site.get(STAYS).model.unscoped.filter(state__in=states, room__isnull=False)
    return Q(pk__in=stays.values("room_id"))


def _guest_rooms() -> Q:
    guests = ~Q(zone="CLEAN") & Q(purpose="GUEST", beds__gt=0)
    return guests & Q(site__kind="QUARANTINE") & standing("site__")


def _case_day(value: str) -> Q:
    """A case belongs to its day of onset; without symptoms to the day of its first positive sample."""
    day = day_of(value)
    return COUNTS & (Q(onset_on=day) | Q(onset_on__isnull=True, sampled_at__date=day))


add("open", TASKS, _("not done yet"), lambda value: OPEN_TASK)
add("unreceived", TASKS, _("not received yet"), lambda value: Q(status="PENDING"))
add("overdue", TASKS, _("overdue"), lambda value: OPEN_TASK & Q(due_at__lt=now()))
add("finished", TASKS, _("done"), lambda value: Q(status__in=["DONE", "CHECKED"]))
add("unchecked", TASKS, _("done, to be checked"), lambda value: Q(status__in=["DONE", "NOT_EXECUTABLE"]))
add("done_since", TASKS, _("done since"), lambda value: Q(done_at__date__gte=day_of(value)))

add("of_mode", TASKS, _("about an operating mode"), _of_mode)
add("of_mode_open", TASKS, _("not yet acknowledged"), lambda value: _of_mode(value) & OPEN_TASK)
add("of_mode_late", TASKS, _("overdue"), lambda value: _of_mode(value) & OPEN_TASK & Q(due_at__lt=now()))

add("counting", CASES, _("all that count"), lambda value: COUNTS)
add("of_day", CASES, _("of the day"), _case_day)
add("broke", CASES, _("that broke the streak of"), _broke)
add("since", CASES, _("new since"), lambda value: COUNTS & Q(created_at__date__gte=day_of(value)))
add("pending", CASES, _("under investigation"), lambda value: COUNTS & Q(investigation="PENDING"))

add("active", CONTACTS, _("being followed"), lambda value: ACTIVE & (Q(ring=value) if value else Q()))
add("proposed", CONTACTS, _("waiting for a second person"), lambda value: ~Q(proposed=""))
add("converted", CONTACTS, _("became cases"), lambda value: Q(status="CONVERTED") & (Q(ring=value) if value else Q()))
add("dropped", CONTACTS, _("dropped"), lambda value: Q(status="DROPPED") & (Q(ring=value) if value else Q()))
add("since", CONTACTS, _("new since"), lambda value: Q(created_at__date__gte=day_of(value)) & ~Q(status="DROPPED"))

add("guest", ROOMS, _("for guests"), lambda value: _guest_rooms())
add("in_use", ROOMS, _("in use"), lambda value: _guest_rooms() & _held("IN"))
add("promised", ROOMS, _("promised"), lambda value: _guest_rooms() & Q(state="READY") & _held("BOOKED") & ~_held("IN"))
add("free", ROOMS, _("free"), lambda value: _guest_rooms() & Q(state="READY") & ~_held("IN", "BOOKED"))
add("not_ready", ROOMS, _("not ready"), lambda value: _guest_rooms() & ~Q(state="READY") & ~_held("IN"))
add("waiting", STAYS, _("waiting for a room"), lambda value: Q(state="NO_ROOM"))
add("inside", STAYS, _("checked in"), lambda value: Q(state="IN"))
add("open", STAYS, _("booked or checked in"), lambda value: Q(state__in=["BOOKED", "IN"]))

add("due_on", DUTIES, _("due on"), lambda value: Q(due_on=day_of(value)) & ~Q(state="CANCELLED"))
add("done_on", DUTIES, _("done of those due on"), lambda value: Q(due_on=day_of(value), state="DONE"))
add(
    "missing_on",
    DUTIES,
    _("not done of those due on"),
    lambda value: Q(due_on=day_of(value), state__in=["DUE", "MISSED"]),
)
add("behind", DUTIES, _("behind"), lambda value: Q(due_on__lt=today(), state__in=["DUE", "MISSED"]))
add("held", RESULTS, _("held: contradictory"), lambda value: Q(state="HELD"))
add("positive", RESULTS, _("positive, in force"), lambda value: Q(state="IN_FORCE", value="POSITIVE"))


def yesterday() -> str:
    """The value of the lists “since yesterday”."""
    return (today() - timedelta(days=1)).isoformat()
