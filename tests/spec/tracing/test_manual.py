"""The manual is what the tests run."""

from fangxian.engines.tracing import CONTACT_COLUMNS, CONTACTS, SOURCE_COLUMNS, SOURCES
from tests.spec.tracing.manual import MANUAL, manual


def test_the_manual_is_fresh() -> None:
    assert MANUAL.read_text(encoding="utf-8") == manual(), "run python -m tests.spec.tracing.manual"


def test_every_column_is_described() -> None:
    assert list(CONTACT_COLUMNS) == CONTACTS.names
    assert list(SOURCE_COLUMNS) == SOURCES.names
