"""From a bulletin to directives (从通报到部署).

Read downwards. A person confirms the measures a bulletin proposes (`systems/bulletins`). `hand_down` makes a directive
of one, `hand_down_all` of all that were confirmed: the words, the requirement and the day of the measure go along, and
the directive rests on the bulletin. A day that has passed counts as none: the time follows from the operating mode, as
for any directive that names none, and the directive says so. A measure makes one directive, however often it is asked
for; one that is refused does not hold up the others. `take_back` opens the measure again, once its directive has been
taken back.
"""

from dataclasses import dataclass, field
from datetime import datetime, time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.permissions import Refused
from fangxian.systems.bulletins import selectors, services
from fangxian.systems.bulletins.models import Bulletin, Measure
from fangxian.systems.bulletins.words import MeasureLevel, MeasureState
from fangxian.systems.directives import selectors as directives
from fangxian.systems.directives.models import Directive
from fangxian.systems.directives.words import Depth, DirectiveState
from fangxian.workflows.directive_handed_down import hand_down_measure

TO_VILLAGE = (MeasureLevel.VILLAGE, MeasureLevel.PERSON)
LAST_MINUTE = time(23, 59)


@dataclass(frozen=True)
class HandedDown:
    """What became of the confirmed measures of a bulletin.

    made     the directives, in the order of the text
    passed   measures whose day had passed: handed down with the time of the operating mode
    refused  measures that are still open, each with the reason
    """

    made: list[Directive] = field(default_factory=list)
    passed: list[Measure] = field(default_factory=list)
    refused: list[tuple[Measure, str]] = field(default_factory=list)


def hand_down(*, measure: Measure, by: Officer) -> Directive:
    """Make a directive of a confirmed measure and hand it to the units below; both or neither.

    Raises ValidationError for a measure nobody has confirmed.
    """
    if measure.state != MeasureState.CONFIRMED:
        raise ValidationError(_("Only a confirmed measure is handed down."))
    with transaction.atomic():
        directive = hand_down_measure(
            measure_id=measure.pk, by=by, area=measure.area, title=measure.text[:60], text=_text(measure),
            basis_text=str(measure.bulletin)[:300], requirement=measure.requirements[:24],
            depth=Depth.VILLAGE if measure.level in TO_VILLAGE else Depth.NEXT, due_at=_until(measure),
        )  # fmt: skip
        services.mark_handed_down(measure=measure, directive_id=directive.pk, by=by)
    return directive


def hand_down_all(*, bulletin: Bulletin, by: Officer) -> HandedDown:
    """Make directives of all measures of a bulletin that are confirmed and not handed down, each on its own."""
    done = HandedDown()
    for measure in selectors.confirmed(bulletin):
        try:
            done.made.append(hand_down(measure=measure, by=by))
        except (ValidationError, Refused) as error:
            done.refused.append((measure, " ".join(getattr(error, "messages", [str(error)]))))
        else:
            if has_passed(measure):
                done.passed.append(measure)
    return done


def has_passed(measure: Measure) -> bool:
    """Whether the day a measure was to be done by is over: then it names no time."""
    until = _last_minute(measure)
    return until is not None and until <= now()


def take_back(*, measure: Measure, by: Officer) -> Measure:
    """Open a decision again. One that was handed down opens when its directive has been taken back."""
    with transaction.atomic():
        if measure.directive_id is not None and _is_over(measure):
            measure = services.mark_handed_down(measure=measure, directive_id=None, by=by)
        return services.undo(measure=measure, by=by)


def _is_over(measure: Measure) -> bool:
    return bool(directives.directive(measure.directive_id).state == DirectiveState.WITHDRAWN)


def _text(measure: Measure) -> str:
    """The measure, with who is to do it and how often; and the day it named where that has passed."""
    said = [measure.text]
    if measure.actors:
        said.append(_("To be done by: %(actors)s") % {"actors": measure.actors})
    if measure.every:
        said.append(measure.get_every_display())
    if has_passed(measure):
        day = date_format(measure.due, "SHORT_DATE_FORMAT")
        said.append(_("The bulletin named %(day)s, which had passed when this was handed down.") % {"day": day})
    return "\n".join(said)


def _until(measure: Measure) -> datetime | None:
    """The last minute of the day it is to be done by; None where none is named, or it has passed."""
    return None if has_passed(measure) else _last_minute(measure)


def _last_minute(measure: Measure) -> datetime | None:
    if measure.due is None:
        return None
    return timezone.make_aware(datetime.combine(measure.due, LAST_MINUTE))
