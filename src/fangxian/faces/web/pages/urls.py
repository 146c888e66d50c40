"""Addresses of the pages of the story."""

from django.urls import include, path

from fangxian.faces.web.pages import (
    administration,
    board,
    case,
    chains,
    deciding,
    ledger,
    menu,
    officers,
    results,
    running,
    situation,
    tasks,
    trace,
    tracing,
    venue_codes,
)
from fangxian.faces.web.registers import tables
from fangxian.faces.web.words import register_words
from fangxian.systems.cases.classification import Basis
from fangxian.systems.command.transitions import Verb

__all__ = ["menu", "urlpatterns"]  # the menu adds itself when it is imported

tables.PAGES.update(
    {
        "cases.case": "case",
        "cases.event": "event",
        "command.task": "task",
        "testing.labresult": "result",
        "cases.tracerequest": "trace",
    }
)


PARTS = (
    "checkpoints", "risk_areas", "arrivals", "resident", "rounds", "isolation", "letters", "medical", "matching",
    "doors", "goods", "pharmacies", "environment", "immunization", "community", "publicity", "command",
    "surveillance", "bulletins", "directives", "supervision",
    "supplies", "workforce", "drills", "readiness", "reporting",
)  # fmt: skip
"""Folders of pages with addresses of their own."""


register_words("verb", Verb, Verb)
register_words("basis", running.CONFIRMING, Basis)  # the laboratory's confirmation follows from its result
register_words("sheet", ("csv", "xlsx"))
register_words("act", deciding.Act, deciding.Act)

urlpatterns = [
    path("ledger/", ledger.ledger, name="ledger"),
    path("my-tasks/", tasks.mine, name="my-tasks"),
    path("tasks/<uuid:pk>/", tasks.task, name="task"),
    path("tasks/<uuid:pk>/<verb:verb>/", tasks.act, name="task_act"),
    path("cases/<uuid:pk>/", case.case, name="case"),
    path("cases/<uuid:pk>/respond/", running.respond, name="case_respond"),
    path("cases/<uuid:pk>/onset/", running.onset, name="case_onset"),
    path("cases/<uuid:pk>/confirm/<basis:basis>/", running.confirmation, name="case_confirm"),
    path("cases/<uuid:pk>/withdraw/", running.withdraw, name="case_withdraw"),
    path("contacts/<uuid:pk>/<act:act>/", deciding.act, name="contact_act"),
    path("events/<uuid:pk>/", chains.event, name="event"),
    path("results/<uuid:pk>/", results.result, name="result"),
    path("results/<uuid:pk>/decide/", results.decide, name="result_decide"),
    path("results/<uuid:pk>/correct/", results.correct, name="result_correct"),
    path("results/<uuid:pk>/withdraw/", results.withdraw, name="result_withdraw"),
    path("jobs/<uuid:pk>/progress/", running.job, name="job_progress"),
    path("situation/", situation.situation, name="situation"),
    path("situation/curve/", situation.curve, name="situation_curve"),
    path("situation/board/", board.board, name="situation_board"),
    path("situation/difference/", board.difference, name="situation_difference"),
    path("tracing/", tracing.workbench, name="tracing"),
    path("tracing/cases/", tracing.find, {"what": "case"}, name="tracing_find_case"),
    path("tracing/places/", tracing.find, {"what": "place"}, name="tracing_find_place"),
    path("tracing/chosen/", tracing.chosen, name="tracing_chosen"),
    path("tracing/<uuid:pk>/", trace.trace, name="trace"),
    path("tracing/<uuid:pk>/progress/", trace.progress, name="trace_progress"),
    path("tracing/<uuid:pk>/release/", trace.release, name="trace_release"),
    path("tracing/<uuid:pk>/refuse/", trace.refuse, name="trace_refuse"),
    path("tracing/<uuid:pk>/withdraw/", trace.withdraw, name="trace_withdraw"),
    path("tracing/<uuid:pk>/contacts/", trace.open_contacts, name="trace_open"),
    path("tracing/<uuid:pk>/export.<sheet:form>", trace.export, name="trace_export"),
    path("administration/", administration.administration, name="administration"),
    path("administration/officers/", officers.listing, name="officers"),
    path("administration/officers/<int:pk>/", officers.officer, name="officer"),
    path("administration/officers/<int:pk>/switch/", officers.switch, name="officer_switch"),
    path("administration/posts/<int:pk>/end/", officers.end_post, name="post_end"),
    path("administration/jobs/", administration.jobs, name="jobs"),
    path("administration/audit/", administration.audit_trail, name="audit"),
    path("rules/", administration.packs, name="packs"),
    path("places/<uuid:pk>/code/", venue_codes.place_code, name="place_code"),
    path("venue-codes/", venue_codes.venue_codes, name="venue_codes"),
    path("venue-codes/print/", venue_codes.area_codes, name="area_codes"),
    *(path("", include(f"{__package__}.{part}.urls")) for part in PARTS),
]
