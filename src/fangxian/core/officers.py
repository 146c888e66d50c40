"""Officers and the posts they hold: a post is a role in an area for a time."""

from functools import cached_property

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.areas import Area, ranges
from fangxian.core.clock import now, today
from fangxian.core.permissions import Permission
from fangxian.core.roles import ROLES, choices


class OfficerManager(BaseUserManager):
    """Makes officers with a hashed password."""

    def create_officer(self, username: str, *, name: str, password: str | None = None, **extra) -> "Officer":
        """A new officer without any post; no password means the account cannot sign in yet."""
        officer = self.model(username=self.model.normalize_username(username), name=name, **extra)
        officer.set_password(password)
        officer.save(using=self._db)
        return officer


class Officer(AbstractBaseUser):
    """Someone who signs in. Rights come only from posts."""

    username = models.CharField(_("User name"), max_length=40, unique=True)
    name = models.CharField(_("Full name"), max_length=40)
    language = models.CharField(_("Language"), max_length=8, default="zh-hans")
    is_active = models.BooleanField(_("Active"), default=True)
    must_change_password = models.BooleanField(_("Must change password"), default=False)
    created_at = models.DateTimeField(_("Created"), default=now, editable=False)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]
    objects = OfficerManager()

    class Meta:
        verbose_name = _("Officer")
        verbose_name_plural = _("Officers")
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def current_posts(self) -> list["Post"]:
        """Posts held today, with their area; read once a request."""
        return list(self.posts.current().select_related("area"))

    def posts_with(self, permission: Permission) -> list["Post"]:
        """Current posts whose role carries the permission."""
        return [post for post in self.current_posts if permission in post.role_class.permissions]

    @property
    def needs_second_factor(self) -> bool:
        """Whether a role of this officer asks for one."""
        return any(post.role_class.second_factor for post in self.current_posts)

    @property
    def is_administrator(self) -> bool:
        """Whether the officer holds one of the three administrations."""
        return any(post.role_class.administration for post in self.current_posts)

    @property
    def is_staff(self) -> bool:
        """Django's word for who may open the back office."""
        return self.is_active and self.is_administrator

    def has_perm(self, permission: str, obj=None) -> bool:
        """Django's question, answered for the back office only: administrators, by administration."""
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        """Django's question whether an app's part of the back office is shown."""
        return self.is_staff


class PostQuerySet(models.QuerySet):
    """Posts by time."""

    def current(self) -> "PostQuerySet":
        """Posts held today by officers who are active."""
        day = today()
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day, officer__is_active=True)


class Post(models.Model):
    """A role held in an area, from a day until a day."""

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="posts")
    role = models.CharField(_("Role"), max_length=24, choices=choices)
    area = models.ForeignKey(Area, models.PROTECT, related_name="posts")
    valid_from = models.DateField(_("Valid from"), default=today)
    valid_to = models.DateField(_("Ended on"), null=True, blank=True, help_text=_("The first day without the post."))

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("Post")
        verbose_name_plural = _("Posts")
        constraints = [
            models.UniqueConstraint(fields=["officer", "role", "area", "valid_from"], name="post_once"),
            models.CheckConstraint(condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                                   name="post_ends_after_it_begins"),
        ]  # fmt: skip
        indexes = [models.Index(fields=["role", "area"])]

    def __str__(self) -> str:
        return f"{self.role_class.display_name} · {self.area}"

    @property
    def role_class(self):
        """The role's class."""
        return ROLES[self.role]

    @cached_property
    def ranges(self) -> list[tuple[str, str]]:
        """Code ranges the post reaches."""
        return ranges(self.area)

    def covers(self, area_code: str) -> bool:
        """Whether an area lies in the post's reach."""
        return any(low <= area_code < high for low, high in self.ranges)

    def clean(self) -> None:
        """System, security and audit administration never meet in one account."""
        mine = ROLES[self.role].administration if self.role in ROLES else ""
        if not mine or not self.officer_id:
            return
        others = {ROLES[post.role].administration for post in self.officer.posts.current() if post.pk != self.pk}
        if others - {"", mine}:
            raise ValidationError({"role": _("System, security and audit administration may not meet in one account.")})


def appoint(officer: Officer, *, role: str, area: Area, by: Officer | None, until=None) -> Post:
    """Give an officer a post; refuses combinations that no account may hold. Audited."""
    from fangxian.core import audit  # audit rows name officers, so this side imports late

    post = Post(officer=officer, role=role, area=area, valid_to=until)
    post.full_clean()
    with audit.act("core.post.appointed", by=by, area=area, target=officer, detail={"role": role}):
        post.save()
    officer.__dict__.pop("current_posts", None)
    return post


def dismiss(post: Post, *, by: Officer | None) -> Post:
    """End a post today; its rights are gone with the next request. Audited."""
    from fangxian.core import audit

    with audit.act("core.post.ended", by=by, area=post.area, target=post.officer, detail={"role": post.role}):
        post.valid_to = max(today(), post.valid_from)
        post.save()
    return post
