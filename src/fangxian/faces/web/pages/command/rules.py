"""The rules that differ between two modes, in words: what each is about, what it says now, what it would say."""

from dataclasses import dataclass

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from fangxian.core.areas import Area
from fangxian.core.policy import Change, Rule
from fangxian.faces.web.registers import named
from fangxian.workflows.mode_switch import RuleChange

GROUP = "testing.group."
NAMES = {
    "command.duty.shift_hours": gettext_lazy("Length of a duty shift"),
    "command.duty.officers": gettext_lazy("Duty officers at a time"),
    "command.duty.leader": gettext_lazy("A leader of the area on duty"),
    "command.report_up_hours": gettext_lazy("Report up every"),
    "command.mode.acknowledge_hours": gettext_lazy("Acknowledge a mode within"),
    "door.confirm_days": gettext_lazy("Every household is reached within"),
    "door.unseen_days": gettext_lazy("A person nobody has seen is a gap after"),
    "medical.infection_control_days": gettext_lazy("A round of infection control every"),
    "medical.fever_referral_hours": gettext_lazy("A fever patient is at a fever clinic within"),
    "community.report.acknowledge_hours": gettext_lazy("A public report is acknowledged within"),
    "community.report.answer_hours": gettext_lazy("A public report is answered within"),
    "community.report.check_hours": gettext_lazy("A public report is checked within"),
    "gathering.approval": gettext_lazy("Who decides about gatherings"),
    "gathering.from_elsewhere": gettext_lazy("Gatherings with people from elsewhere"),
    "gathering.measures": gettext_lazy("Measures at gatherings"),
    "gathering.report_from": gettext_lazy("Gatherings are reported from"),
    "pharmacy.ladder": gettext_lazy("Sale of fever and cough medicine"),
    "travel.leaving": gettext_lazy("Advice on leaving the area"),
    "inspection.rectification_hours.minor": gettext_lazy("A minor finding is rectified within"),
    "inspection.rectification_hours.major": gettext_lazy("A major finding is rectified within"),
    "inspection.rectification_hours.critical": gettext_lazy("A critical finding is rectified within"),
}


@dataclass(frozen=True)
class Row:
    """One rule of the difference; url opens the records it concerns."""

    change: Change
    name: str
    before: str
    after: str
    concerned: int | None
    url: str


def rows(changes: tuple[RuleChange, ...], area: Area) -> list[Row]:
    """The difference as rows: what concerns records first, else in the order it came in."""
    return [
        Row(one.change, _name(one.change), said(one.change.before), said(one.change.after), one.concerned,
            named.url(one.register, area=area.code) if one.register else "")
        for one in sorted(changes, key=lambda one: not one.register)
    ]  # fmt: skip


def said(rule: Rule | None) -> str:
    """What a rule says, in the reader's language where its data can be put into words; else as published."""
    if rule is None:
        return ""
    if isinstance(rule.data, bool):
        return _("yes") if rule.data else _("no")
    if rule.key.startswith(GROUP) and isinstance(rule.data, dict):
        return _turns(int(rule.data["turns"]), int(rule.data["cycle"]))
    if isinstance(rule.data, int) and rule.unit in _UNITS:
        return _UNITS[rule.unit](rule.data)
    return rule.value


def _name(change: Change) -> str:
    rule = change.after or change.before
    if change.key.startswith(GROUP) and rule and isinstance(rule.data, dict):
        return _("Tests: %(group)s") % {"group": rule.data["en" if get_language() == "en" else "zh"]}
    return str(NAMES.get(change.key) or NAMES.get(change.key.rpartition(".")[0], ""))


def _turns(turns: int, cycle: int) -> str:
    if turns == cycle:
        return _("every day")
    return _("%(turns)s in %(cycle)s days") % {"turns": turns, "cycle": cycle}


_UNITS = {
    "hour": lambda n: ngettext("%(n)s hour", "%(n)s hours", n) % {"n": n},
    "day": lambda n: ngettext("%(n)s day", "%(n)s days", n) % {"n": n},
    "minute": lambda n: ngettext("%(n)s minute", "%(n)s minutes", n) % {"n": n},
}

__all__ = ["Row", "rows", "said"]
