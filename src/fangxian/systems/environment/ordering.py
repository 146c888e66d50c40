"""Orders for the environment: ordered, done with proof, accepted by somebody else.

Handing down, chasing and taking back are the task's (`command`); what the task does the order follows
(`following.py`), and refuses where the proof is lacking.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fangxian.core import records
from fangxian.core.areas import Area, county_of
from fangxian.core.clock import now
from fangxian.core.ids import uuid7
from fangxian.core.officers import Officer
from fangxian.core.records import Source
from fangxian.registers import attachments
from fangxian.systems.command import services as command
from fangxian.systems.command.models import Task
from fangxian.systems.environment import rules
from fangxian.systems.environment.models import EnvironmentOrder
from fangxian.systems.environment.sampling import About
from fangxian.systems.environment.words import DISINFECTION, Lacking, Result, State, Surrounding, Work

TITLES = {
    Work.PREVENTIVE: gettext_noop("Preventive disinfection: %(where)s"),
    Work.ONGOING: gettext_noop("Disinfection while somebody ill is there: %(where)s"),
    Work.FINAL: gettext_noop("Final disinfection: %(where)s"),
    Work.RUBBISH: gettext_noop("Clear rubbish: %(where)s"),
    Work.WATER: gettext_noop("Safe drinking water: %(where)s"),
    Work.TOILETS: gettext_noop("Sanitary toilets: %(where)s"),
    Work.VECTORS: gettext_noop("Control of rats, mosquitoes, flies, cockroaches: %(where)s"),
}  # fmt: skip
HOW = gettext_noop(
    "%(spot)s At least %(mg_per_litre)s mg/L for %(minutes)s minutes. Report it on the order's page, with its proof; "
    "somebody else accepts it."
)
IMPROVE = gettext_noop("%(spot)s Report it on the order's page, with its proof; somebody else accepts it.")
FACTS = ("agent", "mg_per_litre", "minutes", "square_metres", "method", "note")


def order(
    *, by: Officer | None, area: Area, where: str, kind: str = Work.FINAL, about: About | None = None,
    because: About | None = None, due_at: datetime | None = None, source: str = Source.WEB, **values: Any,
) -> EnvironmentOrder:  # fmt: skip
    """Order a disinfection or an improvement and hand its task down; without a time limit it gets the pack's."""
    pack = rules.pack_of(area.code)
    named = {
        **({"subject_kind": about[0], "subject_id": about[1]} if about else {}),
        **({"because_kind": because[0], "because_id": because[1]} if because else {}),
    }
    wanted = {
        "id": uuid7(), **named, **values, "area": area, "where": where, "kind": kind, "rule": rules.ORDER,
        "pack": pack.version, "due_at": due_at or now() + rules.time_for(kind, pack),
    }  # fmt: skip
    with transaction.atomic():  # a phone that sends it again gets the stored task and the stored order
        task = command.hand_down(by=by, source=source, **_task(EnvironmentOrder(**wanted)))
        return records.create(
            EnvironmentOrder, by=by, action="environment.order.given", source=source, task=task, **wanted
        )


def order_once(*, by: Officer | None, because: About, about: About, kind: str = Work.FINAL, **values: Any):
    """The order for this cause, thing and kind, given now or before: running it again changes nothing."""
    known = EnvironmentOrder.unscoped.filter(because_id=because[1], subject_id=about[1], kind=kind)
    stored = known.exclude(state=State.WITHDRAWN).order_by("pk").first()
    return stored or order(by=by, because=because, about=about, kind=kind, source=Source.WORKFLOW, **values)


def begin_round(*, by: Officer | None, villages: Iterable[Area], name: str) -> list[EnvironmentOrder]:
    """One order a village for each improvement the pack asks for; again, it adds only the villages that lack theirs."""
    villages = list(villages)
    known = set(EnvironmentOrder.unscoped.filter(round=name, area__in=villages).values_list("area_id", "kind"))
    made = []
    with transaction.atomic():
        for village in villages:
            for kind in rules.improvements(rules.pack_of(village.code)):
                if (village.pk, kind) not in known:
                    made.append(order(by=by, area=village, where=village.name, kind=kind, round=name,
                                      setting=Surrounding.VILLAGE, source=Source.WORKFLOW))  # fmt: skip
    return made


