"""What a bulletin says of itself: title, date, place, issuing body, speakers.

Read where it stands; what had to be concluded (a year from the page's heading, a title from the first sentence) is
named in `Head.unsure`. What the text does not say stays empty.
"""

import datetime
import re

from fangxian.engines.bulletins import furniture, notes, script
from fangxian.engines.bulletins.model import Head

TITLE_LENGTH = 90
FULL_DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
DAY = re.compile(r"(?<![\d年])(\d{1,2})月(\d{1,2})日(?!前)")
NAME = r"([\u4e00-\u9fff]{2,3}?)"
SPEAKER = re.compile(
    rf"(?:^|[。\s,，;；]|书记|[市县区镇乡省]长|主任){NAME}(?:在[\u4e00-\u9fff]{{2,16}}上)?(?:指出|强调|要求|表示)(?=[,，:：]|抓好)",
    re.MULTILINE,
)
CHAIR = re.compile(rf"(?:书记|[市县区镇乡省]长|主任){NAME}(?=主持|带队|受[\u4e00-\u9fff]{{2,6}}委托)")
NO_NAMES = frozenset("会议 大家 上级 会上 一行 委托".split())
VISITED = re.compile(r"到([\u4e00-\u9fff]{2,6}?(?:自治县|示范区|高新区|[市县区镇乡]))(?:检查|督导|调研|察看)")
PLACES = (
    re.compile(r"([\u4e00-\u9fff]{2,10}?自治[县州旗])"),
    re.compile(
        r"(?:^|[,，。\s])([\u4e00-\u9fff]{0,5}?(?:示范区|高新区|开发区))(?=认真|组织|召开|[(（]|党工委)", re.MULTILINE
    ),
    re.compile(r"(?:^|[,，。\s])(?!我|全)([\u4e00-\u9fff]{2,4}?[市县区])(?=召开|组织|委副?书记)", re.MULTILINE),
)
PUBLISHED_AT = re.compile(r"网络编辑\s+([\u4e00-\u9fff]{2,4})\s")
MEETING = re.compile(r"([\u4e00-\u9fff]{2,24}领导小组)(?:[(（]扩大[)）])?会议(?:在[\u4e00-\u9fff]{2,16})?召开")
OFFICE = re.compile(
    r"([\u4e00-\u9fff]{0,4}(?:示范区|高新区|开发区)(?:[(（][\u4e00-\u9fff]+[)）])?党工委"
    r"|(?:[\u4e00-\u9fff]{2,3})??[省市县区](?:委|人大常委会))(?=书记|副书记|主任)"
)


def read(text: str, given: str, received: datetime.date | None = None) -> Head:
    """The head of a repaired article.

    `given` is the page around it, whose heading may name year and publisher; `received` is the day the bulletin came,
    from which a missing year is concluded.
    """
    page = script.simplified(notes.NOTE.sub("", given))
    unsure: list[str] = []
    title = _title(text, unsure)
    body = text if "title" in unsure else text.strip().split("\n", 1)[-1]
    day = _day(text, page, received, unsure)
    publisher = _publisher(page)
    place, visited = _place(body, page, publisher, unsure)
    issuer = _issuer(body, "" if visited else place, unsure)
    return Head(title, day, place, issuer, publisher, _speakers(body), tuple(unsure))


def _title(text: str, unsure: list[str]) -> str:
    """The first line when it is a heading; else the first sentence, which is no title and is named unsure."""
    first = text.strip().split("\n", 1)[0].strip()
    if first and len(first) <= TITLE_LENGTH and first[-1] not in "。;；":
        return first
    unsure.append("title")
    return first.split("。")[0][:TITLE_LENGTH]


def _day(text: str, page: str, received: datetime.date | None, unsure: list[str]) -> datetime.date | None:
    """The day of which the article tells; its year from the article, the page's date or the page's heading."""
    if full := FULL_DAY.search(text):
        return _date(*map(int, full.groups()))
    short = DAY.search(text)
    if short is None:
        return None
    month, day = int(short[1]), int(short[2])
    shown = [found for match in furniture.DATED.finditer(page) if (found := _date(*map(int, match.groups())))]
    heading = furniture.YEAR.search(page)
    if shown:
        return _date(shown[0].year - (month > shown[0].month), month, day)
    if heading or received:
        unsure.append("date")
    if heading:
        return _date(int(heading[1]), month, day)
    return _date(received.year - (month > received.month), month, day) if received else None


def _date(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def _publisher(page: str) -> str:
    """The site's name, from the page."""
    found = [match[1] for line in page.splitlines() if (match := furniture.SITE.search(line.strip()))]
    return found[0] if found else ""


def _place(body: str, page: str, publisher: str, unsure: list[str]) -> tuple[str, bool]:
    """The place the bulletin is about, and whether its issuer only visited it.

    From the page's heading or the site's name only when the text names none.
    """
    if found := VISITED.search(body):
        return found[1], True
    for pattern in PLACES:
        if found := pattern.search(body):
            return found[1], False
    named = PUBLISHED_AT.search(page)
    name = named[1] if named else publisher.removesuffix("网")
    if not name:
        return "", False
    unsure.append("place")
    return name.removesuffix("市") + ("市" if "市委" in body else ""), False


def _issuer(body: str, place: str, unsure: list[str]) -> str:
    """The body whose meeting or leader gives the orders; a bare 市委 gets the name of the place."""
    if meeting := MEETING.search(body):
        return meeting[1]
    office = OFFICE.search(body)
    if not office:
        return ""
    if len(office[1]) == 2 and place.endswith(office[1][0]):
        unsure.append("issuer")
        return place + office[1][1:]
    return office[1]


def _speakers(body: str) -> tuple[str, ...]:
    """Who chairs or speaks, in the order of the text."""
    found = sorted((match.start(), match[1]) for pattern in (CHAIR, SPEAKER) for match in pattern.finditer(body))
    return tuple(dict.fromkeys(name for _at, name in found if name not in NO_NAMES))
