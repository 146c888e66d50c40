"""One risk area: where it stands, whether it may be lowered and why, its versions and what each changed, its runs."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from fangxian.core import jobs
from fangxian.core.clock import now
from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.risk_areas.board import names_of
from fangxian.faces.web.pages.risk_areas.mapping import TONES, collection
from fangxian.faces.web.templatetags.shell import moment
from fangxian.systems.risk_areas import concerned, selectors, timeline
from fangxian.systems.risk_areas.words import Level
from fangxian.workflows.risk_area_arrival import AGAIN, JOB
from fangxian.workflows.risk_areas import lowering, suggesting
from fangxian.workflows.risk_areas.lowering import Check, Lowering

TOLD = ("level", "codes", "lies_in", "building", "shape", "from_at", "until_at", "issuer", "document")


@guard.needs(Permission.RISK_AREAS_READ)
@require_GET
def area(request: HttpRequest, pk) -> HttpResponse:
    """The page of one area."""
    versions = selectors.history(pk)
    if not versions:
        raise Http404
    zone, pack = selectors.zone_at(pk, now())
    story = timeline.stretches(versions)
    context: dict[str, Any] = {
        "risk_area": versions[0].risk_area, "zone": zone, "tone": TONES.get(zone.level if zone else "", "neutral"),
        "level": Level(zone.level).label if zone else "", "pack": pack, "story": story,
        "history": _history(versions), "map": collection([zone]) if zone else None,
        **_lowering(suggesting.may_be_lowered(zone) if zone else None),
        "runs": concerned.evaluations(pk),
        "may_write": bool(may(request.user, Permission.RISK_AREAS_WRITE, versions[0].area_id)),
        "standing": _standing(versions), "job": _job(pk),
        "where": names_of({code for code in (*(zone.codes if zone else ()), zone.lies_in if zone else "") if code}),
    }  # fmt: skip
    return render(request, "risk_areas/area.html", context)


@guard.needs(Permission.RISK_AREAS_WRITE)
@require_POST
def again(request: HttpRequest, pk) -> HttpResponse:
    """Look at everybody anew, as the area stands now."""
    version = selectors.standing_version(pk, now())
    require(request.user, Permission.RISK_AREAS_WRITE, version.area_id)
    jobs.enqueue(JOB, by=request.user, key=str(pk), version_id=str(version.pk), trigger=AGAIN)
    return redirect(reverse("risk_area", args=[pk]))


def _lowering(found: Lowering | None) -> dict[str, Any]:
    """The checklist in the reader's words."""
    if found is None:
        return {}
    return {"lowering": found, "lowering_to": Level(found.step.to).label, "checks": [
        {"text": gettext(check.label) % check.values, "holds": check.holds, "from_on": check.from_on,
         "facts": told(check)}
        for check in found.checks
    ]}  # fmt: skip


def told(check: Check) -> str:
    """What is known for one line of the checklist."""
    words = {
        lowering.CLEAR: gettext("The last infection was on %(since)s, %(days)s days ago. %(case)s"),
        lowering.CONTACTS: gettext(
            "%(contacts)s close contacts are followed, %(negative)s negative; last contact %(last)s"
        ),
        lowering.ROUND: gettext("%(negative)s of %(residents)s negative, %(positive)s positive"),
        lowering.OTHERS: gettext("%(zones)s left"),
    }  # fmt: skip
    return (words[check.label] % check.facts).strip()


def _standing(versions: list[Any]) -> Any:
    """The last version that is published and that nobody has corrected."""
    counting = timeline.standing(versions)
    return counting[-1] if counting else None


def _job(pk) -> jobs.Job | None:
    return jobs.Job.objects.filter(kind=JOB, key=str(pk)).order_by("-created_at").first()


def _history(versions: list[Any]) -> list[dict[str, Any]]:
    """Each version beside the one it follows or corrects, and what it says differently; the newest first."""
    told: list[dict[str, Any]] = []
    ordered = sorted(versions, key=lambda one: one.number)
    corrected = {one.corrects_id: one for one in ordered if one.corrects_id and one.published_at}
    for number, version in enumerate(ordered):
        before = version.corrects if version.corrects_id else _before(ordered[:number])
        told.append({"version": version, "tone": TONES.get(version.level, "neutral"),
                     "corrected_by": corrected.get(version.pk),
                     "changes": list(differences(before, version)) if before else []})  # fmt: skip
    return told[::-1]


def _before(versions: list[Any]) -> Any:
    return next((one for one in reversed(versions) if one.published_at), None)


def differences(before: Any, after: Any):
    """What a version says differently: name of the field, before, after."""
    for name in TOLD:
        if getattr(before, name) != getattr(after, name):
            label = after._meta.get_field(name).verbose_name
            yield {"label": label, "before": _said(before, name), "after": _said(after, name)}


def _said(version: Any, name: str) -> Any:
    if name == "shape":
        return _("drawn") if version.shape else "–"
    if name == "level":
        return version.get_level_display()
    value = getattr(version, name)
    return moment(value) if isinstance(value, datetime) else value or "–"
