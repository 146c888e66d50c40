"""Every drawn scenario on every engine."""

from pathlib import Path

import pytest

from tests.spec.tracing.chapters import CHAPTERS
from tests.spec.tracing.drawn import rows
from tests.spec.tracing.engines import RUNNERS
from tests.spec.tracing.scenario import Scenario

DRAWN = [pytest.param(one, id=f"{chapter.TITLE}: {one.title}") for chapter in CHAPTERS for one in chapter.SCENARIOS]


@pytest.mark.parametrize("runner", RUNNERS)
@pytest.mark.parametrize("scenario", DRAWN)
def test_the_answer_is_as_drawn(scenario: Scenario, runner: str, tmp_path: Path) -> None:
    assert scenario.run(RUNNERS[runner], tmp_path) == rows(scenario.expected)
