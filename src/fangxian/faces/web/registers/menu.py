"""The registers an officer may open, in the menu."""

from collections.abc import Iterable

from django.urls import reverse

from fangxian.core.officers import Officer
from fangxian.faces.web import navigation
from fangxian.registers import site

ANY = "any.register"


@navigation.add
def registers(officer: Officer) -> Iterable[navigation.Entry]:
    """One entry a register."""
    address = reverse("register", args=[ANY])  # once: a hundred questions to the resolver cost as much as the page
    held = {right for post in officer.current_posts for right in post.role_class.permissions}
    for register in site:
        if register.right("read") in held and register.may(officer, "read"):  # a refusal's sentence costs more than all
            yield {"label": register.title, "url": address.replace(ANY, register.slug), "icon": register.icon,
                   "group": navigation.REGISTERS}  # fmt: skip
