"""The bulletins that came in, and taking in another: a file, several, or a pasted text."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from fangxian.core.areas import Area
from fangxian.core.permissions import Permission, may, require
from fangxian.engines.bulletins import decoded
from fangxian.faces.web.pages import guard
from fangxian.faces.web.registers import widgets
from fangxian.systems.bulletins import selectors, services
from fangxian.systems.bulletins.words import LONGEST

SHOWN, MOST_FILES = 40, 20
LARGEST = 4 * LONGEST
"""Bytes of one file: no character of UTF-8 or GB18030 has more than four."""


class TextForm(forms.Form):
    """A pasted text; the browser does not ask for it, because files will do as well."""

    use_required_attribute = False
    given = forms.CharField(
        label=_("Text of the bulletin"), widget=forms.Textarea(attrs={"rows": 6}), max_length=LONGEST, min_length=20,
        strip=False,
    )  # fmt: skip


@guard.needs(Permission.BULLETINS_READ)
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """What came in, the latest first, with what is still to be decided."""
    return _shown(request, widgets.dress(TextForm()))


@guard.needs(Permission.BULLETINS_WRITE)
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Take in files or a text; one of them opens its page."""
    home = own_area(request)
    require(request.user, Permission.BULLETINS_WRITE, home.code)
    files = request.FILES.getlist("files")[:MOST_FILES]
    form = widgets.dress(TextForm(request.POST))
    if not files and not form.is_valid():
        return _shown(request, form, 422)
    made: list[Any] = []
    if not files:
        guard.attempt(request, lambda: made.append(_taken(request, home, form.cleaned_data["given"], "")))
    for file in files:
        guard.attempt(request, lambda file=file: made.append(_from_file(request, home, file)))
    if len(made) == 1:
        return redirect("bulletin", made[0].pk)
    if made:
        said = ngettext("%(count)s bulletin was read.", "%(count)s bulletins were read.", len(made))
        guard.attempt(request, lambda: None, said % {"count": len(made)})
    return redirect("bulletins")


def own_area(request: HttpRequest) -> Area:
    """The area of the officer's first post that carries the right to enter bulletins."""
    return request.user.posts_with(Permission.BULLETINS_WRITE)[0].area


def _from_file(request: HttpRequest, home: Area, file: Any) -> Any:
    if file.size > LARGEST:
        raise forms.ValidationError(_("“%(name)s” is larger than a bulletin is.") % {"name": file.name})
    return _taken(request, home, decoded(file.read()), file.name)


def _taken(request: HttpRequest, home: Area, given: str, name: str) -> Any:
    return services.take_in(by=request.user, area=home, given=given, file_name=name)


def _shown(request: HttpRequest, form: TextForm, status: int = 200) -> HttpResponse:
    context = {
        "rows": selectors.bulletins()[:SHOWN], "form": form,
        "may_write": bool(may(request.user, Permission.BULLETINS_WRITE)),
    }  # fmt: skip
    return render(request, "bulletins/board.html", context, status=status)
