"""Feeds of two schools, and a way to fill them."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

import pytest

from fangxian.core import clock, policy, records, scope
from fangxian.core.areas import Area
from fangxian.systems.surveillance.models import Feed, FeedCount

DAY = date(2022, 3, 14)
"""The last day that is over on the frozen morning."""
OWN = """
pack: our-county
disease: "{disease}"
level: protocol
area: "{area}"
name: {{zh: 本县规则, en: Our rules}}
valid_from: 2022-01-01
rules:
{rules}
"""
ROW = '  - {{key: {key}, value: "x", data: {data}, unit: "{unit}", source: "notice 5", confidence: local}}\n'


@pytest.fixture
def feed(county) -> Callable[..., Feed]:
    """Factory: a feed of absence in a township."""

    def make(code: str, area: str = "410883001", **values) -> Feed:
        with scope.everywhere("test data"):
            where = Area.objects.get(code=area)
            return records.create(
                Feed, by=None, action="test.made", area=where, code=code, name=f"第{code}小学", **values
            )

    return make


@pytest.fixture
def one_a_week(tmp_path):
    """A county that reckons its budget week by week: one card in seven nights."""
    row = ROW.format(key="warning.budget_days", data="7", unit="day")
    own = OWN.format(disease="*", area="410883", rules=row)
    (tmp_path / "own.yaml").write_text(own, "utf-8")
    policy.configure(tmp_path)
    yield
    policy.configure(None)


@pytest.fixture
def filled() -> Callable[..., None]:
    """Fill a feed with counts that end on a day; None leaves a day out."""

    def fill(feed: Feed, counts: Iterable[int | None], last: date = DAY, step: int = 1) -> None:
        counts = list(counts)
        days = [last - timedelta(days=step * back) for back in range(len(counts) - 1, -1, -1)]
        rows = [
            FeedCount(area=feed.area, feed=feed, on=day, count=count)
            for day, count in zip(days, counts, strict=True)
            if count is not None
        ]
        with scope.everywhere("test data"):
            records.create_many(FeedCount, rows, by=None, action="test.made")

    return fill


@pytest.fixture
def quiet() -> list[int]:
    """Sixty days of a school as always: four or five absent, fewer at the weekend."""
    return [2 if (DAY - timedelta(days=back)).weekday() > 4 else 4 + back % 2 for back in range(59, -1, -1)]


@pytest.fixture
def days_later():
    """Hold the clock some days after the frozen morning."""

    def later(days: int):
        return clock.frozen(clock.now() + timedelta(days=days))

    return later


@pytest.fixture
def own(tmp_path):
    """Factory: a county's own pack beside the shipped ones."""

    def write(rules: dict[str, str], disease: str = "hfmd", area: str = "410883") -> None:
        units = {key: "day" if key.endswith("_days") else "" for key in rules}
        rows = "".join(ROW.format(key=key, data=data, unit=units[key]) for key, data in rules.items())
        text = OWN.format(disease=disease, area=area, rules=rows)
        (tmp_path / "own.yaml").write_text(text, "utf-8")
        policy.configure(tmp_path)

    yield write
    policy.configure(None)
