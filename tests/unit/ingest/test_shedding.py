"""While the queue of scans is long, what can wait is asked to wait; everything else goes on."""

import threading
from concurrent.futures import Future

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import get_resolver

from fangxian import warehouse
from fangxian.faces.ingest import shedding
from fangxian.faces.ingest.shedding import OPTIONAL, SheddingMiddleware
from fangxian.warehouse.visits.committer import Committer


def names(resolver, space: str = "") -> set[str]:
    """Every view name there is."""
    found = set()
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            found |= names(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        elif pattern.name:
            found.add(space + pattern.name)
    return found


def answer(path: str, *, load: float, monkeypatch, accept: str = "text/html", method: str = "get") -> HttpResponse:
    monkeypatch.setattr(shedding, "visit_log_load", lambda: load)
    served = SheddingMiddleware(lambda request: HttpResponse("served"))
    return served(getattr(RequestFactory(), method)(path, headers={"accept": accept}))


def test_every_route_in_the_list_exists():
    assert OPTIONAL.keys() - names(get_resolver()) == set()


@pytest.mark.parametrize(
    ("path", "load", "status"),
    [
        ("/situation/", 0.0, 200),
        ("/situation/", 0.24, 200),
        ("/situation/", 0.25, 503),
        ("/registers/people.person/export.csv", 0.3, 503),
        ("/registers/people.person/", 1.0, 200),
        ("/tracing/", 0.3, 200),
        ("/tracing/", 0.5, 503),
        ("/api/registers/people.person/export.csv", 0.3, 503),
        ("/api/registers/people.person", 1.0, 200),
        ("/tasks/", 1.0, 200),
        ("/ledger/", 1.0, 200),
        ("/no/such/page", 1.0, 200),
    ],
)
def test_only_what_can_wait_waits(path, load, status, monkeypatch):
    found = answer(path, load=load, monkeypatch=monkeypatch)
    assert found.status_code == status
    assert ("Retry-After" in found) == (status == 503)


def test_the_page_says_why_and_a_program_gets_data(monkeypatch):
    assert b"Scans come first" in answer("/situation/", load=1, monkeypatch=monkeypatch).content
    data = answer("/situation/", load=1, monkeypatch=monkeypatch, accept="application/json")
    assert data["Content-Type"] == "application/json"
    assert data["Cache-Control"] == "no-store"


def test_the_load_is_that_of_the_committer_behind_the_log(visits):
    class Slow:
        def __init__(self):
            self.go = threading.Event()

        def insert(self, batches):
            self.go.wait(10)
            return [len(batch) for batch in batches]

    hot = Slow()
    log = warehouse.visit_log()
    assert warehouse.visit_log_load() == 0.0
    log._committer.made = Committer(hot, waiting_rows=10)
    first: Future = log.committer.submit(range(4))
    waiting = log.committer.submit(range(5))
    assert 0.4 < warehouse.visit_log_load() <= 1.0
    hot.go.set()
    assert (first.result(10), waiting.result(10)) == (4, 5)
    assert warehouse.visit_log_load() == 0.0
    warehouse.close_visit_logs()
    assert warehouse.visit_log_load() == 0.0
