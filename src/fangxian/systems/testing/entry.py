"""What forms, sheets and the interface enter, turned into the verbs of testing."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.clock import now
from fangxian.systems.testing import correcting, groups, selectors, services
from fangxian.systems.testing.judging import TubeFacts, Word, refusal
from fangxian.systems.testing.models import LabResult, Sample, TestRound, Tube


def clean_tube(values: dict[str, Any]) -> dict[str, Any]:
    """Barcodes are compared in capitals and without blanks."""
    return {**values, "barcode": values["barcode"].strip().upper()} if values.get("barcode") else values


def write_tube(*, by, values: dict, record: Tube | None, base_version: int | None, source: str) -> Tube:
    """Register a tube or correct what was noted about it."""
    if record is None:
        return services.register_tube(by=by, source=source, **values)
    return correcting.correct_tube(record, by=by, base_version=base_version, **values)


def write_sample(*, by, values: dict, record: Sample | None, base_version: int | None, source: str) -> Sample:
    """Add a sample or correct what was noted about it; a sample does not wander to another tube or person."""
    if record is None:
        values = dict(values)
        person = values.pop("person", None)
        return services.add_sample(by=by, person=person, source=source, **values)
    for name in ("tube", "person"):
        if name in values and values[name] != getattr(record, name):
            raise ValidationError({name: _("A sample stays with its tube and person: enter a new one.")})
    return correcting.correct_sample(record, by=by, base_version=base_version, source=source, **values)


def clean_result(values: dict[str, Any]) -> dict[str, Any]:
    """Refuse what no laboratory can have found, before anything is written."""
    tube = values.get("tube")
    if tube is None or not values.get("tested_at"):
        return values
    word = Word(values.get("value", ""), values["tested_at"], values.get("laboratory", ""))
    refused = refusal(word, selectors.facts([tube]).get(tube.pk, TubeFacts(0, None)), now())
    if refused:
        raise ValidationError({refused.field: refused.reason})
    return {**values, "area": tube.area}


def write_result(*, by, values: dict, record: LabResult | None, source: str) -> LabResult:
    """Enter a finding, or correct one: the old row is withdrawn with the reason, a new one stands."""
    if record is None:
        said = {name: values[name] for name in ("disease", "value", "tested_at", "laboratory")}
        return services.enter_result(by=by, barcode=values["tube"].barcode, source=source, **said)
    fixed = [
        name for name in ("tube", "disease", "laboratory") if values.get(name) not in (None, getattr(record, name))
    ]
    if fixed:
        raise ValidationError({fixed[0]: _("Only the finding and its time can be corrected.")})
    value, tested_at = values.get("value", record.value), values.get("tested_at", record.tested_at)
    reason = values.get("reason", "")
    return services.correct(record, by=by, value=value, tested_at=tested_at, reason=reason)


def clean_group_member(values: dict[str, Any]) -> dict[str, Any]:
    """The group must be one of the packs'; otherwise nobody would know how often its people are tested."""
    known = groups.names()
    named = {name: key for key, name in known.items()}
    group = named.get(str(values.get("group", "")).strip(), str(values.get("group", "")).strip())
    if values.get("group") and group not in known:
        raise ValidationError(
            {"group": _("No pack has this group. There are: %(groups)s") % {"groups": ", ".join(known)}}
        )
    return {**values, "group": group} if values.get("group") else values


def write_round(*, by, values: dict, record: TestRound | None, base_version: int | None, source: str) -> TestRound:
    """Plan a round, or change one that has not begun."""
    if record is None:
        return services.plan_round(by=by, source=source, **values)
    if record.state != TestRound.State.PLANNED and set(values) - {"name", "ends_at"}:
        raise ValidationError(_("This round has been opened: only its name and its end can be changed."))
    return records.change(record, by=by, action="testing.round.changed", base_version=base_version, **values)
