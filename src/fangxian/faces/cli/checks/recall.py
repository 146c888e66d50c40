"""Public notices of positive goods replayed: a trade around each through the real verbs, then the recall.

`recall_truth` follows every piece by itself. The list of the recall must name every lot and holder of the truth with
its pieces, and every handler who was there; what is on it beyond the truth is counted too.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from time import perf_counter
from typing import Any

from fangxian.core import clock, scope
from fangxian.core.areas import Area
from fangxian.faces.cli import first_start
from fangxian.faces.cli.checks import recall_truth as truth
from fangxian.registers import site
from fangxian.systems.goods import selectors, services
from fangxian.systems.people import services as people
from fangxian.workflows import contaminated_goods

COUNTY, NEXT = "410883", "410882"
KINDS = {
    "port": "PORT", "store": "CENTRAL_STORE", "cold": "COLD_STORE", "plant": "PLANT", "market": "MARKET",
    "shop": "SHOP", "canteen": "RESTAURANT", "far": "SHOP",
}  # fmt: skip
PAPERS = ("CUSTOMS", "INSPECTION", "TEST", "DISINFECTION", "TRACE_CODE")
WHY = "the check lives through the trade of a county"
Advance = Callable[..., None]


@dataclass
class Report:
    """What the notices and their trades held, what the lists named, what they missed, and how long they took."""

    notices: int = 0
    movements: int = 0
    lots: int = 0
    reached: int = 0
    handlers: int = 0
    pieces: int = 0
    missed: int = 0
    extra: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    findings: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 when something was recalled, nothing is missing, nothing is named that was not there, no count is wrong."""
        return 0 if self.reached and not self.missed and not self.extra and not self.findings else 1

    def line(self) -> str:
        """The last line, for machines."""
        return (
            f"promise=recall notices={self.notices} movements={self.movements} handlers={self.handlers} "
            f"pieces={self.pieces} extra={self.extra} slowest={self.slowest:.3f} "
            f"lots={self.lots} reached={self.reached} missed={self.missed} seconds={self.seconds:.2f}"
        )


@dataclass
class Stage:
    """One notice with its places, lots and the people at each place: who was there, who had left before."""

    notice: truth.Notice
    life: truth.Life
    places: dict[str, Any]
    there: dict[str, Any]
    lots: dict[str, Any] = field(default_factory=dict)


def run(trades: int, seed: int, advance: Advance) -> Report:
    """Every notice with so many trades drawn by lot."""
    first_start.plant(COUNTY[:4])
    report, known = Report(), truth.notices()
    with scope.everywhere(WHY):
        for number in range(trades * len(known)):
            notice = known[number % len(known)]
            _replay(notice, seed * 1000 + number, report)
            advance(number + 1, trades * len(known), "notices")
    report.notices = len(known)
    return report


def _replay(notice: truth.Notice, seed: int, report: Report) -> None:
    life = truth.live(notice, seed)
    with clock.frozen(truth.moment(notice, -120)):
        stage = Stage(notice, life, _places(seed), {})
        stage.there = {key: _workers(place, notice.day) for key, place in stage.places.items()}
        coming = {lot: _announce(stage, lot, f"{seed}-{lot}") for lot in ("bad", "good")}
    for step in life.steps:
        with clock.frozen(truth.moment(notice, step.hour)):
            _enter(stage, step, coming)
    with clock.frozen(truth.moment(notice, truth.STEPS)):
        _recall(stage, report)
    report.movements += len(life.steps)


def _places(seed: int) -> dict[str, Any]:
    register = site.get("goods.goodsplace")
    areas = {name: Area.objects.filter(parent_id=name).order_by("code").first() for name in (COUNTY, NEXT)}
    return {
        key: register.write(by=None, values={"area": areas[NEXT if key == "far" else COUNTY], "name": f"{key} {seed}",
                                             "kind": KINDS[key]})
        for key in truth.PLACES
    }  # fmt: skip


