"""Which children the children's services know: each authority those of its own districts, with ids and slips of its own.

Every row has recorded_on, as in `police`: a later row of the same child replaces the earlier one. Members of the families and
plans are made in `services_families`, what is answered to a request in `services_answers`.
"""

import datetime as dt
from collections.abc import Sequence

import numpy as np
import polars as pl

from paramount_assets.settings import ServicesFeed
from paramount_assets.synthetic.custody import Custody
from paramount_assets.synthetic.noise import Cause, Rates, Scribe
from paramount_assets.synthetic.population import Population
from paramount_assets.synthetic.recording import record_address, record_identity
from paramount_assets.synthetic.streams import Whole, flags, numbers_apart, stream, texts

CHILD_COLUMNS = [
    "child_id", "la_code", "last_name", "first_name", "date_of_birth", "expected_date_of_birth", "gender", "ethnicity_code",
    "deceased", "address_line", "postcode", "uprn", "address_from_date", "school_urn",
]  # fmt: skip

KNOWN_SHARES = {"received": 0.38, "special": 0.9, "other": 0.06}
"""Share of families known where they live: of people received; in refuges, care homes, with foster carers or grandparents; of all
others (assumed)."""

SPECIAL_SHAPES = ("refuge", "foster", "childrens_home", "grandparent_carers")
ELSEWHERE_FACTOR, ELSEWHERE_SHARE = 1.3, 0.6
"""Where a family lived before, or moves to, it is known too in six of ten cases, also some that the other authority missed."""

YEARS_LOOKED_BACK = 5
LEARNT_IN_SPAN_SHARE = 0.1
MOVE_LEARNT_SHARE = 0.8
DAYS_UNTIL_TOLD = {"birth": (1, 22), "death": (2, 15), "move": (3, 60), "unborn": (10, 190)}
"""How many days after it happened, or before the birth, the authority writes it down (assumed)."""


def keep_children(
    population: Population,
    custody: Custody,
    span: tuple[dt.date, int],
    authorities: Sequence[ServicesFeed],
    rates: Rates,
    seed: int,
) -> tuple[pl.DataFrame, Scribe]:
    """One row per child or unborn child that an authority knows and each time it learnt something new.

    The contract's columns, la_code being the authority's own; resident_id (the unborn's own number), household_id, shape,
    family (the same for children of one mother, else of one father), recorded_on. Births, deaths and moves inside the span come
    as later rows with the same child_id.

    Args:
        population: the truth.
        custody: who was received.
        span: first day and number of days.
        authorities: those that deliver, each with its districts.
        rates: of the slips.
        seed: of the world.
    """
    first_day, days = span
    stays = _stays(_candidates(population, custody, span, seed), population, authorities, first_day)
    held = _held(stays, first_day, seed)
    ids = numbers_apart(stream(seed, "services/ids"), 100_000, 100_000 + 40 * len(held) + 1000, len(held))
    held = held.with_columns(texts([f"C{number}" for number in ids]).alias("child_id"))
    scribe = Scribe(rates, seed, "services", held["child_id"], people=held, on=first_day)
    first = _as_first_written(held, population, span, scribe)
    last_day = first_day + dt.timedelta(days=days - 1)
    rows = _with_what_was_learnt(first, _moves(first, stays, population, last_day, scribe), first_day, scribe)
    kept = [*CHILD_COLUMNS, "resident_id", "household_id", "shape", "family", "recorded_on"]
    return rows.filter(pl.col("recorded_on") <= last_day).select(kept), scribe


