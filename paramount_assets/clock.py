"""The only reader of the wall clock.

Everything else asks here, so that a test or a made-up world can say what time it is. Times are Europe/London and, once taken,
naive local timestamps: the form in which every source delivers them.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

from paramount_assets.vocabulary import Day

LONDON = ZoneInfo("Europe/London")

CUT_OFF = dt.time(6, 0)
"""The extract of a day, and its rulings, hold what was recorded before this time on that day."""

DAILY_RUN = dt.time(6, 30)
"""When the schedule runs the day."""

_fixed: ContextVar[dt.datetime | None] = ContextVar("fixed", default=None)


def now() -> dt.datetime:
    """The present local time, to the second, unless it is fixed with `fixed_at`."""
    fixed = _fixed.get()
    return fixed if fixed is not None else dt.datetime.now(LONDON).replace(tzinfo=None, microsecond=0)


def today() -> Day:
    """The present date in London."""
    return Day(now().date())


@contextmanager
def fixed_at(moment: dt.datetime) -> Iterator[None]:
    """Holds the clock at a naive local moment: for tests, and for replaying a made-up world's days as if they were today."""
    token = _fixed.set(moment)
    try:
        yield
    finally:
        _fixed.reset(token)


def day_of(key: str) -> Day:
    """The day of a partition key.

    Raises:
        ValueError: the key is no ISO date.
    """
    return Day(dt.date.fromisoformat(key))


def cut_off(day: Day) -> dt.datetime:
    """The moment after which nothing recorded belongs to the day any more."""
    return dt.datetime.combine(day, CUT_OFF)
