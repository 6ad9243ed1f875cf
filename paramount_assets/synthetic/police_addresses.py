"""Where the force believes people live: places shared by all who live there, with dates, often out of date."""

import datetime as dt

import numpy as np
import polars as pl

from paramount_assets.synthetic.noise import Cause, Rates, Scribe
from paramount_assets.synthetic.population import Population
from paramount_assets.synthetic.recording import words
from paramount_assets.synthetic.streams import numbers_apart, stream, texts

ADDRESS_COLUMNS = [
    "person_id", "address_id", "address_line", "postcode", "uprn", "address_type", "from_date", "to_date", "last_confirmed_on",
]  # fmt: skip

FORMER_KNOWN_SHARE = 0.6
CARE_OF_SHARE = 0.02
CORRECTED_SHARE = 0.25
"""Of people recorded at an old address: the new one is learnt within the span."""


def list_places(population: Population, rates: Rates, seed: int) -> pl.DataFrame:
    """One row per home as a place of the force's gazetteer: home_id, address_id, address_line, postcode, uprn."""
    homes = population.homes
    ids = numbers_apart(stream(seed, "police/places"), 100_000, 100_000 + 40 * len(homes), len(homes))
    scribe = Scribe(rates, seed, "police", texts([f"A{number}" for number in ids]))
    postcode = words(homes["postcode"])
    postcode[scribe.hits(Cause.MISSING_POSTCODE)] = None
    return homes.select(
        "home_id",
        texts([f"A{number}" for number in ids]).alias("address_id"),
        "address_line",
        texts(postcode).alias("postcode"),
        "uprn",
    )


def list_addresses(
    population: Population, persons: pl.DataFrame, places: pl.DataFrame, span: tuple[dt.date, int], scribe: Scribe
) -> pl.DataFrame:
    """One row per person record, place and start, by the contract, and recorded_on; corrections come as later rows.

    Args:
        population: the truth.
        persons: person records with resident_id and recorded_on.
        places: the force's gazetteer.
        span: first day and number of days.
        scribe: of the person records.
    """
    first_day, _ = span
    now, former = _lives(population)
    held = persons.select("person_id", "resident_id", "recorded_on", "is_second")
    known = held.join(now, on="resident_id", how="left", maintain_order="left").join(
        former, on="resident_id", how="left", maintain_order="left"
    )
    has_former = np.asarray(known["former_home_id"].is_not_null().to_numpy())
    is_old = scribe.hits(Cause.OLD_ADDRESS, has_former)
    is_missing = scribe.hits(Cause.MISSING_ADDRESS)
    knows_former = has_former & (scribe.rng("former known").random(len(known)) < FORMER_KNOWN_SHARE)
    marked = known.with_columns(
        pl.Series("is_old", is_old), pl.Series("is_missing", is_missing), pl.Series("knows_former", knows_former)
    )
    rows = pl.concat(
        [
            _rows(marked.filter(~pl.col("is_old") & ~pl.col("is_missing")), "home"),
            _rows(marked.filter(pl.col("is_old") & ~pl.col("is_missing")), "stale"),
            _rows(marked.filter(pl.col("knows_former") & ~pl.col("is_old") & ~pl.col("is_missing")), "former"),
            _care_of(marked, population, scribe),
            *_corrections(marked.filter(pl.col("is_old") & ~pl.col("is_missing") & _is_settled(first_day)), span, scribe),
        ]
    )
    confirmed = _confirmed(rows, first_day, scribe)
    return rows.with_columns(confirmed).join(places, on="home_id", how="left", maintain_order="left").select(
        *ADDRESS_COLUMNS, "recorded_on"
    )  # fmt: skip


def _is_settled(first_day: dt.date) -> pl.Expr:
    """A first record from before the span: second records may be deleted, later ones are fresh."""
    return ~pl.col("is_second") & (pl.col("recorded_on") < pl.lit(first_day))


def _lives(population: Population) -> tuple[pl.DataFrame, pl.DataFrame]:
    ordered = population.lives.sort("resident_id", "from_date")
    now = ordered.filter(pl.col("to_date").is_null()).select("resident_id", "home_id", "from_date")
    former = (
        ordered.filter(pl.col("to_date").is_not_null())
        .unique("resident_id", keep="last", maintain_order=True)
        .select(
            "resident_id",
            pl.col("home_id").alias("former_home_id"),
            pl.col("from_date").alias("former_from"),
            pl.col("to_date").alias("former_to"),
        )
    )
    return now, former


def _rows(known: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Rows of the present home, of the former home, or of the former home still believed to be the present one."""
    at_former = kind != "home"
    return known.select(
        "person_id",
        pl.col("former_home_id" if at_former else "home_id").alias("home_id"),
        pl.lit("home").alias("address_type"),
        pl.col("former_from" if at_former else "from_date").alias("from_date"),
        (pl.col("former_to") if kind == "former" else pl.lit(None, dtype=pl.Date)).alias("to_date"),
        "recorded_on",
    )


def _care_of(known: pl.DataFrame, population: Population, scribe: Scribe) -> pl.DataFrame:
    rng = scribe.rng("care of")
    homes = rng.integers(0, len(population.homes), size=len(known))
    some = pl.Series(rng.random(len(known)) < CARE_OF_SHARE)
    return known.with_columns(pl.Series("at", homes)).filter(some & (pl.col("at") != pl.col("home_id"))).select(
        "person_id",
        pl.col("at").alias("home_id"),
        pl.lit("care_of").alias("address_type"),
        "from_date",
        pl.lit(None, dtype=pl.Date).alias("to_date"),
        "recorded_on",
    )  # fmt: skip


def _corrections(stale: pl.DataFrame, span: tuple[dt.date, int], scribe: Scribe) -> list[pl.DataFrame]:
    """Within the span: the old address gets its end, the new one is added."""
    first_day, days = span
    rng = scribe.rng("corrections")
    on = pl.Series("on", rng.integers(0, max(days, 1), size=len(stale)))
    corrected = stale.with_columns((pl.lit(first_day) + pl.duration(days=pl.lit(on))).alias("recorded_on")).filter(
        pl.Series(rng.random(len(stale)) < CORRECTED_SHARE)
    )
    return [_rows(corrected, "former"), _rows(corrected, "home")]


def _confirmed(rows: pl.DataFrame, first_day: dt.date, scribe: Scribe) -> pl.Series:
    share = pl.Series("share", scribe.rng("confirmed").random(len(rows)))
    end = pl.min_horizontal(pl.coalesce("to_date", "recorded_on"), pl.lit(first_day))
    days = (end - pl.col("from_date")).dt.total_days().clip(0)
    on = pl.col("from_date") + pl.duration(days=(days * share).cast(pl.Int64))
    return rows.select(on.alias("last_confirmed_on")).to_series()
