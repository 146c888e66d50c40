"""The compiled engine: the same rows with any number of threads, chosen where it pays, and kept in a safe place."""

import os
from pathlib import Path

import pyarrow as pa
import pytest

from fangxian.engines import tracing
from fangxian.engines.tracing import EngineMissing, VisitStore, choice, compiled, explain, trace, trace_chain
from fangxian.engines.tracing.on_numba import Compiled
from tests.spec.tracing.test_segments import busy_day, cases_of

EVERYONE = cases_of(list(range(500)))


@pytest.mark.parametrize("threads", [1, 2, 7])
def test_threads_share_the_cases(threads: int) -> None:
    engine = Compiled(threads)
    expected = trace(busy_day(), EVERYONE, lag=900, engine="segments")
    assert trace(busy_day(), EVERYONE, lag=900, engine=engine).equals(expected)
    assert trace(busy_day(), EVERYONE.slice(0, 1), engine=engine).equals(trace(busy_day(), EVERYONE.slice(0, 1)))
    assert trace(busy_day(), EVERYONE.slice(0, 0), engine=engine).num_rows == 0


def test_what_a_compiled_trace_touches_is_what_an_interpreted_one_touches() -> None:
    one, other = (explain(busy_day(), EVERYONE, lag=900, engine=engine) for engine in ("numba", "segments"))
    assert one.engine == "numba"
    assert (one.segments, one.rows_touched, one.bytes_touched) == (
        other.segments,
        other.rows_touched,
        other.bytes_touched,
    )


def test_much_work_is_compiled_where_numba_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    store = VisitStore.of(busy_day())
    assert choice.choose(store, "auto", 10**6)[0] == "segments"
    monkeypatch.setattr(choice, "COMPILED_FROM_ROWS", store.rows)
    assert choice.choose(store, "auto", choice.COMPILED_FROM_CASES)[0] == "numba"
    assert choice.choose(store, "auto", choice.COMPILED_FROM_CASES - 1)[0] == "segments"
    monkeypatch.setattr(choice, "installed", lambda package: False)
    assert choice.choose(store, "auto", choice.COMPILED_FROM_CASES)[0] == "segments"


@pytest.mark.parametrize("hubs", [None, 40])
def test_contacts_are_followed_alike_compiled_or_not(monkeypatch: pytest.MonkeyPatch, hubs: int | None) -> None:
    """The first case's second degree and that of five others, days apart and hot rows, with arrivals in the lag."""
    store, cases = VisitStore.of(busy_day()), EVERYONE.slice(0, 6)

    def asked(engine: tracing.Engine) -> list[pa.Table]:
        found = trace_chain(store, cases, expand_min_overlap=60, limit=50, lag=900, max_place_rows=hubs, engine=engine)
        return [found.first, found.second, found.counts]

    expected = asked("segments")
    assert expected[1].num_rows and expected[2]["cut"].to_pylist() != [0] * 6
    for engine in (Compiled(), Compiled(loops=compiled.INTERPRETED)):
        assert asked(engine) == expected
    monkeypatch.setattr(choice, "COMPILED_FROM_ROWS", store.rows)
    monkeypatch.setattr(choice, "COMPILED_FROM_CONTACTS", 1)
    loaded: list[str] = []
    load = choice.load
    monkeypatch.setattr(choice, "load", lambda name: loaded.append(name) or load(name))
    assert asked("auto") == expected
    assert loaded[-1] == "numba"
    monkeypatch.undo()
    assert asked("auto") == expected


def test_nobody_is_followed_without_rows() -> None:
    visits = busy_day().slice(0, 0)
    for engine in (Compiled(), Compiled(loops=compiled.INTERPRETED)):
        found = trace_chain(VisitStore.of(visits), EVERYONE, expand_min_overlap=60, limit=5, engine=engine)
        assert found.second.num_rows == 0


@pytest.mark.parametrize(("engine", "extra"), [("numba", "fast"), ("spark", "spark")])
def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, engine: str, extra: str) -> None:
    monkeypatch.setattr(choice, "find_spec", lambda package: None)
    with pytest.raises(EngineMissing, match=rf"pip install fangxian\[{extra}\]"):
        trace(busy_day(), EVERYONE, engine=engine)


def test_an_engine_made_by_hand_bears_its_name() -> None:
    assert explain(busy_day(), EVERYONE, engine=Compiled(2)).engine == "compiled"
    assert isinstance(tracing.segments, tracing.Answers)


def test_machine_code_is_kept_in_the_users_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = compiled.cache_folder()
    assert folder == tmp_path / "fangxian" / "numba"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert compiled.cache_folder(str(tmp_path / "chosen")) == tmp_path / "chosen"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    assert compiled.cache_folder() == tmp_path / "home" / ".cache" / "fangxian" / "numba"


def test_machine_code_is_not_kept_where_others_could_change_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    assert compiled.cache_folder(str(tmp_path / "open")) is None
    (tmp_path / "file").touch()
    assert compiled.cache_folder(str(tmp_path / "file")) is None
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert compiled.cache_folder(str(tmp_path / "read-only")) is None


def test_the_loops_compile_without_a_place_to_keep_them(monkeypatch: pytest.MonkeyPatch) -> None:
    numba = pytest.importorskip("numba", reason="Numba is not installed")
    monkeypatch.setattr(compiled, "cache_folder", lambda chosen: None)
    before = numba.config.CACHE_DIR
    fresh = compiled._compile_loops.__wrapped__()
    assert numba.config.CACHE_DIR == before
    expected = trace(busy_day(), EVERYONE)
    assert trace(busy_day(), EVERYONE, engine=Compiled(loops=fresh)).equals(expected)


def test_the_highest_ids_and_times_there_are() -> None:
    """Nothing wraps around at the end of 32 bits, compiled or not."""
    top = 2**31 - 1
    rows = [(top, top, top - 100, top), (top - 1, top, top - 50, top), (0, top, top - 50, top)]
    visits = pa.table([list(column) for column in zip(*rows, strict=True)], schema=tracing.VISITS)
    cases = pa.table({"case_id": range(4), "person_id": [top, 1, 2, 0], "t0": [0] * 4, "t1": [top] * 4})
    expected = trace(visits, cases, lag=3600, engine="reference")
    for engine in (Compiled(), Compiled(loops=compiled.INTERPRETED)):
        assert trace(visits, cases, lag=3600, engine=engine).equals(expected)
