"""Associations between people whom the force knows, and warning markers on people and places."""

import datetime as dt

import numpy as np
import polars as pl

from paramount_assets.synthetic.noise import Cause, Rates, Scribe
from paramount_assets.synthetic.population import Population
from paramount_assets.synthetic.streams import numbers_apart, pick, rows_at, stream, texts

ASSOCIATION_COLUMNS = ["person_id", "related_person_id", "relationship_code", "from_date", "to_date", "source"]
MARKER_COLUMNS = ["marker_id", "subject_type", "subject_id", "marker_code", "about_person_id", "from_date", "to_date"]

_CODES = {
    "mother": "parent_of", "father": "parent_of", "step_parent": "step_parent_of", "carer": "guardian_of",
    "grandparent": "grandparent_of", "partner": "partner_of", "ex_partner": "ex_partner_of",
}  # fmt: skip
_SOURCES = {"officer_recorded": 0.45, "domestic_incident": 0.25, "custody_record": 0.25, "other": 0.05}

DOMESTIC_ABUSE_SHARE = 0.1
"""Of couples and former couples both known: one is recorded as a perpetrator against the other."""

NO_CONTACT_SHARE = 0.3
MARKER_SHARES = {"VI": 0.05, "WE": 0.03, "FI": 0.006, "DO_NOT_CONTACT": 0.006, "RESTRICTED_RECORD": 0.004}
CHILD_VICTIM_SHARE = 0.015
SENSITIVE_SHARE = 0.002


def list_associations(
    population: Population, persons: pl.DataFrame, first_day: dt.date, rates: Rates, seed: int
) -> tuple[pl.DataFrame, Scribe]:
    """One row per association by the contract, and recorded_on; person_id is the parent, related_person_id the child."""
    pairs = _known_pairs(population, persons)
    scribe = Scribe(
        rates, seed, "police/associations", pairs.select(pl.concat_str("person_id", pl.lit(">"), "related_person_id")).to_series()
    )
    missing = scribe.hits(Cause.MISSING_ASSOCIATION)
    wrong = scribe.hits(Cause.WRONG_ASSOCIATION, np.asarray(pairs["is_child"].to_numpy()) & ~missing)
    children = pairs.filter("is_child").select(
        pl.col("related_person_id").alias("other"), pl.col("from_date").alias("other_from")
    )
    drawn = scribe.rng("another child").integers(0, max(len(children), 1), size=len(pairs))
    others = rows_at(children, drawn) if len(children) else children
    taken = pairs.with_columns(others).with_columns(pl.Series("wrong", wrong)).filter(pl.Series(~missing))
    named = taken.with_columns(
        pl.when("wrong").then("other").otherwise("related_person_id").alias("related_person_id"),
        pl.when("wrong").then("other_from").otherwise("from_date").alias("from_date"),
    )
    sources = pick(scribe.rng("source"), list(_SOURCES), list(_SOURCES.values()), len(named))
    rows = named.with_columns(
        _some_day(named["from_date"], first_day, scribe.rng("since")).alias("from_date"),
        texts(sources).alias("source"),
        pl.lit(None, dtype=pl.Date).alias("to_date"),
    ).unique(["person_id", "related_person_id", "relationship_code"], keep="first", maintain_order=True)
    later = pl.col("recorded_on") >= pl.lit(first_day)
    rows = rows.with_columns(pl.when(later).then("recorded_on").otherwise("from_date").alias("from_date"))
    return rows.filter(pl.col("person_id") != pl.col("related_person_id")).select(*ASSOCIATION_COLUMNS, "recorded_on"), scribe


def _known_pairs(population: Population, persons: pl.DataFrame) -> pl.DataFrame:
    """True ties of two people who both have a record, with the earliest day the association can be of."""
    first = persons.filter(~pl.col("is_second")).select("resident_id", "person_id", "created_on", "recorded_on")
    ties = population.ties.filter(pl.col("tie").is_in(list(_CODES)))
    return (
        ties.join(first.rename({"resident_id": "from_id"}), on="from_id", how="inner", maintain_order="left")
        .join(
            first.select(
                pl.col("resident_id").alias("to_id"),
                pl.col("person_id").alias("related_person_id"),
                pl.col("created_on").alias("related_created_on"),
                pl.col("recorded_on").alias("related_recorded_on"),
            ),
            on="to_id",
            how="inner",
            maintain_order="left",
        )
        .with_columns(
            pl.max_horizontal("created_on", "related_created_on").alias("from_date"),
            pl.max_horizontal("recorded_on", "related_recorded_on").alias("recorded_on"),
            pl.col("tie").replace_strict(_CODES, return_dtype=pl.String).alias("relationship_code"),
            pl.col("tie").is_in(["mother", "father", "step_parent"]).alias("is_child"),
        )
        .select(
            "person_id",
            "related_person_id",
            "relationship_code",
            "from_date",
            "recorded_on",
            "is_child",
            "tie",
            "from_id",
            "to_id",
        )
    )


