"""The prison's daily extracts: on time or late, sometimes wrong at first and corrected, without rows on a nil day."""

import datetime as dt
from collections.abc import Collection, Iterator

import numpy as np
import polars as pl

from paramount_assets.synthetic.contacts import CONTACT_COLUMNS
from paramount_assets.synthetic.deliver import Delivery
from paramount_assets.synthetic.prison import MOVEMENT_COLUMNS
from paramount_assets.synthetic.streams import stream
from paramount_assets.vocabulary import Source

NIL_SHARE = 1 / 60
LATE_SHARE = 1 / 25
CORRECTED_SHARE = 1 / 20
"""Shares of the days (assumed): without movements, delivered a day or two after, wrong at first."""

CORRECTED_AT = dt.time(13, 20)
LATE_AT = dt.time(9, 15)
CUT_SHARE = 0.3
"""How much of a file may be missing at its end in the first version, at most."""

_WRONG_BIRTH_DATES = 3
_DATE = r"^\d{4}-\d{2}-\d{2}$"


def nil_days(first_day: dt.date, days: int, seed: int) -> frozenset[dt.date]:
    """Days on which no movement is reported: 25 December and about one in sixty; never the first or the last of the span."""
    chance = stream(seed, "nil days").random(days)
    between = [first_day + dt.timedelta(days=at) for at in range(1, days - 1)]
    return frozenset(day for at, day in enumerate(between) if chance[at] < NIL_SHARE or (day.month, day.day) == (12, 25))


def hold_over(movements: pl.DataFrame, nil: Collection[dt.date]) -> pl.DataFrame:
    """The movements with those of nil days in the extract of the next day that is none."""
    moved = {day: _next_day(day, nil) for day in nil}
    return movements.with_columns(pl.col("extract_date").replace(moved)) if moved else movements


def _next_day(day: dt.date, nil: Collection[dt.date]) -> dt.date:
    while day in nil:
        day += dt.timedelta(days=1)
    return day


def prison_extracts(movements: pl.DataFrame, contacts: pl.DataFrame, span: tuple[dt.date, int], seed: int) -> Iterator[Delivery]:
    """The extract of every day of the span, corrections right after what they correct.

    Args:
        movements: the contract's columns as text, and extract_date.
        contacts: the contract's columns as text, of all persons; known_from, before which nobody names the contact.
        span: first day and number of days.
        seed: of the world.
    """
    first_day, days = span
    rng = stream(seed, "extracts")
    no_movements, no_contacts = movements.select(MOVEMENT_COLUMNS).clear(), contacts.select(CONTACT_COLUMNS).clear()
    chance, faults = rng.random((days, 3)), rng.random((days, 8))
    moved = movements.select("extract_date", *MOVEMENT_COLUMNS).partition_by("extract_date", as_dict=True, include_key=False)
    named = _contacts_by_day(movements, contacts)
    for at in range(days):
        day = first_day + dt.timedelta(days=at)
        rows = moved.get((day,), no_movements)
        right = _extract(day, rows, named.get((day,), no_contacts))
        if len(rows) > _WRONG_BIRTH_DATES and chance[at, 0] < CORRECTED_SHARE:
            yield _as_first_sent(right, faults[at].tolist())
            yield right._replace(version=2, produced_at=dt.datetime.combine(day, CORRECTED_AT))
        elif chance[at, 1] < LATE_SHARE:
            after = dt.timedelta(days=1 if chance[at, 2] < 0.7 else 2)
            yield right._replace(produced_at=dt.datetime.combine(day + after, LATE_AT))
        else:
            yield right


def _contacts_by_day(movements: pl.DataFrame, contacts: pl.DataFrame) -> dict[tuple[object, ...], pl.DataFrame]:
    """The contacts of the persons in each day's movements."""
    present = movements.select("extract_date", "prisoner_number").unique()
    is_born = pl.col("known_from").is_null() | (pl.col("known_from") < pl.col("extract_date"))
    of_days = (
        present.join(contacts, on="prisoner_number", how="inner")
        .filter(is_born)
        .sort("extract_date", "prisoner_number", "contact_id")
    )
    return of_days.select("extract_date", *CONTACT_COLUMNS).partition_by("extract_date", as_dict=True, include_key=False)


def _extract(day: dt.date, movements: pl.DataFrame, contacts: pl.DataFrame) -> Delivery:
    files = {"movements.csv": movements, "contacts.csv": contacts}
    return Delivery(Source.PRISON_EXTRACT, day, "full", files)


def _as_first_sent(right: Delivery, chance: list[float]) -> Delivery:
    """The same extract with rows missing at its end, or with wrong birth dates in a few rows."""
    rows = right.files["movements.csv"]
    is_cut = chance[0] < 0.5
    wrong = rows.head(_rows_left(len(rows), chance[1])) if is_cut else _with_wrong_birth_dates(rows, chance[1:])
    present = wrong["prisoner_number"].unique().implode()
    return _extract(right.day, wrong, right.files["contacts.csv"].filter(pl.col("prisoner_number").is_in(present)))


def _rows_left(count: int, chance: float) -> int:
    return count - max(1, int(count * CUT_SHARE * chance))


def _with_wrong_birth_dates(rows: pl.DataFrame, chance: list[float]) -> pl.DataFrame:
    """Ten years too early in up to three rows; 29 February becomes the 28th."""
    at = {int(len(rows) * each) for each in chance[:_WRONG_BIRTH_DATES]}
    chosen = pl.Series(np.isin(np.arange(len(rows)), sorted(at))) & rows["date_of_birth"].str.contains(_DATE)
    born = pl.col("date_of_birth")
    year = (born.str.slice(0, 4).cast(pl.Int64, strict=False) - 10).cast(pl.String)
    earlier = year + born.str.slice(4).str.replace("-02-29", "-02-28", literal=True)
    return rows.with_columns(pl.when(chosen).then(earlier).otherwise(born).alias("date_of_birth"))
