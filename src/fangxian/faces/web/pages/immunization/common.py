"""What the pages of immunization share: the disease and area looked at, vaccines and groups in words."""

from typing import Any

from django.http import HttpRequest

from fangxian.core import diseases
from fangxian.core.permissions import Permission
from fangxian.systems.immunization import rules
from fangxian.systems.immunization.words import GROUPS, VACCINES

DEFAULT = "covid19"


def disease_of(request: HttpRequest) -> str:
    """The disease a page is about; the one of the shipped schedules where none is named."""
    asked = request.GET.get("disease") or request.POST.get("disease") or DEFAULT
    return asked if asked in diseases.KEYS else DEFAULT


def home_of(officer: Any) -> str:
    """The widest area of the officer's posts that read immunization."""
    return min((post.area_id for post in officer.posts_with(Permission.IMMUNIZATION_READ)), key=len)


def area_of(request: HttpRequest) -> str:
    """The area asked for where it lies inside the officer's, else the officer's."""
    home, asked = home_of(request.user), request.GET.get("area", "")[:24]
    return asked if asked.startswith(home) and asked.isalnum() else home


def vaccine_names(disease: str, area_code: str) -> list[tuple[str, Any]]:
    """The vaccines of the pack with their words."""
    return rules.known(rules.vaccines(rules.pack_of(disease, area_code)), VACCINES)


def group_names(groups: list[rules.Group]) -> list[tuple[str, Any]]:
    """The groups of the pack with their words."""
    return rules.known([group.key for group in groups], GROUPS)
