"""The made-up area: its residents, households, homes, who lived where, and who is whose family. All of it true.

What happens to the residents and what any source holds of them is not known here.
"""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from paramount_assets.settings import District
from paramount_assets.synthetic.households import draw_households, list_members
from paramount_assets.synthetic.identifiers import cro_numbers, phone_numbers, pnc_numbers
from paramount_assets.synthetic.kinship import add_parents, list_ties
from paramount_assets.synthetic.moves import list_lives
from paramount_assets.synthetic.naming import add_names
from paramount_assets.synthetic.places import make_homes
from paramount_assets.synthetic.streams import numbers_apart, stream, texts

DECEASED_PER_MILLE = 6
"""Residents who died in the last years and are still on the sources' books (assumed)."""

EXPECTING_SHARE = 0.03
"""Couples and mothers of young children who expect a child."""


@dataclass(frozen=True)
class Population:
    """The truth about the area on the first day.

    residents: resident_id, household_id, shape, role, sex, date_of_birth, died_on, mother_id, father_id, community,
        ethnicity_code, first_name, middle_names, last_name, maiden_name, pnc, cro (the numbers they would have), phone, home_id.
    households: household_id, shape, home_id. homes: home_id, address_line, postcode, la_code, uprn.
    lives: resident_id, home_id, from_date, to_date. ties: from_id, to_id, tie.
    unborn: unborn_id (above every resident_id), mother_id, father_id, expected_date_of_birth.
    """

    residents: pl.DataFrame
    households: pl.DataFrame
    homes: pl.DataFrame
    lives: pl.DataFrame
    ties: pl.DataFrame
    unborn: pl.DataFrame


def populate(
    reference: Path, districts: tuple[District, ...], residents: int, first_day: dt.date, days: int, seed: int
) -> Population:
    """Makes the area's population as it is on the day.

    Raises:
        ValueError: too few residents for every shape of household, or a district without postcodes.
    """
    on = first_day
    drawn = draw_households(residents, stream(seed, "households"))
    home_of = _home_of_household(drawn)
    homes = make_homes(districts, int(home_of["home_id"].n_unique()), stream(seed, "places"))
    households = drawn.select("household_id", "shape").with_columns(home_of["home_id"])
    kin = add_parents(list_members(drawn, on, stream(seed, "members")), stream(seed, "kinship"))
    la_codes = households.join(homes, on="home_id", how="left", maintain_order="left")["la_code"]
    named = add_names(kin, la_codes, stream(seed, "naming"))
    people = _add_identifiers(_add_deaths(named, on, seed), on, seed).join(
        households.select("household_id", "home_id"), on="household_id", how="left", maintain_order="left"
    )
    return Population(
        residents=people,
        households=households,
        homes=homes,
        lives=list_lives(people, homes, on, stream(seed, "moves")),
        ties=list_ties(people),
        unborn=_expect(people, on, stream(seed, "unborn")),
    )


def _home_of_household(households: pl.DataFrame) -> pl.DataFrame:
    """home_id of each household: the same for those that share one."""
    key = pl.when(pl.col("shared_home").is_null()).then(pl.col("household_id")).otherwise(-1 - pl.col("shared_home"))
    return households.select((key.rank("dense").cast(pl.Int64) - 1).alias("home_id"))


def _add_deaths(members: pl.DataFrame, on: dt.date, seed: int) -> pl.DataFrame:
    rng = stream(seed, "deaths")
    dies = pl.Series(rng.random(len(members)) * 1000 < DECEASED_PER_MILLE) & (members["role"] != "child")
    days = pl.Series("days", rng.integers(30, 900, size=len(members)))
    died = pl.lit(on) - pl.duration(days=pl.lit(days))
    return members.with_columns(pl.when(dies).then(died).alias("died_on"))


def _add_identifiers(members: pl.DataFrame, on: dt.date, seed: int) -> pl.DataFrame:
    """The PNC and CRO number that each resident has, or would have once arrested, and a telephone number."""
    rng = stream(seed, "identifiers")
    count = len(members)
    born = members["date_of_birth"].dt.year().to_numpy().astype(np.int64)
    span = (on.year - 1 - (born + 14)).clip(0)
    years = np.minimum(np.maximum(born + 14 + (rng.random(count) ** 2 * span).astype(np.int64), 1975), on.year - 1)
    return members.with_columns(
        texts(pnc_numbers(years, numbers_apart(rng, 1_000, max(900_000, count * 3), count))).alias("pnc"),
        texts(cro_numbers(years, numbers_apart(rng, 1_000, max(400_000, count * 3), count) % 10**6)).alias("cro"),
        texts(phone_numbers(rng.random(count))).alias("phone"),
    )


def _expect(residents: pl.DataFrame, on: dt.date, rng: np.random.Generator) -> pl.DataFrame:
    """Children not yet born, of women of households where a child is likely."""
    born = pl.col("date_of_birth")
    is_likely = (pl.col("role") == "woman") & pl.col("shape").is_in(["two_parents", "lone_parent", "step_family", "couple"])
    of_age = born.is_between(pl.lit(on) - pl.duration(days=40 * 365), pl.lit(on) - pl.duration(days=19 * 365))
    mothers = residents.filter(is_likely & of_age & pl.col("died_on").is_null())
    mothers = mothers.filter(pl.Series(rng.random(len(mothers)) < EXPECTING_SHARE))
    men = residents.filter(pl.col("role") == "man").select("household_id", pl.col("resident_id").alias("father_id"))
    weeks = pl.Series("days", rng.integers(20, 230, size=len(mothers)))
    return (
        mothers.select("household_id", pl.col("resident_id").alias("mother_id"))
        .join(men, on="household_id", how="left", maintain_order="left")
        .with_columns((pl.lit(on) + pl.duration(days=pl.lit(weeks))).alias("expected_date_of_birth"))
        .select(
            (pl.int_range(pl.len(), dtype=pl.Int64) + len(residents)).alias("unborn_id"),
            "mother_id",
            "father_id",
            "expected_date_of_birth",
        )
        .join(
            residents.select(pl.col("resident_id").alias("mother_id"), "last_name", "community", "ethnicity_code"),
            on="mother_id",
            how="left",
            maintain_order="left",
        )
        .with_columns(
            (pl.col("expected_date_of_birth") + pl.duration(days=pl.col("unborn_id") % 20 - 12)).alias("born_on"),
            pl.when(pl.col("unborn_id") % 2 == 0).then(pl.lit("F")).otherwise(pl.lit("M")).alias("sex"),
            pl.when(pl.col("unborn_id") % 2 == 0).then(pl.lit("Amelia")).otherwise(pl.lit("Noah")).alias("first_name"),
            pl.lit(None, dtype=pl.String).alias("middle_names"),
        )
    )
