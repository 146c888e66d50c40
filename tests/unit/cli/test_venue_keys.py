"""Keys of venue codes on the command line: kept in the file, said in the audit, known to a server that runs."""

import json

import pytest
from typer.testing import CliRunner

from fangxian.core import keys
from fangxian.core.audit import AuditEntry
from fangxian.core.keys import KeyRing
from fangxian.faces.cli import environment, venue_keys
from fangxian.faces.cli.output import Problem


@pytest.fixture
def ring(tmp_path, db, monkeypatch):
    """A ring with a file of its own, and the test's installation under the command."""
    before = keys.current()
    monkeypatch.setattr(environment, "open_data", lambda data, given: None)
    made = KeyRing.create(tmp_path / "keys.json")
    keys.use(KeyRing(**{**before.__dict__, "venue": made.venue, "path": made.path}))
    yield keys.current()
    keys.use(before)


def run(*arguments: str):
    return CliRunner().invoke(venue_keys.commands, [*arguments, "--json"], catch_exceptions=False)


def test_a_new_key_signs_and_the_old_one_stays(ring):
    listed = json.loads(run("new").stdout)
    assert [key["key"] for key in listed] == [ring.venue_current.id, keys.current().venue_current.id]
    assert len(KeyRing.load(ring.path).venue) == 2
    assert AuditEntry.objects.latest("seq").action == "core.venue_key.made"


def test_a_retired_key_is_in_the_file_and_in_the_audit(ring):
    key = ring.venue_current.id
    (listed,) = json.loads(run("retire", key, "--from", "2026-01-02T03:04:00").stdout)
    assert listed["retired_at"] == "2026-01-02 03:04"
    assert KeyRing.load(ring.path).venue[key].retired_at == 1_767_323_040
    assert AuditEntry.objects.latest("seq").detail["keys"][key]["retired_at"] == 1_767_323_040
    assert "retired 2026-01-02 03:04" in CliRunner().invoke(venue_keys.commands, ["list"]).stdout


def test_an_unknown_key_is_named_and_nothing_is_written(ring):
    with pytest.raises(Problem, match="venue-keys list"):
        run("retire", "00000000")
    assert not AuditEntry.objects.exists()
