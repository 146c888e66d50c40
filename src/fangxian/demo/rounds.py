"""A region-wide round in one township the day before, and the must-test list of the outbreak morning.

The funnel of the round has the proportions of a real one (Baise, 2022-02-06: of 207,506 sampled 98 preliminary
positive, 87 pending), scaled to the township and never below one tube: a positive tube whose people all turn out
negative, and one still at the laboratory. `fangxian check rounds --registrations 207506` replays the real figures.
"""

from datetime import datetime, timedelta

import numpy as np

from fangxian.core import clock, records
from fangxian.core.areas import Area
from fangxian.core.records import Source
from fangxian.demo.areas import COUNTY
from fangxian.demo.days import MORNING
from fangxian.demo.following import DISEASE
from fangxian.demo.load import Loaded
from fangxian.demo.numbers import uuids
from fangxian.demo.officers import Staff
from fangxian.demo.routine import LABORATORY
from fangxian.demo.world import World
from fangxian.systems.testing import coverage, services
from fangxian.systems.testing.models import GroupMember, SamplingPoint, SamplingTeam, TestRound
from fangxian.systems.testing.services import Registration, ResultRow
from fangxian.workflows import testing_round

BEGAN = MORNING - timedelta(hours=26)
POOL, AWAY_EVERY, LISTED = 10, 25, 120
MOST = 1500
"""The township nearest to this number has the round: the demo shows one, it does not need a big one."""
GROUPS = (
    ("isolation_staff", "集中隔离点值守人员"), ("fever_clinic", "发热门诊医护人员"), ("cold_chain", "冷链搬运工"),
    ("market", "农贸市场商户"), ("school", "在校学生"), ("delivery", "快递员"),
)  # fmt: skip


def load_rounds(rng: np.random.Generator, world: World, loaded: Loaded, staff: Staff) -> None:
    """Points and teams, the round with its tubes and results, the lists of people who must be tested."""
    people = _by_town(world, loaded)
    town = min(people, key=lambda code: abs(len(people[code]) - MOST))
    with clock.frozen(BEGAN):
        points = {code: _point(code, world, staff) for code in world.tree.towns}
        planned = services.plan_round(
            by=staff["duty-officer1"], area=Area.objects.get(code=town), disease=DISEASE, begins_at=BEGAN,
            name=f"{world.tree.towns[town]}第一轮全员核酸检测", ends_at=BEGAN + timedelta(hours=24), source=Source.DEMO,
        )  # fmt: skip
        test_round = testing_round.begin(by=staff["duty-officer1"], round_id=planned.pk)
    tubes = _register(rng, test_round, points[town], people[town], staff)
    _carry(tubes, points[town], staff)
    _results(rng, test_round, tubes, points[town], staff)
    with clock.frozen(BEGAN + timedelta(hours=20)):
        testing_round.chase(by=staff["duty-officer1"], round_id=test_round.pk)
    _must_test(rng, people, staff)


def _by_town(world: World, loaded: Loaded) -> dict[str, list]:
    found: dict[str, list] = {code: [] for code in world.tree.towns}
    visitors = world.people.is_visitor.tolist()
    for row, person in enumerate(loaded.persons):
        code = str(world.people.town[row])
        if code in found and not visitors[row]:
            found[code].append(person)
    return found


def _point(code: str, world: World, staff: Staff) -> SamplingPoint:
    name = world.tree.towns[code]
    area, by = Area.objects.get(code=code), staff["duty-officer1"]
    point = records.create(
        SamplingPoint, by=by, action="testing.point.demo_loaded", source=Source.DEMO, area=area, code=f"CY{code}",
        name=f"{name}采样点", location=f"{name}文化广场", lanes=4,
    )  # fmt: skip
    records.create(
        SamplingTeam, by=by, action="testing.team.demo_loaded", source=Source.DEMO, area=area, sampling_point=point,
        name="采样一组", leader="李护士长", samplers=4, registrars=4,
    )  # fmt: skip
    return point


