"""The small town of the main street with its response run."""

import pytest

from tests.integration.test_positive_result import Town, town

__all__ = ["Town", "town"]


@pytest.fixture
def story(town):
    """One positive result and the response to it."""
    town.response = town.respond(result_id=town.positive().pk)
    return town
