"""The interface as a whole: one router a register, and the acts that are more than a row."""

from functools import cache
from typing import Any

from django.utils.translation import override
from ninja import NinjaAPI

from fangxian import __version__
from fangxian.faces.api import (
    account,
    answers,
    cases,
    checkpoints,
    contacts,
    devices,
    isolation,
    registers,
    results,
    risk_areas,
    rounds,
    situation,
    tasks,
    tracing,
    work,
)
from fangxian.registers import site


def _build() -> NinjaAPI:
    made = NinjaAPI(
        title="Fangxian",
        version=__version__,
        description="Outbreak prevention and control. Personal values are masked in every answer.",
        docs_url=None,
        openapi_url=None,
        urls_namespace="api",
    )
    answers.install(made)
    made.add_router("", account.router)
    for prefix, module in (("/results", results), ("/cases", cases), ("/contacts", contacts), ("/tasks", tasks),
                           ("/trace", tracing), ("/devices", devices), ("/jobs", work),
                           ("/isolation", isolation), ("/rounds", rounds), ("/risk-areas", risk_areas),
                           ("/checkpoints", checkpoints), ("/situation", situation)):  # fmt: skip
        made.add_router(prefix, module.router)
    for register in site:
        made.add_router(f"/registers/{register.slug}", registers.router(register))
    return made


api = _build()


@cache
def described() -> dict[str, Any]:
    """The OpenAPI document, in English whoever asks."""
    with override("en"):
        document = dict(api.get_openapi_schema(path_prefix="/api/"))
    schemes = {
        "session": {"type": "apiKey", "in": "cookie", "name": "sessionid"},
        "token": {"type": "http", "scheme": "bearer"},
    }
    document["components"] = {**document["components"], "securitySchemes": schemes}
    document["security"] = [{"session": []}, {"token": []}]
    return document
