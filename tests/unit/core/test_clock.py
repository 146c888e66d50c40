"""One clock: frozen in tests, shifted in drills, real otherwise."""

from datetime import UTC, date, datetime, timedelta

import pytest

from fangxian.core import clock

MOMENT = datetime(2022, 3, 14, 16, 30, tzinfo=UTC)


def test_frozen_time_stands_still_and_ends():
    with clock.frozen(MOMENT):
        assert clock.now() == MOMENT
        assert clock.today() == date(2022, 3, 15)  # in Beijing it is already the next day
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_drill_clock_starts_elsewhere_and_runs(settings):
    assert not clock.is_shifted()
    settings.CLOCK_START = "2022-03-15T08:00:00+08:00"
    assert clock.is_shifted()
    first = clock.now()
    assert first.date() == date(2022, 3, 15) and clock.now() >= first


def test_a_naive_time_is_refused():
    with pytest.raises(ValueError, match="aware"), clock.frozen(datetime(2022, 3, 15)):
        pass
