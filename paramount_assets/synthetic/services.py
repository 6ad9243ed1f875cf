"""What children's services hold: children, their family members and plans. One authority for each district or county.

Every row has recorded_on, as in `police`.
"""

import datetime as dt

import numpy as np
import polars as pl

from paramount_assets.synthetic.custody import Custody
from paramount_assets.synthetic.noise import Cause, Rates, Scribe
from paramount_assets.synthetic.population import Population
from paramount_assets.synthetic.recording import record_address, record_identity
from paramount_assets.synthetic.streams import Real, numbers_apart, pick, stream, texts

CHILD_COLUMNS = [
    "child_id", "la_code", "last_name", "first_name", "date_of_birth", "expected_date_of_birth", "gender", "ethnicity_code",
    "deceased", "address_line", "postcode", "uprn", "address_from_date", "school_urn",
]  # fmt: skip
MEMBER_COLUMNS = [
    "child_id", "member_number", "family_id", "person_last_name", "person_first_name", "person_date_of_birth",
    "relationship_code", "same_household", "holds_parental_responsibility",
]  # fmt: skip
PLAN_COLUMNS = ["child_id", "plan_type", "from_date", "to_date", "allocated_team"]

OXFORDSHIRE = "E10000025"
"""In Oxfordshire the county is the authority, not the district."""

COUNTY_OF_DISTRICT = dict.fromkeys(
    ["E07000177", "E07000178", "E07000179", "E07000180", "E07000181"], OXFORDSHIRE
)  # fmt: skip

KNOWN_SHARES = {"received": 0.38, "special": 0.9, "other": 0.06}
"""Share of families known: of people received, in refuges and with foster carers or grandparents, all others (assumed)."""

LEARNT_IN_SPAN_SHARE = 0.1
MEMBER_KNOWN_SHARES = {"mother": 0.97, "father": 0.75, "step_parent": 0.7, "grandparent": 0.8, "carer": 1.0}
PLAN_SHARES = {"child_in_need": 0.25, "child_protection": 0.08}
_RELATIONS = {
    "mother": "mother",
    "father": "father",
    "step_parent": "step_parent",
    "grandparent": "grandparent",
    "carer": "carer",
}


def keep_children(
    population: Population, custody: Custody, span: tuple[dt.date, int], rates: Rates, seed: int
) -> tuple[pl.DataFrame, Scribe]:
    """One row per child or unborn child known: the contract's columns, resident_id (the unborn's own number), recorded_on.

    Args:
        population: the truth.
        custody: who was received.
        span: first day and number of days.
        rates: of slips and gaps.
        seed: of the world.
    """
    first_day, days = span
    true = _known_children(population, custody, seed)
    ids = numbers_apart(stream(seed, "services/ids"), 100_000, 100_000 + 40 * len(true) + 1000, len(true))
    true = true.with_columns(texts([f"C{number}" for number in ids]).alias("child_id"))
    scribe = Scribe(rates, seed, "services", true["child_id"])
    true = _believed_home(true, population, scribe)
    identity, address = record_identity(true, scribe), record_address(true, scribe)
    rng = scribe.rng("recorded")
    learnt = pl.Series(rng.random(len(true)) < LEARNT_IN_SPAN_SHARE)
    day = pl.Series("day", rng.integers(0, max(days, 1), size=len(true)))
    recorded = (
        pl.when(learnt)
        .then(pl.lit(first_day) + pl.duration(days=pl.lit(day)))
        .otherwise(pl.lit(first_day - dt.timedelta(days=1)))
    )
    school = pl.Series("school", rng.integers(100_000, 150_000, size=len(true))).cast(pl.String)
    is_unborn = pl.col("date_of_birth").is_null()
    at_school = ~is_unborn & (pl.col("date_of_birth") < pl.lit(first_day - dt.timedelta(days=5 * 365)))
    children = true.select(
        "child_id",
        pl.col("la_code").replace(COUNTY_OF_DISTRICT).alias("la_code"),
        identity["last_name"],
        pl.when(~is_unborn).then(identity["first_name"]).alias("first_name"),
        pl.when(~is_unborn).then(identity["date_of_birth"]).alias("date_of_birth"),
        "expected_date_of_birth",
        pl.when(~is_unborn).then("sex").alias("gender"),
        pl.when(~is_unborn).then("ethnicity_code").alias("ethnicity_code"),
        pl.when(pl.col("died_on").is_not_null()).then(pl.lit("Y")).otherwise(pl.lit("N")).alias("deceased"),
        address["address_line"],
        address["postcode"],
        pl.when(address["postcode"].is_not_null()).then("uprn").alias("uprn"),
        pl.col("from_date").alias("address_from_date"),
        pl.when(at_school).then(school).alias("school_urn"),
        "resident_id",
        "household_id",
        "shape",
        recorded.alias("recorded_on"),
    )
    return children, scribe


