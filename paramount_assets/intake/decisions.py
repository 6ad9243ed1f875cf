"""Decisions by people, given to the day they belong to."""

import datetime as dt

import polars as pl

from paramount_assets import clock
from paramount_assets.vocabulary import Day

_COLUMNS = ("ruling_id", "recorded_at", "is_of_the_day", "ruling_kind", "reception_id", "subject_id")


def rulings_of(recorded: pl.DataFrame, day: Day) -> pl.DataFrame:
    """Every ruling known at a day's cut-off, and which of them belong to the day.

    A ruling belongs to the first day whose cut-off is after it was recorded, so no old day changes; it stands on every day from
    then on, because a person's decision outlives whatever a machine finds later.

    Args:
        recorded: every ruling that the ledger holds, one row each.
        day: the day.
    """
    before = clock.cut_off(Day(day - dt.timedelta(days=1)))
    known = recorded.filter(pl.col("recorded_at") < clock.cut_off(day))
    return known.with_columns(is_of_the_day=pl.col("recorded_at") >= before).select(_COLUMNS)
