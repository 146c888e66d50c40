"""The tables of the back office."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from fangxian.core import audit
from fangxian.core.areas import Area, AreaCode, ZoneMember
from fangxian.core.audit import AuditEntry
from fangxian.core.jobs import Job
from fangxian.core.officers import Officer, Post, appoint
from fangxian.core.permissions import Permission, require
from fangxian.faces.backoffice.site import Part, office


class AreaPart(Part):
    """The tree of areas; a code, once given, stays."""

    right, writable, area_path = Permission.SYSTEM_MANAGE, True, "code"
    list_display = ("code", "name", "name_en", "kind", "parent", "valid_to")
    list_filter = ("kind",)
    search_fields = ("code__startswith", "name__startswith")
    autocomplete_fields = ("parent", "predecessor")
    list_select_related = ("parent",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Records point at the code."""
        return ("code", "system", "parent") if obj else ()


class AreaCodePart(Part):
    """The crosswalk to other lists."""

    right, writable, area_path = Permission.SYSTEM_MANAGE, True, "area_id"
    list_display = ("area", "system", "code", "name")
    list_filter = ("system",)
    search_fields = ("code__startswith", "name__startswith")
    autocomplete_fields = ("area",)
    list_select_related = ("area",)


class ZoneMemberPart(Part):
    """Which areas a functional zone commands."""

    right, writable, area_path = Permission.SYSTEM_MANAGE, True, "zone_id"
    list_display = ("zone", "member")
    autocomplete_fields = ("zone", "member")
    list_select_related = ("zone", "member")


class OfficerPart(Part):
    """Accounts: name, language, open or closed. A new one gets a password that must be changed at the first login."""

    right, writable = Permission.ACCOUNTS_MANAGE, True
    list_display = ("username", "name", "language", "is_active", "must_change_password")
    list_filter = ("is_active",)
    search_fields = ("username__startswith", "name__startswith")
    fields = ("username", "name", "language", "is_active")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A user name stands in the audit."""
        return ("username",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """A new account with a one-time password, shown now and never again."""
        if not change:
            from fangxian.faces.cli.users import one_time_password

            password = one_time_password()
            obj.set_password(password)
            obj.must_change_password = True
            said = _("Password for the first login of %(name)s, to be changed there: %(password)s")
            messages.warning(request, said % {"name": obj.username, "password": password})
        super().save_model(request, obj, form, change)


class PostPart(Part):
    """Who holds which role where and until when. A post is never rewritten: it ends, and another begins."""

    right, writable, area_path = Permission.ACCOUNTS_MANAGE, True, "area_id"
    list_display = ("officer", "role", "area", "valid_from", "valid_to")
    list_filter = ("role",)
    search_fields = ("officer__username__startswith",)
    autocomplete_fields = ("officer", "area")
    fields = ("officer", "role", "area", "valid_to")
    list_select_related = ("officer", "area")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Only the end of an existing post is entered."""
        return ("officer", "role", "area") if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Through the verb that refuses what no account may hold, and only where one's own posts reach."""
        require(request.user, self.right, obj.area_id)
        if change:
            with audit.act("core.post.ended", by=request.user, area=obj.area, target=obj.officer,
                           detail={"role": obj.role, "until": str(obj.valid_to)}):  # fmt: skip
                obj.save()
            return
        made = appoint(obj.officer, role=obj.role, area=obj.area, by=request.user, until=obj.valid_to)
        obj.pk = made.pk


class AuditPart(Part):
    """The audit, to be read."""

    right = Permission.AUDIT_READ
    list_display = ("seq", "at", "officer", "action", "area_code", "target_kind", "target_id")
    list_filter = ("at",)
    search_fields = ("action__startswith", "target_id")
    fields = ("seq", "at", "officer", "action", "area_code", "target_kind", "target_id", "detail")
    list_select_related = ("officer",)


class JobPart(Part):
    """Long work, to be looked at."""

    right = Permission.JOBS_READ
    list_display = ("created_at", "kind", "state", "done", "total", "attempts", "created_by", "finished_at")
    list_filter = ("state", "kind")
    fields = ("kind", "state", "done", "total", "message", "error", "attempts", "created_at", "finished_at")
    list_select_related = ("created_by",)


for model, part in ((Area, AreaPart), (AreaCode, AreaCodePart), (ZoneMember, ZoneMemberPart), (Officer, OfficerPart),
                    (Post, PostPart), (AuditEntry, AuditPart), (Job, JobPart)):  # fmt: skip
    office.register(model, part)
