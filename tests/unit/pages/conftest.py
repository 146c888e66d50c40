"""The small town of the main street with its response run, and officers signed in."""

import pytest

from tests.integration.test_positive_result import Town, town

__all__ = ["Town", "town"]


@pytest.fixture
def story(town):
    """One positive result and the response to it."""
    town.response = town.respond(result_id=town.positive().pk)
    town.case = town.response.case
    return town


@pytest.fixture
def investigator(story, sign_in):
    """The town's investigator at the desk, reading English."""
    client = sign_in(story.investigator)
    client.officer = story.investigator
    return client


@pytest.fixture
def worker(story, sign_in):
    """The grid worker with the phone."""
    client = sign_in(story.worker)
    client.officer = story.worker
    return client
