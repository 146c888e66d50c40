"""Lists, duplicates and campaigns in the menu."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, may
from fangxian.faces.web import navigation


@navigation.add
def entries(officer: Officer) -> Iterable[navigation.Entry]:
    """What the officer's posts open."""
    if may(officer, Permission.PEOPLE_IMPORT):
        yield _entry(_("Match lists"), "lists", "list-search")
        yield _entry(_("Duplicates"), "duplicates", "copy")
    if may(officer, Permission.SCREENING_READ):
        yield _entry(_("Screening campaigns"), "campaigns", "zoom-check")
    if may(officer, Permission.PEOPLE_WRITE):
        yield _entry(_("People to be found"), "to_be_found", "user-search")


def _entry(label, name: str, icon: str, group: str = navigation.FIND) -> navigation.Entry:
    return {"label": label, "url": reverse(name), "icon": icon, "group": group}
