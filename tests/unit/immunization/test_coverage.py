"""Coverage: each figure is the count of its list; groups by the pack; refusals and reminders; certificates."""

from datetime import date, timedelta

import pytest

from fangxian.core import audit, clock, scope
from fangxian.core.areas import Area
from fangxian.core.clock import now, today
from fangxian.registers import imports
from fangxian.registers import site as registers
from fangxian.registers.sheets import Table
from fangxian.systems.immunization import certificates, coverage, rules, selectors, services
from fangxian.systems.immunization.coverage import Stand
from fangxian.systems.immunization.models import Dose, Refusal
from fangxian.systems.people import services as people
from fangxian.systems.people.models import Person
from tests.unit.immunization.conftest import DISEASE, somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
CELL = "410883001212001"


@pytest.fixture
def village(town):
    """Somebody of every stand, in two cells of one village and in another township."""
    one, two = Area.objects.get(code=CELL), Area.objects.get(code="410883001212002")
    there = Area.objects.get(code="410883002201")
    who = {
        "none": somebody(one, "甲"), "begun": somebody(one, "乙"), "due": somebody(two, "丙"),
        "boosted": somebody(there, "丁", date(1950, 1, 1)), "child": somebody(one, "小戊", date(2015, 6, 1)),
        "driver": somebody(there, "己", occupation="出租车司机"), "gone": somebody(one, "庚"),
    }  # fmt: skip
    people.leave(person=who["gone"], by=None, on=date(2022, 1, 1))
    rows = [("begun", "2022-02-20"), ("due", "2021-06-01"), ("due", "2021-07-01"), ("boosted", "2021-04-01"),
            ("boosted", "2021-05-01"), ("boosted", "2021-11-20"), ("child", "2021-12-01"), ("child", "2021-12-30"),
            ("gone", "2021-06-01")]  # fmt: skip
    services.record_history_many(by=None, rows=[
        {"person": who[name], "disease": DISEASE, "vaccine": "inactivated", "given_on": date.fromisoformat(day)}
        for name, day in rows
    ])  # fmt: skip
    return who


def pack():
    return rules.pack_of(DISEASE, "410883")


def test_every_figure_is_the_count_of_its_list(village):
    groups = {group.key: group for group in rules.groups(pack())}
    for digits in (9, 12):
        total, *lines = coverage.by_area("410883", DISEASE, pack(), digits=digits)
        for line in (total, *lines):
            for key, found in line.groups.items():
                counted = {
                    stand: coverage.people_of(line.code, DISEASE, pack(), group=groups[key], stand=stand).count()
                    for stand in (Stand.ALL, Stand.BEGUN, Stand.COMPLETE, Stand.BOOSTED)
                }
                assert list(counted.values()) == [found.people, found.begun, found.complete, found.boosted], (line, key)
    adults = total.groups["adults_18_59"]
    assert (adults.people, adults.begun, adults.complete, adults.boosted, adults.percent) == (4, 2, 1, 0, 25.0)
    assert total.groups["seniors_80"].percent is None and total.groups["front_line"].people == 1
    assert [line.code for line in lines] == ["410883001212", "410883002201"]


@pytest.mark.parametrize(
    ("stand", "names"),
    [
        (Stand.NONE, {"甲", "己"}), (Stand.UNFINISHED, {"乙"}), (Stand.BOOSTER_DUE, {"丙"}),
        (Stand.ALL, {"甲", "乙", "丙", "丁", "小戊", "己"}),
    ],
)  # fmt: skip
def test_what_has_to_be_caught_up(village, stand, names):
    rows = coverage.people_of("410883", DISEASE, pack(), group=None, stand=stand)
    assert {row.name for row in rows} == names
    with scope.within("410883002"):
        assert {row.name for row in coverage.people_of("410883", DISEASE, pack(), group=None, stand=stand)} <= {
            "丁",
            "己",
        }


def test_before_there_were_boosters_nobody_is_due(village):
    early = rules.pack_of(DISEASE, "410883", date(2021, 9, 1))
    assert not coverage.people_of("410883", DISEASE, early, group=None, stand=Stand.BOOSTER_DUE).exists()


def test_the_latest_refusal_holds_and_says_when_to_ask_again(village):
    person = village["none"]
    services.refuse(by=None, person=person, disease=DISEASE, reason="BUSY")
    latest = services.refuse(by=None, person=person, disease=DISEASE, reason="AFRAID", note="怕过敏")
    assert latest.ask_again_on == today() + timedelta(14)
    assert selectors.refusals_of([person.pk], DISEASE) == {person.pk: latest}
    assert Refusal.objects.filter(is_latest=True).count() == 1
    assert not selectors.to_ask("410883", today()) and list(selectors.to_ask("410883", latest.ask_again_on)) == [latest]
    asked = services.refuse(by=None, person=person, disease=DISEASE, reason="OTHER", ask_again_on=today())
    assert asked.ask_again_on == today()


def test_a_certificate_holds_as_long_as_its_dose_stands(village):
    dose = selectors.doses_of(village["due"].pk)[-1]
    code = certificates.sign(dose)
    assert code.startswith("FXV1:") and certificates.holding(code) == dose
    for forged in ("", "FXV1:", "FXR1:" + code[5:], code[:-1] + ("A" if code[-1] != "A" else "B"), code[:20], "FXV1:é"):
        assert certificates.holding(forged) is None, forged
    services.void(dose=dose, by=None, reason="录错人")
    assert certificates.holding(code) is None


def test_a_long_sheet_of_histories_comes_in_at_once_with_every_place_right(officer, town):
    """Past the size at which a sheet is written row by row; a wrong row is named and the rest comes in."""
    area, register = Area.objects.get(code=CELL), registers.get("immunization.dose")
    who = [Person(area=area, name=f"甲{n}", birth_date=date(1980, 1, 1), id_type="NONE") for n in range(300)]
    people.add_people_many(by=None, people=who)
    rows = [
        [CELL, str(p.pk), DISEASE, day, "", "inactivated", "", ""] for p in who for day in ("2021-06-01", "2021-07-01")
    ]
    rows[7][5] = "sputnik"
    duty = officer("duty_officer")
    with clock.frozen(now() + timedelta(1)), register.scope(duty, "import"):
        ledger = imports.run(register, Table(list(register.form), rows), by=duty)
    assert (ledger.inserted, ledger.rejected, ledger.rows) == (599, 1, 600)
    assert Dose.objects.filter(completes=True).count() == 299
    assert not audit.verify().breaks
    assert set(Dose.objects.values_list("home_area", flat=True)) == {CELL}
