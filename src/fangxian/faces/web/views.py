"""Pages of the shell itself: the first start, and where each role lands."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from fangxian.core import setup
from fangxian.core.officers import Officer
from fangxian.faces.web import navigation, policies
from fangxian.faces.web.forms import SetupForm


@policies.public
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Make the first officer with the code from the console; gone as soon as there is one."""
    if not setup.is_open():
        raise Http404
    form = SetupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if _first_officer(form):
            messages.success(request, _("The account is made. Log in with it."))
            return redirect("account_login")
    return render(request, "shell/set_up.html", {"form": form}, status=422 if form.errors else 200)


def _first_officer(form: SetupForm) -> Officer | None:
    given = {key: form.cleaned_data[key] for key in ("username", "name", "password")}
    try:
        return setup.create_first_officer(form.cleaned_data["code"], **given)
    except ValidationError as wrong:
        form.add_error(None, ValidationError(wrong.messages))
        return None


@policies.public
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """To the set-up page, the login, or the landing page of the officer's first post that has one."""
    if not request.user.is_authenticated:
        return redirect("set_up" if setup.is_open() else "account_login")
    for post in request.user.current_posts:
        try:
            return redirect(reverse(post.role_class.landing))
        except NoReverseMatch:
            continue
    found = navigation.entries(request.user)
    return redirect(found[0]["url"]) if found else render(request, "shell/no_post.html")
