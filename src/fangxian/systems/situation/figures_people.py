"""Figures about people: who is on record, cases, contacts, quarantine."""

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from fangxian.core.standing import standing
from fangxian.systems.cases.models import Case, Contact
from fangxian.systems.quarantine.models import DailyCheck, Room, Site, Stay
from fangxian.systems.situation.figures import Figure, Span, define

CASES, CONTACTS, STAYS, ROOMS = "cases.case", "cases.contact", "quarantine.stay", "quarantine.room"

COUNTS = ~Q(classification=Case.Classification.NO_CASE)
FOLLOWED = Q(status=Contact.Status.ACTIVE)
INSIDE = Q(state=Stay.State.IN)


def guest_rooms() -> Q:
    """Rooms for guests, in quarantine sites that have not closed."""
    guests = ~Q(zone=Room.Zone.CLEAN) & Q(purpose=Room.Purpose.GUEST, beds__gt=0)
    return guests & Q(site__kind=Site.Kind.QUARANTINE) & standing("site__")


def during(name: str, span: Span) -> Q:
    """A moment inside the span."""
    return Q(**{f"{name}__gte": span.starts_at, f"{name}__lt": span.ends_at})


def _held(*states: str) -> QuerySet:
    """Rooms with a stay in one of these states."""
    return Stay.unscoped.filter(state__in=states, room__isnull=False).values("room_id")


def _lodged(*places: str) -> QuerySet:
    """Whoever is in quarantine at one of these places."""
    return Stay.unscoped.filter(state=Stay.State.IN, place__in=places).values("person_id")


def _seen(span: Span) -> QuerySet:
    """Whoever was seen yesterday or today."""
    since = span.day - timedelta(days=1)
    return DailyCheck.unscoped.filter(day__gte=since, status=DailyCheck.Status.COOPERATIVE).values("person_id")


define(
    Figure(
        "people",
        "people",
        _("Persons on record"),
        _("Residents and others entered, each once."),
        "people.person",
        lambda span: Q(merged_into__isnull=True),
    )
)
define(
    Figure(
        "cases",
        "cases",
        _("Cases"),
        _("Cases that count: every class but “no case”."),
        CASES,
        lambda span: COUNTS,
        grave=True,
        per=100_000,
    )
)
define(
    Figure(
        "cases_new",
        "cases",
        _("New cases"),
        _("Cases that count and came onto the list in this time."),
        CASES,
        lambda span: during("created_at", span) & COUNTS,
        flow=True,
        grave=True,
    )
)
for _class, _label in Case.Classification.choices:
    if _class != Case.Classification.NO_CASE:
        define(
            Figure(
                f"cases_{_class.lower()}",
                "cases",
                _label,
                _("Cases of this class."),
                CASES,
                lambda span, found=_class: Q(classification=found),
                family="classification",
            )
        )
define(
    Figure(
        "cases_uninvestigated",
        "cases",
        _("Under investigation"),
        _("Cases that count whose investigation is not finished."),
        CASES,
        lambda span: COUNTS & Q(investigation=Case.Investigation.PENDING),
    )
)

define(
    Figure(
        "contacts_open",
        "contacts",
        _("Contacts being followed"),
        _("Contacts in force: neither dropped nor become cases."),
        CONTACTS,
        lambda span: FOLLOWED,
        per=100_000,
    )
)
for _ring, _label in Contact.Ring.choices:
    define(
        Figure(
            f"contacts_{_ring.lower()}",
            "contacts",
            _label,
            _("Contacts of this ring being followed."),
            CONTACTS,
            lambda span, found=_ring: FOLLOWED & Q(ring=found),
            family="ring",
        )
    )