def _believed_home(true: pl.DataFrame, population: Population, scribe: Scribe) -> pl.DataFrame:
    """With the address that the authority has: the present home, or the one before."""
    is_old = pl.Series(scribe.hits(Cause.OLD_ADDRESS, np.asarray(true["former_id"].is_not_null().to_numpy())))
    home = pl.when(is_old).then("former_id").otherwise("home_id")
    return true.with_columns(home.alias("home_id")).join(population.homes, on="home_id", how="left", maintain_order="left")


def _known_children(population: Population, custody: Custody, seed: int) -> pl.DataFrame:
    """Children and unborn children of the families known, with former_id, their home before (null where none)."""
    residents = population.residents
    children = residents.filter(pl.col("role") == "child").with_columns(
        pl.lit(None, dtype=pl.Date).alias("expected_date_of_birth")
    )
    everyone = pl.concat([children, _as_children(population)], how="diagonal_relaxed")
    family = everyone.with_columns(pl.coalesce("mother_id", "father_id", "household_id").alias("family"))
    families = family.group_by("family").agg(pl.len()).sort("family")
    chance = stream(seed, "services/known").random(len(families))
    chances = families.select("family", pl.Series("chance", chance))
    known = family.join(chances, on="family", how="left", maintain_order="left").filter(
        pl.Series(_known_share(family, custody)) > pl.col("chance")
    )
    ordered = population.lives.sort("resident_id", "from_date")
    former = (
        ordered.filter(pl.col("to_date").is_not_null())
        .unique("resident_id", keep="last", maintain_order=True)
        .select("resident_id", pl.col("home_id").alias("former_id"))
    )
    now = ordered.filter(pl.col("to_date").is_null()).select("resident_id", "from_date")
    return known.join(former, on="resident_id", how="left", maintain_order="left").join(
        now, on="resident_id", how="left", maintain_order="left"
    )


def _as_children(population: Population) -> pl.DataFrame:
    """The unborn with the mother's surname, household and home."""
    mothers = population.residents.select(
        pl.col("resident_id").alias("mother_id"), "household_id", "home_id", "shape", "last_name", "first_name"
    )
    return population.unborn.join(mothers, on="mother_id", how="left", maintain_order="left").select(
        pl.col("unborn_id").alias("resident_id"), "household_id", "home_id", "shape", "last_name", "first_name",
        "mother_id", "father_id", "expected_date_of_birth",
    )  # fmt: skip


def _known_share(children: pl.DataFrame, custody: Custody) -> Real:
    received = custody.spells["resident_id"].implode()
    of_received = pl.col("mother_id").is_in(received) | pl.col("father_id").is_in(received)
    share = (
        pl.when(pl.col("shape").is_in(["refuge", "foster", "grandparent_carers"])).then(KNOWN_SHARES["special"])
        .when(of_received.fill_null(value=False)).then(KNOWN_SHARES["received"])
        .otherwise(KNOWN_SHARES["other"])
    )  # fmt: skip
    return np.asarray(children.select(share.alias("share"))["share"].to_numpy(), dtype=np.float64)


