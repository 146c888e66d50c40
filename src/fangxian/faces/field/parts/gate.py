"""The guard's page: big buttons, plates that are remembered, exceptions first; works without a network."""

from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fangxian.core.clock import TIME, now, shown, today
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission
from fangxian.core.records import Source
from fangxian.faces.field import kinds, pages
from fangxian.systems.checkpoints import figures, judging, origins, selectors, services
from fangxian.systems.checkpoints.words import CodeState, Decision, Direction, PlateKind, Purpose, Striking
from fangxian.workflows import passage as story
from fangxian.workflows.passages import lists

POINTS = 6  # points one guard may have to choose from
EXCEPTIONS = 20
OURS = UUID("b5c5d6c0-5a0e-5e67-9a3f-3a1f7f9a4d11")
TEXTS = {
    "plate": _("Plate"), "field_plate": _("Plate"), "field_id_number": _("Identity number"),
    "field_name": _("Full name"), "on_foot": _("On foot"), "vehicle": _("Vehicle"), "in_order": _("All in order"),
    "in_order_how": _("green, no fever, test in time"), "look": _("Something is not in order"),
    "code": _("Health code"), "temperature": _("Temperature"), "no_fever": _("No fever"),
    "test": _("Negative test within"), "hours": _("%(n)s h"), "no_test": _("None"), "people": _("People"),
    "from": _("Comes from"), "advised": _("Advised: %(what)s"), "against": _("Milder than advised: say why."),
    "why_doctor": _("Urgent treatment"), "why_goods": _("Goods with a permit"),
    "why_known": _("Cleared by the leader"), "exceptions": _("Exceptions first"),
    "no_exceptions": _("No open exception at this point."),
    "today": _("Today: %(passages)s passages, %(people)s people"), "shift": _("Shift: %(who)s"),
    "no_shift": _("No shift is on duty here. Begin it on the desk page."), "recent": _("Last and regular vehicles"),
    "inwards": _("Inwards"), "outwards": _("Outwards"), "scan": _("Scan the code"),
    "scan_how": _("Hold the code into the picture."), "scan_none": _("No number could be read from this code."),
    "no_camera": _("The camera cannot be used here. Enter the number."), "stop": _("Stop"),
    "point": _("Point of entry"), "no_point": _("No point of entry in your posts is open."),
    "clear": _("Start again"), "last": _("Just passed"), "id_number": _("Identity number"), "erase": _("Erase"),
    "next": _("Go on"), "province": _("Other province"),
    **{f"reason_{value}": label for value, label in Striking.choices},
    **{f"decision_{value}": label for value, label in Decision.choices},
    **{f"code_{value}": label for value, label in CodeState.choices},
    **{f"purpose_{value}": label for value, label in Purpose.choices},
}  # fmt: skip


def cards(officer: Officer) -> dict[str, Any]:
    """The open points in the officer's reach, each with what a guard needs for a day without a network."""
    found = [point for point in selectors.points() if point.is_open(today())][:POINTS]
    ids = [point.pk for point in found]
    counts = figures.by_point(ids, selectors.midnight())
    return {
        "cards": [_card(point, counts.get(point.pk, {})) for point in found],
        "zones": _zones(), "provinces": origins.PROVINCES, "names": origins.NAMES,
    }  # fmt: skip


def record(entry: kinds.Entry) -> Any:
    """A passage from a phone. Its id is not the entry's: the entry is remembered longer than the passage may be."""
    said = entry.payload
    point = selectors.points_by_id([_uuid(said.get("point"))])
    if not point:
        raise ValidationError({"point": gettext("There is no such point of entry in your posts.")})
    (where,) = point.values()
    values = {
        "id": uuid5(OURS, str(entry.id)), "point": where, "passed_at": _moment(entry), "device_at": entry.device_at,
        **_chosen(said), **_entered(said),
    }  # fmt: skip
    story.record(by=entry.by, entries=[services.entry(values, _others(said))], source=Source.FIELD)
    return where


