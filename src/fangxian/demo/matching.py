"""Two lists of the day before that name the same people in different ways, a campaign that looks for them, duplicates.

The police write numbers and phones, the health bureau names and addresses; between them stand the usual slips. Both are
brought and matched with the real verbs; one doubtful row is decided, two entries of one person are merged.
"""

from datetime import timedelta

from fangxian.core import clock
from fangxian.core.areas import Area
from fangxian.demo.areas import COUNTY
from fangxian.demo.days import MORNING
from fangxian.demo.officers import Staff
from fangxian.systems.people import duplicates, lists, services
from fangxian.systems.people import selectors as people
from fangxian.systems.people.models import Person, SourceList
from fangxian.systems.screening import campaigns
from fangxian.workflows import list_matching, person_merge, screening_campaign

LISTED, FOUND, TWICE = 24, 5, 3
POLICE, HEALTH = ("公安", "3·14 冷链专班名单"), ("卫健", "3·14 发热门诊名单")


def load_matching(staff: Staff) -> None:
    """Bring two lists the day before, match them, look for the people in a campaign."""
    by, area = staff["duty-officer1"], Area.objects.get(code=COUNTY)
    chosen = list(people.in_area(COUNTY).exclude(phone_index=None).select_related("area")[:4000:80])[:LISTED]
    outcomes = ("FOUND", "DONE", "FOUND", "DONE", "FOUND")
    with clock.frozen(MORNING - timedelta(days=1)):
        police = _brought("姓名,身份证号,联系电话,出生日期", map(_by_police, chosen, range(LISTED)), POLICE, area, by)
        health = _brought(
            "患者姓名,现住址,手机号,出生日期", map(_by_health, chosen[8:], range(LISTED)), HEALTH, area, by
        )
        row = lists.waiting(health)
        if row is not None and row.found:
            list_matching.decide(row, people.person(row.found[0]["person"]), by=by)
        begun = screening_campaign.begin(
            by=by, area=area, name="3·14 冷链相关人员排查", reason="冷链外包装检出阳性",
            source_lists=[police, health],
        )  # fmt: skip
        for target, outcome in zip(campaigns.targets(begun.campaign.pk)[:FOUND], outcomes, strict=False):
            screening_campaign.report(target=target, outcome=outcome, by=by)
        _enter_twice(chosen[:TWICE], by)


def _brought(headings: str, rows, named: tuple[str, str], area: Area, by) -> SourceList:
    content = "\n".join([headings, *rows, ""]).encode("gb18030")
    made, _is_new = list_matching.bring(
        content=content, filename=f"{named[1]}.csv", origin=named[0], name=named[1], area=area, by=by
    )
    columns = {**made.columns, "name": headings.split(",", 1)[0]}
    made = lists.change(made, by=by, action="columns_named", columns=columns)
    list_matching.match(made, by=by)
    return lists.source_list(made.pk)


def _by_police(person: Person, at: int) -> str:
    """Every third number has a slip; one row is nobody on record, one names nobody."""
    number = person.id_number.reveal()
    wrong = {1: number[:-3] + number[-2] + number[-3] + number[-1], 4: number[:-1].lower(), 7: ""}
    if at == 10:
        return "钱多多,,15499887766,1991-02-03"
    return (
        f"{person.name},{wrong.get(at % 9, number)},{person.phone.reveal()},{'' if at % 9 != 7 else person.birth_date}"
    )


def _by_health(person: Person, at: int) -> str:
    """No numbers; every fourth row without a phone, every fifth with day and month as they were heard."""
    phone = "" if at % 4 == 3 else person.phone.reveal()
    return f"{person.name},{person.address.reveal()},{phone},{person.birth_date if at % 5 != 4 else ''}"


def _enter_twice(chosen: list[Person], by) -> None:
    """Some are entered again without their number; a search proposes them, one pair is merged, one is two people."""
    again = [
        services.add_person(by=by, area=one.area, name=one.name, id_type="NONE", birth_date=one.birth_date,
                            phone=one.phone.reveal(), source="demo")
        for one in chosen
    ]  # fmt: skip
    for one in chosen:
        duplicates.search(one.area_id, by=by)
    person_merge.merge(winner=chosen[0].pk, loser=again[0].pk, reason="同一人重复录入", by=by)
    duplicates.not_duplicate(one=chosen[1], other=again[1], by=by)