def _register(
    rng: np.random.Generator, test_round: TestRound, point: SamplingPoint, people: list, staff: Staff
) -> dict[str, list]:
    """Everybody but a few, ten to a tube, from six to noon."""
    coming = [person for number, person in enumerate(people) if number % AWAY_EVERY]
    tubes = {f"QY{n:06d}": coming[n * POOL : (n + 1) * POOL] for n in range(-(-len(coming) // POOL))}
    ids = iter(uuids(rng, len(coming), int(BEGAN.timestamp())))
    rows = [
        Registration(0, next(ids), person, code, POOL, point.pk, _moment(number, len(tubes)))
        for number, (code, persons) in enumerate(tubes.items())
        for person in persons
    ]
    with clock.frozen(BEGAN + timedelta(hours=7)):
        services.register_samples(rows, by=staff["sampler1"], source=Source.DEMO)
        away = [person for number, person in enumerate(people) if not number % AWAY_EVERY]
        services.explain(by=staff["sampler1"], test_round=test_round, person_ids=away[1::3], reason="AWAY")
        services.excuse(by=staff["sampler1"], test_round=test_round, person_ids=away[2::6], reason="MEDICAL")
    return tubes


def _moment(number: int, tubes: int) -> datetime:
    return BEGAN + timedelta(minutes=10) + number * timedelta(hours=6) / max(tubes, 1)


def _carry(tubes: dict[str, list], point: SamplingPoint, staff: Staff) -> None:
    """Two boxes: one received complete, one a tube short."""
    codes, half = list(tubes), len(tubes) // 2
    for number, part in enumerate((codes[:half], codes[half:]), start=1):
        if not part:
            continue
        with clock.frozen(BEGAN + timedelta(hours=7, minutes=number)):
            box = services.pack_batch(by=staff["sampler1"], point=point, number=f"ZY{number:04d}", barcodes=part,
                                      laboratory=LABORATORY, source=Source.DEMO)  # fmt: skip
            box = services.send_batch(by=staff["sampler1"], batch=box, carrier="转运车 豫H·A1023", count=len(part))
        with clock.frozen(BEGAN + timedelta(hours=8)):
            scanned = part if number == 1 else part[:-1]
            services.receive_batch(by=staff["laboratory1"], batch=box, laboratory=LABORATORY, count=len(scanned),
                                   barcodes=scanned)  # fmt: skip


def _results(
    rng: np.random.Generator, test_round: TestRound, tubes: dict[str, list], point: SamplingPoint, staff: Staff
) -> None:
    """The evening's file: one tube positive, one still pending; then singles, all negative but one still to come."""
    codes = list(tubes)
    with clock.frozen(BEGAN + timedelta(hours=14)):
        rows = [
            ResultRow(n, code, DISEASE, "阳性" if n == 2 else "阴性", BEGAN + timedelta(hours=13), LABORATORY)
            for n, code in enumerate(codes[:-1], start=1)
        ]
        rows.append(ResultRow(len(codes) + 1, "QY999999", DISEASE, "阴性", BEGAN + timedelta(hours=13), LABORATORY))
        services.import_results(rows, by=staff["laboratory1"], source=Source.DEMO)
        testing_round.follow_pools(by=staff["duty-officer1"], round_id=test_round.pk)
    waiting = coverage.members(test_round, state=coverage.State.RECALL)
    singles = {f"DG{n:06d}": person for n, person in enumerate(waiting.values_list("person", flat=True), start=1)}
    ids = iter(uuids(rng, len(singles), int(BEGAN.timestamp()) + 60000))
    with clock.frozen(BEGAN + timedelta(hours=18)):
        given = [
            Registration(n, next(ids), person, code, 1, point.pk, clock.now())
            for n, (code, person) in enumerate(singles.items())
        ]
        services.register_samples(given, by=staff["sampler1"], source=Source.DEMO)
    with clock.frozen(BEGAN + timedelta(hours=22)):
        said = [
            ResultRow(n, code, DISEASE, "阴性", clock.now(), LABORATORY) for n, code in enumerate(list(singles)[1:])
        ]
        services.import_results(said, by=staff["laboratory1"], source=Source.DEMO)


def _must_test(rng: np.random.Generator, people: dict[str, list], staff: Staff) -> None:
    """The standing lists, and the round of the outbreak morning made from them."""
    everybody = [(code, person) for code, persons in sorted(people.items()) for person in persons]
    chosen = rng.choice(len(everybody), size=min(LISTED, len(everybody)), replace=False)
    rows = [
        GroupMember(area_id=everybody[int(row)][0], person_id=everybody[int(row)][1], group=key, reason=reason)
        for number, row in enumerate(chosen)
        for key, reason in [GROUPS[number % len(GROUPS)]]
    ]
    begins = MORNING.replace(hour=6, minute=30)
    with clock.frozen(begins):
        records.create_many(GroupMember, rows, by=None, action="testing.groupmember.demo_loaded", source=Source.DEMO)
        area = Area.objects.get(code=COUNTY)
        testing_round.must_test_today(by=staff["duty-officer1"], area=area, disease=DISEASE)
