"""What the packs say about the environment: times, strengths, proofs, how often to sample, what a village needs."""

from datetime import date, timedelta
from typing import Any

from fangxian.core import policy
from fangxian.core.policy import Pack
from fangxian.core.policy.files import ANY_DISEASE
from fangxian.systems.environment.words import DISINFECTION, Work

ORDER, RESULT, STRENGTH, POSITIVE = (
    "environment.order_hours", "environment.result_hours", "environment.disinfection", "environment.positive",
)  # fmt: skip


def pack_of(area_code: str, on: date | None = None) -> Pack:
    """The pack in force for an area; rules of the environment name no disease."""
    return policy.pack(disease=ANY_DISEASE, area_code=area_code, on=on)


def time_for(kind: str, pack: Pack) -> timedelta:
    """How long an order of this kind may take."""
    return timedelta(hours=pack.table(ORDER)[kind])


def time_for_result(setting: str, pack: Pack) -> timedelta:
    """How long the laboratory may take for a sample of this setting."""
    table = pack.table(RESULT)
    return timedelta(hours=table.get(setting, table["OTHER"]))


def strength(kind: str, pack: Pack) -> dict[str, int]:
    """The least `mg_per_litre` and `minutes` of a disinfection; zero where the rule asks for none."""
    asked: dict[str, Any] = pack.table(f"{STRENGTH}.{kind.lower()}") if kind in DISINFECTION else {}
    return {name: int(asked.get(name, 0)) for name in ("mg_per_litre", "minutes")}


def needs_sample(kind: str, pack: Pack) -> bool:
    """Whether somebody may accept the work only after a negative sample."""
    return kind in pack.items("environment.sample_after")


def needs_photo(kind: str, pack: Pack) -> bool:
    """Whether a photo or a paper has to be put to the proof."""
    return kind in pack.items("environment.photo_for")


def every_days(setting: str, pack: Pack) -> int:
    """How often a monitoring point of this setting is sampled."""
    table = pack.table("environment.point_days")
    return int(table.get(setting, table["OTHER"]))


def improvements(pack: Pack) -> list[str]:
    """What a round of improvement asks of every village."""
    return [str(Work(kind)) for kind in pack.items("environment.improvements")]


def look_back(pack: Pack) -> timedelta:
    """How long before a positive sample people and goods at the place count."""
    return pack.duration("environment.look_back_days")


def time_to_act(pack: Pack) -> timedelta:
    """Within which somebody has looked at what a positive sample asks for."""
    return pack.duration("environment.alarm_hours")


def worker_tests(pack: Pack) -> list[str]:
    """The diseases people who work at a positive place are tested for."""
    return pack.items("environment.worker_tests")
