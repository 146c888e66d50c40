"""Every kind of laboratory accident, made to happen through the real verbs, the door and a laboratory's file.

An accident is silent when nothing refuses, holds or flags it, or when no row with its kind, field and reason stands in
the list of accidents afterwards. Each must also be harmless: nobody is tested by what was refused.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError

from fangxian.core import scope
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.ids import uuid7
from fangxian.core.officers import Officer, appoint
from fangxian.core.records import Source
from fangxian.faces.cli.checks import rounds_world
from fangxian.faces.cli.checks.rounds_world import COUNTY, DISEASE, LABORATORY
from fangxian.faces.cli.output import Advance
from fangxian.registers import site
from fangxian.systems.testing import coverage, services
from fangxian.systems.testing.barcodes import with_check
from fangxian.systems.testing.services import Registration, ResultRow


@dataclass
class Report:
    """What became of the accidents."""

    accidents: int = 0
    silent: int = 0
    not_tried: int = 0
    outcomes: dict[str, str] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 when every kind there is was made to happen and none was silent."""
        return 0 if self.accidents and not (self.silent or self.not_tried or self.findings) else 1

    def line(self) -> str:
        """The last line, for machines."""
        counted = " ".join(
            f"{name.lower()}={sum(value == name for value in self.outcomes.values())}"
            for name in ("REFUSED", "HELD", "FLAGGED")
        )
        return (
            f"check=lab-accidents accidents={self.accidents} {counted} not_tried={self.not_tried} silent={self.silent}"
        )


class Bench:
    """People, points, a round, and tubes made on demand."""

    def __init__(self) -> None:
        self.world = rounds_world.make(400, 1, villages=2)
        self.here, self.there = self.world.villages[:2]
        self.people = iter(self.world.people[self.here])
        self.serial = 0
        self.clerk = Officer.objects.create_officer("clerk", name="Clerk")
        appoint(self.clerk, role="laboratory", area=Area.objects.get(code=COUNTY), by=None)
        self.round = services.open_round(by=None, test_round=self.world.round)
        self.began = self.round.begins_at

    def code(self) -> str:
        """A barcode nobody has used."""
        self.serial += 1
        return with_check(f"LA{self.serial:06d}")

    def register(self, code: str, *people: Any, size: int = 10, hours: float = 2, village: str = "") -> Any:
        """Samples of people (new ones where None) into a tube, so many hours ago."""
        rows = [
            Registration(n, uuid7(), person or next(self.people), code, size,
                         self.world.points[village or self.here], now() - timedelta(hours=hours))
            for n, person in enumerate(people or [None])
        ]  # fmt: skip
        return services.register_samples(rows, by=None)

    def tube(self, *people: Any, **how: Any) -> str:
        """A new tube with samples in it."""
        code = self.code()
        self.register(code, *people, **how)
        return code

    def box(self, *codes: str, hours: float = 1.5, laboratory: str = LABORATORY) -> Any:
        """A packed box."""
        point = site.get("testing.samplingpoint").model.objects.get(pk=self.world.points[self.here])
        self.serial += 1
        return services.pack_batch(by=self.clerk, point=point, number=f"BX{self.serial}", laboratory=laboratory,
                                   barcodes=codes, at=now() - timedelta(hours=hours))  # fmt: skip

    def sent(self, *codes: str) -> Any:
        """A box on its way since an hour."""
        return services.send_batch(by=self.clerk, batch=self.box(*codes), carrier="Van", count=len(codes),
                                   at=now() - timedelta(hours=1))  # fmt: skip

    def received(self, *codes: str) -> Any:
        """A box received half an hour ago."""
        return services.receive_batch(by=self.clerk, batch=self.sent(*codes), laboratory=LABORATORY, count=len(codes),
                                      at=now() - timedelta(minutes=30))  # fmt: skip

    def find(self, code: str) -> Any:
        """The tube of a barcode."""
        return site.get("testing.tube").model.objects.get(barcode=code)

    def says(self, code: str, value: str = "NEGATIVE", **how: Any) -> Any:
        """The laboratory's interface says what it found."""
        given = {"laboratory": LABORATORY, "tested_at": now() - timedelta(minutes=10), "source": Source.API, **how}
        return services.enter_result(by=self.clerk, barcode=code, disease=DISEASE, value=value, **given)

    def files(self, code: str, value: str = "阴性", **how: Any) -> Any:
        """The laboratory's file says so."""
        given = {"laboratory": LABORATORY, "tested_at": now() - timedelta(minutes=10), **how}
        return services.import_results([ResultRow(7, code, DISEASE, value, **given)], by=self.clerk)


def _inside(bench: Bench, code: str) -> Any:
    return site.get("testing.sample").model.objects.filter(tube__barcode=code).first().person_id


def _twice(bench: Bench) -> None:
    code = bench.tube()
    bench.register(bench.code(), _inside(bench, code))


