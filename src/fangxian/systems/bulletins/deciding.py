"""What a person makes of proposed measures: confirm, correct, reject, and take each of these back."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.clock import now
from fangxian.engines.bulletins import requirements
from fangxian.systems.bulletins.models import Bulletin, Measure
from fangxian.systems.bulletins.words import MeasureMode, MeasureState

CORRECTABLE = ("text", "actors", "level", "deadline", "due", "every", "requirements")


def confirm(*, measure: Measure, by) -> Measure:
    """It is a measure, as it stands now."""
    return _decided(measure, by, MeasureState.CONFIRMED, "bulletins.measure.confirmed")


def reject(*, measure: Measure, by) -> Measure:
    """It is none, or nothing for us."""
    return _decided(measure, by, MeasureState.REJECTED, "bulletins.measure.rejected")


def undo(*, measure: Measure, by) -> Measure:
    """Take the decision back: it is proposed again. One that was handed down is taken back as a directive first."""
    with transaction.atomic():
        current = _locked(measure)
        if current.directive_id is not None:
            raise ValidationError(_("It has been handed down: take the directive back first."))
        return records.change(
            current, by=by, action="bulletins.measure.reopened", state=MeasureState.PROPOSED, decided_by=None,
            decided_at=None,
        )  # fmt: skip


def correct(*, measure: Measure, by, base_version: int | None = None, **values: Any) -> Measure:
    """Say it in better words; the source keeps its own. Only what has not been handed down."""
    unknown = set(values) - set(CORRECTABLE)
    if unknown:
        raise ValidationError({name: _("This cannot be corrected.") for name in unknown})
    if "requirements" in values:
        values["requirements"] = _known(values["requirements"])
    with transaction.atomic():
        current = _locked(measure)
        if current.directive_id is not None:
            raise ValidationError(_("It has been handed down: correct the directive."))
        return records.change(current, by=by, action="bulletins.measure.corrected", base_version=base_version, **values)


def confirm_rest(*, bulletin: Bulletin, by) -> int:
    """Confirm everything to be done that nobody has decided on, with one row in the history; returns how many.

    Appeals are left to the officer: each is confirmed, put into words that can be done, or rejected by itself.
    """
    with transaction.atomic():
        open_ = Measure.objects.select_for_update().filter(
            bulletin=bulletin, state=MeasureState.PROPOSED, mode=MeasureMode.ORDERED
        )
        rows = [measure for measure in open_ if not measure.is_appeal]
        return records.change_many(
            rows, by=by, action="bulletins.measures.confirmed", detail={"bulletin": str(bulletin.pk)},
            state=MeasureState.CONFIRMED, decided_by=by, decided_at=now(),
        )  # fmt: skip


def correct_head(*, bulletin: Bulletin, by, base_version: int | None = None, **values: Any) -> Bulletin:
    """Say title, date, place or issuing body better; what a person said is no longer unsure."""
    names = {"title": "title", "dated": "date", "place": "place", "issuer": "issuer"}
    said = {names[name] for name in values if name in names and getattr(bulletin, name) != values[name]}
    unsure = [name for name in bulletin.unsure if name not in said]
    kept = {name: value for name, value in values.items() if name in names}
    return records.change(
        bulletin, by=by, action="bulletins.bulletin.corrected", base_version=base_version, unsure=unsure, **kept
    )


def mark_handed_down(*, measure: Measure, directive_id: UUID | None, by) -> Measure:
    """Remember the directive a measure has become; None when that was taken back."""
    with transaction.atomic():
        current = _locked(measure)
        if current.state != MeasureState.CONFIRMED:
            raise ValidationError(_("Only a confirmed measure is handed down."))
        return records.change(current, by=by, action="bulletins.measure.handed_down", directive_id=directive_id)


def _decided(measure: Measure, by, state: str, action: str) -> Measure:
    with transaction.atomic():
        current = _locked(measure)
        if current.state == state:
            return current
        if current.directive_id is not None:
            raise ValidationError(_("It has been handed down: take the directive back first."))
        return records.change(current, by=by, action=action, state=state, decided_by=by, decided_at=now())


def _locked(measure: Measure) -> Measure:
    return Measure.objects.select_for_update(of=("self",)).select_related("area", "bulletin").get(pk=measure.pk)


def _known(given: str) -> str:
    """Requirement ids, each of which the platform knows."""
    names = given.replace(",", " ").split()
    for name in names:
        if name not in requirements.by_id():
            raise ValidationError({"requirements": _("There is no requirement %(id)s.") % {"id": name}})
    return " ".join(dict.fromkeys(names))
