"""Rules in words: how grave, what they ask for where, and within which time it is reported."""

from itertools import groupby
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fangxian.core import modes
from fangxian.core.clock import today
from fangxian.systems.surveillance import rules
from fangxian.systems.surveillance.settings import ANY, Settings, settings_of
from fangxian.systems.surveillance.subjects import name_of
from fangxian.systems.surveillance.words import RuleLevel


def counted(signal: Any) -> str:
    """What was counted beside what the rule asks for."""
    said = {"counted": f"{signal.observed:g}", "bound": f"{signal.bound or 0:g}"}
    match (signal.series.get("rule") or {}).get("counted"):
        case "deaths":
            return _("%(counted)s deaths; the rule asks for %(bound)s.") % said
        case "admissions":
            return _("%(counted)s admitted to hospital; the rule asks for %(bound)s.") % said
    return _("%(counted)s cases; the rule asks for %(bound)s.") % said


def words(rule: dict[str, Any] | None) -> str:
    """The rule as a card keeps it; "" for a card no rule made."""
    if not rule:
        return ""
    english = get_language() == "en"
    where = rule["en"] if english else rule["zh"]
    level = str(RuleLevel(rule["level"]).label) if rule["level"] else _("What the law manages most strictly")
    said = {"level": level, "number": rule["least"], "days": rule["days"], "where": where}
    parts = [_asked(rule) % said, _("Imported cases do not count.") if rule["local"] else "", _clock(rule)]
    return (" " if english else "").join(filter(None, parts))


def in_force(area_code: str) -> list[tuple[str, list[str]]]:
    """Every disease with its rules of today in an area."""
    with modes.remembered():
        settings = settings_of(area_code, today())
        found = rules.all_in_force(area_code, today())
    return [
        (name_of(disease), [_line(rule, settings, *least) for _same, rule in rows for least in rule.least])
        for disease, rows in groupby(found, key=lambda one: one[0])
    ]


def _line(rule: rules.ClusterRule, settings: Settings, counted: str, least: int) -> str:
    """A rule of a setting no pack explains is said to be never met: a slip of the pen would not be seen otherwise."""
    said = words(rules.told(rule, settings, counted, least))
    if rule.setting in settings.keys:
        return said
    return said + " " + _("No kind of place is called %(key)s: it is never met.") % {"key": rule.setting}


def _asked(rule: dict[str, Any]) -> str:
    """What of it the rule counts, and where."""
    match rule["counted"]:
        case "deaths":
            return _("%(level)s: %(number)s or more deaths within %(days)s days in one place: %(where)s.")
        case "admissions":
            return _("%(level)s: %(number)s or more admitted to hospital within %(days)s days in one place: %(where)s.")
    if rule["setting"] == ANY and rule["least"] == 1:
        return _("%(level)s: one case is enough.")
    return _("%(level)s: %(number)s or more cases within %(days)s days in one place: %(where)s.")


def _clock(rule: dict[str, Any]) -> str:
    hours = rule["report_hours"]
    return _("To be reported within %(hours)s hours.") % {"hours": f"{hours:g}"} if hours is not None else ""
