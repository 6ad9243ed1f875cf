"""How many records the prison extract has, how many are usual, and who has confirmed what is not.

What is usual is taken from the extracts as they were kept, whether their volume was held or not: a table that asked whether
earlier volumes were released would have each day hang on all days before it. The median does not follow a few bad days.
"""

import datetime as dt
import re

import polars as pl

from paramount_assets.lake import Delivery, DeliveryBlocked
from paramount_assets.prison.contract import CONTRACTS

LEAST_DAYS = 7
"""With fewer earlier extracts nobody knows what is usual."""

CONFIRMED_BY = "volume_confirmed_by"
"""The entry of the manifest in which somebody confirms an unusual volume: the code of a role, never a name."""

NIL_RETURN = "nil_return"
"""Stands as who confirmed it where the sender signed that there was nothing."""

_ROLE = re.compile(r"[a-z]{2,20}(_[a-z]{2,20}){0,3}")
_FILES = [f"{contract.name}.csv" for contract in CONTRACTS]


def volumes(raw_extract: pl.DataFrame, earlier: pl.DataFrame, delivery: Delivery) -> pl.DataFrame:
    """One row per file that the agreement names; one that was not delivered has no records.

    Args:
        raw_extract: the day's records.
        earlier: those of the days before, with `as_of`.
        delivery: the one that stands.

    Raises:
        DeliveryBlocked: the volume is confirmed by something else than the code of a role.
    """
    confirmed_by = _confirmed_by(delivery, raw_extract)
    today = _counts(raw_extract.with_columns(as_of=pl.lit(delivery.extract_date))).drop("as_of")
    before = _usual(_since_first_delivered(earlier), delivery.extract_date)
    usual = pl.col("usual_row_count")
    return (
        today.join(before, on="file_name", how="left", maintain_order="left")
        .with_columns(
            ratio=pl.when(usual > 0).then(pl.col("row_count") / usual),
            confirmed_by=pl.col("file_name").replace_strict(confirmed_by, default=None, return_dtype=pl.String),
        )
        .select("file_name", "row_count", "usual_row_count", "usual_weekday_row_count", "ratio", "confirmed_by")
    )


def _counts(records: pl.DataFrame) -> pl.DataFrame:
    """Records of each file on each day that has any file, headers not counted."""
    counted = records.filter(pl.col("line_number") > 0).group_by("as_of", "file_name").agg(row_count=pl.len().cast(pl.Int64))
    files = pl.DataFrame({"file_name": _FILES}, schema={"file_name": pl.String})
    every = records.select("as_of").unique(maintain_order=True).join(files, how="cross")
    return every.join(counted, on=["as_of", "file_name"], how="left", maintain_order="left").with_columns(
        pl.col("row_count").fill_null(0)
    )


def _since_first_delivered(earlier: pl.DataFrame) -> pl.DataFrame:
    """The counts of each file from the first of the days that has it on; no file is unusual for being delivered at last."""
    first = earlier.group_by("file_name").agg(first=pl.col("as_of").min())
    return _counts(earlier).join(first, on="file_name", maintain_order="left").filter(pl.col("as_of") >= pl.col("first"))


def _usual(counts: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    """What each file usually has: on any day, and on days of this weekday, of two middle ones the higher."""
    is_enough = pl.col("as_of").n_unique() >= LEAST_DAYS
    same_weekday = pl.col("row_count").filter(pl.col("as_of").dt.weekday() == day.isoweekday())
    return counts.group_by("file_name").agg(
        usual_row_count=pl.when(is_enough).then(pl.col("row_count").median()),
        usual_weekday_row_count=pl.when(is_enough).then(same_weekday.quantile(0.5, interpolation="higher")),
    )


def _confirmed_by(delivery: Delivery, raw_extract: pl.DataFrame) -> dict[str, str]:
    """Who confirmed the volume of which file. A manifest that came after the records were kept does not speak for them."""
    if raw_extract["delivery_version"].unique().to_list() != [delivery.version]:
        return {}
    nil = {file.name: NIL_RETURN for file in delivery.files.values() if file.rows == 0 and file.nil_return}
    role = delivery.content.get(CONFIRMED_BY)
    if role is None:
        return nil
    if not isinstance(role, str) or not _ROLE.fullmatch(role):
        raise DeliveryBlocked(f"{delivery.label}: manifest.json: {CONFIRMED_BY} is no role, such as data_team")
    return nil | dict.fromkeys(_FILES, role)
