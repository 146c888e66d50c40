"""What the packs say about load, rest, subsidies, quizzes and field visits."""

from datetime import date, time, timedelta
from decimal import Decimal

from django.utils.translation import get_language

from fangxian.core import policy
from fangxian.core.policy import Pack
from fangxian.core.policy.files import ANY_DISEASE
from fangxian.systems.workforce.load import Limits
from fangxian.systems.workforce.paying import Rate

SHIFT, PAID = "workforce.longest_shift_hours", "workforce.subsidy"


def pack_of(area_code: str, on: date | None = None) -> Pack:
    """The pack in force for an area; rules of the workforce name no disease."""
    return policy.pack(disease=ANY_DISEASE, area_code=area_code, on=on)


def limits(pack: Pack) -> Limits:
    """The limits of the load."""
    night = pack.table("workforce.night")
    return Limits(
        shift_hours=pack.hours(SHIFT), week_hours=pack.hours("workforce.week_hours"),
        nights=int(pack.number("workforce.nights_week")), days=int(pack.number("workforce.days_without_rest")),
        rest=pack.duration("workforce.rest_hours"), loop_days=int(pack.number("workforce.closed_loop_days")),
        loop_kinds=frozenset(pack.items("workforce.closed_loop_kinds")), break_=pack.duration("workforce.break"),
        night_from=time.fromisoformat(night["from"]), night_until=time.fromisoformat(night["until"]),
        night_hours=float(night["hours"]), day_hours=pack.hours("workforce.day_hours"),
        kind_hours=tuple(sorted((key.rsplit(".", 1)[1].upper(), pack.hours(key)) for key in pack.under(SHIFT))),
    )  # fmt: skip


def look_back(pack: Pack) -> timedelta:
    """From when on shifts are needed to say who is over a limit: longer than any row of days that is allowed."""
    return timedelta(days=max(int(pack.number("workforce.closed_loop_days")), 7) + 3)


def rates(area_code: str, day: date) -> list[Rate]:
    """The categories of subsidies in force on a day."""
    found = pack_of(area_code, day).under(PAID)
    return [
        Rate(key.rsplit(".", 1)[1], frozenset(rule.data["kinds"]), Decimal(str(rule.data["yuan"])),
             float(rule.data["hours"]), rule.pack_version)
        for key, rule in found.items()
    ]  # fmt: skip


def category_name(area_code: str, category: str, day: date) -> str:
    """What a category is called, in the reader's language; its key where the pack does not have it any more."""
    rule = pack_of(area_code, day).rules.get(f"{PAID}.{category}")
    language = "zh" if (get_language() or "zh").startswith("zh") else "en"
    return str(rule.data.get(language, category)) if rule else category


def questions_asked(pack: Pack) -> int:
    """How many questions a quiz has."""
    return int(pack.number("workforce.quiz.questions"))


def pass_percent(pack: Pack) -> int:
    """How much has to be right."""
    return int(pack.number("workforce.quiz.pass_percent"))


def attempts_a_day(pack: Pack) -> int:
    """How often somebody may try a quiz on one day."""
    return int(pack.number("workforce.quiz.attempts_day"))


def valid_for(pack: Pack) -> timedelta:
    """How long a passed quiz holds."""
    return pack.duration("workforce.quiz.valid")


def spot_ends(pack: Pack) -> bool:
    """Whether a wrong answer on the spot ends what was passed before."""
    return pack.flag("workforce.quiz.wrong_on_the_spot_ends")


def between_visits(pack: Pack) -> timedelta:
    """Within which a named leader goes down once."""
    return pack.duration("workforce.visit_every")


def reserve_percent(pack: Pack) -> int:
    """The share of its people an area keeps back."""
    return int(pack.number("workforce.reserve_percent"))
