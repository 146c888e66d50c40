"""Chains of transmission as the page draws them, and the page of an event."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from fangxian.core.permissions import Permission
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.environment import around
from fangxian.faces.web.registers.tables import TONE_OF
from fangxian.systems.cases import selectors as cases
from fangxian.systems.cases.chains import Chain
from fangxian.workflows.response.report import disease_name

CERTAIN = "3_HIGH"
TABS = {"chain": (_("Chain"), "share-3"), "around": (_("People, goods and environment"), "droplet-search")}


@guard.needs(Permission.CASES_READ)
@require_GET
def event(request: HttpRequest, pk) -> HttpResponse:
    """A cluster or outbreak: its chain, generation by generation; people, goods and environment on a tab."""
    found = cases.event(pk)
    chain, tab = cases.chain(found), request.GET.get("tab", "chain")
    tab = tab if tab in TABS else "chain"
    context = {"event": found, "disease": disease_name(found.disease), "chain": drawn(chain), "tab": tab,
               "tabs": [(key, label, icon) for key, (label, icon) in TABS.items()],
               **(around.of_event(request, found) if tab == "around" else {}),
               "count": len(chain.nodes), "generations": 1 + max((node.generation for node in chain.nodes), default=-1),
               "sources": sum(node.generation == 0 for node in chain.nodes)}  # fmt: skip
    return render(request, "cases/event.html", context)


def drawn(chain: Chain) -> dict:
    """Nodes and edges for chain.js; a case outside one's areas shows its number and leads nowhere."""
    nodes = [_node(node) for node in chain.nodes]
    edges = [{"source": str(edge.source), "target": str(edge.target), "label": "",
              "certain": edge.certainty == CERTAIN and not edge.backwards}
             for edge in chain.edges]  # fmt: skip
    return {"nodes": nodes, "edges": edges, "cut": chain.cut}


def _node(node) -> dict:
    url = reverse("case", args=[node.id]) if node.visible else ""
    return {"id": str(node.id), "label": _label(node), "tone": TONE_OF.get(node.classification, "neutral"),
            "root": node.focus, "start": node.generation == 0, "url": url}  # fmt: skip


def _label(node) -> str:
    return f"{node.label}\n{node.day:%m-%d}" if node.day else node.label
