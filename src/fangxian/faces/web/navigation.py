"""What one officer finds in the menu: the pages and registers their posts permit, nothing they would be refused.

A provider is a function officer → entries. Pages and registers add theirs once, when their app starts:

    navigation.add(lambda officer: [{"label": _("My tasks"), "url": reverse("my_tasks"), "icon": "checklist",
                                     "group": navigation.WORK, "phone": True}])

`icon` is a name of Tabler's icon font without `ti-`; `phone` puts the entry into the bottom bar of the phone layout;
`count` shows a number (open tasks) beside the label.
"""

from collections.abc import Callable, Iterable
from typing import NotRequired, TypedDict

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fangxian.core.officers import Officer


class Entry(TypedDict):
    label: str | Promise
    url: str
    icon: str
    group: str
    phone: NotRequired[bool]
    count: NotRequired[int]
    active: NotRequired[bool]


class Group(TypedDict):
    key: str
    label: str | Promise
    entries: list[Entry]


Provider = Callable[[Officer], Iterable[Entry]]

WORK = "work"
SEE = "see"
FIND = "find"
HOLD = "hold"
CHECK = "check"
COMMAND = "command"
SUPPORT = "support"
REGISTERS = "registers"
SYSTEM = "system"

# The order of the menu: one's own work, then the loop of prevention and control, step by step. Entries of an unknown
# group come last under their own name.
GROUPS: dict[str, str | Promise] = {
    WORK: "",
    SEE: _("See and warn"),
    FIND: _("Find and test"),
    HOLD: _("Hold and protect"),
    CHECK: _("Check and mend"),
    COMMAND: _("Command"),
    SUPPORT: _("People and supplies"),
    REGISTERS: _("Registers"),
    SYSTEM: _("Administration"),
}
BOTTOM_BAR_SIZE = 4

_providers: list[Provider] = []


def add(provider: Provider) -> Provider:
    """Add a provider of entries; adding it twice changes nothing. Usable as a decorator."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def entries(officer: Officer) -> list[Entry]:
    """All entries this officer may open, in the order their providers were added."""
    return [entry for provider in _providers for entry in provider(officer)]


def mark_active(found: list[Entry], path: str) -> list[Entry]:
    """Copies of the entries, the one whose address is the longest beginning of `path` marked active."""
    here = max((e["url"] for e in found if path.startswith(e["url"])), key=len, default=None)
    return [{**entry, "active": entry["url"] == here} for entry in found]


def grouped(found: list[Entry]) -> list[Group]:
    """The entries under their groups' headings."""
    keys = [*GROUPS, *dict.fromkeys(e["group"] for e in found if e["group"] not in GROUPS)]
    groups = [Group(key=k, label=GROUPS.get(k, k), entries=[e for e in found if e["group"] == k]) for k in keys]
    return [group for group in groups if group["entries"]]


def bottom(found: list[Entry]) -> list[Entry]:
    """The few entries of the phone's bottom bar."""
    return [entry for entry in found if entry.get("phone")][:BOTTOM_BAR_SIZE]
