"""Columns in PostgreSQL's binary form are what psycopg would have made of them, element by element."""

import os

import pytest
from psycopg.adapt import PyFormat, Transformer

from fangxian.warehouse.visits.arrays import packed

IDS = [os.urandom(16) for _ in range(5)]


@pytest.mark.parametrize(
    ("kind", "values", "alike"),
    [
        ("bytea", IDS, IDS),
        ("int", [1_647_300_000, -70_000, 0], [1_647_300_000, -70_000, 0]),
        ("int", [None, 1_647_300_000, None], [None, 1_647_300_000, None]),
        ("smallint", [366, None], [366, None]),
        ("smallint", [True, None, False], [1, None, 0]),
    ],
)
def test_a_column_is_packed_as_psycopg_packs_it(kind, values, alike):
    assert packed(kind, values) == bytes(Transformer().get_dumper(alike, PyFormat.BINARY).dump(alike))


def test_an_id_of_another_length_is_refused():
    with pytest.raises(ValueError, match="buffer size"):
        packed("bytea", [b"short"])
