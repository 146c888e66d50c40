"""Officers and their posts: made, appointed and dismissed by who manages accounts; everything audited."""

import secrets

from django import forms as django_forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from fangxian.core import audit, officers, roles
from fangxian.core.officers import Officer, Post
from fangxian.core.permissions import Permission
from fangxian.faces.web.pages import guard
from fangxian.faces.web.registers import widgets
from fangxian.registers import forms

SHOWN = 200
PASSWORD_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789"


class OfficerForm(django_forms.Form):
    """A new officer; the password is made here and shown once."""

    username = django_forms.CharField(label=_("User name"), max_length=40)
    name = django_forms.CharField(label=_("Name"), max_length=40)

    def clean_username(self) -> str:
        username = self.cleaned_data["username"]
        if Officer.objects.filter(username__iexact=username).exists():
            raise ValidationError(_("Somebody has this user name already."))
        return username


class PostForm(django_forms.Form):
    """A post: role, area, until when."""

    role = django_forms.ChoiceField(label=_("Role"), choices=roles.choices)
    until = django_forms.DateField(
        label=_("Until"), required=False, help_text=_("Empty: until it is ended."),
        widget=django_forms.DateInput(attrs={"type": "date"}),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["area"] = forms.AreaField(label=_("Area"))
        widgets.dress(self)
        self.order_fields(("role", "area", "until"))


@guard.needs(Permission.ACCOUNTS_MANAGE)
@require_http_methods(["GET", "POST"])
def listing(request: HttpRequest) -> HttpResponse:
    """Who has an account and which posts; a new one at the side."""
    form = OfficerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made, password = _make(form.cleaned_data, by=request.user)
        messages.success(request, _("Account %(username)s made. First password, shown only now: %(password)s")
                         % {"username": made.username, "password": password})  # fmt: skip
        return redirect("officer", made.pk)
    search = request.GET.get("q", "").strip()
    found = Officer.objects.prefetch_related("posts__area").order_by("username")
    if search:
        found = found.filter(name__startswith=search) | found.filter(username__startswith=search)
    context = {"officers": found[:SHOWN], "form": form, "search": search, "more": found.count() > SHOWN}
    return render(request, "administration/officers.html", context, status=422 if form.errors else 200)


@guard.needs(Permission.ACCOUNTS_MANAGE)
@require_http_methods(["GET", "POST"])
def officer(request: HttpRequest, pk: int) -> HttpResponse:
    """One officer: the posts, and a new one."""
    found = Officer.objects.get(pk=pk)
    form = PostForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _appoint(request, found, form):
        return redirect("officer", found.pk)
    posts = found.posts.select_related("area").order_by("-valid_from", "-pk")
    held = set(found.posts.current().values_list("pk", flat=True))
    context = {"officer": found, "posts": [(post, post.pk in held) for post in posts], "form": form}
    return render(request, "administration/officer.html", context, status=422 if form.errors else 200)


@guard.needs(Permission.ACCOUNTS_MANAGE)
@require_POST
def end_post(request: HttpRequest, pk: int) -> HttpResponse:
    """End a post from tomorrow on; today's work stays signed."""
    post = Post.objects.get(pk=pk)
    guard.attempt(request, lambda: officers.dismiss(post, by=request.user), _("The post is ended."))
    return redirect("officer", post.officer_id)


@guard.needs(Permission.ACCOUNTS_MANAGE)
@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an account, or open it again; nobody closes their own."""
    found = Officer.objects.get(pk=pk)
    if found.pk == request.user.pk:
        messages.error(request, _("You cannot close your own account."))
        return redirect("officer", found.pk)
    word = "closed" if found.is_active else "opened"
    with audit.act(f"core.officer.{word}", by=request.user, target=found):
        found.is_active = not found.is_active
        found.save(update_fields=["is_active"])
    return redirect("officer", found.pk)


def _make(given: dict, *, by: Officer) -> tuple[Officer, str]:
    password = "-".join("".join(secrets.choice(PASSWORD_LETTERS) for _n in range(4)) for _m in range(4))
    with audit.act("core.officer.made", by=by, detail={"username": given["username"]}):
        made = Officer.objects.create_officer(given["username"], name=given["name"], password=password,
                                              must_change_password=True)  # fmt: skip
    return made, password


def _appoint(request: HttpRequest, found: Officer, form: PostForm) -> bool:
    given = form.cleaned_data
    try:
        officers.appoint(found, role=given["role"], area=given["area"], by=request.user, until=given["until"])
    except ValidationError as refused:
        form.add_error(None, ValidationError(refused.messages))
        return False
    messages.success(request, _("Appointed."))
    return True
