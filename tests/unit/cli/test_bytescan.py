"""The search for ids in bytes: every form, every offset, across windows, inside compressed tables."""

from uuid import UUID, uuid4

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fangxian.faces.cli import bytescan

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
