"""Fields that hold a key of a table kept in core: shown by name, chosen from the list, in every register alike."""

from collections.abc import Callable

from django.utils.translation import get_language

from fangxian.core import diseases


def _disease(key: str) -> str:
    found = diseases.find(key)
    return found.name(get_language() or "") if found else key


def _diseases() -> list[tuple[str, str]]:
    return diseases.choices(get_language() or "")


# field name → name of one key, all choices
VOCABULARIES: dict[str, tuple[Callable[[str], str], Callable[[], list[tuple[str, str]]]]] = {
    "disease": (_disease, _diseases)
}


def named(field: str, value: object) -> object:
    """The value by its name in the reader's language; other fields' values as they are."""
    return VOCABULARIES[field][0](str(value)) if field in VOCABULARIES and value else value


def choices(field: str) -> list[tuple[str, str]]:
    """All choices of such a field; none for other fields."""
    return VOCABULARIES[field][1]() if field in VOCABULARIES else []