define(
    Figure(
        "contacts_new",
        "contacts",
        _("New contacts"),
        _("Contacts that came onto the list in this time."),
        CONTACTS,
        lambda span: during("created_at", span) & ~Q(status=Contact.Status.DROPPED),
        flow=True,
    )
)
define(
    Figure(
        "contacts_central",
        "contacts",
        _("In central quarantine"),
        _("Contacts being followed who are checked in at an isolation site."),
        CONTACTS,
        lambda span: FOLLOWED & Q(person__in=_lodged(Stay.Place.CENTRAL)),
        apps=("quarantine", "people"),
        wide=True,
        family="lodging",
        share_of="contacts_open",
    )
)
define(
    Figure(
        "contacts_home",
        "contacts",
        _("In home quarantine"),
        _("Contacts being followed who are in quarantine at home."),
        CONTACTS,
        lambda span: FOLLOWED & Q(person__in=_lodged(Stay.Place.HOME)),
        apps=("quarantine", "people"),
        wide=True,
        family="lodging",
        share_of="contacts_open",
    )
)
define(
    Figure(
        "contacts_nowhere",
        "contacts",
        _("In no quarantine"),
        _("Contacts being followed who are checked in nowhere."),
        CONTACTS,
        lambda span: FOLLOWED & ~Q(person__in=_lodged(*Stay.Place.values)),
        apps=("quarantine", "people"),
        wide=True,
        family="lodging",
        share_of="contacts_open",
    )
)
define(
    Figure(
        "follow_ups_overdue",
        "contacts",
        _("Not seen since yesterday"),
        _("Contacts under follow-up whom nobody has seen yesterday or today."),
        CONTACTS,
        lambda span: FOLLOWED & Q(follow_up=Contact.FollowUp.FOLLOW_UP) & ~Q(person__in=_seen(span)),
        apps=("quarantine", "people"),
        wide=True,
        grave=True,
        share_of="contacts_open",
    )
)

define(
    Figure(
        "quarantine_in",
        "quarantine",
        _("Persons in quarantine"),
        _("Stays with somebody checked in."),
        STAYS,
        lambda span: INSIDE,
        per=10_000,
    )
)
define(
    Figure(
        "quarantine_waiting",
        "quarantine",
        _("Waiting for a room"),
        _("Stays ordered without a free room."),
        STAYS,
        lambda span: Q(state=Stay.State.NO_ROOM),
        grave=True,
    )
)
define(
    Figure(
        "rooms",
        "quarantine",
        _("Rooms"),
        _("Rooms for guests of the isolation sites that are open."),
        ROOMS,
        lambda span: guest_rooms(),
        per=10_000,
    )
)
define(
    Figure(
        "rooms_occupied",
        "quarantine",
        _("Rooms in use"),
        _("Rooms for guests with somebody in them."),
        ROOMS,
        lambda span: guest_rooms() & Q(pk__in=_held("IN")),
        wide=True,
        family="rooms",
        share_of="rooms",
    )
)
define(
    Figure(
        "rooms_promised",
        "quarantine",
        _("Rooms promised"),
        _("Ready, promised to somebody on the way."),
        ROOMS,
        lambda span: guest_rooms() & Q(state=Room.State.READY) & Q(pk__in=_held("BOOKED")) & ~Q(pk__in=_held("IN")),
        wide=True,
        family="rooms",
        share_of="rooms",
    )
)
define(
    Figure(
        "rooms_free",
        "quarantine",
        _("Rooms free"),
        _("Rooms that can be given out now: the reserve."),
        ROOMS,
        lambda span: guest_rooms() & Q(state=Room.State.READY) & ~Q(pk__in=_held("IN", "BOOKED")),
        wide=True,
        family="rooms",
        share_of="rooms",
        per=10_000,
    )
)
define(
    Figure(
        "rooms_not_ready",
        "quarantine",
        _("Rooms not ready"),
        _("Being disinfected or out of use."),
        ROOMS,
        lambda span: guest_rooms() & ~Q(state=Room.State.READY) & ~Q(pk__in=_held("IN")),
        wide=True,
        family="rooms",
        share_of="rooms",
    )
)
