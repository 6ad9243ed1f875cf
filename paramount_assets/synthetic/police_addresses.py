"""Where the force believes people live: places shared by all who live there, with dates, often out of date."""

import datetime as dt

import numpy as np
import polars as pl

from paramount_assets.synthetic.noise import Cause, Rates, Scribe
from paramount_assets.synthetic.population import Population
from paramount_assets.synthetic.slips import without
from paramount_assets.synthetic.streams import flags, numbers_apart, stream
from paramount_assets.synthetic.whereabouts import homes_on, moves_between

ADDRESS_COLUMNS = [
    "person_id", "address_id", "address_line", "postcode", "uprn", "address_type", "from_date", "to_date", "last_confirmed_on",
]  # fmt: skip

FORMER_KNOWN_SHARE = 0.6
CARE_OF_SHARE = 0.02
STRANGERS_ONLY_SHARE = 0.5
"""Of people believed to live among strangers: the force does not know the true home beside it."""

CORRECTED_SHARE = 0.5
"""Of people recorded at an old address: the new one is learnt within a year (assumed)."""

MOVE_LEARNT_SHARE = 0.55
MEAN_DAYS_TO_LEARN = 45
"""Of those who move within the span: the force learns of it, so many days later on average (assumed)."""

_ROW = ["person_id", "home_id", "address_type", "from_date", "to_date", "recorded_on"]


def list_places(population: Population, rates: Rates, seed: int) -> pl.DataFrame:
    """One row per home as a place of the force's gazetteer: home_id, address_id, address_line, postcode, uprn."""
    homes = population.homes
    numbers = numbers_apart(stream(seed, "police/places"), 100_000, 200_000 + 4 * len(homes), len(homes))
    ids = pl.DataFrame({"number": numbers}).select((pl.lit("A") + pl.col("number").cast(pl.String)).alias("address_id"))
    missing = Scribe(rates, seed, "police/places", ids["address_id"]).draw(Cause.MISSING_POSTCODE)
    return homes.select(
        "home_id", ids["address_id"], "address_line", without(homes["postcode"], missing).alias("postcode"), "uprn"
    )


def list_addresses(
    population: Population, persons: pl.DataFrame, places: pl.DataFrame, span: tuple[dt.date, int], scribe: Scribe
) -> pl.DataFrame:
    """One row per person record, place and start, by the contract, home_id and recorded_on; what is learnt later comes later.

    Args:
        population: the truth.
        persons: person records with resident_id, recorded_on and keeps_old_address.
        places: the force's gazetteer.
        span: first day and number of days.
        scribe: of the person records.
    """
    held = persons.select("person_id", "resident_id", "created_on", "recorded_on", "is_second", "keeps_old_address")
    homes = homes_on(population.lives, held.select("resident_id", pl.col("recorded_on").alias("on")))
    known = pl.concat([held, homes], how="horizontal").with_columns(
        pl.min_horizontal("from_date", "recorded_on").alias("from_date"),
        pl.min_horizontal("former_from", "recorded_on").alias("former_from"),
    )
    marked = _believed(known, population, scribe)
    at_home = marked.filter(pl.col("belief") == "home")
    stale = marked.filter(pl.col("belief") == "stale")
    rows = pl.concat(
        [
            _at_present(at_home),
            _at_former(stale, ends=False),
            _at_former(at_home.filter("knows_former"), ends=True),
            _among_strangers(marked, scribe),
            _care_of(marked, population, scribe),
            *_corrections(stale.filter(_is_settled(span)), span, scribe),
            *_moves_learnt(at_home, population, span, scribe),
        ]
    )
    confirmed = _confirmed(rows, scribe)
    placed = rows.with_columns(confirmed).join(places, on="home_id", how="left", maintain_order="left")
    return placed.select(*ADDRESS_COLUMNS, "home_id", "recorded_on")


def _believed(known: pl.DataFrame, population: Population, scribe: Scribe) -> pl.DataFrame:
    """With belief (home, stale, or none), knows_former and, of people believed to live among strangers, strangers_home_id."""
    has_former = flags(known["former_home_id"].is_not_null())
    certain = flags(known["keeps_old_address"])
    missing = scribe.hits(Cause.MISSING_ADDRESS, ~certain)
    old = scribe.draw(Cause.OLD_ADDRESS, has_former & ~missing, certain & has_former)
    strangers_home = _shared_homes(known, population, scribe)
    elsewhere = flags(strangers_home != known["home_id"])
    among_strangers = scribe.hits(Cause.FLAT_SHARE_STRANGER, elsewhere & ~missing & ~certain)
    only = among_strangers & (scribe.rng("strangers only").random(len(known)) < STRANGERS_ONLY_SHARE)
    scribe.note(Cause.OLD_ADDRESS, old & ~only)
    belief = np.where(missing | only, "none", np.where(old, "stale", "home"))
    return known.with_columns(
        pl.Series("belief", belief),
        pl.Series("knows_former", has_former & (scribe.rng("former known").random(len(known)) < FORMER_KNOWN_SHARE)),
        without(strangers_home, ~among_strangers).alias("strangers_home_id"),
    )


def _shared_homes(known: pl.DataFrame, population: Population, scribe: Scribe) -> pl.Series:
    """A shared flat for each person, by chance."""
    flats = population.households.filter(pl.col("shape") == "flat_share")["home_id"]
    drawn = scribe.rng("which strangers").integers(0, max(len(flats), 1), size=len(known))
    return flats.gather(drawn) if len(flats) else pl.repeat(None, len(known), dtype=pl.Int64, eager=True)


