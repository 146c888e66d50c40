"""The door partners knock at: a sealed envelope in, a sealed answer out. Who may speak is the seal's affair alone."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from fangxian.faces.web import policies
from fangxian.workflows.letters import exchange

TOO_LONG = 413


@csrf_exempt
@policies.public
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """One envelope. A browser has no seal, so there is nothing here for it to be tricked into."""
    try:
        body = request.body
    except RequestDataTooBig:
        return HttpResponse(status=TOO_LONG)
    answer = exchange.open_envelope(body, request.headers.get(exchange.SEAL, ""))
    response = HttpResponse(answer.body, status=answer.status, content_type="application/json")
    response[exchange.SEAL] = answer.seal
    response["Cache-Control"] = "no-store"
    return response
