"""The people behind a figure of coverage: who has come how far, who refused and why, when to ask again."""

from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from fangxian.core.areas import Area
from fangxian.core.permissions import Permission, require
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.immunization import common
from fangxian.systems.immunization import coverage, rules, selectors, services
from fangxian.systems.immunization.coverage import MISSING, Stand
from fangxian.systems.immunization.words import Refused
from fangxian.systems.people import selectors as people

A_PAGE, MOST = 50, 1000


@guard.needs(Permission.IMMUNIZATION_READ)
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """One page of the people of an area, a group and a stand."""
    require(request.user, Permission.PEOPLE_READ)
    disease, area = common.disease_of(request), common.area_of(request)
    pack = rules.pack_of(disease, area)
    groups = {group.key: group for group in rules.groups(pack)}
    group = groups.get(request.GET.get("group", ""))
    stand = request.GET.get("stand", "")
    stand = stand if stand in Stand.values else Stand.NONE
    rows = coverage.people_of(area, disease, pack, group=group, stand=stand)
    page = _page(rows, request.GET.get("page", ""))
    asked = {"area": area, "disease": disease, "group": group.key if group else "", "stand": stand}
    context = {
        "page": page, "rows": _rows(page["rows"], disease), "asked": asked, "back": urlencode(asked),
        "area_name": Area.objects.filter(code=area).first(), "groups": common.group_names(list(groups.values())),
        "stands": Stand.choices, "label": Stand(stand).label, "can_ask": stand in MISSING, "reasons": Refused.choices,
        "may_write": bool(request.user.posts_with(Permission.IMMUNIZATION_WRITE)),
    }  # fmt: skip
    return render(request, "immunization/people.html", context)


@guard.needs(Permission.IMMUNIZATION_WRITE)
@require_POST
def refused(request: HttpRequest) -> HttpResponse:
    """Somebody of the list was asked and will not, or cannot now."""
    guard.attempt(request, lambda: _refuse(request), _("Kept; the day to ask again follows from the reason."))
    return redirect(f"{reverse('vaccination_people')}?{request.POST.get('back', '')}")


def _refuse(request: HttpRequest) -> None:
    try:
        person = people.person(request.POST.get("person", ""))
    except (ValueError, ValidationError, people.Person.DoesNotExist) as error:
        raise ValidationError(_("Choose somebody first.")) from error
    require(request.user, Permission.IMMUNIZATION_WRITE, person.area_id)
    services.refuse(by=request.user, person=person, disease=common.disease_of(request),
                    reason=request.POST.get("reason", ""), note=request.POST.get("note", "")[:200])  # fmt: skip


def _page(rows, asked: str) -> dict:
    """A page and whether there is another; counted as far as registers count: beyond, the figure is “more than”."""
    total = rows.order_by()[: MOST + 1].count()
    last = max(1, -(-min(total, MOST) // A_PAGE))
    number = min(int(asked), last) if asked.isdecimal() and len(asked) < 7 and int(asked) else 1
    begin = (number - 1) * A_PAGE
    found = list(rows[begin : begin + A_PAGE])
    return {
        "rows": found, "number": number, "total": min(total, MOST), "is_more": total > MOST,
        "first": begin + 1, "last": begin + len(found),
        "has_previous": number > 1, "has_next": number < last,
    }  # fmt: skip


def _rows(found: list, disease: str) -> list[dict]:
    ids = [person.pk for person in found]
    doses, refusals = selectors.last_doses(ids, disease), selectors.refusals_of(ids, disease)
    return [{"person": one, "dose": doses.get(one.pk), "refusal": refusals.get(one.pk)} for one in found]
