"""What children's services hold beside the children: the members of their families, and plans. Rows have recorded_on."""

import datetime as dt

import numpy as np
import polars as pl

from paramount_assets.synthetic.noise import Rates, Scribe
from paramount_assets.synthetic.population import Population
from paramount_assets.synthetic.recording import record_identity
from paramount_assets.synthetic.streams import numbers_apart, pick, stream, texts

MEMBER_COLUMNS = [
    "child_id", "member_number", "family_id", "person_last_name", "person_first_name", "person_date_of_birth",
    "relationship_code", "same_household", "holds_parental_responsibility",
]  # fmt: skip
PLAN_COLUMNS = ["child_id", "plan_type", "from_date", "to_date", "allocated_team"]

MEMBER_KNOWN_SHARES = {"mother": 0.97, "father": 0.75, "step_parent": 0.7, "grandparent": 0.8, "carer": 1.0}
"""Share of the true family members that are written down (assumed); the ties are called as the contract calls them."""

WITH_RESPONSIBILITY = ("mother", "father", "carer")
PLAN_SHARES = {"child_in_need": 0.25, "child_protection": 0.08}
"""Of children known, before the span (assumed)."""

PLANS_STARTED_A_YEAR = 0.06
"""Child protection plans that start, for each child known and year of the span (assumed)."""

LOOKED_AFTER_SHAPES = ("foster", "childrens_home")


def list_family_members(
    population: Population, children: pl.DataFrame, span: tuple[dt.date, int], rates: Rates, seed: int
) -> tuple[pl.DataFrame, Scribe]:
    """One row per child's record and family member: the contract's columns, resident_id of the member, recorded_on.

    Args:
        population: the truth.
        children: as `services.keep_children` makes them.
        span: first day and number of days.
        rates: of the slips.
        seed: of the world.
    """
    records = children.unique("child_id", keep="first", maintain_order=True)
    ties = pl.concat([population.ties.filter(pl.col("tie").is_in(list(MEMBER_KNOWN_SHARES))), _ties_of_unborn(population)])
    adults = population.residents.rename({"resident_id": "from_id", "household_id": "adult_household_id"}).drop("shape")
    pairs = (
        records.select("child_id", pl.col("resident_id").alias("to_id"), "household_id", "family", "la_code", "recorded_on")
        .join(ties.unique(), on="to_id", how="inner", maintain_order="left")
        .join(adults, on="from_id", how="inner", maintain_order="left")
        .sort("child_id", "tie", "from_id")
    )
    shares = pairs["tie"].replace_strict(MEMBER_KNOWN_SHARES, return_dtype=pl.Float64).to_numpy()
    known = pairs.filter(pl.Series(stream(seed, "services/members").random(len(pairs)) < shares))
    known = known.with_columns((pl.int_range(pl.len()).over("child_id") + 1).alias("member_number"))
    record_ids = known.select(pl.concat_str("child_id", pl.lit("/"), "member_number")).to_series()
    scribe = Scribe(rates, seed, "services/members", record_ids, people=known, on=span[0])
    identity = record_identity(known, scribe)
    lives = pl.col("died_on").is_null() | (pl.col("died_on") > pl.col("recorded_on"))
    rows = known.select(
        "child_id",
        "member_number",
        _family_id(known, seed),
        identity["last_name"].alias("person_last_name"),
        identity["first_name"].alias("person_first_name"),
        identity["date_of_birth"].alias("person_date_of_birth"),
        pl.col("tie").alias("relationship_code"),
        _yes((pl.col("household_id") == pl.col("adult_household_id")) & lives).alias("same_household"),
        _yes(pl.col("tie").is_in(WITH_RESPONSIBILITY)).alias("holds_parental_responsibility"),
        pl.col("from_id").alias("resident_id"),
        "recorded_on",
    )
    return rows, scribe


def _family_id(known: pl.DataFrame, seed: int) -> pl.Series:
    """The authority's own number of the family, by chance: two authorities have different ones for one family."""
    families = known.select("la_code", "family").unique().sort("la_code", "family")
    numbers = numbers_apart(stream(seed, "services/families"), 50_000, 60_000 + 10 * len(families), len(families))
    ids = families.with_columns(texts([f"FAM{number}" for number in numbers]).alias("family_id"))
    return known.join(ids, on=["la_code", "family"], how="left", maintain_order="left")["family_id"]


