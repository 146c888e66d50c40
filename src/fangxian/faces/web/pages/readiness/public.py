"""The public list of epidemic-free communities: names and until when; nothing of a person, nor why one is missing."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import override
from django.views.decorators.http import require_safe

from fangxian.core import policy
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.faces.web import policies
from fangxian.faces.web.context import languages
from fangxian.faces.web.pages.publicity import counting
from fangxian.faces.web.pages.publicity.public import language, served
from fangxian.workflows import epidemic_free_list


@policies.public
@require_safe
def epidemic_free(request: HttpRequest, code: str) -> HttpResponse:
    """The communities of a county or township, by township; drawn without the request, so nothing of it gets in."""
    kinds = (Area.Kind.COUNTY, Area.Kind.ZONE, Area.Kind.TOWNSHIP)
    area = Area.objects.filter(code=code, kind__in=kinds).first()
    if area is None or not any(code.startswith(county.code) for county in served()):
        raise Http404
    counting.seen(f"epidemic-free:{code}")
    said = language(request)
    with override(said):
        context: dict[str, Any] = {
            "area": area, "towns": epidemic_free_list.public_list(area), "said": said, "languages": languages(),
            "here": request.path, "at": now(), "lang": f"?lang={said}",
        }  # fmt: skip
        response = HttpResponse(render_to_string("readiness/public.html", context))
    seconds = int(policy.pack(disease="unknown").number("public.cache_seconds"))
    response["Cache-Control"] = f"public, max-age={seconds}"
    return response
