"""What the packs say about goods: the grade, the papers and tests a lot needs, the notice, recalls."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from fangxian.core import policy
from fangxian.core.policy import Pack, PolicyError
from fangxian.core.policy.files import ANY_DISEASE
from fangxian.systems.goods.words import Grade, PaperKind

HOLD, GRADE, POSITIVE = "goods.documents", "goods.low_risk_if", "goods.positive_at_port"
PAPERS = {
    "customs declaration": PaperKind.CUSTOMS,
    "inspection and quarantine certificate": PaperKind.INSPECTION,
    "nucleic-acid certificate": PaperKind.TEST,
    "disinfection certificate": PaperKind.DISINFECTION,
    "trace code": PaperKind.TRACE_CODE,
    "outbound certificate (QR)": PaperKind.OUTBOUND,
}
"""The names the pack uses; the outbound certificate is what a release gives, so no release waits for it."""
_LISTS = {Grade.COLD: HOLD, Grade.HIGH: "goods.high_risk_papers", Grade.LOW: "goods.low_risk_papers"}


def pack_of(area_code: str) -> Pack:
    """The pack in force for an area; rules of goods name no disease."""
    return policy.pack(disease=ANY_DISEASE, area_code=area_code)


def grade(facts: Mapping[str, Any], pack: Pack, at: datetime) -> str:
    """Cold, or low or high risk by the published signs; high where no rule is in force that would make it low.

    `facts` are the values of a consignment, with `disinfected` said whether a proof is there.
    """
    if facts["temperature"] <= pack.number("goods.cold_up_to_c"):
        return Grade.COLD
    signs = pack.get(GRADE, [])
    return Grade.LOW if any(_sign(sign)(facts, pack, at) for sign in signs) else Grade.HIGH


def papers(grade_: str, pack: Pack) -> list[str]:
    """The kinds of papers without which a lot of this grade is held; none where no rule is in force."""
    named = pack.get(_LISTS[Grade(grade_)], [])
    return [kind for kind in (_paper(name) for name in named) if kind != PaperKind.OUTBOUND]


def outer_tests(grade_: str, pieces: int, pack: Pack) -> int:
    """How many pieces must be negative outside."""
    share = pack.number("goods.outer_tests_share") if grade_ == Grade.COLD else 0
    return -int(-pieces * share // 1)


def inner_tests(grade_: str, pieces: int, pack: Pack) -> int:
    """How many pieces must be negative inside."""
    return min(pieces, int(pack.number("goods.inner_tests_pieces"))) if grade_ == Grade.COLD else 0


def notice(grade_: str, pack: Pack) -> timedelta:
    """How long before entry the goods must be announced; zero where no notice is asked for."""
    if grade_ not in pack.items("goods.notice_grades") or pack.get("warehouse.prenotice_hours") is None:
        return timedelta()
    return pack.duration("warehouse.prenotice_hours")


def is_from_origin(pack: Pack) -> bool:
    """Whether a recall begins where the contaminated lot came from."""
    return pack.get("goods.recall_from") == "origin"


def window(pack: Pack) -> timedelta:
    """How far back a recall looks."""
    return pack.duration("goods.recall_window_days")


def time_to_tell(pack: Pack) -> timedelta:
    """Within which every holder has been told."""
    return pack.duration("goods.recall_tell_hours")


def time_to_seal(pack: Pack) -> timedelta:
    """Within which every piece has been found."""
    return pack.duration("goods.recall_seal_hours")


def handler_tests(pack: Pack) -> list[str]:
    """The diseases handlers of recalled goods are tested for."""
    return pack.items("goods.handler_tests")


def worker_tests(pack: Pack) -> timedelta:
    """How old a worker's last test may be."""
    return pack.duration("goods.worker_test_days")


def _paper(name: str) -> str:
    if name not in PAPERS:
        raise PolicyError(f"No paper of goods is called {name!r}; known are: {', '.join(PAPERS)}.")
    return PAPERS[name]


Sign = Callable[[Mapping[str, Any], Pack, datetime], bool]
SIGNS: dict[str, Sign] = {
    "from low-risk country": lambda facts, pack, at: facts["origin"] in pack.items("goods.low_risk_countries"),
    "bulk": lambda facts, pack, at: facts["is_bulk"],
    ">24 h since departure": lambda facts, pack, at: _left_long_ago(facts["departed_at"], pack, at),
    "no worker contact": lambda facts, pack, at: not facts["touched"],
    "already disinfected": lambda facts, pack, at: facts["disinfected"],
}


def _sign(name: str) -> Sign:
    if name not in SIGNS:
        raise PolicyError(f"No sign of low risk is called {name!r}; known are: {', '.join(SIGNS)}.")
    return SIGNS[name]


def _left_long_ago(departed_at: datetime | None, pack: Pack, at: datetime) -> bool:
    return departed_at is not None and at - departed_at > pack.duration("goods.low_risk_after_hours")
