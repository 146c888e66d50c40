"""Every operation there is: the web's from the URL resolver, the interface's from its OpenAPI document.

Each operation carries the policy it declares. What none of them declares is a violation before anything is called.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver

from fangxian.core.permissions import Permission
from fangxian.registers import site

API = "api/"
NOBODY = UUID("00000000-0000-7000-8000-000000000000")
FILLED = {"deed": "agree", "account_deed": "decide", "ledger": "screening.place", "checklist": "key_place",
          "report_deed": "dismiss", "helper_deed": "refuse", "shift_deed": "decline", "gathering_deed": "refuse",
          "directive_deed": "withdraw", "unit_deed": "withdraw", "evening_deed": "count", "evening_form": "json",
          "session_deed": "matter", "session_form": "docx", "community_deed": "refuse", "opening_deed": "propose",
          "supply_item": "SUIT", "item": "SUIT", "supply_step": "cancel",
          "signal_deed": "judge", "product_step": "deliver", "product_form": "docx", "choice": "reject",
          "form": "csv", "verb": "receive", "act": "refuse", "basis": "clinical", "object_id": "1", "app_label": "core",
          "content_type_id": "1", "step": "remind", "decision": "same", "paper": "docx", "key": "doors",
          "station": "leave", "movement": "open", "stage": "report-up", "move": "cancel",
          "turn": "submit", "way": "sms", "clash_pk": "1", "request_pk": str(NOBODY),
          "scenario": "school_pool", "course": "command",
          "worker": "officer:0", "record_pk": str(NOBODY)}  # fmt: skip
PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>|\(\?P<(\w+)>[^)]*\)")
CONVERTER = re.compile(r"\{\w+:")
CLEAN = re.compile(r"[\^$\\]")

# Which register's row an address names by `pk`. An address that is not here names nobody's row: it must be a 404.
ROW_OF = {
    **dict.fromkeys(("list", "list_columns", "list_enter", "list_repair", "list_decide"), "people.sourcelist"),
    "list_row": "people.listrow", "duplicate": "people.duplicatepair", "merge": "people.merge",
    "campaign": "screening.campaign", "campaign_close": "screening.campaign", "target_report": "screening.target",
    **dict.fromkeys(
        ("round", "round_open", "round_chase", "round_close", "round_resume", "round_people", "round_mark",
         "round_pools"), "testing.testround",
    ),
    **dict.fromkeys(("sampling_point", "sampling_register", "sampling_pack"), "testing.samplingpoint"),
    **dict.fromkeys(("tube_batch", "tube_batch_send", "tube_batch_receive"), "testing.tubebatch"),
    **dict.fromkeys(("lab_accident", "lab_accident_close"), "testing.labaccident"),
    **dict.fromkeys(("mode", "mode_act"), "core.operatingmode"),
    **dict.fromkeys(("working_group", "group_join", "group_task"), "command.workinggroup"),
    "group_leave": "command.groupmember",
    "task": "command.task", "task_act": "command.task", "case": "cases.case", "case_respond": "cases.case",
    "case_onset": "cases.case", "case_withdraw": "cases.case", "case_confirm": "cases.case",
    **dict.fromkeys(("letter", "letter_act", "letter_paper"), "letters.letter"),
    **dict.fromkeys(("letter_result", "letter_item_act"), "letters.letteritem"), "letter_partner": "letters.peer",
    **dict.fromkeys(("arrival", "arrival_act"), "arrivals.arrival"),
    **dict.fromkeys(("loop", "loop_link"), "arrivals.loop"),
    **dict.fromkeys(("appeal", "appeal_propose", "appeal_decide", "appeal_send_back"), "arrivals.appeal"),
    **dict.fromkeys(("arrivals_take", "arrivals_refuse"), "arrivals.declaredperson"),
    **dict.fromkeys(("arrivals_remind", "arrivals_hand_on"), "command.task"),
    "isolation_stay": "quarantine.stay", "event": "cases.event", "contact_act": "cases.contact",
    "risk_run": "risk_areas.evaluation",
    "point": "checkpoints.pointofentry", "vehicle": "checkpoints.vehicle",
    **dict.fromkeys(("passage", "passage_settle"), "checkpoints.passage"),
    **dict.fromkeys(("shift", "shift_begin", "shift_hand_over", "shift_take_over"), "checkpoints.shift"),
    **dict.fromkeys(("manifest", "manifest_match", "manifest_close"), "checkpoints.manifest"),
    **dict.fromkeys(("finding", "finding_act"), "inspection.finding"),
    **dict.fromkeys(("account", "account_act"), "inspection.accountability"),
    **dict.fromkeys(("trip", "trip_end", "trip_stop", "trip_leader"), "inspection.trip"),
    **dict.fromkeys(("sheet", "sheet_move"), "inspection.sheet"),
    **dict.fromkeys(("key_place", "key_place_parties", "self_check"), "screening.place"),
    **dict.fromkeys(("community_application", "community_act"), "readiness.epidemicfree"),
    **dict.fromkeys(("school_opening", "school_act"), "readiness.schoolopening"), "school": "screening.place",
    **dict.fromkeys(("directive", "directive_act"), "directives.directive"),
    **dict.fromkeys(("directive_unit", "directive_unit_act"), "directives.handing"),
    **dict.fromkeys(("directive_report", "directive_report_note"), "directives.report"),
    "directive_meeting": "directives.meeting",
    **dict.fromkeys(("report", "report_paper", "report_act"), "situation.issuedreport"),
    **dict.fromkeys(("assessment", "assessment_paper", "assessment_act"), "situation.assessment"),
    **dict.fromkeys(("facility", "control_round"), "medical.facility"), "discharge": "medical.admission",
    **dict.fromkeys(("referral", "referral_act"), "medical.referral"),
    **dict.fromkeys(("supply_store", "supply_move", "supply_ask"), "supplies.store"),
    **dict.fromkeys(("supply_request", "supply_act"), "supplies.supplyrequest"),
    **dict.fromkeys(("drill", "drill_cancel", "drill_take_in", "drill_confirm"), "drills.drill"),
    **dict.fromkeys(("environment_sample", "environment_result"), "environment.environmentsample"),
    **dict.fromkeys(
        ("environment_order", "environment_proof", "environment_check", "environment_decide"),
        "environment.environmentorder",
    ), "case_disinfect": "cases.case",
    **dict.fromkeys(("message", "message_act", "message_take"), "publicity.message"),
    **dict.fromkeys(("bulletin", "bulletin_head", "bulletin_confirm", "bulletin_hand_down"), "bulletins.bulletin"),
    **dict.fromkeys(("measure_act", "measure_correct"), "bulletins.measure"),
    **dict.fromkeys(("goods_lot", "goods_move", "goods_sample", "goods_release", "goods_recall_start"), "goods.lot"),
    **dict.fromkeys(("goods_consignment", "goods_accept", "goods_paper"), "goods.consignment"),
    "goods_place": "goods.goodsplace", "goods_report": "goods.goodstest", "goods_recall": "goods.recall",
    "goods_holder": "goods.recallline",
    **dict.fromkeys(("public_report", "public_report_phone", "public_report_act"), "community.publicreport"),
    **dict.fromkeys(("volunteer", "volunteer_act"), "community.volunteer"),
    "volunteer_shift_act": "community.volunteershift",
    **dict.fromkeys(("volunteer_call", "volunteer_offer", "volunteer_settle"), "community.volunteercall"),
    **dict.fromkeys(("gathering", "gathering_act"), "community.gathering"),
    **dict.fromkeys(("pharmacy", "pharmacy_totals", "pharmacy_file", "till", "till_buyers"), "pharmacies.pharmacy"),
    "sale_take_back": "pharmacies.sale", "pharmacy_call": "pharmacies.callback",
    **dict.fromkeys(
        ("vaccination_site", "vaccination_rooms", "vaccination_arrive", "vaccine_stock", "vaccine_receive",
         "vaccine_close_day"), "immunization.vaccinationsite",
    ),
    **dict.fromkeys(("vaccination_visit", "vaccination_act"), "immunization.visit"),
    "vaccine_move": "immunization.vaccinelot", **dict.fromkeys(("aefi", "aefi_act"), "immunization.aefi"),
    "vaccination_certificate": "immunization.dose",
    **dict.fromkeys(("signal", "signal_act", "warning_form"), "surveillance.signal"),
    **dict.fromkeys(("warning_product", "warning_act", "warning_paper"), "surveillance.warningproduct"),
    **dict.fromkeys(("statement", "statement_agree"), "workforce.subsidystatement"),
    "deployment_call_back": "workforce.deployment",
    "passenger_decide": "checkpoints.passenger", "consignment_treat": "checkpoints.consignment",
    **dict.fromkeys(
        ("trace", "trace_progress", "trace_release", "trace_refuse", "trace_withdraw", "trace_open", "trace_export"),
        "cases.tracerequest",
    ),
}  # fmt: skip
OFFICERS = {"officer", "officer_switch", "post_end"}
ROW_IN_API = {
    "results": "testing.labresult",
    "rounds": "testing.testround",
    "cases": "cases.case",
    "tasks": "command.task",
    "contacts": "cases.contact",
    "trace": "cases.tracerequest",
    "checkpoints/passages": "checkpoints.passage",
    "checkpoints/manifests": "checkpoints.manifest",
}
REASON = {"reason": "check of the rights"}
BODIES: dict[str, Any] = {
    "decide": {"opinion": "REJECTED", **REASON}, "correct": {"value": "NEGATIVE", **REASON}, "withdraw": REASON,
    "refuse": REASON, "end": {"kind": "DROPPED", **REASON}, "restore": REASON,
    "cannot": REASON, "send-back": REASON, "remove": REASON, "finish": {}, "reassign": {},
    "settle": {"outcome": "check of the rights"}, "load": {},
}  # fmt: skip


@dataclass(frozen=True)
class Operation:
    """One thing that can be called, with the policy it declares.

    path        with `{pk}` where a row goes
    declared    whether it says anything at all
    public      open to everybody
    rights      any of them opens it; none asks for any officer
    never       the register has no such act for anybody
    by_session  a token is refused
    row         slug of the register whose row `{pk}` names; "" for none; "own" for rows of one officer only
    body        what to send, where an empty body would be refused before the row is looked for
    """

    name: str
    face: str
    method: str
    path: str
    declared: bool = True
    public: bool = False
    rights: tuple[Permission, ...] = ()
    never: bool = False
    by_session: bool = False
    row: str = ""
    body: Any = field(default=None, hash=False)

    @property
    def unsafe(self) -> bool:
        """Whether it may change something."""
        return self.method not in ("GET", "HEAD", "OPTIONS")


def operations(*, every_register: bool = False) -> list[list[Operation]]:
    """All of them. A page of the registers is one operation, given once for each register; callers take turns with
    them, or with `every_register` each of them is an operation of its own."""
    web = list(_web())
    return [[one] for group in web for one in group] + _api() if every_register else web + _api()


def _web() -> Iterator[list[Operation]]:
    for path, pattern in _walk(get_resolver()):
        if path.startswith(API):
            continue
        slugs = _slugs(getattr(pattern.callback, "policy", None)) if "{slug}" in path else [""]
        for method in ("GET", "POST"):
            yield [_web_operation(path.replace("{slug}", slug), pattern, slug, method) for slug in slugs]


def _slugs(policy) -> list[str]:
    """The registers that have such a page; a page without a policy is looked at for all of them."""
    is_for = getattr(policy, "is_for", lambda register: True)
    return [register.slug for register in site if is_for(register)]


def _walk(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        path = before + CLEAN.sub("", PARAMETER.sub(_named, str(pattern.pattern)))
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, path)
        else:
            yield path, pattern


def _named(found: re.Match[str]) -> str:
    name = found[2] or found[3]
    return FILLED.get(name, f"{{{name}}}")


def _web_operation(path: str, pattern: URLPattern, slug: str, method: str) -> Operation:
    policy, name = getattr(pattern.callback, "policy", None), pattern.name or path
    common = {"name": f"{name} {slug}".strip(), "face": "web", "method": method, "path": f"/{path}"}
    if policy is None:
        return Operation(**common, declared=False)
    action = getattr(policy, "action", "") if slug else ""
    register = site.get(slug) if slug else None
    permission = register.right(action) if register else policy.permission
    rights = getattr(policy, "any_of", ()) or ((permission,) if permission else ())
    return Operation(
        **common, public=policy.public, rights=rights,
        never=_never(register, action, permission) or getattr(policy, "never", False),
        row=_row_in_web(name, slug, path),
    )  # fmt: skip


def _row_in_web(name: str, slug: str, path: str) -> str:
    if "{pk}" not in path:
        return "own" if "{url}" in path else ""
    if name in OFFICERS:
        return "officer"
    return "own" if "import_run" in name or "/import/" in path else slug or ROW_OF.get(name, "own")


def _never(register, action: str, permission) -> bool:
    """Whether the register has no such act."""
    return register is not None and (permission is None or (register.read_only and action in ("write", "import")))


def _api() -> list[list[Operation]]:
    from fangxian.faces.api.policy import policies
    from fangxian.faces.api.site import api, described

    declared = {}
    for prefix, router in api._routers:
        for (method, path), policy in policies(router).items():
            declared[method, "/" + API.strip("/") + prefix + CONVERTER.sub("{", path)] = policy
    documented = {(m.upper(), path) for path, methods in described()["paths"].items() for m in methods}
    found = sorted({*documented, *declared})
    return [[_api_operation(method, path, declared.get((method, path)))] for method, path in found]


def _api_operation(method: str, path: str, policy) -> Operation:
    common = {"name": f"api {path.removeprefix('/api/')}", "face": "api", "method": method, "path": path}
    if policy is None:
        return Operation(**common, declared=False)
    permission = policy.register.right(policy.action) if policy.register else policy.permission
    return Operation(
        **common, rights=(permission,) if permission else (), never=_never(policy.register, policy.action, permission),
        by_session="token" not in policy.by, row=_row_in_api(path), body=_body(method, path),
    )  # fmt: skip


def _row_in_api(path: str) -> str:
    first, *rest = path.removeprefix("/api/").split("/")
    if path == "/api/trace":
        return "cases.case"
    if "{name}" in path:
        return "device"
    if "{pk}" not in path:
        return ""
    named = ROW_IN_API.get(f"{first}/{rest[0]}") or ROW_IN_API.get(first, "job" if first == "jobs" else "own")
    return rest[0] if first == "registers" else named


def _body(method: str, path: str) -> Any:
    if method == "PATCH":
        return {"base_version": 1}
    if path == "/api/trace":
        return {"case": "{pk}", "purpose": "REVIEW_CONTACT", **REASON}
    last = path.rsplit("/", 1)[-1]
    return BODIES.get(last, {} if method == "POST" else None)
