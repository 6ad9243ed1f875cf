"""Whom the force knows: person records, second records of the same person, and further names.

Every row has recorded_on: a delivery of day D holds what was recorded before D; a later row with the same key is an update.
Addresses, associations and markers are made in `police_addresses` and `police_ties`.
"""

import datetime as dt

import numpy as np
import polars as pl

from paramount_assets.synthetic.custody import Custody
from paramount_assets.synthetic.noise import Cause, Rates, Scribe
from paramount_assets.synthetic.population import Population
from paramount_assets.synthetic.recording import plain_capitals, record_identity, record_numbers
from paramount_assets.synthetic.streams import Flags, Real, numbers_apart, rows_at, stream, texts

PERSON_COLUMNS = [
    "person_id", "last_name", "first_name", "middle_names", "date_of_birth", "gender", "ethnicity_code", "pnc_id", "cro_number",
    "deceased", "created_on", "updated_on",
]  # fmt: skip
NAME_COLUMNS = ["person_id", "name_number", "last_name", "first_name", "middle_names", "name_type"]

KNOWN_SHARES = {
    # Share of residents with a police record before the span (assumed; a force holds about two records for five residents).
    "received": 0.7,
    "family of received adult": 0.5,
    "family of received child": 0.5,
    "refuge": 0.95,
    "adult": 0.18,
    "child": 0.06,
}

RECORDED_AT_RECEPTION_SHARE = 0.35
"""Of those received whom the force did not know: they were arrested by another force, and get a record within the span."""

ARRESTED_SHARE = 0.35
"""Of adults known for another reason than a reception: they have a PNC number."""

FURTHER_NAME_SHARE = 0.1
MERGED_SHARE = 0.1
"""Second records that are found and deleted within the span."""


def keep_persons(
    population: Population, custody: Custody, span: tuple[dt.date, int], rates: Rates, seed: int
) -> tuple[pl.DataFrame, Scribe]:
    """One row per person record: the contract's columns, resident_id, is_second, recorded_on."""
    first_day, _ = span
    residents = population.residents
    received = _received_on(population, custody)
    chance = stream(seed, "police/known").random(len(residents))
    known_before = chance < known_share(population, custody)
    was_new = stream(seed, "police/recorded").random(len(residents)) < RECORDED_AT_RECEPTION_SHARE
    recorded_later = ~known_before & was_new & (received >= np.datetime64(first_day, "D"))
    is_second = _second_records(known_before, residents, rates, seed)
    at = np.concatenate([np.flatnonzero(known_before | recorded_later), np.flatnonzero(is_second)])
    later = np.concatenate([recorded_later[known_before | recorded_later], np.zeros(int(is_second.sum()), dtype=np.bool_)])
    first_count = int((known_before | recorded_later).sum())
    true = rows_at(residents, at).with_columns(
        texts([f"P{n}" for n in numbers_apart(stream(seed, "police/ids"), 1_000_000, 10_000_000, len(at))]).alias("person_id"),
        pl.Series("is_second", np.arange(len(at)) >= first_count),
        pl.Series("received_on", received[at]),
        pl.Series("is_later", later),
    )
    return _as_written(true, first_day, rates, seed)


def known_share(population: Population, custody: Custody) -> Real:
    """The chance that the force knows each resident before the span."""
    residents = population.residents
    received = residents["resident_id"].is_in(custody.spells["resident_id"].implode())
    touched = residents.filter(received)["household_id"]
    children = residents.filter(
        pl.col("father_id").is_in(custody.spells["resident_id"].implode())
        | pl.col("mother_id").is_in(custody.spells["resident_id"].implode())
    )
    close = pl.col("household_id").is_in(touched.implode()) | pl.col("household_id").is_in(children["household_id"].implode())
    is_child = pl.col("role") == "child"
    in_refuge_family = (pl.col("shape") == "refuge") | pl.col("resident_id").is_in(_fathers_of_refuge(residents).implode())
    share = (
        pl.when(received).then(KNOWN_SHARES["received"])
        .when(in_refuge_family).then(KNOWN_SHARES["refuge"])
        .when(close & is_child).then(KNOWN_SHARES["family of received child"])
        .when(close).then(KNOWN_SHARES["family of received adult"])
        .when(is_child).then(KNOWN_SHARES["child"])
        .otherwise(KNOWN_SHARES["adult"])
    )  # fmt: skip
    return np.asarray(residents.select(share.alias("share"))["share"].to_numpy(), dtype=np.float64)


def _fathers_of_refuge(residents: pl.DataFrame) -> pl.Series:
    return residents.filter((pl.col("shape") == "refuge") & (pl.col("role") == "child"))["father_id"].drop_nulls()


def _received_on(population: Population, custody: Custody) -> np.ndarray:
    """The day of the first reception of each resident; NaT where none."""
    first = custody.spells.group_by("resident_id").agg(pl.col("admitted_at").min().dt.date().alias("received_on"))
    joined = population.residents.select("resident_id").join(first, on="resident_id", how="left", maintain_order="left")
    return np.asarray(joined["received_on"].to_numpy().astype("datetime64[D]"))


def _second_records(known: Flags, residents: pl.DataFrame, rates: Rates, seed: int) -> Flags:
    """Adults recorded twice."""
    scribe = Scribe(rates, seed, "police", residents["resident_id"].cast(pl.String))
    return scribe.hits(Cause.DUPLICATE_RECORD, known & np.asarray((residents["role"] != "child").to_numpy()))


