"""Volunteers on shift: confirmed by their village, asked, promised; never somebody who may carry the illness.

Read downwards: an offer to help hands the village a task (`follow_volunteer`); a call is offered to whoever fits and
may be among people (`offer`); whoever accepts is looked at again (`accept`); and as long as a shift lies ahead, whoever
has become a contact meanwhile, or lives with one, is stood down (`stand_down`), without a word about why.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.dispatch import receiver
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fangxian.core import scope
from fangxian.core.officers import Officer
from fangxian.systems.command import selectors as tasks
from fangxian.systems.command import services as command
from fangxian.systems.community import selectors, services
from fangxian.systems.community.announcements import volunteer_moved
from fangxian.systems.community.models import Volunteer, VolunteerCall, VolunteerShift
from fangxian.systems.community.words import VolunteerState
from fangxian.systems.people import selectors as people
from fangxian.systems.people.models import Person
from fangxian.workflows.community import holders
from fangxian.workflows.community.fitness import barred

KIND = "community.volunteer"
WHY = "a volunteer is confirmed by the village, whoever entered the offer"
CONFIRM = gettext_noop("Confirm a volunteer: %(name)s")
CONFIRM_HOW = gettext_noop("Does this person live here and is fit to help? Confirm them on the page of the volunteer.")
SETTLED = gettext_noop("The village has said so.")


@dataclass(frozen=True)
class Offered:
    """What became of an offer: the new offers, and how many were held back because they may not be among people."""

    shifts: list[VolunteerShift]
    held_back: int


def offer(*, called: VolunteerCall, volunteers: Iterable[Volunteer], by: Officer) -> Offered:
    """Offer a call to volunteers who may be among people. Raises ValidationError for a call that is over."""
    wanted = list(volunteers)
    out = barred(one.person_id for one in wanted if one.person_id)
    fit = [one for one in wanted if one.person_id not in out]
    return Offered(services.offer(called=called, volunteers=fit, by=by), len(wanted) - len(fit))


def accept(*, shift: VolunteerShift, by: Officer | None) -> VolunteerShift:
    """They will come; whoever may not be among people meanwhile is thanked and asked to stay at home."""
    if barred([shift.volunteer.person_id] if shift.volunteer.person_id else []):
        raise ValidationError(_("This shift cannot be taken now. Ask your village or community."))
    return services.accept(shift=shift, by=by)


def stand_down() -> int:
    """Take back what was offered or promised to whoever may not be among people any more; returns how many."""
    ahead = selectors.promised_ahead()
    out = barred(shift.volunteer.person_id for shift in ahead if shift.volunteer.person_id)
    going = [shift for shift in ahead if shift.volunteer.person_id in out]
    for shift in going:
        services.take_back(shift=shift, by=None, reason=_("Not on shift for the time being."))
    return len(going)


def possible(volunteer: Volunteer) -> list[Person]:
    """Who on record the volunteer may be: the same phone, the same name first. A person says which it is."""
    found = people.find_by_phone(volunteer.phone.reveal()) if volunteer.phone else []
    return sorted(found, key=lambda person: (person.name != volunteer.name, str(person.pk)))


@receiver(volunteer_moved)
def follow_volunteer(sender: object, volunteer: Volunteer, by: Officer | None, **_named: object) -> None:
    """The village is asked about whoever offers to help, and not any more once that is decided."""
    with scope.everywhere(WHY):
        if volunteer.state == VolunteerState.APPLIED:
            command.hand_down(
                by=by, key=_key(volunteer.pk), title=CONFIRM, instructions=CONFIRM_HOW, subject=(KIND, volunteer.pk),
                params={"name": volunteer.name}, **holders.nearest(volunteer.area),
            )  # fmt: skip
            return
        about = tasks.for_subject(KIND, volunteer.pk)
        command.withdraw_many(tasks=[task for task in about if task.status in task.OPEN], by=None, reason=SETTLED)


def _key(volunteer_id: UUID) -> str:
    return f"volunteer:confirm:{volunteer_id}"
