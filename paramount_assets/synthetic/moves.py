"""Who lived where and when: the present home of every resident and the homes they left."""

import datetime as dt

import numpy as np
import polars as pl

from paramount_assets.synthetic.streams import Words

MEAN_TENURE_DAYS = 7 * 365
"""Mean time in the present home (assumed: renters move sooner than the national mean of about 13 years)."""

LATEST_MOVE_DAYS = 10
"""Nobody moves in the last days before the first reception."""


def list_lives(members: pl.DataFrame, homes: pl.DataFrame, on: dt.date, rng: np.random.Generator) -> pl.DataFrame:
    """One row per resident and home: resident_id, home_id, from_date, to_date (null: lives there on the day).

    A household that moved leaves its home to the household of its district that moved next; a parent who lives apart from a child
    under ten often left the child's home.

    Args:
        members: with household_id, home_id, date_of_birth, father_id, role.
        homes: home_id and la_code.
        on: the day on which present homes hold.
        rng: the stage's generator.
    """
    households = members.select("household_id", "home_id", "shape").unique("household_id", maintain_order=True)
    tenure = LATEST_MOVE_DAYS + rng.exponential(MEAN_TENURE_DAYS, size=len(households)).clip(max=40 * 365)
    moved = households.with_columns(_before(on, tenure).alias("moved_on")).join(
        homes.select("home_id", "la_code"), on="home_id", how="left", maintain_order="left"
    )
    left = _left_homes(moved, rng)
    separated = _left_the_family(members, on, rng)
    present = members.join(moved.select("household_id", "moved_on"), on="household_id", how="left", maintain_order="left")
    own_move = separated.select("resident_id", pl.col("to_date").alias("left_on"))
    starts = present.join(own_move, on="resident_id", how="left", maintain_order="left").with_columns(
        pl.max_horizontal(pl.coalesce("left_on", "moved_on"), "date_of_birth").alias("from_date")
    )
    now = starts.select("resident_id", "home_id", "from_date", pl.lit(None, dtype=pl.Date).alias("to_date"))
    earlier = _with_former_home(starts.filter(pl.col("left_on").is_null()), left)
    return pl.concat([now, earlier, separated]).sort("resident_id", "from_date", "home_id")


def _before(on: dt.date, days: Words) -> pl.Series:
    return pl.Series(np.datetime64(on, "D") - days.astype(np.int64).astype("timedelta64[D]"))


def _left_homes(moved: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """The former home of each household: that of the household of its district which moved next after it."""
    ordinary = moved.filter(~pl.col("shape").is_in(["hostel", "refuge"])).sort(
        "la_code", "moved_on", "household_id", descending=[False, True, False]
    )
    earlier_stay = rng.exponential(4 * 365, size=len(ordinary)).astype(np.int64) + 90
    return ordinary.with_columns(
        pl.col("home_id").shift(1).over("la_code").alias("former_home_id"),
        pl.Series("stay", earlier_stay),
    ).select("household_id", "former_home_id", "stay", pl.col("moved_on").alias("to_date"))


def _with_former_home(starts: pl.DataFrame, left: pl.DataFrame) -> pl.DataFrame:
    """Rows of the home before, for the members who were born when the household moved."""
    joined = starts.drop("from_date").join(left, on="household_id", how="inner", maintain_order="left")
    return (
        joined.filter(pl.col("former_home_id").is_not_null() & (pl.col("date_of_birth") < pl.col("to_date")))
        .with_columns(
            pl.max_horizontal(pl.col("to_date") - pl.duration(days="stay"), "date_of_birth").alias("from_date"),
        )
        .select("resident_id", pl.col("former_home_id").alias("home_id"), "from_date", "to_date")
    )


def _left_the_family(members: pl.DataFrame, on: dt.date, rng: np.random.Generator) -> pl.DataFrame:
    """Fathers who live apart from a child under ten and lived at the child's present home until they left it."""
    homes = members.select(pl.col("resident_id").alias("father_id"), pl.col("home_id").alias("own_home_id"))
    apart = (
        members.filter((pl.col("role") == "child") & (pl.col("shape") != "refuge"))
        .join(homes, on="father_id", how="inner", maintain_order="left")
        .filter(pl.col("home_id") != pl.col("own_home_id"))
        .group_by("father_id", maintain_order=True)
        .agg(pl.col("home_id").first(), pl.col("date_of_birth").max().alias("youngest"))
        .filter((pl.lit(on) - pl.col("youngest")).dt.total_days() < 10 * 365)
    )
    apart = apart.filter(pl.Series(rng.random(len(apart)) < 0.6))
    since = pl.Series("days", (LATEST_MOVE_DAYS + rng.exponential(500, size=len(apart))).astype(np.int64))
    to_date = pl.max_horizontal(pl.lit(on) - pl.duration(days="days"), pl.col("youngest") + pl.duration(days=30))
    return (
        apart.with_columns(since)
        .with_columns(pl.min_horizontal(to_date, pl.lit(on) - pl.duration(days=LATEST_MOVE_DAYS)).alias("to_date"))
        .select(
            pl.col("father_id").alias("resident_id"),
            "home_id",
            (pl.col("to_date") - pl.duration(days=1000)).alias("from_date"),
            "to_date",
        )
    )
