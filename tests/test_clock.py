"""The one reader of the wall clock."""

import datetime as dt

import pytest

from paramount_assets import clock
from paramount_assets.vocabulary import Day

MOMENT = dt.datetime.combine(dt.date(2025, 11, 5), clock.DAILY_RUN)


def test_the_clock_can_be_held_and_goes_on_afterwards():
    with clock.fixed_at(MOMENT):
        assert (clock.now(), clock.today()) == (MOMENT, MOMENT.date())
        with clock.fixed_at(MOMENT + dt.timedelta(days=1)):
            assert clock.today() == dt.date(2025, 11, 6)
        assert clock.now() == MOMENT
    assert clock.now() != MOMENT


def test_a_held_clock_goes_on_after_a_fault():
    with pytest.raises(RuntimeError), clock.fixed_at(MOMENT):
        raise RuntimeError
    assert clock.now() != MOMENT


def test_times_are_local_and_to_the_second():
    assert clock.now().tzinfo is None
    assert clock.now().microsecond == 0


def test_a_day_ends_at_six_in_the_morning_also_when_the_clocks_change():
    for day in (dt.date(2026, 3, 29), dt.date(2026, 10, 25)):
        assert clock.cut_off(Day(day)) == dt.datetime.combine(day, dt.time(6))


def test_a_day_is_read_from_its_partition_key():
    assert clock.day_of("2025-11-05") == dt.date(2025, 11, 5)
    with pytest.raises(ValueError, match="isoformat"):
        clock.day_of("5 November")
