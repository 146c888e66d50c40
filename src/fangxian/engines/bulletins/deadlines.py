"""Until when, and how often: the words of a bulletin and the day that follows from them."""

import calendar
import datetime
import re
from dataclasses import dataclass

WORDS = re.compile(
    r"每[日天周月季年](?!更)|每日|每天|本?月底(?:前)?|本周内|年底前|\d{1,2}月\d{1,2}日前|\d{1,3}(?:小时|日|天)内|立即|随即|第一时间(?!”)"
)
EVERY = {"日": "day", "天": "day", "周": "week", "月": "month", "季": "quarter", "年": "year"}
DAY = re.compile(r"(\d{1,2})月(\d{1,2})日前")
WITHIN = re.compile(r"(\d{1,3})(小时|日|天)内")
CONDITION = re.compile(r"一旦|发现|发生|出现|接到|收到|接报|遇有|凡|病例|阳性|疫情报告|[^最前以]后(?:的|应|须|要)?$")
"""What makes a span begin when something happens, and not with the bulletin: `聚集性病例要在2小时内报告`."""


@dataclass(frozen=True)
class Deadline:
    """The words, the last day if one follows from them, and the period of what is done again and again.

    No day follows from `立即` and its like, nor from a span of hours or one that begins when something happens: the
    words say how quickly, not until which day.
    """

    words: str = ""
    due: datetime.date | None = None
    every: str = ""


def found_in(text: str, day: datetime.date | None) -> Deadline:
    """The first deadline a text names; `day` is the bulletin's, without which no date follows."""
    found = WORDS.search(text)
    if not found:
        return Deadline()
    words = found[0]
    every = EVERY.get(words[1], "") if words.startswith("每") else ""
    return Deadline(words, _due(words, text[: found.start()], day) if day else None, every)


def _due(words: str, before: str, day: datetime.date) -> datetime.date | None:
    if "月底" in words:
        return day.replace(day=calendar.monthrange(day.year, day.month)[1])
    if words == "本周内":
        return day + datetime.timedelta(days=6 - day.weekday())
    if words == "年底前":
        return day.replace(month=12, day=31)
    if found := WITHIN.fullmatch(words):
        return _within(int(found[1]), found[2], before, day)
    named = DAY.fullmatch(words)
    return named_day(int(named[1]), int(named[2]), day) if named else None


def _within(count: int, unit: str, before: str, day: datetime.date) -> datetime.date | None:
    """The last day of a span that begins with the bulletin; one shorter than a day, or with a condition, has none."""
    days = count // 24 if unit == "小时" else count
    return day + datetime.timedelta(days=days) if days and not CONDITION.search(before) else None


def named_day(month: int, number: int, near: datetime.date) -> datetime.date | None:
    """A day named by month and number, in the year of the other day, or the next when it would lie half a year back."""
    try:
        found = datetime.date(near.year, month, number)
        return found if (near - found).days < 183 else found.replace(year=near.year + 1)
    except ValueError:
        return None
