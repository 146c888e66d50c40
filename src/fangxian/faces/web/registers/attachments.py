"""The files of a record: a tab to look at them, to put one there, to take one away with a reason."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fangxian.faces.web.registers import access, tables
from fangxian.registers import attachments
from fangxian.registers.behaviours import Attached

ACCEPTED = ",".join(f".{ending}" for ending in attachments.ENDINGS)
SANDBOX = "default-src 'none'; sandbox"  # a file is shown as it is and runs nothing


class FileForm(forms.Form):
    """One photo or paper."""

    file = forms.FileField(
        label=_("Photo or paper"), widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
        help_text=_("JPEG, PNG, WebP, HEIC, PDF, Word or Excel; up to 8 MB. It is stored encrypted."),
    )  # fmt: skip


class RemovalForm(forms.Form):
    """Why a file goes."""

    reason = forms.CharField(label=_("Why is it removed?"), min_length=4, max_length=200)


def tab(request: HttpRequest, register, found) -> dict:
    """What the tab shows."""
    return {
        "files": list(attachments.of(found)),
        "may_attach": bool(register.may_attach(request.user, found)),
        "file_form": FileForm(),
    }


@access.requires("read", behaviour=Attached)
@require_POST
def attach(request: HttpRequest, register, pk) -> HttpResponse:
    """Put a file to the record."""
    found = attachments.changeable(register, request.user, pk)
    form = FileForm(request.POST, request.FILES)
    try:
        if not form.is_valid():
            raise ValidationError(form.errors["file"].as_data())
        file = form.cleaned_data["file"]
        attachments.attach(found, name=file.name, content=file.read(), by=request.user)
        messages.success(request, _("The file is stored."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(tables.url_of(found) if "own_page" in request.POST else _tab_url(register, found))


@access.requires("read", behaviour=Attached)
@require_GET
def show(request: HttpRequest, register, pk, file) -> HttpResponse:
    """A file: a photo in the page's place, anything else as a download. Each reading is recorded."""
    found, content = attachments.read(register.get(pk), file, by=request.user)
    response = HttpResponse(content, content_type=found.media_type)
    kind = "inline" if found.is_image else "attachment"
    ending = found.name.rpartition(".")[2].lower()
    response["Content-Disposition"] = f'{kind}; filename="{found.pk}.{ending}"'
    response["Content-Security-Policy"] = SANDBOX
    response["Cache-Control"] = "no-store"
    return response


@access.requires("read", behaviour=Attached)
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, register, pk, file) -> HttpResponse:
    """Ask why, then take the file away."""
    found = attachments.changeable(register, request.user, pk)
    attachment, form = attachments.of(found).get(pk=file), RemovalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        attachments.remove(found, file, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("The file is removed."))
        return redirect(_tab_url(register, found))
    context = {"register": register, "record": found, "file": attachment, "form": form}
    return render(request, "registers/file_remove.html", context, status=422 if form.errors else 200)


def _tab_url(register, found) -> str:
    return reverse("register_record", args=[register.slug, found.pk]) + "?tab=files"
