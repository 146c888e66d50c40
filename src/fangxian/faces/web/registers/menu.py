"""The registers an officer may open, in the menu."""

from collections.abc import Iterable

from django.urls import reverse

from fangxian.core.officers import Officer
from fangxian.faces.web import navigation
from fangxian.registers import site


@navigation.add
def registers(officer: Officer) -> Iterable[navigation.Entry]:
    """One entry a register."""
    for register in site:
        if register.may(officer, "read"):
            yield {"label": register.title, "url": reverse("register", args=[register.slug]), "icon": register.icon,
                   "group": navigation.REGISTERS}  # fmt: skip
