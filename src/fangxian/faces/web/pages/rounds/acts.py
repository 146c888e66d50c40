"""What may be done with a round: open it, chase the missing, close it, open it again."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from fangxian.core import jobs
from fangxian.core.permissions import Permission, require
from fangxian.faces.web.pages import guard
from fangxian.systems.testing import selectors
from fangxian.workflows import testing_round


def _act(request: HttpRequest, pk, act: Callable[[], object], done) -> HttpResponse:
    found = selectors.test_round(pk)
    require(request.user, Permission.ROUNDS_RUN, found.area_id)
    guard.attempt(request, act, done)
    return redirect("round", found.pk)


@guard.needs(Permission.ROUNDS_RUN)
@require_POST
def open_round(request: HttpRequest, pk) -> HttpResponse:
    """Take the roster."""
    done = _("The roster is taken: from here on it counts.")
    return _act(request, pk, lambda: testing_round.begin(by=request.user, round_id=pk), done)


@guard.needs(Permission.ROUNDS_RUN)
@require_POST
def chase(request: HttpRequest, pk) -> HttpResponse:
    """Name the missing to their grid workers; a county has thousands of cells, so a job does it."""
    done = _("The missing are being named to their grid workers.")
    return _act(
        request,
        pk,
        lambda: jobs.enqueue("testing.round.chase", by=request.user, key=str(pk), round_id=str(pk)),
        done,
    )


@guard.needs(Permission.ROUNDS_RUN)
@require_POST
def close(request: HttpRequest, pk) -> HttpResponse:
    """Close the round, or make the figures of a closed one anew."""
    done = _("The figures of the round are kept.")
    return _act(request, pk, lambda: testing_round.finish(by=request.user, round_id=pk), done)


@guard.needs(Permission.ROUNDS_RUN)
@require_POST
def resume(request: HttpRequest, pk) -> HttpResponse:
    """Open a closed round again."""
    reason = request.POST.get("reason", "").strip()[:200]
    done = _("The round counts on.")
    return _act(request, pk, lambda: testing_round.resume(by=request.user, round_id=pk, reason=reason), done)
