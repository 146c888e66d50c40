"""Partner installations: our own key to give away, partners to enter, and fingerprints to confirm."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from fangxian.core.permissions import Permission, Refused, require
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.letters.forms import PeerForm
from fangxian.faces.web.registers import widgets
from fangxian.systems.letters import selectors, services, signing


@guard.needs(Permission.LETTERS_PEERS)
@require_http_methods(["GET", "POST"])
def partners(request: HttpRequest) -> HttpResponse:
    """The list, and a form for one more."""
    form = widgets.dress(PeerForm(request.POST or None, initial=_initial(request)))
    if request.method == "POST" and form.is_valid():
        try:
            require(request.user, Permission.LETTERS_PEERS, form.cleaned_data["area"].code)
            services.propose_peer(by=request.user, **form.cleaned_data)
            return redirect("letter_partners")
        except (ValidationError, Refused) as error:
            form.add_error(None, error if isinstance(error, ValidationError) else str(error))
    context = {"form": form, "partners": selectors.peers(), "key": signing.public_key(),
               "fingerprint": signing.own_fingerprint()}  # fmt: skip
    return render(request, "letters/partners.html", context, status=422 if form.errors else 200)


@guard.needs(Permission.LETTERS_PEERS)
@require_POST
def decide(request: HttpRequest, pk) -> HttpResponse:
    """The second officer types the fingerprint that the partner has read out; or somebody ends the trust."""
    peer = selectors.peer(pk)
    require(request.user, Permission.LETTERS_PEERS, peer.area_id)
    typed, reason = request.POST.get("fingerprint", ""), request.POST.get("reason", "")
    if typed:
        done = str(_("Trusted from now on."))
        guard.attempt(request, lambda: services.confirm_peer(by=request.user, peer=peer, fingerprint=typed), done)
    else:
        done = str(_("Trusted no longer."))
        guard.attempt(request, lambda: services.revoke_peer(by=request.user, peer=peer, reason=reason), done)
    return redirect("letter_partners")


def _initial(request: HttpRequest) -> dict[str, str]:
    posts = request.user.posts_with(Permission.LETTERS_PEERS)
    return {"area": posts[0].area_id if posts else ""}
