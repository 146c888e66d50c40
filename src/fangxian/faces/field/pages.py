"""Pages of the phone: the list of the day that goes along, and the script that shows it.

    pages.register(Page(
        key="doors", title=_("Today's doors"), icon="home", permission=Permission.PEOPLE_READ,
        cards=doors_of, texts={"as_yesterday": _("As yesterday")},
    ))

`cards(officer)` answers what the page needs for a day without a network, as plain JSON values: a dict whose `cards` is
a list. It runs inside the scope of the officer's posts that carry the right. The script is
`static/field/parts/<key>.js`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.templatetags.static import static

from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, may

Text = Any  # str or a lazy translation


@dataclass(frozen=True)
class Page:
    """One page of the phone. `order` sorts them on the start page; `more` are scripts or styles it needs besides."""

    key: str
    title: Text
    icon: str
    permission: Permission
    cards: Callable[[Officer], dict[str, Any]]
    texts: Mapping[str, Text] = field(default_factory=dict)
    order: int = 50
    more: tuple[str, ...] = ()

    @property
    def script(self) -> str:
        """Address of the module that shows the page."""
        return static(f"field/parts/{self.key}.js")


_pages: dict[str, Page] = {}


def register(page: Page) -> Page:
    """Add a page."""
    _pages[page.key] = page
    return page


def get(key: str) -> Page:
    """The page with this key; LookupError for none."""
    return _pages[key]


def every() -> list[Page]:
    """All pages in their order."""
    return sorted(_pages.values(), key=lambda page: (page.order, page.key))


def for_officer(officer: Officer) -> list[Page]:
    """The pages this officer may open."""
    return [page for page in every() if may(officer, page.permission)]