def _lost(bench: Bench) -> str:
    code = bench.tube()
    services.lose_tubes(by=bench.clerk, tubes=[bench.find(code)], reason="fell")
    return code


def _withdrawn(bench: Bench) -> None:
    code, at = bench.tube(), now() - timedelta(minutes=10)
    services.withdraw(bench.says(code, tested_at=at), by=bench.clerk, reason="wrong tube")
    bench.says(code, tested_at=at)


def _contradiction(bench: Bench) -> None:
    code = bench.tube()
    bench.says(code)
    bench.files(code, "阳性")


def _two_ways(bench: Bench) -> None:
    code = bench.tube()
    bench.says(code)
    bench.files(code)


def _used_before(bench: Bench) -> None:
    """A tube of another round."""
    old = services.plan_round(by=None, area=Area.objects.get(code=bench.there), name="Old", disease=DISEASE,
                              begins_at=bench.began, ends_at=bench.began + timedelta(hours=9))  # fmt: skip
    old = services.open_round(by=None, test_round=old)
    code = bench.code()
    bench.register(code, bench.world.people[bench.there][0], village=bench.there)
    services.close_round(by=None, test_round=old)
    bench.register(code)


def _digits(bench: Bench) -> None:
    """Two digits swapped by hand, in a round whose barcodes carry check digits."""
    site.get("testing.testround").write(by=None, record=bench.round, values={"name": "Round 1"})
    model = type(bench.round)
    model.objects.filter(pk=bench.round.pk).update(checked_barcodes=True)
    code = bench.code()
    bench.register(code[:-4] + code[-3] + code[-4] + code[-2:])
    model.objects.filter(pk=bench.round.pk).update(checked_barcodes=False)


def _households(bench: Bench) -> None:
    model = site.get("people.household").model
    area = Area.objects.get(code=bench.here)
    homes = [model.objects.create(area=area, number=f"H{n}") for n in (1, 2)]
    people = [next(bench.people) for _ in homes]
    for person, home in zip(people, homes, strict=True):
        site.get("people.person").model.objects.filter(pk=person).update(household=home)
    bench.tube(*people, size=99)


def _late(bench: Bench) -> None:
    """A phone that was offline sends after the round was closed what was sampled before."""
    services.close_round(by=None, test_round=bench.round)
    bench.register(bench.code())
    bench.round = services.reopen_round(by=None, test_round=bench.round, reason="check")


def _after_round(bench: Bench) -> None:
    model = type(bench.round)
    services.close_round(by=None, test_round=bench.round)
    model.objects.filter(pk=bench.round.pk).update(closed_at=now() - timedelta(hours=2))
    bench.register(bench.code(), None, hours=3)  # loads the closed round with it
    code = bench.code()
    rows = [
        Registration(n, uuid7(), next(bench.people), code, 10, bench.world.points[bench.here], at)
        for n, at in enumerate((now() - timedelta(hours=3), now() - timedelta(minutes=5)))
    ]
    services.register_samples(rows, by=None)
    bench.round = services.reopen_round(by=None, test_round=bench.round, reason="check")


def _moved(bench: Bench) -> None:
    """Somebody at a desk sets the time of a sample anew whose tube is on its way."""
    code = bench.tube()
    bench.sent(code)
    sample = site.get("testing.sample").model.objects.get(tube__barcode=code)
    values = {"sampled_at": sample.sampled_at - timedelta(minutes=20)}
    site.get("testing.sample").write(by=bench.clerk, values=values, record=sample)


def _short(bench: Bench) -> None:
    codes = [bench.tube(), bench.tube()]
    services.receive_batch(by=bench.clerk, batch=bench.sent(*codes), laboratory=LABORATORY, count=1,
                           barcodes=codes[:1])  # fmt: skip


def _miscounted(bench: Bench) -> None:
    services.send_batch(by=bench.clerk, batch=bench.box(bench.tube()), carrier="Van", count=3)


def _extra(bench: Bench) -> None:
    code, other = bench.tube(), bench.tube()
    services.receive_batch(by=bench.clerk, batch=bench.sent(code), laboratory=LABORATORY, count=1,
                           barcodes=[code, other])  # fmt: skip


def _other_laboratory(bench: Bench) -> None:
    box = bench.sent(bench.tube())
    services.receive_batch(by=bench.clerk, batch=box, laboratory="Another laboratory", count=1)


def _full(bench: Bench) -> None:
    bench.tube(*[None] * 6, size=5)


def _left(bench: Bench) -> None:
    code = bench.tube()
    bench.sent(code)
    bench.register(code, None, hours=0.1)


def _has_result(bench: Bench) -> None:
    code = bench.tube()
    bench.says(code)
    bench.register(code)


def _empty_packed(bench: Bench) -> None:
    code = bench.code()
    services.register_tube(by=None, area=Area.objects.get(code=bench.here), barcode=code, size=10)
    bench.box(code)