def _is_settled(span: tuple[dt.date, int]) -> pl.Expr:
    """A first record from before the span: second records may be deleted, later ones are fresh."""
    first_day, _ = span
    return ~pl.col("is_second") & (pl.col("recorded_on") < pl.lit(first_day)) & ~pl.col("keeps_old_address")


def _at_present(known: pl.DataFrame) -> pl.DataFrame:
    never = pl.lit(None, dtype=pl.Date).alias("to_date")
    return known.with_columns(pl.lit("home").alias("address_type"), never).select(_ROW)


def _at_former(known: pl.DataFrame, *, ends: bool) -> pl.DataFrame:
    """Rows of the home before; without an end where it is still believed to be the present one."""
    end = pl.col("former_to") if ends else pl.lit(None, dtype=pl.Date)
    return known.with_columns(
        pl.col("former_home_id").alias("home_id"),
        pl.lit("home").alias("address_type"),
        pl.col("former_from").alias("from_date"),
        end.alias("to_date"),
    ).select(_ROW)


def _among_strangers(known: pl.DataFrame, scribe: Scribe) -> pl.DataFrame:
    """Believed to live in a shared flat, or in the care of somebody there."""
    rows = known.filter(pl.col("strangers_home_id").is_not_null())
    is_care_of = pl.Series(scribe.rng("strangers care of").random(len(rows)) < 0.5)
    return rows.with_columns(
        pl.col("strangers_home_id").alias("home_id"),
        pl.when(is_care_of).then(pl.lit("care_of")).otherwise(pl.lit("home")).alias("address_type"),
        pl.col("created_on").alias("from_date"),
        pl.lit(None, dtype=pl.Date).alias("to_date"),
    ).select(_ROW)


def _care_of(known: pl.DataFrame, population: Population, scribe: Scribe) -> pl.DataFrame:
    rng = scribe.rng("care of")
    some = known.filter(pl.Series(rng.random(len(known)) < CARE_OF_SHARE))
    drawn = population.homes["home_id"].gather(rng.integers(0, len(population.homes), size=len(some)))
    return some.with_columns(
        drawn.alias("at"), pl.lit("care_of").alias("address_type"), pl.lit(None, dtype=pl.Date).alias("to_date")
    ).filter((pl.col("at") != pl.col("home_id")).fill_null(value=True)).with_columns(
        pl.col("at").alias("home_id"), pl.col("created_on").alias("from_date")
    ).select(_ROW)  # fmt: skip


def _corrections(stale: pl.DataFrame, span: tuple[dt.date, int], scribe: Scribe) -> list[pl.DataFrame]:
    """Within the span: the old address gets its end, the new one is added."""
    first_day, days = span
    rng = scribe.rng("corrections")
    share = 1 - (1 - CORRECTED_SHARE) ** (days / 365)
    corrected = stale.filter(pl.Series(rng.random(len(stale)) < share))
    on = pl.Series("on", rng.integers(0, max(days, 1), size=len(corrected)))
    dated = corrected.with_columns((pl.lit(first_day) + pl.duration(days=pl.lit(on))).alias("recorded_on"))
    return [_at_former(dated, ends=True), _at_present(dated)]


def _moves_learnt(at_home: pl.DataFrame, population: Population, span: tuple[dt.date, int], scribe: Scribe) -> list[pl.DataFrame]:
    """Moves within the span of which the force hears, days later: the home left gets its end, the new one is added."""
    first_day, days = span
    last_day = pl.lit(first_day + dt.timedelta(days=days - 1))
    moves = moves_between(population.lives, pl.lit(first_day), last_day).rename({"home_id": "new_home_id"})
    people = at_home.filter(~pl.col("is_second") & ~pl.col("keeps_old_address")).select(
        "person_id", "resident_id", pl.col("recorded_on").alias("known_on")
    )
    moved = people.join(moves, on="resident_id", how="inner", maintain_order="left").join(
        population.residents.select("resident_id", "died_on"), on="resident_id", how="left", maintain_order="left"
    )
    rng = scribe.rng("moves learnt")
    learnt = pl.Series(rng.random(len(moved)) < MOVE_LEARNT_SHARE)
    lag = pl.Series("lag", 1 + rng.exponential(MEAN_DAYS_TO_LEARN, size=len(moved)).astype(np.int64))
    dated = moved.with_columns(
        (pl.col("moved_on") + pl.duration(days=pl.lit(lag))).alias("recorded_on"), pl.lit("home").alias("address_type")
    ).filter(
        learnt
        & (pl.col("recorded_on") <= last_day)
        & (pl.col("moved_on") > pl.col("known_on"))
        & (pl.col("died_on").is_null() | (pl.col("moved_on") < pl.col("died_on")))
    )
    left = dated.with_columns(
        pl.col("former_home_id").alias("home_id"), pl.col("former_from").alias("from_date"), pl.col("moved_on").alias("to_date")
    )
    new = dated.with_columns(pl.col("new_home_id").alias("home_id"), pl.col("moved_on").alias("from_date"))
    return [left.select(_ROW), _at_present(new)]


def _confirmed(rows: pl.DataFrame, scribe: Scribe) -> pl.Series:
    """A day between the start and the end, or the day of the record."""
    share = pl.Series("share", scribe.rng("confirmed").random(len(rows)))
    end = pl.min_horizontal(pl.coalesce("to_date", "recorded_on"), "recorded_on")
    days = (end - pl.col("from_date")).dt.total_days().clip(0)
    on = pl.col("from_date") + pl.duration(days=(days * share).cast(pl.Int64))
    return rows.select(on.alias("last_confirmed_on")).to_series()