def list_family_members(population: Population, children: pl.DataFrame, rates: Rates, seed: int) -> tuple[pl.DataFrame, Scribe]:
    """One row per child and family member: the contract's columns, resident_id of the member, recorded_on."""
    ties = pl.concat([population.ties.filter(pl.col("tie").is_in(list(_RELATIONS))), _ties_of_unborn(population)])
    adults = population.residents.rename({"resident_id": "from_id", "household_id": "adult_household_id"}).drop("shape")
    pairs = (
        children.select("child_id", pl.col("resident_id").alias("to_id"), "household_id", "recorded_on")
        .join(ties, on="to_id", how="inner", maintain_order="left")
        .join(adults, on="from_id", how="left", maintain_order="left")
        .sort("child_id", "tie", "from_id")
    )
    shares = pairs["tie"].replace_strict(MEMBER_KNOWN_SHARES, return_dtype=pl.Float64).to_numpy()
    known = pairs.filter(pl.Series(stream(seed, "services/members").random(len(pairs)) < shares))
    known = known.with_columns((pl.int_range(pl.len()).over("child_id") + 1).alias("member_number"))
    scribe = Scribe(
        rates, seed, "services/members", known.select(pl.concat_str("child_id", pl.lit("/"), "member_number")).to_series()
    )
    identity = record_identity(known, scribe)
    has_responsibility = pl.col("tie").is_in(["mother", "father", "carer"])
    rows = known.select(
        "child_id",
        "member_number",
        (pl.lit("FAM") + (pl.col("household_id") + 50_000).cast(pl.String)).alias("family_id"),
        identity["last_name"].alias("person_last_name"),
        identity["first_name"].alias("person_first_name"),
        identity["date_of_birth"].alias("person_date_of_birth"),
        pl.col("tie").replace_strict(_RELATIONS, return_dtype=pl.String).alias("relationship_code"),
        _yes(pl.col("household_id") == pl.col("adult_household_id")).alias("same_household"),
        _yes(has_responsibility).alias("holds_parental_responsibility"),
        pl.col("from_id").alias("resident_id"),
        "recorded_on",
    )
    return rows, scribe


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


def list_plans(children: pl.DataFrame, first_day: dt.date, seed: int) -> pl.DataFrame:
    """One row per child and plan: the contract's columns and recorded_on. Children with foster carers are looked after."""
    rng = stream(seed, "services/plans")
    drawn = pick(rng, [*PLAN_SHARES, "none"], [*PLAN_SHARES.values(), 1 - sum(PLAN_SHARES.values())], len(children))
    since = pl.Series("since", rng.integers(10, 700, size=len(children)))
    ended = pl.Series(rng.random(len(children)) < 0.25)
    plan = pl.when(pl.col("shape") == "foster").then(pl.lit("looked_after")).otherwise(texts(drawn))
    team = pl.lit("team-") + (pl.col("household_id") % 6 + 1).cast(pl.String)
    from_date = pl.lit(first_day) - pl.duration(days=pl.lit(since))
    started = pl.max_horizontal(from_date, pl.col("date_of_birth"))
    ends = pl.min_horizontal(started + pl.duration(days=180), pl.lit(first_day - dt.timedelta(days=3)))
    rows = children.with_columns(plan.alias("plan_type"), started.alias("from_date"), team.alias("allocated_team"))
    is_over = ended & (rows["plan_type"] != "looked_after") & (rows["from_date"] < first_day - dt.timedelta(days=20))
    return (
        rows.with_columns(pl.when(is_over).then(ends).alias("to_date"))
        .filter(pl.col("plan_type") != "none")
        .select(*PLAN_COLUMNS, "recorded_on")
    )
