"""The page of a case: its clocks, its contacts with the evidence behind each, chain, days, map, responses, report."""

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from fangxian.core.permissions import Permission, may
from fangxian.faces.web.pages import case_contacts, case_map, chains, guard, lists, running
from fangxian.faces.web.pages.environment import around
from fangxian.faces.web.pages.figures import readable
from fangxian.registers import site
from fangxian.systems.cases import selectors as cases
from fangxian.workflows import positive_result
from fangxian.workflows.response.report import disease_name

PER_PAGE = 50
TABS = {
    "contacts": (_("Contacts"), "users-group"), "chain": (_("Chain"), "share-3"),
    "around": (_("Goods and environment"), "droplet-search"),
    "timeline": (_("Timeline"), "timeline"), "map": (_("Map"), "map-2"), "tasks": (_("Tasks"), "checklist"),
    "responses": (_("Responses"), "refresh"), "report": (_("Report"), "file-text"),
}  # fmt: skip
CLOCK_TONES = {"done": "success", "running": "info", "late": "warning", "missed": "danger"}
CLOCK_WORDS = {"done": _("done in time"), "running": _("running"), "late": _("done late"), "missed": _("overdue")}
DIFFERENCES = {
    "contacts": _("Contacts"), "rooms": _("Rooms"), "tests": _("Tests"), "tasks": _("Tasks"),
    "evidence": _("Pieces of evidence"), "secondary_cut": _("Secondary contacts beyond the limit"),
    "added": _("added"), "kept": _("kept"), "changed": _("changed"), "dropped": _("dropped"), "new": _("new"),
    "cancelled": _("cancelled"), "waiting": _("waiting"), "shortfall": _("short"), "withdrawn": _("withdrawn"),
    "letters": _("letters"), "proposed": _("Waiting for a second person"), "planned": _("planned"), "moved": _("moved"),
}  # fmt: skip
STEPS = {
    "find_contacts": _("Find contacts"), "find_second_ring": _("Find the second ring"),
    "keep_contacts": _("Keep contacts"), "plan": _("Plan"), "book_rooms": _("Book rooms"),
    "plan_tests": _("Plan tests"), "hand_down": _("Hand down tasks"),
}  # fmt: skip


@guard.needs(Permission.CASES_READ)
@require_GET
def case(request: HttpRequest, pk) -> HttpResponse:
    """Head with clocks, and one tab; each tab has an address and loads only what it shows."""
    found = cases.case(pk)
    tab = request.GET.get("tab", "contacts")
    tab = tab if tab in TABS else "contacts"
    tasks = _tasks(request, found)
    context = {
        "case": found,
        "disease": disease_name(found.disease),
        "clocks": _clocks(found, tasks),
        "tab": tab,
        "tabs": [(key, label, icon) for key, (label, icon) in TABS.items()],
        "rings": cases.contact_counts(found),
        "confirmations": _confirmations(found),
        "job": running.job_of(found),
        "sees_results": readable(request.user, lists.RESULTS),
        **_rights(request, found),
        **TAB_LOADERS[tab](request, found, tasks),
    }  # fmt: skip
    return render(request, "cases/case.html", context)


def _clocks(found, tasks: QuerySet) -> list[tuple]:
    rows = tasks.values_list("key", "status", "done_at", named=True)
    clocks = positive_result.clocks(found, rows)
    return [(clock, CLOCK_TONES[clock.state], CLOCK_WORDS[clock.state]) for clock in clocks]


def _tasks(request: HttpRequest, found) -> QuerySet:
    """The tasks about the case that the officer may see; empty without that right. Read in their own scope."""
    register = site.get(lists.TASKS)
    with register.scope(request.user, "read"):
        rows = register.rows().filter(subject_kind=lists.CASES, subject_id=found.pk)
    return rows if readable(request.user, lists.TASKS) else rows.none()


def _rights(request: HttpRequest, found) -> dict:
    asked = {"may_respond": Permission.RESPOND_RUN, "may_write": Permission.CASES_WRITE,
             "may_withdraw_result": Permission.TESTING_WRITE, "may_trace": Permission.TRACE_RUN}  # fmt: skip
    return {name: bool(may(request.user, right, found.area_id)) for name, right in asked.items()}


def _confirmations(found) -> list[tuple]:
    """The three confirmations: name, when, by whom, and the basis where an officer gives it or takes it back."""
    names = (("clinical", _("Clinical")), ("epidemiological", _("Epidemiological")), ("laboratory", _("Laboratory")))
    return [
        (label, getattr(found, f"{name}_at"), getattr(found, f"{name}_by"), name if name in running.CONFIRMING else "")
        for name, label in names
    ]


def _chain(request: HttpRequest, found, tasks: QuerySet) -> dict:
    return {"chain": chains.drawn(cases.chain(found))}


def _timeline(request: HttpRequest, found, tasks: QuerySet) -> dict:
    return {"moments": cases.timeline(found), "exposures": cases.exposures_of(found)}


def _map(request: HttpRequest, found, tasks: QuerySet) -> dict:
    return {"places": case_map.features(request.user, found)}


def _about(request: HttpRequest, found, tasks: QuerySet) -> dict:
    """One page of the tasks, what is due first first."""
    ordered = tasks.select_related("area", "officer", "person").order_by("due_at", "pk")
    page = Paginator(ordered, PER_PAGE).get_page(request.GET.get("page"))
    return {"tasks": list(page.object_list), "tasks_page": page}


def _responses(request: HttpRequest, found, tasks: QuerySet) -> dict:
    return {"responses": [(run, _steps(run), _difference(run.difference)) for run in cases.responses_of(found)]}


def _report(request: HttpRequest, found, tasks: QuerySet) -> dict:
    return {"report": positive_result.report_text(found)}


def _steps(run) -> list[tuple[str, float]]:
    return [(str(STEPS.get(step["step"], step["step"])), step["seconds"]) for step in run.steps]


def _difference(difference: dict) -> list[tuple[str, str]]:
    """What a run changed, one line a part: “Contacts: added 12, kept 3”."""
    return [(_word(part), _said(value)) for part, value in difference.items()]


def _said(value) -> str:
    if isinstance(value, dict):
        parts = [f"{_word(key)} {_said(inner)}" for key, inner in value.items() if inner not in (0, [], {})]
        return ", ".join(parts) or "0"
    return _shortfall(value) if isinstance(value, list) else str(value)


def _shortfall(days: list[dict]) -> str:
    """Rooms missing on several days: how many at most, from when until when."""
    return f"{max(day['missing'] for day in days)} ({days[0]['day']} – {days[-1]['day']})"


def _word(key: str) -> str:
    return str(DIFFERENCES.get(key, key))


TAB_LOADERS = {
    "contacts": case_contacts.shown, "chain": _chain, "around": around.of_case, "timeline": _timeline, "map": _map,
    "tasks": _about, "responses": _responses, "report": _report,
}  # fmt: skip
