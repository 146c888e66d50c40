"""From a bulletin to directives (从通报到部署).

Read downwards. A person confirms the measures a bulletin proposes (`systems/bulletins`). `hand_down` makes a directive
of one, `hand_down_all` of all that were confirmed: the words, the requirement and the day of the measure go along, and
the directive rests on the bulletin. A measure makes one directive, however often it is asked for. `take_back` opens
the measure again, once its directive has been taken back.
"""

from datetime import datetime, time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fangxian.core.officers import Officer
from fangxian.systems.bulletins import selectors, services
from fangxian.systems.bulletins.models import Bulletin, Measure
from fangxian.systems.bulletins.words import MeasureLevel, MeasureState
from fangxian.systems.directives import selectors as directives
from fangxian.systems.directives.models import Directive
from fangxian.systems.directives.words import Depth, DirectiveState
from fangxian.workflows.directive_handed_down import hand_down_measure

TO_VILLAGE = (MeasureLevel.VILLAGE, MeasureLevel.PERSON)
LAST_MINUTE = time(23, 59)


def hand_down(*, measure: Measure, by: Officer) -> Directive:
    """Make a directive of a confirmed measure and hand it to the units below; both or neither.

    Raises ValidationError for a measure nobody has confirmed, and for a day that has passed.
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


def hand_down_all(*, bulletin: Bulletin, by: Officer) -> list[Directive]:
    """Make directives of all measures of a bulletin that are confirmed and not handed down; all or none."""
    with transaction.atomic():
        return [hand_down(measure=measure, by=by) for measure in selectors.confirmed(bulletin)]


def take_back(*, measure: Measure, by: Officer) -> Measure:
    """Open a decision again. One that was handed down opens when its directive has been taken back."""
    with transaction.atomic():
        if measure.directive_id is not None and _is_over(measure):
            measure = services.mark_handed_down(measure=measure, directive_id=None, by=by)
        return services.undo(measure=measure, by=by)


def _is_over(measure: Measure) -> bool:
    return bool(directives.directive(measure.directive_id).state == DirectiveState.WITHDRAWN)


def _text(measure: Measure) -> str:
    """The measure, with who is to do it and how often."""
    said = [measure.text]
    if measure.actors:
        said.append(_("To be done by: %(actors)s") % {"actors": measure.actors})
    if measure.every:
        said.append(measure.get_every_display())
    return "\n".join(said)


def _until(measure: Measure) -> datetime | None:
    """The last minute of the day it is to be done by."""
    if measure.due is None:
        return None
    return timezone.make_aware(datetime.combine(measure.due, LAST_MINUTE))
