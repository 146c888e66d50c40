"""The verbs of risk areas: propose, agree, refuse, correct, lift, withdraw. Nothing published is ever changed.

    verb              makes a version that                                            in force
    propose           says a level from a day on                                      when a second officer agrees
    correct           takes the place of a published version                          likewise
    lift              says LIFTED from a day on                                       likewise
    withdraw          takes a published version away as if it had never been          likewise
    publish, refuse   - (decide a proposal)

Where the pack asks for no second person, proposing publishes.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from fangxian.core import policy, records, second_person
from fangxian.core.areas import Area
from fangxian.core.clock import day_of, now
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, Refused, may
from fangxian.core.reasons import stated
from fangxian.core.records import Source
from fangxian.systems.risk_areas import rules
from fangxian.systems.risk_areas.announcements import announce
from fangxian.systems.risk_areas.models import RiskArea, RiskAreaVersion
from fangxian.systems.risk_areas.words import Level

State = RiskAreaVersion.State
COVERS = ("codes", "lies_in", "building", "shape")
TAKEN_OVER = ("area", "name", "disease", *COVERS)
CORRECTED = (*TAKEN_OVER, "level", "from_at", "until_at", "issuer", "document")
SECOND = "riskarea.second_person"


def propose(
    *, by: Officer | None, area: Area, name: str, disease: str, level: str, from_at: datetime,
    corrects: RiskAreaVersion | None = None, source: str = Source.WEB, **values: Any,
) -> RiskAreaVersion:  # fmt: skip
    """Enter a publication. It holds when a second officer agrees, or at once where the pack asks for none.

    values: codes, lies_in, building, shape, until_at, issuer, document, reason, rule, checklist, id. Raises
    ValidationError for a level the pack of its day does not know.
    """
    values["codes"] = " ".join(values.get("codes", "").split())
    pack = policy.pack(disease=disease, area_code=area.code, on=day_of(from_at))
    _refuse_level(level, rules.words(pack).levels, pack.key)
    with transaction.atomic():
        risk_area = corrects.risk_area if corrects else _risk_area(by, area, disease, name, source)
        version = records.create(
            RiskAreaVersion, by=by, action="risk_areas.version.proposed", source=source, risk_area=risk_area, area=area,
            number=_next_number(risk_area), name=name, disease=disease, level=level, from_at=from_at, corrects=corrects,
            pack=pack.version, **values,
        )  # fmt: skip
        if version.state == State.PROPOSED and not pack.flag(SECOND):
            return _publish(version, by=by)
    return version


def change_proposal(
    *, version: RiskAreaVersion, by: Officer | None, base_version: int | None = None, **changes: Any
) -> RiskAreaVersion:
    """Change a proposal nobody has decided yet. Its name is what it is about and stays."""
    with transaction.atomic():
        current = _open(version)
        moved = {name: changes.pop(name) for name in ("area", "name", "disease") if name in changes}
        if any(getattr(current, name) != value for name, value in moved.items()):
            raise ValidationError({"name": _("Propose it anew: name, disease and area say what it is about.")})
        pack = policy.pack(disease=current.disease, area_code=current.area_id,
                           on=day_of(changes.get("from_at", current.from_at)))  # fmt: skip
        _refuse_level(changes.get("level", current.level), rules.words(pack).levels, pack.key)
        return records.change(
            current, by=by, action="risk_areas.version.changed", base_version=base_version, pack=pack.version, **changes
        )


def correct(*, version: RiskAreaVersion, by: Officer | None, reason: str, **changes: Any) -> RiskAreaVersion:
    """Propose a version in the place of a published one, with what is said differently."""
    if version.state != State.PUBLISHED or version.corrections.filter(state=State.PUBLISHED).exists():
        raise ValidationError(_("Only what is published and stands can be corrected."))
    same = {name: getattr(version, name) for name in CORRECTED}
    return propose(by=by, corrects=version, reason=stated(reason), **{**same, **changes})


def lift(
    *, version: RiskAreaVersion, by: Officer | None, from_at: datetime, reason: str, **values: Any
) -> RiskAreaVersion:
    """Propose that the area is none any more from a moment on."""
    return step(version=version, by=by, level=Level.LIFTED, from_at=from_at, reason=reason, **values)


def step(
    *, version: RiskAreaVersion, by: Officer | None, level: str, from_at: datetime, reason: str, **values: Any
) -> RiskAreaVersion:
    """Propose another level for the same area from a moment on."""
    same = {name: getattr(version, name) for name in TAKEN_OVER}
    return propose(by=by, level=level, from_at=from_at, reason=stated(reason), **{**same, **values})


def withdraw(*, version: RiskAreaVersion, by: Officer | None, reason: str) -> RiskAreaVersion:
    """Propose that a publication never was."""
    return correct(version=version, by=by, reason=reason, level=Level.WITHDRAWN)


def publish(*, version: RiskAreaVersion, by: Officer | None) -> RiskAreaVersion:
    """Agree to a proposal; it is published and everybody it may concern is looked at anew.

    Raises `SamePerson` for whoever proposed or changed it where the pack asks for two, `Refused` without the right.
    """
    _require_right(by, version)
    with second_person.deciding(version, by=by, action="risk_areas.version.published"):
        current = _open(version)
        pack = policy.pack(disease=current.disease, area_code=current.area_id, on=current.begins_on)
        if pack.flag(SECOND):
            second_person.require_other(by, [current.created_by_id, current.changed_by_id])
        return _publish(current, by=by)


def publish_many(*, versions: Iterable[RiskAreaVersion], by: Officer) -> list[RiskAreaVersion]:
    """Agree to several proposals at once, such as an imported list; all or none."""
    with transaction.atomic():
        return [publish(version=version, by=by) for version in versions]


def refuse(*, version: RiskAreaVersion, by: Officer | None, reason: str) -> RiskAreaVersion:
    """Say no to a proposal, or take one's own back."""
    _require_right(by, version)
    with transaction.atomic():
        return records.change(
            _open(version), by=by, action="risk_areas.version.refused", state=State.REFUSED, decided_by=by,
            decided_at=now(), decision=stated(reason),
        )  # fmt: skip