def _some_day(start: pl.Series, end: dt.date, rng: np.random.Generator) -> pl.Series:
    days = ((pl.lit(end) - pl.col("start")).dt.total_days() - 1).clip(0)
    share = pl.Series("share", rng.random(len(start)))
    on = pl.col("start") + pl.duration(days=(days * share).cast(pl.Int64))
    return pl.DataFrame({"start": start}).select(on.alias("on"))["on"]


def list_markers(
    population: Population, persons: pl.DataFrame, places: pl.DataFrame, first_day: dt.date, seed: int
) -> pl.DataFrame:
    """One row per warning marker by the contract, and recorded_on; all are from before the span."""
    before = persons.filter(pl.col("recorded_on") < pl.lit(first_day))
    pairs = _known_pairs(population, before)
    parts = [
        *_of_couples(population, pairs, stream(seed, "police/domestic")),
        _of_children(pairs, stream(seed, "police/child victims")),
        *[_of_persons(before, code, share, stream(seed, f"police/{code}")) for code, share in MARKER_SHARES.items()],
        _of_places(population, places, stream(seed, "police/sensitive")),
    ]
    markers = pl.concat(parts)
    rng = stream(seed, "police/marker dates")
    ids = numbers_apart(rng, 100_000, 100_000 + 50 * max(len(markers), 1), len(markers))
    since = _some_day(pl.repeat(first_day - dt.timedelta(days=1500), len(markers), dtype=pl.Date, eager=True), first_day, rng)
    ended = pl.Series(rng.random(len(markers)) < 0.08) & (markers["subject_type"] == "person")
    dated = markers.with_columns(texts([f"M{number}" for number in ids]).alias("marker_id"), since.alias("from_date"))
    end = pl.min_horizontal(pl.col("from_date") + pl.duration(days=365), pl.lit(first_day - dt.timedelta(days=2)))
    return dated.with_columns(
        pl.when(ended).then(end).alias("to_date"),
        pl.lit(first_day - dt.timedelta(days=1)).alias("recorded_on"),
    ).select(*MARKER_COLUMNS, "recorded_on")


def _marker(frame: pl.DataFrame, subject: str, code: str, about: str | None = None, subject_type: str = "person") -> pl.DataFrame:
    return frame.select(
        pl.lit(subject_type).alias("subject_type"),
        pl.col(subject).alias("subject_id"),
        pl.lit(code).alias("marker_code"),
        (pl.lit(None, dtype=pl.String) if about is None else pl.col(about)).alias("about_person_id"),
    )


def _of_couples(population: Population, pairs: pl.DataFrame, rng: np.random.Generator) -> list[pl.DataFrame]:
    """Domestic abuse: the woman's partner or former one; always where she fled to a refuge, half of those with a court order."""
    couples = pairs.filter(pl.col("tie").is_in(["partner", "ex_partner"]))
    fled = population.residents.filter(pl.col("shape") == "refuge")["resident_id"]
    is_fled = couples["from_id"].is_in(fled.implode())
    abused = couples.filter(pl.Series(rng.random(len(couples)) < DOMESTIC_ABUSE_SHARE) | is_fled)
    ordered = abused.filter(pl.Series(rng.random(len(abused)) < NO_CONTACT_SHARE))
    return [
        _marker(abused, "related_person_id", "DA_PERPETRATOR", "person_id"),
        _marker(abused, "person_id", "DA_VICTIM", "related_person_id"),
        _marker(ordered, "related_person_id", "NO_CONTACT_ORDER", "person_id"),
    ]


def _of_children(pairs: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    suspects = pairs.filter(pl.col("tie").is_in(["father", "step_parent", "mother"]))
    return _marker(
        suspects.filter(pl.Series(rng.random(len(suspects)) < CHILD_VICTIM_SHARE)),
        "related_person_id",
        "CHILD_VICTIM",
        "person_id",
    )


def _of_persons(persons: pl.DataFrame, code: str, share: float, rng: np.random.Generator) -> pl.DataFrame:
    """Markers of adults; the first is always there, so that a small world has one."""
    adults = persons.filter(pl.col("pnc_id").is_not_null())
    hit = rng.random(len(adults)) < share
    hit[:1] |= not hit.any()
    return _marker(adults.filter(pl.Series(hit)), "person_id", code)


def _of_places(population: Population, places: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    refuges = population.households.filter(pl.col("shape") == "refuge")["home_id"].unique()
    is_refuge = places["home_id"].is_in(refuges.implode())
    sensitive = ~is_refuge & pl.Series(rng.random(len(places)) < SENSITIVE_SHARE)
    return pl.concat(
        [
            _marker(places.filter(is_refuge), "address_id", "REFUGE", subject_type="address"),
            _marker(places.filter(sensitive), "address_id", "SENSITIVE_ADDRESS", subject_type="address"),
        ]
    )
