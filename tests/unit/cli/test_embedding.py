"""What PostgreSQL gives becomes what Django would have written to SQLite, for every kind of field there is."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import models
from django.db.utils import ConnectionHandler

from fangxian.faces.cli import embedding
from fangxian.faces.cli.output import Problem

TARGET = ConnectionHandler({"default": {"ENGINE": embedding.SQLITE, "NAME": ":memory:"}})["default"]
VALUES = [
    (models.UUIDField(), UUID("01a204d5-2af4-74e9-9775-8facb984d279")),
    (models.DateTimeField(), datetime(2022, 3, 15, 1, 2, 3, tzinfo=UTC)),
    (models.DateTimeField(), datetime(2022, 3, 15, 1, 2, 3, 40, tzinfo=UTC)),
    (models.DateField(), date(2022, 3, 15)),
    (models.DecimalField(max_digits=11, decimal_places=2), Decimal("123456789.10")),
    (models.BinaryField(), b"\0\xff"),
    (models.GenericIPAddressField(), "2001:db8::1"),
]


def test_every_model_can_be_copied():
    tables = [embedding.table_of(model, TARGET) for model in embedding.models_kept()]
    assert all(table.columns for table in tables) and len(tables) > 150
    assert all(len(table.name) <= 63 for table in tables)  # PostgreSQL would cut a longer name


@pytest.mark.parametrize(("field", "value"), VALUES)
def test_a_value_is_kept_as_django_keeps_it(field, value):
    field.set_attributes_from_name("value")
    kept = embedding.kept_as(field, TARGET)(value)
    assert (type(kept), kept) == (type(wanted := field.get_db_prep_save(value, TARGET)), wanted) or kept == bytes(
        wanted
    )


@pytest.mark.parametrize("text", ["null", '{"b": [1.0, 1e-7, "名"], "a": null}', "[]"])
def test_json_stays_what_it_says(text):
    assert json.loads(embedding.kept_as(models.JSONField(), TARGET)(text)) == json.loads(text)


def test_a_kind_nobody_thought_of_is_refused():
    class Strange(models.Field):
        def get_internal_type(self):
            return "StrangeField"

    with pytest.raises(Problem, match="cannot be copied"):
        embedding.kept_as(Strange(), TARGET)
