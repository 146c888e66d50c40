"""The search for ids in bytes: every form, every offset, across windows, inside compressed tables."""

from uuid import UUID, uuid4

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fangxian.faces.cli import bytescan
from fangxian.warehouse.visits.tags import tags_of_bytes

ID = UUID("0193a5f0-1234-7abc-8def-0123456789ab")


@pytest.mark.parametrize("form", [ID.bytes, str(ID).encode(), ID.hex.encode(), str(ID).upper().encode()])
@pytest.mark.parametrize("before", [0, 1, 7, 8, 13])
def test_every_form_is_found_once_at_any_offset(tmp_path, form, before) -> None:
    (tmp_path / "a").write_bytes(b"x" * before + form + b"y" * 5)
    found = bytescan.scan(tmp_path, [uuid4().bytes, ID.bytes])
    assert (found.hits, found.files, found.bytes) == ({"a": 1}, 1, before + len(form) + 5)


@pytest.mark.parametrize("shift", [-40, -36, -20, -16, -8, -7, -1, 0, 1])
def test_an_id_across_two_windows_is_found_once(tmp_path, monkeypatch, shift) -> None:
    monkeypatch.setattr(bytescan, "WINDOW", 4096)
    (tmp_path / "a").write_bytes(b"x" * (4096 + shift) + str(ID).encode() + b"y" * 6000)
    assert bytescan.scan(tmp_path, [ID.bytes]).hits == {"a": 1}


def test_compressed_tables_are_read(tmp_path) -> None:
    ids = [uuid4().bytes for _ in range(500)]
    pq.write_table(pa.table({"visit_id": pa.array(ids, pa.binary(16))}), tmp_path / "a.parquet", compression="zstd")
    assert bytescan.scan(tmp_path, ids[:100]).hits["a.parquet"] >= 100


def test_nothing_is_found_where_nothing_is(tmp_path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    (tmp_path / "b").write_bytes(ID.bytes[:15] + b"\0" + ID.bytes[8:])
    assert bytescan.scan(tmp_path, [ID.bytes]).hits == {}
    assert bytescan.scan(tmp_path, []).hits == {}


TAG = tags_of_bytes(ID.bytes)


@pytest.mark.parametrize("form", [ID.bytes, str(ID).encode(), ID.hex.encode(), TAG.tobytes()])
@pytest.mark.parametrize("before", [0, 5, 4096 - 36, 4096 - 9, 4096 - 1, 4096, 4101])
def test_a_visit_known_by_its_tag_is_found_once_in_every_form(tmp_path, monkeypatch, form, before) -> None:
    monkeypatch.setattr(bytescan, "WINDOW", 4096)
    (tmp_path / "a").write_bytes(b"x" * before + form + b"y" * 6000)
    assert bytescan.scan_visits(tmp_path, TAG).hits == {"a": 1}


def test_tags_in_a_compressed_table_are_found_and_strangers_are_not(tmp_path) -> None:
    tags = np.sort(np.array([*range(2**40, 2**40 + 500), *TAG]))
    pq.write_table(pa.table({"tag": tags}), tmp_path / "a.parquet", compression="zstd")
    (tmp_path / "short").write_bytes(b"abc")
    assert bytescan.scan_visits(tmp_path, TAG).hits.keys() == {"a.parquet"}
    assert bytescan.scan_visits(tmp_path, tags_of_bytes(uuid4().bytes)).hits == {}
    assert bytescan.scan_visits(tmp_path, TAG[:0]).hits == {}