def _card(point: Any, counts: dict[str, int]) -> dict[str, Any]:
    shift = selectors.on_duty(point.pk)
    held = judging.rules(point.area_id, today())
    return {
        "id": str(point.pk), "name": point.name, "from_code": point.from_code, "from_name": point.from_name,
        "passages": counts.get("passages", 0), "people": counts.get("people", 0),
        "shift": str(shift.leader or shift) if shift else "",
        "exceptions": [_exception(row) for row in selectors.exceptions(point.pk, EXCEPTIONS)],
        "regulars": [_regular(row) for row in selectors.regulars(point)],
        "sought": {row.plate.reveal(): row.reason for row in selectors.sought_in(point.area_id)},
        "fever": float(held.fever_c), "test_hours": held.test_within_hours, "advice": dict(held.advice),
    }  # fmt: skip


def _exception(row: Any) -> dict[str, Any]:
    return {
        "id": str(row.pk), "at": shown(row.passed_at, TIME), "who": str(row.plate or row.name),
        "reasons": row.reasons, "decision": row.decision, "advised": row.advised,
        "zone": next((one["zone"] for one in row.because if "zone" in one), ""),
    }  # fmt: skip


def _regular(row: Any) -> dict[str, Any]:
    return {
        "plate": row.plate.reveal(), "kind": row.plate_kind, "purpose": row.purpose, "from_code": row.from_code,
        "from_name": row.from_name, "people": row.people, "driver": str(row.name),
    }  # fmt: skip


def _zones() -> list[dict[str, Any]]:
    """Area codes of risk areas in force, for a phone to warn by itself."""
    return [
        {"code": code, "reason": lists.LEVELS.get(zone.level, Striking.RISK_LOW), "name": zone.name}
        for zone in story.zones_today() for code in zone.codes
    ]  # fmt: skip


def _moment(entry: kinds.Entry) -> Any:
    """When it was tapped; never later than now, whatever the phone's clock said."""
    return min(entry.made_at, now() + timedelta(seconds=1))


def _chosen(said: dict[str, Any]) -> dict[str, Any]:
    """Words the phone offered; another one is refused by its field."""
    offered = {
        "direction": (Direction, Direction.IN), "code_state": (CodeState, CodeState.UNSEEN),
        "decision": (Decision, Decision.LET_THROUGH), "purpose": (Purpose, ""),
        "plate_kind": (PlateKind, PlateKind.CIVIL),
    }  # fmt: skip
    found = {}
    for name, (words, usual) in offered.items():
        value = str(said.get(name) or usual)
        if value and value not in words.values:
            raise ValidationError({name: gettext("The page offers no such choice.")})
        found[name] = value
    return found


def _entered(said: dict[str, Any]) -> dict[str, Any]:
    texts = {name: str(said.get(name) or "")[:60] for name in ("plate", "name", "id_number", "phone", "from_name")}
    return {
        **texts, "from_code": str(said.get("from_code") or "")[:12], "why": str(said.get("why") or "")[:200],
        "people": _number(said, "people", int) or 1, "test_hours": _number(said, "test_hours", int),
        "temperature": _number(said, "temperature", Decimal),
    }  # fmt: skip


def _others(said: dict[str, Any]) -> list[dict[str, Any]]:
    rows = said.get("travellers") or []
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValidationError({"travellers": gettext("The call cannot be read.")})
    return [{name: str(row.get(name) or "")[:60] for name in ("name", "id_number", "phone")} for row in rows[:60]]


def _number(said: dict[str, Any], name: str, kind: type) -> Any:
    value = said.get(name)
    if value in (None, ""):
        return None
    try:
        return kind(str(value))
    except (ValueError, InvalidOperation):
        raise ValidationError({name: gettext("Enter a number.")}) from None


def _uuid(value: Any) -> UUID:
    try:
        return UUID(str(value))
    except ValueError:
        raise ValidationError({"point": gettext("There is no such point of entry in your posts.")}) from None


kinds.register("passage", Permission.CHECKPOINTS_WRITE, record)
pages.register(
    pages.Page(
        key="gate", title=_("Checkpoint"), icon="barrier-block", order=20, permission=Permission.CHECKPOINTS_WRITE,
        cards=cards, texts=TEXTS,
        more=(
            "field/parts/gate/pad.js", "field/parts/gate/judge.js", "field/parts/gate/camera.js",
            "field/parts/gate.css",
        ),
    )
)  # fmt: skip