def _candidates(population: Population, custody: Custody, span: tuple[dt.date, int], seed: int) -> pl.DataFrame:
    """Children and unborn children of families that some authority may know; `is_known` where the one at home does."""
    first_day, _ = span
    children = population.residents.filter(pl.col("role") == "child").with_columns(
        pl.lit(None, dtype=pl.Date).alias("expected_date_of_birth")
    )
    everyone = pl.concat([children, _unborn(population)], how="diagonal_relaxed").filter(
        pl.col("died_on").is_null() | (pl.col("died_on") > first_day - dt.timedelta(days=365 * YEARS_LOOKED_BACK))
    )
    family = everyone.with_columns(pl.coalesce("mother_id", "father_id", -1 - pl.col("household_id")).alias("family"))
    families = family.select("family").unique().sort("family")
    chances = families.with_columns(pl.Series("chance", stream(seed, "services/known").random(len(families))))
    shares = family.with_columns(_known_share(custody).alias("share")).join(
        chances, on="family", how="left", maintain_order="left"
    )
    most = shares.filter(pl.col("chance") < ELSEWHERE_FACTOR * pl.col("share"))
    return most.with_columns((pl.col("chance") < pl.col("share")).alias("is_known"))


def _unborn(population: Population) -> pl.DataFrame:
    """The unborn with household and home of the mother; their date of birth is the day on which they are born."""
    mothers = population.residents.select(pl.col("resident_id").alias("mother_id"), "household_id", "home_id", "shape")
    return population.unborn.join(mothers, on="mother_id", how="inner", maintain_order="left").rename(
        {"unborn_id": "resident_id", "born_on": "date_of_birth"}
    )


def _known_share(custody: Custody) -> pl.Expr:
    received = custody.spells["resident_id"].unique().implode()
    of_received = pl.col("mother_id").is_in(received) | pl.col("father_id").is_in(received)
    return (
        pl.when(pl.col("shape").is_in(SPECIAL_SHAPES)).then(KNOWN_SHARES["special"])
        .when(of_received.fill_null(value=False)).then(KNOWN_SHARES["received"])
        .otherwise(KNOWN_SHARES["other"])
    )  # fmt: skip


def _stays(
    candidates: pl.DataFrame, population: Population, authorities: Sequence[ServicesFeed], first_day: dt.date
) -> pl.DataFrame:
    """Where each candidate lived, lives and will live: its columns, home_id, from_date, to_date, former_id and _from, authority.

    The unborn live where their mothers do. Homes left more than five years before the span are forgotten.
    """
    authority_of = {district: authority.la_code for authority in authorities for district in authority.districts}
    lives_with = pl.when(pl.col("expected_date_of_birth").is_null()).then("resident_id").otherwise("mother_id")
    who = candidates.drop("home_id").with_columns(lives_with.alias("lives_with"))
    lives = population.lives.rename({"resident_id": "lives_with"}).join(
        who.select("lives_with").unique(), on="lives_with", how="semi"
    )
    earliest = first_day - dt.timedelta(days=365 * YEARS_LOOKED_BACK)
    districts = population.homes.select("home_id", "la_code")
    return (
        lives.sort("lives_with", "from_date", "home_id")
        .with_columns(
            pl.col("home_id").shift(1).over("lives_with").alias("former_id"),
            pl.col("from_date").shift(1).over("lives_with").alias("former_from"),
        )
        .filter(pl.col("to_date").is_null() | (pl.col("to_date") > earliest))
        .join(districts, on="home_id", how="left", maintain_order="left")
        .with_columns(
            pl.col("la_code").replace_strict(authority_of, default=None, return_dtype=pl.String).alias("authority")
        )
        .join(who, on="lives_with", how="inner", maintain_order="left")
        .sort("resident_id", "from_date", "home_id")
    )  # fmt: skip


def _held(stays: pl.DataFrame, first_day: dt.date, seed: int) -> pl.DataFrame:
    """One row per child and authority that knows it, at the last home inside it before the span, or else the first one in it."""
    is_now = (pl.col("from_date") <= first_day) & (pl.col("to_date").is_null() | (pl.col("to_date") > first_day))
    at_home = stays.filter(is_now & pl.col("authority").is_not_null()).select("resident_id", "authority").unique()
    inside = stays.filter(pl.col("authority").is_not_null())
    before = inside.filter(pl.col("from_date") <= first_day).unique(
        ["resident_id", "authority"], keep="last", maintain_order=True
    )
    later = inside.join(before, on=["resident_id", "authority"], how="anti").unique(
        ["resident_id", "authority"], keep="first", maintain_order=True
    )
    each = pl.concat([before, later]).join(
        at_home.with_columns(pl.lit(value=True).alias("is_at_home")), on=["resident_id", "authority"], how="left"
    )
    families = each.select("family", "authority").unique().sort("family", "authority")
    chances = families.with_columns(pl.Series("elsewhere", stream(seed, "services/known elsewhere").random(len(families))))
    is_known = pl.when(pl.col("is_at_home").fill_null(value=False)).then("is_known").otherwise(
        pl.col("elsewhere") < ELSEWHERE_SHARE
    )  # fmt: skip
    known = each.join(chances, on=["family", "authority"], how="left").filter(is_known)
    return known.sort("authority", "resident_id")


