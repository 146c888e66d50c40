"""Django's admin for what is no register: code tables, accounts, and the audit and the jobs to look at.

Registers never appear here, nothing can be deleted, and every change is written into the audit. A right of
`core.permissions` opens each part; Django's own permission tables are not used.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import admin
from django.contrib.admin.sites import AdminSite
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext_lazy as _

from fangxian.core import audit, scope
from fangxian.core.permissions import Permission, Refused, may
from fangxian.faces.web import policies

OPEN_TO = (Permission.SYSTEM_MANAGE, Permission.ACCOUNTS_MANAGE, Permission.AUDIT_READ)


@dataclass(frozen=True)
class AnyOf(policies.Policy):
    """One of several rights opens it."""

    any_of: tuple[Permission, ...] = ()
    never: bool = False

    def allows(self, officer: Any) -> bool:
        """Whether one of the officer's posts carries one of the rights."""
        return not self.never and any(may(officer, right) for right in self.any_of)

    def __str__(self) -> str:
        return "nobody" if self.never else " or ".join(self.any_of)


ANY_PART = AnyOf(any_of=OPEN_TO)


class BackOffice(AdminSite):
    """The admin under the platform's own sign-in, sessions and second factor."""

    site_header = _("Fangxian back office")
    site_title = _("Back office")
    index_title = _("Code tables, accounts, audit")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the officer holds one of the administrations."""
        return request.user.is_authenticated and any(may(request.user, right) for right in OPEN_TO)

    def get_urls(self) -> list:
        """Every page with its policy: the part's right, or for the pages around them any of the administrations."""
        urls = [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]
        for pattern in urls:
            if not isinstance(pattern, URLResolver):
                _declare(pattern, policies.PUBLIC if pattern.name in ("login", "logout") else ANY_PART)
        for part in self._registry.values():
            model = part.opts
            for pattern in _below(urls, f"{model.app_label}/{model.model_name}/"):
                _declare(pattern, part.policy(pattern.name or ""))
        return urls

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """There is one login."""
        return redirect("account_login")

    def logout(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """There is one logout."""
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """There is one page for it."""
        return redirect("account_change_password")


class Part(admin.ModelAdmin):
    """One table.

    right      opens it
    writable   whether anything may be added or changed
    area_path  the field that holds a row's area code, for tables with areas
    """

    right: Permission
    writable = False
    area_path = ""
    actions = None
    list_per_page = 50
    show_full_result_count = False

    def policy(self, name: str) -> AnyOf:
        """What the pages of this table ask for; nobody deletes, and nobody adds where nothing is written."""
        never = name.endswith("_delete") or (name.endswith("_add") and not self.writable)
        return AnyOf(any_of=(self.right,), never=never)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Rows inside the reach of the posts that carry the right; all rows of a table that has no areas."""
        found = super().get_queryset(request)
        if not self.area_path:
            return found
        inside = Q(pk__in=[])
        for low, high in scope.of_officer(request.user, self.right).ranges or ():
            inside |= Q(**{f"{self.area_path}__gte": low, f"{self.area_path}__lt": high})
        return found.filter(inside)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the table is shown."""
        return bool(may(request.user, self.right))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether rows are shown."""
        return bool(may(request.user, self.right))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whether rows are added."""
        return self.writable and bool(may(request.user, self.right))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether rows are changed."""
        return self.writable and bool(may(request.user, self.right))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is deleted here."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Write the row and its audit entry together."""
        verb = "changed" if change else "added"
        detail = {"fields": sorted(form.changed_data)}
        with audit.act(f"{obj._meta.label_lower}.{verb}", by=request.user, target=None if not change else obj,
                       detail={**detail, "row": str(obj)}):  # fmt: skip
            obj.save()

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """The audit has it already."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """The audit has it already."""


def _declare(pattern: URLPattern, policy: policies.Policy) -> None:
    """Say the policy with the page, and keep to it before the page itself is asked."""
    view = pattern.callback

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not policy.public and not request.user.is_authenticated:
            return policies.to_login(request)
        if isinstance(policy, AnyOf) and not policy.allows(request.user):
            raise Refused(_("This part of the back office is not open to your posts."))
        return view(request, *args, **kwargs)

    guarded.policy = policy
    pattern.callback = guarded


def _below(urls: list, prefix: str) -> Iterator[URLPattern]:
    """The pages of one table."""
    for pattern in urls:
        if isinstance(pattern, URLResolver) and str(pattern.pattern) == prefix:
            yield from pattern.url_patterns


office = BackOffice(name="backoffice")
