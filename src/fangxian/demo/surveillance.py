"""Early warning of the county: feeds of schools and sentinels with their past, one silent, and nights that were run.

The school in the first town has more and more absent in the last days; a week before, a sports day looked like one and
was answered. Five years of influenza-like illness make a season. All signals come from the real nightly run.
"""

from datetime import date, timedelta

import numpy as np
from django.utils import timezone

from fangxian.core import clock, records
from fangxian.core.areas import Area
from fangxian.core.records import Source
from fangxian.demo.areas import COUNTY
from fangxian.demo.days import MORNING
from fangxian.demo.influenza import load_influenza
from fangxian.demo.officers import Staff
from fangxian.systems.surveillance import selectors, services
from fangxian.systems.surveillance.models import Feed, FeedCount
from fangxian.workflows import early_warning

DAYS, WEEKS = 100, 5 * 52 + 24
SCHOOLS = ("第一小学", "实验中学", "城关幼儿园", "第二小学")
SILENT, SILENT_SINCE = 3, 6
"""The last school has said nothing for so many days."""
RISE = (9, 14, 21, 30)
"""More absent than usual in the first school, the last days."""
SPORTS_DAY = 12
"""Days ago, and 18 more absent in the second school."""


def load_surveillance(rng: np.random.Generator, staff: Staff) -> None:
    """Enter the feeds and their past, run the nights, answer what is answered."""
    load_influenza(staff)
    own = rng.spawn(1)[0]  # the draws of what comes after stay the same
    last = timezone.localdate(MORNING) - timedelta(days=1)
    with clock.frozen(MORNING - timedelta(days=DAYS + 20)):
        feeds = _feeds()
    for number, feed in enumerate(feeds[: len(SCHOOLS)]):
        _fill(feed, _absent(own, number, last))
    _fill(feeds[-1], _illness(own, last))
    with clock.frozen(MORNING - timedelta(days=SPORTS_DAY - 1)):
        early_warning.warn(as_of=last - timedelta(days=SPORTS_DAY - 1), by=None, area_code=COUNTY)
    with clock.frozen(MORNING - timedelta(days=SPORTS_DAY - 1, hours=-3)):
        _answer(staff)
    with clock.frozen(MORNING):
        early_warning.warn(as_of=last, by=None, area_code=COUNTY)
        _warn(staff)


def _feeds() -> list[Feed]:
    """A school in each of the first towns, and the sentinel hospitals of the county."""
    towns = list(Area.objects.filter(parent_id=COUNTY).order_by("code")[: len(SCHOOLS)])
    made = [
        _feed(towns[number % len(towns)], f"ABS-{number + 1}", name, channel="ABSENCE", reporter=f"{name}校医")
        for number, name in enumerate(SCHOOLS)
    ]
    county = Area.objects.get(code=COUNTY)
    return [*made, _feed(county, "ILI-1", "哨点医院流感样病例", channel="VISITS", disease="influenza", step="WEEK",
                         reporter="哨点医院")]  # fmt: skip


def _feed(area: Area, code: str, name: str, **values) -> Feed:
    return records.create(Feed, by=None, action="surveillance.feed.created", source=Source.DEMO, area=area, code=code,
                          name=name, **values)  # fmt: skip


def _absent(rng: np.random.Generator, number: int, last: date) -> dict[date, int]:
    """Absent pupils of each school day; nobody counts at the weekend."""
    days = [last - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    said = {day: int(rng.poisson(6 + 2 * (number % 2))) for day in days}
    if number == 0:
        for back, more in enumerate(reversed(RISE)):
            said[last - timedelta(days=back)] += more
    if number == 1:
        said[last - timedelta(days=SPORTS_DAY - 1)] += 24
    silent = SILENT_SINCE if number == SILENT else 0
    return {day: count for day, count in said.items() if (last - day).days >= silent}


def _illness(rng: np.random.Generator, last: date) -> dict[date, int]:
    """Influenza-like illness by week: a winter peak, earlier or later, five seasons and the one under way."""
    monday = last - timedelta(days=last.weekday() + 7)
    weeks = [monday - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]
    shift = {year: float(rng.normal(0, 2)) for year in range(weeks[0].year - 1, last.year + 2)}
    height = {year: float(rng.uniform(60, 160)) for year in shift}
    said = {}
    for week in weeks:
        season = week.year if week.month > 6 else week.year - 1
        away = (week - date(season + 1, 1, 10)).days / 7 - shift[season]
        said[week] = int(rng.poisson(12 + height[season] * np.exp(-(away**2) / 18)))
    return said


def _fill(feed: Feed, said: dict[date, int]) -> None:
    rows = [FeedCount(area=feed.area, feed=feed, on=day, count=count) for day, count in said.items()]
    records.create_many(FeedCount, rows, by=None, action="surveillance.feedcount.imported", source=Source.DEMO)


def _answer(staff: Staff) -> None:
    """What looked like something a fortnight ago."""
    for signal in selectors.signals("OPEN", "STATISTICAL"):
        services.judge(
            signal=signal, by=staff["investigator1"], verdict="CHANCE", reason="校运动会放假半天，学校已核实"
        )


def _warn(staff: Staff) -> None:
    """The school's signal deserves it: suspected, handed over, and a notice to the schools."""
    found = next(iter(selectors.signals("OPEN", "STATISTICAL")), None)
    if found is None:
        return
    by = staff["investigator1"]
    signal = services.judge(signal=found, by=by, verdict="SUSPECTED", reason="两个班集中发热，校医来电")
    early_warning.hand_over(signal=signal, by=by, note="到校核实发热学生名单，采样送检")
    product = services.form(
        by=by, area=signal.area, signal=signal, kind="WARNING_NOTICE", to_area=Area.objects.get(code=COUNTY),
        addressee="各学校、托幼机构", title="学校发热聚集预警提示", source=Source.DEMO,
        text="近日一所小学缺课人数明显增多。请各学校落实晨午检和因病缺课登记，发现发热聚集两小时内报告。",
    )  # fmt: skip
    services.deliver(product=product, by=by)
