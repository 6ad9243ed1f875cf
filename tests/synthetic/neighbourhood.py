"""A made-up area put together by hand: the same street of seventeen people many times over, with ages of their own.

It has what `populate` promises (twins, fathers and sons of one name, a refuge, separated parents, former homes, deaths and births
in the span) without being made by it, so that what happens can be tested alone.
"""

import datetime as dt

import numpy as np
import polars as pl

from paramount_assets.synthetic.population import Population
from paramount_assets.synthetic.streams import stream

FIRST_DAY = dt.date(2023, 1, 2)

# household of the street, shape, role, sex, youngest, oldest, mother, father, forename
_STREET = (
    (0, "two_parents", "woman", "F", 27, 48, None, None, "Elizabeth"),
    (0, "two_parents", "man", "M", 27, 50, None, None, "Paul"),
    (0, "two_parents", "child", "F", 0, 8, 0, 1, "Amy"),
    (0, "two_parents", "child", "M", 0, 8, 0, 1, "Sam"),
    (1, "lone_parent", "woman", "F", 27, 45, None, None, "Carol"),
    (1, "lone_parent", "child", "M", 0, 8, 4, 6, "Ben"),
    (2, "alone", "man", "M", 27, 45, None, None, "Michael"),
    (3, "flat_share", "sharer", "M", 18, 30, None, None, "Mohammed"),
    (3, "flat_share", "sharer", "M", 18, 35, None, None, "Oliver"),
    (3, "flat_share", "sharer", "F", 18, 60, None, None, "Nina"),
    (4, "refuge", "woman", "F", 26, 40, None, None, "Ruth"),
    (4, "refuge", "child", "F", 0, 7, 10, 12, "Lily"),
    (5, "alone", "man", "M", 27, 45, None, None, "Gary"),
    (6, "adult_children", "woman", "F", 45, 60, None, None, "Joan"),
    (6, "adult_children", "man", "M", 45, 60, None, None, "Peter"),
    (6, "adult_children", "grown", "M", 20, 26, 13, 14, "Peter"),
    (6, "adult_children", "grown", "M", 20, 26, 13, 14, "John"),
)
TWINS = (15, 16)
MARRIED = 0


def neighbourhood(streets: int, days: int = 365, seed: int = 1) -> Population:
    """So many streets; about one adult in a hundred dies within the days."""
    rng = stream(seed, "neighbourhood")
    size = len(_STREET)
    street = np.repeat(np.arange(streets), size)
    template = pl.DataFrame(
        _STREET,
        schema=["household", "shape", "role", "sex", "youngest", "oldest", "mother", "father", "first_name"],
        orient="row",
    )
    rows = pl.concat([template] * streets).with_columns(pl.Series("street", street), pl.Series("chance", rng.random(len(street))))
    base = pl.col("street") * size
    household = pl.col("street") * 7 + pl.col("household")
    place = pl.int_range(pl.len()) % size
    age = (pl.col("youngest") + pl.col("chance") * (pl.col("oldest") - pl.col("youngest"))) * 365.25 + 20
    dies = pl.Series(rng.random(len(street)) < 0.01) & (rows["role"] != "child")
    days_to_live = pl.Series("days", rng.integers(1, max(days, 2), size=len(street)))
    residents = rows.with_columns(
        pl.int_range(pl.len(), dtype=pl.Int64).alias("resident_id"),
        household.cast(pl.Int64).alias("household_id"),
        household.cast(pl.Int64).alias("home_id"),
        (pl.lit(FIRST_DAY) - pl.duration(days=age.cast(pl.Int64))).alias("date_of_birth"),
        pl.when(dies).then(pl.lit(FIRST_DAY) + pl.duration(days=pl.lit(days_to_live))).alias("died_on"),
        (base + pl.col("mother")).cast(pl.Int64).alias("mother_id"),
        (base + pl.col("father")).cast(pl.Int64).alias("father_id"),
        pl.when(place.is_in(TWINS)).then(base + sum(TWINS) - place).cast(pl.Int64).alias("twin_id"),
        pl.when(pl.col("street") % 8 == 0).then(pl.lit("polish")).otherwise(pl.lit("british")).alias("community"),
        pl.lit("Smith").alias("last_name"),
        pl.when(place == MARRIED).then(pl.lit("Jones")).alias("maiden_name"),
        pl.lit("W1").alias("ethnicity_code"),
        pl.lit(None, dtype=pl.String).alias("middle_names"),
    )
    twin_born = pl.col("date_of_birth").gather(pl.coalesce("twin_id", "resident_id"))
    residents = residents.with_columns(
        pl.when(pl.col("twin_id") < pl.col("resident_id")).then(twin_born).otherwise("date_of_birth").alias("date_of_birth")
    )
    return Population(
        residents=residents.drop("household", "youngest", "oldest", "mother", "father", "street", "chance"),
        households=residents.select("household_id", "shape", "home_id").unique(maintain_order=True),
        homes=_homes(7 * streets),
        lives=_lives(residents, 7 * streets),
        ties=pl.DataFrame(schema={"from_id": pl.Int64, "to_id": pl.Int64, "tie": pl.String}),
        unborn=_unborn(residents),
    )


def _homes(count: int) -> pl.DataFrame:
    return pl.DataFrame({"home_id": np.arange(2 * count)}).with_columns(
        pl.format("{} High Street", pl.col("home_id") + 1).alias("address_line"),
        pl.format("OX1 {}AA", pl.col("home_id") + 1).alias("postcode"),
        pl.lit("E07000178").alias("la_code"),
    )


def _lives(residents: pl.DataFrame, homes: int) -> pl.DataFrame:
    """Everybody moved to the present home two years before the span; children born since lived nowhere else."""
    moved = dt.date(FIRST_DAY.year - 2, 6, 1)
    now = residents.select(
        "resident_id", "home_id", pl.max_horizontal("date_of_birth", pl.lit(moved)).alias("from_date"),
        pl.lit(None, dtype=pl.Date).alias("to_date"),
    )  # fmt: skip
    before = residents.filter(pl.col("date_of_birth") < moved).select(
        "resident_id", pl.col("home_id") + homes, pl.col("date_of_birth").alias("from_date"), pl.lit(moved).alias("to_date")
    )
    return pl.concat([now, before]).sort("resident_id", "from_date")


def _unborn(residents: pl.DataFrame) -> pl.DataFrame:
    expecting = residents.filter(pl.col("first_name") == "Elizabeth").gather_every(10)
    return expecting.select(
        (pl.int_range(pl.len(), dtype=pl.Int64) + len(residents)).alias("unborn_id"),
        pl.col("resident_id").alias("mother_id"),
        (pl.col("resident_id") + 1).alias("father_id"),
        pl.lit(FIRST_DAY + dt.timedelta(days=100)).alias("expected_date_of_birth"),
        pl.lit(FIRST_DAY + dt.timedelta(days=97)).alias("born_on"),
    )