def _empty_result(bench: Bench) -> None:
    code = bench.code()
    services.register_tube(by=None, area=Area.objects.get(code=bench.here), barcode=code, size=10)
    bench.says(code)


def _boxed_twice(bench: Bench) -> None:
    code = bench.tube()
    bench.box(code)
    bench.box(code)


def _times(bench: Bench) -> None:
    services.send_batch(by=bench.clerk, batch=bench.box(bench.tube()), carrier="Van", at=now() - timedelta(hours=5))


def _before_receipt(bench: Bench) -> None:
    code = bench.tube()
    bench.received(code)
    bench.says(code, tested_at=now() - timedelta(minutes=50))


def _other_points(bench: Bench) -> None:
    code = bench.tube()
    bench.register(code, bench.world.people[bench.there][9], village=bench.there)


def _other_result(bench: Bench) -> None:
    code = bench.tube()
    bench.received(code)
    bench.says(code, laboratory="Another laboratory")


HOUR = timedelta(hours=1)
ACCIDENTS: dict[str, Callable[[Bench], Any]] = {
    "TUBE_USED_BEFORE": _used_before,
    "TUBE_OVERFULL": _full,
    "TUBE_LEFT": _left,
    "TUBE_HAS_RESULT": _has_result,
    "TUBE_OTHER_POINT": _other_points,
    "TUBE_OTHER_SIZE": lambda bench: bench.register(bench.tube(), size=5),
    "BARCODE_DIGITS": _digits,
    "PERSON_UNKNOWN": lambda bench: bench.tube(uuid7()),
    "PERSON_IN_TWO_TUBES": _twice,
    "TWO_HOUSEHOLDS": _households,
    "SAMPLED_IN_FUTURE": lambda bench: bench.register(bench.code(), hours=-3),
    "SAMPLED_BEFORE_ROUND": lambda bench: bench.register(bench.code(), hours=30),
    "SAMPLED_AFTER_ROUND": _after_round,
    "REGISTERED_LATE": _late,
    "SAMPLE_MOVED": _moved,
    "BATCH_COUNT": lambda bench: services.send_batch(
        by=bench.clerk, batch=bench.box(bench.tube()), carrier="V", count=3
    ),
    "BATCH_TUBE_MISSING": _short,
    "BATCH_TUBE_EXTRA": _extra,
    "BATCH_TIMES": _times,
    "BATCH_TWICE": _boxed_twice,
    "BATCH_OTHER_LABORATORY": _other_laboratory,
    "TUBE_LOST": _lost,
    "TUBE_EMPTY": _empty_packed,
    "RESULT_UNREGISTERED": lambda bench: bench.files(bench.code()),
    "RESULT_EMPTY_TUBE": _empty_result,
    "RESULT_UNREADABLE": lambda bench: bench.files(bench.tube(), "perhaps"),
    "RESULT_CONTRADICTS": _contradiction,
    "RESULT_TWO_WAYS": _two_ways,
    "RESULT_BEFORE_SAMPLE": lambda bench: bench.says(bench.tube(), tested_at=now() - 3 * HOUR),
    "RESULT_BEFORE_RECEIPT": _before_receipt,
    "RESULT_IN_FUTURE": lambda bench: bench.files(bench.tube(), tested_at=now() + 3 * HOUR),
    "RESULT_OTHER_LABORATORY": _other_result,
    "RESULT_OF_LOST_TUBE": lambda bench: bench.says(_lost(bench)),
    "RESULT_AFTER_WITHDRAWAL": _withdrawn,
}
"""Kind → how it happens."""


def run(advance: Advance) -> Report:
    """Each accident in turn, on a bench of its own tubes."""
    report = Report()
    with scope.everywhere("the check of laboratory accidents has an installation of its own"):
        bench = Bench()
        model = site.get("testing.labaccident").model
        report.not_tried = len(set(model.Kind.values) - set(ACCIDENTS))
        for number, (kind, happen) in enumerate(ACCIDENTS.items()):
            advance(number, len(ACCIDENTS), kind)
            _try(bench, model, kind, happen, report)
        figures = coverage.figures(bench.round)
        if figures.tested + figures.missing + figures.excused != figures.roster or coverage.drift(bench.round):
            report.findings.append("the figures of the round no longer explain everybody")
    return report


def _try(bench: Bench, model: Any, kind: str, happen: Callable[[Bench], Any], report: Report) -> None:
    known = set(model.objects.values_list("pk", flat=True))
    try:
        happen(bench)
    except ValidationError:
        pass
    report.accidents += 1
    rows = [row for row in model.objects.filter(kind=kind) if row.pk not in known]
    if not rows or not all(row.field and row.outcome for row in rows):
        report.silent += 1
        report.findings.append(f"{kind} was silent")
    else:
        report.outcomes[kind] = rows[0].outcome