def _as_first_written(held: pl.DataFrame, population: Population, span: tuple[dt.date, int], scribe: Scribe) -> pl.DataFrame:
    """The first row of each record: the contract's columns, the truth that later rows need, recorded_on."""
    first_day, _ = span
    believed = _believed_home(held, population, first_day, scribe)
    identity, address = record_identity(held, scribe), record_address(believed, scribe)
    school = pl.Series("school", scribe.rng("school").integers(100_000, 150_000, size=len(held))).cast(pl.String)
    at_school = pl.col("date_of_birth") < pl.lit(first_day - dt.timedelta(days=5 * 365))
    recorded = _first_recorded(held, span, scribe)
    return held.select(
        "child_id",
        pl.col("authority").alias("la_code"),
        identity["last_name"],
        identity["first_name"],
        identity["date_of_birth"],
        "expected_date_of_birth",
        pl.col("sex").alias("gender"),
        "ethnicity_code",
        pl.when(pl.col("died_on") <= recorded).then(pl.lit("Y")).otherwise(pl.lit("N")).alias("deceased"),
        address["address_line"],
        address["postcode"],
        pl.when(address["postcode"].is_not_null()).then(believed["uprn"]).alias("uprn"),
        believed["address_from_date"],
        pl.when(at_school).then(school).alias("school_urn"),
        "resident_id",
        "household_id",
        "shape",
        "family",
        "died_on",
        pl.col("from_date").alias("came_on"),
        pl.col("date_of_birth").alias("born_on"),
        recorded.alias("recorded_on"),
    )


def _believed_home(held: pl.DataFrame, population: Population, first_day: dt.date, scribe: Scribe) -> pl.DataFrame:
    """The home that the authority has, and since when (address_from_date): the one inside its districts, or the one before.

    It is noted as an old address too where the family has left it before the span: nobody told the authority.
    """
    is_old = pl.Series(scribe.hits(Cause.OLD_ADDRESS, flags(held["former_id"].is_not_null())))
    scribe.note(Cause.OLD_ADDRESS, flags(held["to_date"] < first_day))
    home = pl.when(is_old).then("former_id").otherwise("home_id").alias("home_id")
    since = pl.when(is_old).then("former_from").otherwise("from_date").alias("address_from_date")
    return held.select(home, since).join(population.homes, on="home_id", how="left", maintain_order="left")


def _first_recorded(held: pl.DataFrame, span: tuple[dt.date, int], scribe: Scribe) -> pl.Series:
    """The day before the span, a day in it, or after the family came or the pregnancy was known."""
    first_day, days = span
    rng = scribe.rng("recorded")
    before = pl.lit(first_day - dt.timedelta(days=1))
    learnt = pl.Series(rng.random(len(held)) < LEARNT_IN_SPAN_SHARE)
    some_day = first_day + _days(rng.integers(0, max(days, 1), size=len(held)))
    came = pl.col("from_date") + _days(_delays("move", len(held), rng))
    expected = pl.col("date_of_birth") - _days(_delays("unborn", len(held), rng))
    is_unborn = pl.col("expected_date_of_birth").is_not_null()
    on = (
        pl.when(pl.col("from_date") > first_day).then(pl.max_horizontal(came, pl.when(is_unborn).then(expected)))
        .when(is_unborn).then(pl.max_horizontal(before, expected))
        .when(learnt).then(some_day)
        .otherwise(before)
    )  # fmt: skip
    return held.select(on.alias("recorded_on"))["recorded_on"]


