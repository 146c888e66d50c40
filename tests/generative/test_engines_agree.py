"""Every engine gives what the reference gives, on logs nobody thought of."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxian.engines.tracing import checksum
from tests.generative.logs import HOUR, PLACES, START, case_lists, parameters, source_rules, visit_logs
from tests.spec.tracing.engines import RUNNERS

OTHERS = [name for name in RUNNERS if name != "reference"]
REFERENCE = RUNNERS["reference"]


@pytest.fixture(scope="module")
def folders() -> Iterator["Folders"]:
    memory = Path("/dev/shm")  # thousands of small files are written through to the disk: let it be memory
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Folders(Path(folder))


class Folders:
    """A new folder every time it is asked."""

    def __init__(self, root: Path) -> None:
        self.root, self.count = root, 0

    def new(self) -> Path:
        self.count += 1
        folder = self.root / str(self.count)
        folder.mkdir()
        return folder


@pytest.mark.parametrize("other", OTHERS)
@settings(max_examples=25, deadline=None)
@given(visits=visit_logs(), cases=case_lists(), asked=parameters())
def test_traces_and_their_evidence(
    folders: Folders, other: str, visits: pa.Table, cases: pa.Table, asked: dict[str, Any]
) -> None:
    for question in ("trace", "evidence"):
        expected = getattr(REFERENCE, question)(visits, cases, folders.new(), **asked)
        found = getattr(RUNNERS[other], question)(visits, cases, folders.new(), **asked)
        assert found.schema == expected.schema
        assert found.equals(expected)
        assert checksum(found) == checksum(expected)


@pytest.mark.parametrize("other", OTHERS)
@settings(max_examples=15, deadline=None)
@given(
    visits=visit_logs(),
    place=st.integers(0, PLACES),
    begin=st.integers(0, 60),
    hours=st.integers(1, 9),
    lag=st.sampled_from([0, HOUR]),
)
def test_exposure(folders: Folders, other: str, visits: pa.Table, place: int, begin: int, hours: int, lag: int) -> None:
    span = START + begin * HOUR, START + (begin + hours) * HOUR
    expected = REFERENCE.exposed_at(visits, folders.new(), place, *span, lag=lag)
    assert RUNNERS[other].exposed_at(visits, folders.new(), place, *span, lag=lag).equals(expected)


@pytest.mark.parametrize("other", OTHERS)
@settings(max_examples=15, deadline=None)
@given(visits=visit_logs(), cases=case_lists(), least=st.sampled_from([0, 1, HOUR]), limit=st.integers(0, 5))
def test_chains(folders: Folders, other: str, visits: pa.Table, cases: pa.Table, least: int, limit: int) -> None:
    asked = {"expand_min_overlap": least, "limit": limit, "lag": HOUR}
    expected = REFERENCE.trace_chain(visits, cases, folders.new(), **asked)
    found = RUNNERS[other].trace_chain(visits, cases, folders.new(), **asked)
    assert found.first.equals(expected.first)
    assert found.second.equals(expected.second)
    assert found.counts.equals(expected.counts)


@pytest.mark.parametrize("other", OTHERS)
@settings(max_examples=25, deadline=None)
@given(visits=visit_logs(), cases=case_lists(), asked=source_rules())
def test_sources(folders: Folders, other: str, visits: pa.Table, cases: pa.Table, asked: dict[str, Any]) -> None:
    expected = REFERENCE.sources(visits, cases, folders.new(), **asked)
    found = RUNNERS[other].sources(visits, cases, folders.new(), **asked)
    for table in ("places", "days", "cases", "usual"):
        assert getattr(found, table).equals(getattr(expected, table))
    assert found.found == expected.found
