"""How well the response does, in the indicators WHO asks for. Every figure keeps its two counts."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fangxian.core.areas import code_range
from fangxian.core.clock import today
from fangxian.systems.cases.models import Case, Contact, TransmissionLink

#: "new" cases are those of the last three weeks, as in the ring-vaccination and Ebola dashboards
NEW_DAYS = 21
#: a contact is listed in time when the row exists a day after the positive result
LISTED_IN_TIME = timedelta(hours=24)
S = Contact.Status


@dataclass(frozen=True)
class Indicator:
    """A share: `numerator` of `denominator`. Percent is None when there is nothing to take a share of."""

    key: str
    label: Promise
    numerator: int
    denominator: int

    @property
    def percent(self) -> float | None:
        """The share in percent."""
        return 100 * self.numerator / self.denominator if self.denominator else None


def indicators(
    area: str = "", *, disease: str = "", day: date | None = None, seen: Collection[UUID] | None = None
) -> list[Indicator]:
    """The indicators of an area and all below it on a day.

    `seen` are the person ids seen that day by whoever checks on them (quarantine knows); without it the share of
    contacts seen is left out rather than shown as nought.
    """
    day = day or today()
    cases, contacts = _cases(area, disease, day), _contacts(area, disease)
    found = [_seen(contacts, seen)] if seen is not None else []
    return [*found, _from_known_contacts(cases), _with_source(cases), *_listed(contacts, day), *_standing(contacts)]


def _cases(area: str, disease: str, day: date):
    low, high = code_range(area)
    found = Case.objects.filter(area_id__gte=low, area_id__lt=high).exclude(classification=Case.Classification.NO_CASE)
    start = timezone.make_aware(datetime.combine(day - timedelta(days=NEW_DAYS), time.min))
    end = start + timedelta(days=NEW_DAYS + 1)
    found = found.filter(positive_at__gte=start, positive_at__lt=end)
    return found.filter(disease=disease) if disease else found


def _contacts(area: str, disease: str):
    low, high = code_range(area)
    found = Contact.objects.filter(area_id__gte=low, area_id__lt=high).exclude(status=S.PROPOSED)
    return found.filter(case__disease=disease) if disease else found


def _seen(contacts, seen: Collection[UUID]) -> Indicator:
    followed = contacts.filter(status=S.ACTIVE, follow_up=Contact.FollowUp.FOLLOW_UP)
    people = set(followed.values_list("person_id", flat=True))
    return Indicator("contacts_seen", _("Contacts in follow-up seen today"), len(people & set(seen)), len(people))


def _from_known_contacts(cases) -> Indicator:
    """New cases whose person was listed as a contact before the positive result."""
    before = Contact.objects.filter(
        person=OuterRef("person"), case__disease=OuterRef("disease"), created_at__lt=OuterRef("positive_at")
    ).exclude(case=OuterRef("pk"))
    counted = cases.annotate(listed=Exists(before)).aggregate(n=Count("pk"), known=Count("pk", filter=Q(listed=True)))
    return Indicator("new_from_contacts", _("New cases from known contacts"), counted["known"], counted["n"])


def _with_source(cases) -> Indicator:
    links = TransmissionLink.objects.filter(infected=OuterRef("pk"))
    counted = cases.annotate(linked=Exists(links)).aggregate(n=Count("pk"), known=Count("pk", filter=Q(linked=True)))
    return Indicator("new_with_source", _("New cases with a known source"), counted["known"], counted["n"])


def _listed(contacts, day: date) -> list[Indicator]:
    """Contacts of new cases listed within 24 hours of the positive result."""
    first = day - timedelta(days=NEW_DAYS)
    of_new = contacts.filter(case__positive_at__date__gte=first, case__positive_at__date__lte=day)
    in_time = Q(created_at__lte=F("case__positive_at") + LISTED_IN_TIME)
    counted = of_new.aggregate(n=Count("pk"), quick=Count("pk", filter=in_time))
    return [Indicator("listed_in_time", _("Contacts listed within 24 hours"), counted["quick"], counted["n"])]


def _standing(contacts) -> list[Indicator]:
    f = Contact.FollowUp
    counted = contacts.exclude(classification=Contact.Classification.NO_CONTACT).aggregate(
        n=Count("pk"),
        followed=Count("pk", filter=~Q(follow_up=f.NO_FOLLOW_UP)),
        completed=Count("pk", filter=Q(follow_up=f.COMPLETED)),
        lost=Count("pk", filter=Q(follow_up=f.LOST)),
        converted=Count("pk", filter=Q(status=S.CONVERTED)),
    )
    return [
        Indicator("completed", _("Contacts whose follow-up is completed"), counted["completed"], counted["followed"]),
        Indicator("lost", _("Contacts lost to follow-up"), counted["lost"], counted["followed"]),
        Indicator("converted", _("Contacts who became cases"), counted["converted"], counted["n"]),
    ]
