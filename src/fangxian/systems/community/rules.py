"""What the packs say about reports and gatherings. A rule may be narrowed to a kind: `key.kind` goes before `key`."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from fangxian.core import policy
from fangxian.core.policy import Pack
from fangxian.core.policy.files import ANY_DISEASE
from fangxian.systems.community.words import ApprovalLevel, GatheringMeasure

APPROVAL, FROM, ELSEWHERE = "gathering.approval", "gathering.report_from", "gathering.from_elsewhere"
RISK_AREA = "gathering.in_risk_area"


@dataclass(frozen=True)
class Verdict:
    """What the rules make of a gathering: who decides, by which rule of which pack; what is asked of it.

    `licence`: it is so large that the public security has to license it as well.
    """

    level: ApprovalLevel
    rule: str
    pack: str
    measures: tuple[GatheringMeasure, ...] = ()
    licence: bool = False


def pack_of(area_code: str, on: date | None = None, disease: str = ANY_DISEASE) -> Pack:
    """The pack in force for an area, in the operating mode it is in."""
    return policy.pack(disease=disease, area_code=area_code, on=on)


def time_to_take_up(pack: Pack, kind: str) -> timedelta:
    """Within which a report has been looked at by somebody."""
    return pack.duration(_key(pack, "community.report.acknowledge_hours", kind))


def time_to_answer(pack: Pack, kind: str) -> timedelta:
    """Within which whoever reported can read what became of it."""
    return pack.duration(_key(pack, "community.report.answer_hours", kind))


def time_to_check(pack: Pack, kind: str) -> timedelta:
    """Within which somebody has looked on the spot."""
    return pack.duration(_key(pack, "community.report.check_hours", kind))


def severity(pack: Pack, kind: str) -> str:
    """How grave a confirmed report of a kind is as a finding; "" for a kind that is none."""
    return str(pack.table("community.report.finding_severity").get(kind, ""))


def judge(kind: str, *, persons: int, elsewhere: bool, area_code: str, on: date) -> Verdict:
    """The strictest of what the rules for any disease and those for each disease watched at gatherings say."""
    plain = pack_of(area_code, on)
    packs = [plain, *(pack_of(area_code, on, disease) for disease in plain.items("gathering.diseases"))]
    return max((_judged(pack, kind, persons, elsewhere) for pack in packs), key=lambda verdict: verdict.level.rank)


def notice_days(pack: Pack, kind: str) -> timedelta:
    """How long before it a gathering is given notice of."""
    return pack.duration(_key(pack, "gathering.notice_days", kind))


def time_to_decide(pack: Pack, kind: str) -> timedelta:
    """Within which a gathering is decided."""
    return pack.duration(_key(pack, "gathering.decide_hours", kind))


def time_to_look(pack: Pack) -> timedelta:
    """How long after its end what was seen of a gathering has to be entered."""
    return pack.duration("gathering.check_hours")


def most_who_may_come(pack: Pack, expected: int) -> int:
    """How many may come of those expected before it counts as more than approved."""
    return expected + int(expected * pack.number("gathering.tolerance_percent") / 100)


def breach_severity(pack: Pack, breach: str) -> str:
    """How grave a breach is as a finding: REFUSED, UNANNOUNCED, CROWDED, MEASURES."""
    return str(pack.table("gathering.finding_severity")[breach])


def forbidden_in_risk_area(pack: Pack) -> bool:
    """Whether nobody gathers where a risk area is managed."""
    return pack.flag(RISK_AREA)


def _judged(pack: Pack, kind: str, persons: int, elsewhere: bool) -> Verdict:
    key = _key(pack, APPROVAL, kind)
    level, rule = _banded(pack.table(key), persons), key
    from_key = _key(pack, FROM, kind)
    if level != ApprovalLevel.PROHIBITED and persons < pack.number(from_key):
        level, rule = ApprovalLevel.NOBODY, from_key
    least = ApprovalLevel(pack.text(ELSEWHERE))
    if elsewhere and level.rank < least.rank:
        level, rule = least, ELSEWHERE
    measures = tuple(GatheringMeasure(item) for item in pack.items(_key(pack, "gathering.measures", kind)))
    return Verdict(level, rule, pack.version, measures, persons >= pack.number("gathering.licence_from"))


def _banded(bands: dict[str, Any], persons: int) -> ApprovalLevel:
    """The level that begins with the highest number so many persons reach; nobody below the first."""
    reached = [level for level, first in bands.items() if persons >= first]
    if not reached:
        return ApprovalLevel.NOBODY
    return ApprovalLevel(max(reached, key=lambda level: (bands[level], ApprovalLevel(level).rank)))


def _key(pack: Pack, key: str, kind: str) -> str:
    own = f"{key}.{kind.lower()}"
    return own if own in pack.rules else key
