"""What the packs say about vaccination: schedules, times, groups, reports of reactions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fangxian.core import policy
from fangxian.core.clock import today
from fangxian.core.policy import Pack
from fangxian.core.policy.files import ANY_DISEASE
from fangxian.engines.schedules import Booster, Contraindication, Course, Schedule

VACCINES = "vaccination.vaccines"


@dataclass(frozen=True)
class Group:
    """People whose coverage is counted: completed years, both included, and what they work as (empty: anything)."""

    key: str
    min_age: int = 0
    max_age: int | None = None
    occupations: tuple[str, ...] = ()


def pack_of(disease: str, area_code: str = "", on: date | None = None) -> Pack:
    """The pack in force for a disease in an area on a day."""
    return policy.pack(disease=disease, area_code=area_code, on=on)


def general(area_code: str = "") -> Pack:
    """The rules that name no disease."""
    return policy.pack(disease=ANY_DISEASE, area_code=area_code)


def vaccines(pack: Pack) -> dict[str, dict[str, Any]]:
    """Every vaccine the pack knows against its disease, by key; none where it has no schedule."""
    return {row["key"]: row for row in pack.get(VACCINES, [])}


def vaccine(pack: Pack, key: str) -> dict[str, Any]:
    """What the pack says of one vaccine; raises ValidationError for one it does not know."""
    found = vaccines(pack).get(key)
    if found is None:
        raise ValidationError({"vaccine": _("The pack in force has no schedule for this vaccine.")})
    return found


def schedule(pack: Pack) -> Schedule:
    """The schedule of a pack, as the engine takes it; without courses where the pack has none."""
    boosters = tuple(
        Booster(int(pack.number(row["interval_rule"])), int(row.get("min_age_years", 0)))
        for row in pack.get("vaccination.boosters", [])
    )
    mixing = tuple((key, tuple(with_)) for key, with_ in pack.get("vaccination.boost_with", {}).items())
    return Schedule(
        courses=tuple(_course(pack, row) for row in vaccines(pack).values()), boosters=boosters, boost_with=mixing,
        contraindications=tuple(_forbidding(row) for row in pack.get("vaccination.contraindications", [])),
    )  # fmt: skip


def _course(pack: Pack, row: dict[str, Any]) -> Course:
    said = pack.table(f"vaccination.{row['key']}")
    return Course(
        row["key"], doses=said["doses"], min_interval_days=said.get("min_interval_days", 0),
        within_days=said.get("second_within_days"), within_months=said.get("third_within_months"),
        grace_days=row.get("grace_days", 0), min_age=row.get("min_age_years", 0), max_age=row.get("max_age_years"),
    )  # fmt: skip


def _forbidding(row: dict[str, Any]) -> Contraindication:
    named = tuple(str(row.get("vaccines", "")).split())
    return Contraindication(row["key"], bool(row["permanent"]), int(row.get("days", 0)), named)


def groups(pack: Pack) -> list[Group]:
    """The groups of the pack, in its order."""
    return [
        Group(row["key"], int(row.get("min_age_years", 0)), row.get("max_age_years"), _occupations(pack, row))
        for row in pack.get("vaccination.groups", [])
    ]


def _occupations(pack: Pack, row: dict[str, Any]) -> tuple[str, ...]:
    rule = row.get("occupations_rule")
    return tuple(pack.items(rule)) if rule else ()


def observation(pack: Pack) -> timedelta:
    """How long somebody is observed after a dose."""
    return pack.duration("vaccination.observation_minutes")


def longest_wait(pack: Pack) -> timedelta:
    """How long somebody may wait for a station before the board marks it."""
    return pack.duration("vaccination.wait_minutes")


def open_hours(pack: Pack, key: str) -> timedelta:
    """How long an opened vial of a vaccine may be used."""
    return timedelta(hours=float(vaccine(pack, key).get("open_hours", 0)))


def expiring(area_code: str = "") -> date:
    """The day up to which doses that expire are named."""
    return today() + general(area_code).duration("vaccination.expiring_days")


def reminder(reason: str, area_code: str = "") -> date:
    """When to ask somebody again, by the reason of the refusal."""
    days = general(area_code).table("vaccination.remind_days")
    return today() + timedelta(days=int(days.get(reason, days["OTHER"])))


def booster_months(pack: Pack) -> int | None:
    """Months from the basic course to the first booster; None where there is none."""
    rows = pack.get("vaccination.boosters", [])
    return int(pack.number(rows[0]["interval_rule"])) if rows else None


def known(keys: Iterable[str], words: dict[str, Any]) -> list[tuple[str, Any]]:
    """Keys of a pack with their words; a key without words stands for itself."""
    return [(key, words.get(key, key)) for key in keys]