def _workers(place: Any, day: date) -> Any:
    """Somebody who works there, and somebody who left before the trade began; returns who works there."""
    register, persons = site.get("goods.worker"), []
    for until in (None, day - timedelta(days=10)):
        person = people.add_person(by=None, area=place.area, name="李建国", sex="MALE", birth_date=date(1980, 2, 3))
        values = {"area": place.area, "place": place, "person": person, "job": "PORTER", "until_on": until,
                  "from_on": day - timedelta(days=400)}  # fmt: skip
        register.write(by=None, values=values)
        persons.append(person)
    return persons[0]


def _announce(stage: Stage, lot: str, number: str) -> Any:
    pieces = next(step.takes[lot] for step in stage.life.steps if step.kind == "RECEIVE" and step.lot == lot)
    return services.announce(
        by=None, to_place=stage.places["store"], number=number, goods=stage.notice.goods, origin=stage.notice.origin,
        owner="-", pieces=pieces, expected_at=clock.now(),
    )  # fmt: skip


def _enter(stage: Stage, step: truth.Step, coming: dict[str, Any]) -> None:
    """One step of the life through the verb a keeper would use."""
    if step.kind == "RECEIVE":
        stage.lots[step.lot] = _take_in(coming[step.lot], step)
    elif step.made:
        lots = {stage.lots[name]: pieces for name, pieces in step.takes.items()}
        stage.lots[step.lot] = services.divide(
            by=None, kind=step.kind, lots=lots, place=stage.places[step.frm], to_place=stage.places[step.to],
            number=f"{coming['bad'].number} {step.lot}", made=step.made,
        )  # fmt: skip
    else:
        ((name, pieces),) = step.takes.items()
        services.move(by=None, kind=step.kind, lot=stage.lots[name], pieces=pieces, from_place=stage.places[step.frm],
                      to_place=stage.places.get(step.to))  # fmt: skip


def _take_in(consignment: Any, step: truth.Step) -> Any:
    """Taken in with everything there, so that it may be traded."""
    (lot,) = services.accept(
        consignment=consignment, by=None, lots=[services.LotIn(consignment.number, step.takes[step.lot])]
    )
    for kind in PAPERS:
        services.attach_paper(by=None, consignment=consignment, kind=kind, number=kind, issued_on=clock.today())
    for surface in ("OUTER", "INNER"):
        services.report(test=services.sample(by=None, lot=lot, surface=surface), by=None, positives=0)
    return lot


def _recall(stage: Stage, report: Report) -> None:
    """The notice's own test, the recall with a watch beside it, and the comparison."""
    lot = selectors.lot(stage.lots["bad"].pk)
    test = services.sample(by=None, lot=lot, surface=stage.notice.surface, last_piece=stage.notice.samples)
    services.report(test=test, by=None, positives=stage.notice.positives)
    started = perf_counter()
    done = contaminated_goods.recall(lot=lot, by=None, test=test)
    seconds = perf_counter() - started
    report.seconds, report.slowest = report.seconds + seconds, max(report.slowest, seconds)
    _compare(stage, done, report)


def _compare(stage: Stage, done: Any, report: Report) -> None:
    names = {lot.pk: name for name, lot in stage.lots.items()}
    keys = {place.pk: key for key, place in stage.places.items()}
    found = {(names[row.lot_id], keys.get(row.place_id, truth.CUSTOMERS)): row.pieces for row in done.lines}
    wanted = {key: stage.life.where[key[0]].count(key[1]) for key in stage.life.tainted}
    near = {stage.there[key].pk for _lot, key in wanted if key in stage.there}
    handlers = {row.person.pk for row in done.reach.handlers}
    what = f"{stage.notice.day} {stage.notice.place}"
    report.missed += len(wanted.keys() - found.keys()) + len(near - handlers)
    report.extra += len(found.keys() - wanted.keys()) + len(handlers - near)
    report.findings += [f"{what}: missed {one}" for one in sorted(wanted.keys() - found.keys())]
    report.findings += [f"{what}: named but never there {one}" for one in sorted(found.keys() - wanted.keys())]
    report.findings += [
        f"{what}: {one} has {wanted[one]} pieces, the list says {found[one]}"
        for one in sorted(wanted.keys() & found.keys()) if wanted[one] != found[one]
    ]  # fmt: skip
    report.lots += len({lot for lot, _place in found})
    report.reached += len(found)
    report.handlers += len(handlers)
    report.pieces += sum(found.values())
