"""What a recall hands down: a task a place to its township, one for what went to customers without a name."""

from collections import defaultdict
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fangxian.core.areas import Area, county_of
from fangxian.core.policy import Pack
from fangxian.systems.command import selectors as tasks
from fangxian.systems.command import services as command
from fangxian.systems.command.models import Task
from fangxian.systems.goods import rules
from fangxian.systems.goods.models import GoodsPlace, GoodsTest, Lot, Recall, RecallLine

SUBJECT = "goods.recall"
SEAL = gettext_noop("Seal %(pieces)s pieces of recalled goods at %(place)s")
SEAL_HOW = gettext_noop(
    "Lots %(lots)s. Tell the holder, stop sale and use, count, seal; have the place disinfected and sampled. What has "
    "gone on stands on the recall's page."
)
PASSED = gettext_noop("Recalled goods passed through %(place)s: tell, disinfect, look for rests")
PUBLIC = gettext_noop("Call back %(pieces)s pieces sold to customers without a name")
PUBLIC_HOW = gettext_noop("Lots %(lots)s. Publish the recall, take back what is brought, and count it on its page.")
START = gettext_noop("A positive test of goods: start the recall of lot %(lot)s")
START_HOW = gettext_noop("Found at %(place)s. The lot is held. Open its page and start the recall: one click.")


def alarm(test: GoodsTest, lot: Lot, pack: Pack, *, by) -> Task:
    """The task to start a recall; once a lot, however many of its samples are positive."""
    county = county_of(lot.area_id) or lot.area
    return command.hand_down(
        by=by, key=f"goods:positive:{lot.pk}", area=county, from_area=county, title=START, instructions=START_HOW,
        params={"lot": lot.number, "place": str(lot.place)}, role="duty_officer", priority=Task.Priority.HIGH,
        subject=lot, due_at=test.reported_at + rules.time_to_tell(pack),
    )  # fmt: skip


def hand_down(recall: Recall, lines: list[RecallLine], pack: Pack, *, by) -> dict[str, int]:
    """Every task the lines ask for, in two queries; counts of new and kept. Tasks for the start are done with."""
    by_place: dict[UUID | None, list[RecallLine]] = defaultdict(list)
    for line in lines:
        by_place[line.place_id].append(line)
    wanted = [_task(recall, rows, pack) for rows in by_place.values()]
    outcome = command.hand_down_many(by=by, tasks=wanted)
    withdraw_alarm(recall.lot, reason=_("The recall has been started."))
    return {"new": len(outcome.new), "kept": len(outcome.kept)}


def withdraw_alarm(lot: Lot, *, reason: str) -> None:
    """Nobody has to start the recall of a lot any more."""
    waiting = [row for row in tasks.for_subject("goods.lot", lot.pk) if row.status in Task.OPEN]
    if waiting:
        command.withdraw_many(tasks=waiting, by=None, reason=reason)


def withdraw(recall: Recall, *, by, reason: str) -> int:
    """Take back what is still open of a recall that is closed."""
    about = [task for task in tasks.for_subject(SUBJECT, recall.pk) if task.status in Task.OPEN]
    if about:
        command.withdraw_many(tasks=about, by=by, reason=reason)
    return len(about)


def _task(recall: Recall, rows: list[RecallLine], pack: Pack) -> Task:
    place, pieces = rows[0].place, sum(row.pieces for row in rows)
    county = county_of(recall.area_id) or recall.area
    title, how = (SEAL if pieces else PASSED, SEAL_HOW) if place else (PUBLIC, PUBLIC_HOW)
    numbers = "、".join(sorted({row.lot.number for row in rows})[:20])
    params = {"place": str(place or ""), "pieces": pieces, "lots": numbers}
    hours = rules.time_to_seal(pack) if pieces else rules.time_to_tell(pack)
    area, role = whose(place, county)
    return Task(
        key=f"goods:recall:{recall.pk}:{rows[0].place_id or 'public'}", kind=Task.Kind.GENERAL, title=title,
        instructions=how, params=params, area=area, from_area=county, role=role, subject_kind=SUBJECT,
        subject_id=recall.pk, due_at=recall.started_at + hours, priority=Task.Priority.HIGH,
    )  # fmt: skip


def whose(place: GoodsPlace | None, county: Area) -> tuple[Area, str]:
    """The township of a place at home; the command of another county."""
    if place is None:
        return county, "duty_officer"
    home = county_of(place.area_id)
    if home is not None and home.pk != county.pk:
        return home, "duty_officer"
    return place.area, "township_officer"
