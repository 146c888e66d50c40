"""Which zone a code or point falls into: drawn as tables, boundary days and edges included."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from fangxian.core import policy
from fangxian.systems.risk_areas import rules, shapes
from fangxian.systems.risk_areas.matching import Zone, level_of, possible
from fangxian.workflows.passages import lists

RANKS = {"LOW": 1, "MEDIUM": 4, "CONTROL": 5, "HIGH": 6, "LOCKDOWN": 7}
BUILDING = shapes.read(shapes.polygon((34.910, 112.790), (34.910, 112.791), (34.911, 112.791), (34.911, 112.790)))
START, END = datetime(2022, 3, 10, 0, 0, tzinfo=UTC), datetime(2022, 3, 20, 0, 0, tzinfo=UTC)  # 08:00 in Beijing


def zone(level="MEDIUM", codes="410882001", **values) -> Zone:
    number = UUID(int=values.pop("number", 1))
    given = {"starts_at": START, "ends_at": END, "declared_at": START, "look_back_days": 7, **values}
    return Zone(
        area_id=number, version_id=number, name=f"{level} {codes}", disease="covid19", level=level, rank=RANKS[level],
        managed=True, codes=tuple(codes.split()), **given,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("410882001", "MEDIUM"),  # the same
        ("410882001201", "MEDIUM"),  # below it
        ("410882002", None),  # beside it
        ("410882", None),  # above it: only possible
        ("4108820", None),
        ("", None),
    ],
)
def test_a_code_falls_into_the_zone_above_it(code, level):
    match = level_of([zone()], code, START)

    assert (match.level if match else None) == level


@pytest.mark.parametrize(
    ("on", "inside"),
    [
        (START - timedelta(microseconds=1), False),
        (START, True),  # the first moment counts
        (END - timedelta(microseconds=1), True),
        (END, False),  # the last does not
        (date(2022, 3, 9), False),
        (date(2022, 3, 10), True),  # a day counts when any moment of it does
        (date(2022, 3, 20), True),
        (date(2022, 3, 21), False),
    ],
)
def test_boundary_days(on, inside):
    assert bool(level_of([zone()], "410882001", on)) is inside


def test_a_zone_without_an_end_goes_on():
    assert level_of([zone(ends_at=None)], "410882001", date(2030, 1, 1))


def test_the_gravest_of_overlapping_zones_then_the_narrowest_then_the_latest():
    county, town = zone("MEDIUM", "410882"), zone("HIGH", "410882001")
    again = zone("HIGH", "410882001", starts_at=START + timedelta(hours=1), number=2)
    village = zone("HIGH", "410882001201")

    assert level_of([county, town], "410882001201", END - timedelta(days=1)).zone is town
    assert level_of([town, village], "410882001201", START).zone is village
    assert level_of([again, town], "410882001201", date(2022, 3, 11)).zone is again
    assert level_of([county, town], "410882002", START).zone is county


@pytest.mark.parametrize(
    ("point", "level"),
    [
        ((34.9105, 112.7905), "LOCKDOWN"),  # in the building
        ((34.910, 112.7905), "LOCKDOWN"),  # on its edge
        ((34.9112, 112.7905), "CONTROL"),  # in the compound beside it
        (None, "CONTROL"),  # known by the village alone
    ],
)
def test_a_building_inside_its_compound(point, level):
    compound = zone("CONTROL", "410883001212")
    building = zone("LOCKDOWN", "", shape=BUILDING, lies_in="410883001212")

    match = level_of([compound, building], "410883001212", START, point=point)

    assert match.level == level
    assert match.how == ("shape" if level == "LOCKDOWN" else "code")


def test_a_shape_wins_over_a_code_of_the_same_level():
    compound, building = zone("HIGH", "410883001212"), zone("HIGH", "", shape=BUILDING, lies_in="410883001212")

    assert level_of([compound, building], "410883001212", START, point=(34.9105, 112.7905)).zone is building


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("4108", ["HIGH ", "MEDIUM 410882001"]),
        ("410882", ["MEDIUM 410882001"]),
        ("410882001", []),  # wholly inside: that is a match
        ("410883001212", ["HIGH "]),
        ("410883001212001", ["HIGH "]),  # a grid cell of the village around the building
        ("410883002", []),
        ("", []),
    ],
)
def test_who_may_have_been_inside(code, names):
    zones = [zone("MEDIUM"), zone("HIGH", "", shape=BUILDING, lies_in="410883001212")]

    assert [found.name for found in possible(zones, code, START)] == names
    assert possible(zones, code, END) == []


def test_a_stay_counts_from_midnight_of_the_first_day_of_the_window():
    assert zone().counts_from == datetime(2022, 3, 2, 16, 0, tzinfo=UTC)  # 3 March 00:00 in Beijing


@pytest.mark.parametrize(
    ("level", "reason"),
    [("LOCKDOWN", "RISK_HIGH"), ("HIGH", "RISK_HIGH"), ("CONTROL", "RISK_MEDIUM"), ("MEDIUM", "RISK_MEDIUM"),
     ("LOW", "RISK_LOW")],
)  # fmt: skip
def test_what_a_checkpoint_says_of_a_zone_is_the_packs_word(level, reason):
    gravity = rules.words(policy.pack(disease="covid19", area_code="410883", on=date(2022, 3, 15))).gravity
    (found,) = lists.risk([zone(level, gravity=gravity[level])], "410882001", START)
    assert found["reason"] == reason
    (other,) = lists.risk([zone(level, gravity="LOW")], "410882001", START)  # the operator's pack says otherwise
    assert other["reason"] == "RISK_LOW"