def _yes(condition: pl.Expr) -> pl.Expr:
    return pl.when(condition).then(pl.lit("Y")).otherwise(pl.lit("N"))


def _ties_of_unborn(population: Population) -> pl.DataFrame:
    unborn = population.unborn
    return pl.concat(
        unborn.filter(pl.col(f"{side}_id").is_not_null()).select(
            pl.col(f"{side}_id").alias("from_id"), pl.col("unborn_id").alias("to_id"), pl.lit(side).alias("tie")
        )
        for side in ("mother", "father")
    )


def list_plans(children: pl.DataFrame, span: tuple[dt.date, int], seed: int) -> pl.DataFrame:
    """One row per child, plan and change of it: the contract's columns and recorded_on.

    Children with foster carers and in children's homes are looked after; some plans start inside the span.
    """
    records = children.unique("child_id", keep="first", maintain_order=True)
    return pl.concat([_plans_before(records, span[0], seed), _plans_started(records, span, seed)]).sort(
        "child_id", "plan_type", "from_date", "recorded_on"
    )  # fmt: skip


def _plans_before(records: pl.DataFrame, first_day: dt.date, seed: int) -> pl.DataFrame:
    rng = stream(seed, "services/plans")
    drawn = pick(rng, [*PLAN_SHARES, "none"], [*PLAN_SHARES.values(), 1 - sum(PLAN_SHARES.values())], len(records))
    since = pl.Series("since", rng.integers(10, 700, size=len(records)))
    ended = pl.Series(rng.random(len(records)) < 0.25)
    plan = pl.when(pl.col("shape").is_in(LOOKED_AFTER_SHAPES)).then(pl.lit("looked_after")).otherwise(texts(drawn))
    from_date = pl.lit(first_day) - pl.duration(days=pl.lit(since))
    started = pl.max_horizontal(from_date, pl.coalesce("date_of_birth", "recorded_on"))  # unborn: once the pregnancy is known
    ends = pl.min_horizontal(started + pl.duration(days=180), pl.lit(first_day - dt.timedelta(days=3)))
    rows = records.with_columns(plan.alias("plan_type"), started.alias("from_date"), _team(records))
    is_over = ended & (rows["plan_type"] != "looked_after") & (rows["from_date"] < first_day - dt.timedelta(days=20))
    return (
        rows.with_columns(pl.when(is_over).then(ends).alias("to_date"))
        .filter(pl.col("plan_type") != "none")
        .select(*PLAN_COLUMNS, "recorded_on")
    )


def _plans_started(records: pl.DataFrame, span: tuple[dt.date, int], seed: int) -> pl.DataFrame:
    """Plans that start in the span, each written down on its day, and once more with its end where that is in the span too."""
    first_day, days = span
    rng = stream(seed, "services/plans started")
    starts = pl.Series(rng.random(len(records)) < min(0.5, PLANS_STARTED_A_YEAR * days / 365))
    on = pl.Series("on", rng.integers(0, max(days, 1), size=len(records)))
    stay = pl.Series("stay", rng.integers(90, 500, size=len(records)))
    started = (
        records.with_columns((pl.lit(first_day) + pl.duration(days=pl.lit(on))).alias("from_date"), stay, _team(records))
        .filter(starts & (pl.col("from_date") > pl.col("recorded_on")))
        .with_columns(pl.lit("child_protection").alias("plan_type"), pl.lit(None, dtype=pl.Date).alias("to_date"))
        .with_columns(pl.col("from_date").alias("recorded_on"))
    )
    ended = started.with_columns((pl.col("from_date") + pl.duration(days="stay")).alias("to_date")).with_columns(
        pl.col("to_date").alias("recorded_on")
    )
    last_day = first_day + dt.timedelta(days=days)
    return pl.concat([started, ended.filter(pl.col("to_date") < last_day)]).select(*PLAN_COLUMNS, "recorded_on")


def _team(records: pl.DataFrame) -> pl.Series:
    numbers = np.abs(records["family"].to_numpy()) % 6 + 1
    return texts([f"team-{number}" for number in numbers]).alias("allocated_team")
