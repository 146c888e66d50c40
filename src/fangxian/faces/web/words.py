"""Words in addresses: one of a few, anything else is no address at all."""

from collections.abc import Callable, Iterable

from django.urls import register_converter


def register_words(name: str, words: Iterable[str], become: Callable[[str], object] = str) -> None:
    """Let `<name:…>` in an address stand for one of the words; a page is given what `become` makes of it."""

    class Word:
        regex = "|".join(words)

        def to_python(self, value: str) -> object:
            return become(value)

        def to_url(self, value: object) -> str:
            return str(value)

    register_converter(Word, name)