def prove(*, order: EnvironmentOrder, by: Officer, done_at: datetime | None = None, **facts: Any) -> EnvironmentOrder:
    """Whoever holds the task has done it: with what and how. Raises Refused, ValidationError."""
    at = done_at or now()
    if at > now():
        raise ValidationError({"done_at": _("This moment is yet to come.")})
    with transaction.atomic():
        current = EnvironmentOrder.objects.select_for_update(of=("self",)).get(pk=order.pk)
        if current.state != State.ORDERED:
            raise ValidationError(_("This order is not open: it was reported, accepted or withdrawn."))
        if at < current.created_at:
            raise ValidationError({"done_at": _("It cannot be done before it was ordered.")})
        _check_facts(current.kind, facts)
        known = {name: facts[name] for name in FACTS if name in facts}
        records.change(current, by=by, action="environment.order.proved", done_at=at, done_by=by, **known)
        command.finish(task=current.task, by=by, outcome=facts.get("note", ""))
    return EnvironmentOrder.objects.get(pk=order.pk)


def accept(*, order: EnvironmentOrder, by: Officer) -> EnvironmentOrder:
    """Somebody else has looked and agrees; refused while something is lacking. Raises Refused, ValidationError."""
    if order.task is None:
        raise ValidationError(_("This order has no task."))
    command.check(task=order.task, by=by)
    return EnvironmentOrder.objects.get(pk=order.pk)


def change_order(
    *, order: EnvironmentOrder, by: Officer | None, base_version: int | None = None, **changes: Any
) -> EnvironmentOrder:
    """Change what was ordered, as long as nobody has reported it done; its task changes with it."""
    with transaction.atomic():
        if order.state != State.ORDERED:
            raise ValidationError(_("This order is not open: it was reported, accepted or withdrawn."))
        changed = records.change(order, by=by, action="environment.order.changed", base_version=base_version, **changes)
        if changed.task_id:
            said = _task(changed)
            fields = {name: said[name] for name in ("area", "title", "instructions", "params", "role", "due_at")}
            changed.task = records.change(changed.task, by=by, action="command.task.changed", **fields)
    return changed


def lacking(order: EnvironmentOrder) -> list[str]:
    """What the order needs before it may be accepted, by the pack in force; read anew each time."""
    if order.done_at is None:
        return [Lacking.PROOF]
    pack = rules.pack_of(order.area_id)
    asked = rules.strength(order.kind, pack)
    found = []
    if (order.mg_per_litre or 0) < asked["mg_per_litre"]:
        found.append(Lacking.STRENGTH)
    if (order.minutes or 0) < asked["minutes"]:
        found.append(Lacking.TIME)
    if rules.needs_photo(order.kind, pack) and not attachments.of(order).exists():
        found.append(Lacking.PHOTO)
    if rules.needs_sample(order.kind, pack) and not _is_clean(order.pk, order.done_at):
        found.append(Lacking.SAMPLE)
    return [str(one) for one in found]


def _is_clean(order_id: UUID, done_at: datetime) -> bool:
    """Whether every sample taken since is negative, and there is one."""
    order = EnvironmentOrder(pk=order_id)
    found = set(order.samples(manager="unscoped").filter(sampled_at__gte=done_at).values_list("result", flat=True))
    return found == {Result.NEGATIVE}


def _check_facts(kind: str, facts: dict[str, Any]) -> None:
    wanted = ("agent", "mg_per_litre", "minutes") if kind in DISINFECTION else ("note",)
    missing = {name: _("Say with what it was done.") for name in wanted if not facts.get(name)}
    if missing:
        raise ValidationError(missing)


def _task(order: EnvironmentOrder) -> dict[str, Any]:
    """What the task of an order says."""
    params = {"where": order.where, "spot": f"{order.spot}." if order.spot else "",
              **rules.strength(order.kind, rules.pack_of(order.area_id))}  # fmt: skip
    return {
        "key": f"environment:{order.pk}", "area": order.area, "from_area": county_of(order.area_id) or order.area,
        "title": TITLES[Work(order.kind)], "instructions": HOW if order.kind in DISINFECTION else IMPROVE,
        "params": params, "role": order.role, "due_at": order.due_at, "subject": order,
        "priority": Task.Priority.HIGH if order.kind == Work.FINAL else Task.Priority.NORMAL,
    }  # fmt: skip