def _as_written(true: pl.DataFrame, first_day: dt.date, rates: Rates, seed: int) -> tuple[pl.DataFrame, Scribe]:
    second = np.asarray(true["is_second"].to_numpy())
    # A second record was made because something was written differently: its slips are commoner.
    scribe = Scribe(rates, seed, "police", true["person_id"], factor=np.where(second, 3.0, 1.0))
    scribe.note(Cause.DUPLICATE_RECORD, second)
    arrested = pl.Series(scribe.rng("arrested").random(len(true)) < ARRESTED_SHARE)
    has_number = true["received_on"].is_not_null() | (arrested & (true["role"] != "child"))
    numbered = true.with_columns(pl.when(has_number).then(column).alias(column) for column in ("pnc", "cro"))
    identity, numbers = record_identity(numbered, scribe), record_numbers(numbered, scribe)
    created = _created_on(true, first_day, scribe)
    persons = pl.DataFrame(
        {
            "person_id": true["person_id"],
            "last_name": plain_capitals(identity["last_name"], scribe),
            "first_name": plain_capitals(identity["first_name"], scribe),
            "middle_names": plain_capitals(identity["middle_names"], scribe),
            "date_of_birth": identity["date_of_birth"],
            "gender": true["sex"],
            "ethnicity_code": true["ethnicity_code"],
            "pnc_id": numbers["pnc"],
            "cro_number": numbers["cro"],
            "deceased": true.select(
                pl.when(pl.col("died_on").is_not_null()).then(pl.lit("Y")).otherwise(pl.lit("N"))
            ).to_series(),
            "created_on": created,
            "updated_on": _between(created, first_day, scribe.rng("updated")),
            "resident_id": true["resident_id"],
            "is_second": true["is_second"],
            "false_name": identity["false_name"],
        }
    )
    later = true["is_later"]
    on = persons.select(pl.when(later).then("created_on").otherwise(pl.lit(first_day) - pl.duration(days=1)).alias("on"))["on"]
    return persons.with_columns(
        on.alias("recorded_on"), pl.max_horizontal("created_on", "updated_on").alias("updated_on")
    ), scribe


def _created_on(true: pl.DataFrame, first_day: dt.date, scribe: Scribe) -> pl.Series:
    """A day between birth (2008 at the earliest) and the span; the day of the reception for those recorded then."""
    born = pl.max_horizontal(pl.col("date_of_birth"), pl.lit(dt.date(2008, 1, 1)))
    days = (pl.lit(first_day - dt.timedelta(days=15)) - born).dt.total_days().clip(0)
    share = pl.Series("share", scribe.rng("created").random(len(true)))
    before = born + pl.duration(days=(days * (1 - share**2)).cast(pl.Int64))
    return true.select(pl.when("is_later").then("received_on").otherwise(before).alias("created_on"))["created_on"]


def _between(start: pl.Series, end: dt.date, rng: np.random.Generator) -> pl.Series:
    days = ((pl.lit(end) - pl.col("start")).dt.total_days() - 1).clip(0)
    share = pl.Series("share", rng.random(len(start)))
    return pl.DataFrame({"start": start}).select(
        (pl.col("start") + pl.duration(days=(days * share).cast(pl.Int64))).alias("on")
    )["on"]  # fmt: skip


def list_further_names(persons: pl.DataFrame, population: Population, rates: Rates, seed: int) -> pl.DataFrame:
    """Aliases, maiden names and nicknames of person records: the contract's columns and recorded_on."""
    rng = stream(seed, "police/names")
    names = population.residents.select("resident_id", "last_name", "first_name", "maiden_name")
    held = persons.select("person_id", "resident_id", "recorded_on", "false_name")
    true = held.join(names, on="resident_id", how="left", maintain_order="left")
    others = rng.permutation(len(true)).tolist()
    some = pl.Series(rng.random(len(true)) < FURTHER_NAME_SHARE)
    is_maiden = pl.col("maiden_name").is_not_null()
    rows = true.with_columns(
        pl.when("false_name")
        .then("last_name")
        .when(is_maiden)
        .then("maiden_name")
        .otherwise(true["last_name"][others])
        .alias("other"),
        pl.when(is_maiden & ~pl.col("false_name")).then(pl.lit("maiden")).otherwise(pl.lit("alias")).alias("name_type"),
    ).filter(some | pl.col("false_name"))
    scribe = Scribe(rates, seed, "police/names", rows["person_id"])
    return rows.select(
        "person_id",
        pl.lit(1, dtype=pl.Int64).alias("name_number"),
        plain_capitals(rows["other"], scribe).alias("last_name"),
        plain_capitals(rows["first_name"], scribe).alias("first_name"),
        pl.lit(None, dtype=pl.String).alias("middle_names"),
        "name_type",
        "recorded_on",
    )


def list_updates(
    persons: pl.DataFrame, population: Population, custody: Custody, span: tuple[dt.date, int], seed: int
) -> pl.DataFrame:
    """Later rows of person records, in the columns of `keep_persons`."""
    return persons.clear()


def list_merged(persons: pl.DataFrame, first_day: dt.date, days: int, seed: int) -> pl.DataFrame:
    """Second records found to be of a person known already: the same rows as in `keep_persons`, on the day of the deletion."""
    rng = stream(seed, "police/merged")
    seconds = persons.filter("is_second")
    merged = seconds.filter(pl.Series(rng.random(len(seconds)) < MERGED_SHARE))
    on = pl.Series("recorded_on", rng.integers(0, max(days, 1), size=len(merged)))
    return merged.with_columns((pl.lit(first_day) + pl.duration(days=pl.lit(on))).alias("recorded_on"))