def _publish(version: RiskAreaVersion, *, by: Officer | None) -> RiskAreaVersion:
    at = now()
    done = records.change(
        version, by=by, action="risk_areas.version.published", state=State.PUBLISHED, published_at=at, decided_by=by,
        decided_at=at,
    )  # fmt: skip
    announce([done], by=by)
    return done


def _open(version: RiskAreaVersion) -> RiskAreaVersion:
    current = RiskAreaVersion.objects.select_for_update().get(pk=version.pk)
    if current.state != State.PROPOSED:
        raise ValidationError(_("This is decided already: publish a change or a correction."))
    return current


def _risk_area(by: Officer | None, area: Area, disease: str, name: str, source: str) -> RiskArea:
    known = RiskArea.objects.filter(area=area, disease=disease, name=name).first()
    return known or records.create(
        RiskArea, by=by, action="risk_areas.area.named", source=source, area=area, disease=disease, name=name
    )


def _next_number(risk_area: RiskArea) -> int:
    RiskArea.unscoped.select_for_update().get(pk=risk_area.pk)
    highest = RiskAreaVersion.unscoped.filter(risk_area=risk_area).aggregate(Max("number"))["number__max"]
    return (highest or 0) + 1


def _refuse_level(level: str, levels: tuple[str, ...], pack: str) -> None:
    if level not in (*levels, Level.LIFTED, Level.WITHDRAWN):
        known = "、".join(str(Level(one).label) for one in levels) or "–"
        raise ValidationError({"level": _("The pack %(pack)s knows these levels on that day: %(known)s.")
                               % {"pack": pack, "known": known}})  # fmt: skip


def _require_right(by: Officer | None, version: RiskAreaVersion) -> None:
    if by is None:
        return
    allowed = may(by, Permission.RISK_AREAS_WRITE, version.area_id)
    if not allowed:
        raise Refused(str(allowed.reason))