def _delays(kind: str, count: int, rng: np.random.Generator) -> Whole:
    return np.asarray(rng.integers(*DAYS_UNTIL_TOLD[kind], size=count), dtype=np.int64)


def _days(numbers: Whole) -> pl.Expr:
    return pl.duration(days=pl.lit(pl.Series("days", numbers)))


def _moves(first: pl.DataFrame, stays: pl.DataFrame, population: Population, last_day: dt.date, scribe: Scribe) -> pl.DataFrame:
    """Later homes inside the authority's districts that it learnt of in the span: child_id, the address columns, recorded_on."""
    held = first.select("child_id", "resident_id", pl.col("la_code").alias("authority"), "came_on", "died_on")
    later = held.join(
        stays.select("resident_id", "authority", "home_id", "from_date"), on=["resident_id", "authority"], how="inner"
    ).filter(pl.col("from_date") > pl.col("came_on")).sort("child_id", "from_date")  # fmt: skip
    rng = scribe.rng("moves/learnt")
    told = pl.Series(rng.random(len(later)) < MOVE_LEARNT_SHARE)
    recorded = (pl.col("from_date") + _days(_delays("move", len(later), rng))).alias("recorded_on")
    lives = pl.col("died_on").is_null() | (pl.col("from_date") < pl.col("died_on"))
    learnt = later.with_columns(recorded).filter(told & lives & (pl.col("recorded_on") <= last_day))
    moved = Scribe(scribe.rates, scribe.seed, "services/moves", learnt["child_id"])
    homes = learnt.select("home_id").join(population.homes, on="home_id", how="left", maintain_order="left")
    rows = learnt.select(
        "child_id",
        *record_address(homes, moved).get_columns(),
        homes["uprn"],
        pl.col("from_date").alias("address_from_date"),
        "recorded_on",
    ).filter(pl.col("postcode").is_not_null())
    scribe.take_over(moved, rows["child_id"])
    return rows


def _with_what_was_learnt(first: pl.DataFrame, moves: pl.DataFrame, first_day: dt.date, scribe: Scribe) -> pl.DataFrame:
    """The first rows, and one more for each birth, death and move, in the order in which they were written down."""
    is_unborn = pl.col("born_on") > pl.col("recorded_on")
    about_born = ("first_name", "date_of_birth", "gender", "ethnicity_code")
    written = first.with_columns(pl.when(~is_unborn).then(column).alias(column) for column in about_born)
    births = first.filter(is_unborn).select("child_id", *about_born, pl.col("born_on").alias("recorded_on"))
    deaths = first.filter((pl.col("deceased") == "N") & (pl.col("died_on") >= first_day)).select(
        "child_id", pl.lit("Y").alias("deceased"), pl.col("died_on").alias("recorded_on")
    )
    learnt = pl.concat([_told(births, "birth", scribe), _told(deaths, "death", scribe), moves], how="diagonal_relaxed")
    changed = learnt.select("child_id").unique()
    versions = (
        pl.concat([written.join(changed, on="child_id", how="semi"), learnt], how="diagonal_relaxed")
        .with_columns(pl.col("recorded_on").cum_max().over("child_id"))
        .sort("child_id", "recorded_on", maintain_order=True)
    )
    filled = versions.with_columns(pl.all().exclude("child_id", "recorded_on").forward_fill().over("child_id"))
    untouched = written.join(changed, on="child_id", how="anti")
    return (
        pl.concat([untouched, filled.select(written.columns)])
        .unique(["child_id", "recorded_on"], keep="last", maintain_order=True)
        .sort("child_id", "recorded_on")
    )


def _told(events: pl.DataFrame, kind: str, scribe: Scribe) -> pl.DataFrame:
    delay = _days(_delays(kind, len(events), scribe.rng(f"{kind} told")))
    return events.with_columns((pl.col("recorded_on") + delay).cast(pl.Date).alias("recorded_on"))
