"""Fields that hold a key of a table kept in core: shown by name, chosen from the list, in every register alike."""

from collections.abc import Callable
from functools import lru_cache

from django.utils.translation import get_language, gettext, gettext_lazy

from fangxian.core import diseases, policy


def _disease(key: str) -> str:
    found = diseases.find(key)
    return found.name(get_language() or "") if found else key


def _diseases() -> list[tuple[str, str]]:
    return diseases.choices(get_language() or "")


def pack_name(stored: str) -> str:
    """The pack's title for the `key@version` a plan remembers; the version stays behind it, short."""
    key, _at, version = stored.rpartition("@")
    titles = _titles(policy.store()).get(key.rpartition("@")[2] or key or version)
    if titles is None:
        return stored
    title = titles[(get_language() or "").startswith("en")]
    return gettext("%(title)s (version %(version)s)") % {"title": title, "version": version[:6]} if key else title


@lru_cache(maxsize=4)
def _titles(store: policy.Store) -> dict[str, tuple[str, str]]:
    return {file.key: (file.name_zh, file.name_en) for file in store.packs}


def rule_name(key: str) -> str:
    """What a contact, a stay or a test follows from, in words; the key itself where there are none."""
    return str(RULES.get(key) or RULES.get(key.split(":")[0]) or RULES.get(key.rpartition(".")[0]) or key)


RULES = {
    "close": gettext_lazy("A kind of contact that is always close"),
    "close:household": gettext_lazy("Same household"),
    "close:declared": gettext_lazy("Named by the case"),
    "close:total": gettext_lazy("Time together, close contact"),
    "secondary": gettext_lazy("Time together with a close contact"),
    "general": gettext_lazy("Same place, not close"),
    "general:lag": gettext_lazy("Came after the case had left"),
    "inbound": gettext_lazy("Arrival from outside"),
    "arrival.overseas": gettext_lazy("Arrival after quarantine elsewhere"),
    "arrival.high": gettext_lazy("Arrival from a high-risk area"),
    "traveller.high": gettext_lazy("Arrival from a high-risk area"),
    "arrival.medium_high": gettext_lazy("Arrival from a medium- or high-risk area"),
    "arrival.medium": gettext_lazy("Arrival from a medium-risk area"),
    "traveller.medium": gettext_lazy("Arrival from a medium-risk area"),
    "arrival.low": gettext_lazy("Arrival from a county with risk areas"),
    "traveller.low": gettext_lazy("Arrival from a county with risk areas"),
    "arrival.outside": gettext_lazy("Arrival from another province"),
    "arrival.landing_test": gettext_lazy("Test on landing"),
    "case.isolation": gettext_lazy("Isolation of a case"),
    "contact.close.isolation": gettext_lazy("Isolation of close contacts"),
    "contact.secondary.isolation": gettext_lazy("Isolation of secondary contacts"),
    "contact.close.test_days": gettext_lazy("Test days of close contacts"),
    "contact.close.home_test_days": gettext_lazy("Test days at home"),
    "contact.secondary.test_days": gettext_lazy("Test days of secondary contacts"),
    "goods.documents": gettext_lazy("Papers and tests of goods"),
    "goods.positive_at_port": gettext_lazy("Positive test of goods"),
    "testing.pool.recall": gettext_lazy("Single test after a positive pool"),
}


def _no_choices() -> list[tuple[str, str]]:
    return []


# field name → name of one key, all choices
VOCABULARIES: dict[str, tuple[Callable[[str], str], Callable[[], list[tuple[str, str]]]]] = {
    "disease": (_disease, _diseases),
    "pack": (pack_name, _no_choices),
    "rule": (rule_name, _no_choices),
}


def named(field: str, value: object) -> object:
    """The value by its name in the reader's language; other fields' values as they are."""
    return VOCABULARIES[field][0](str(value)) if field in VOCABULARIES and value else value


def choices(field: str) -> list[tuple[str, str]]:
    """All choices of such a field; none for other fields."""
    return VOCABULARIES[field][1]() if field in VOCABULARIES else []
