"""The force's person records: whom it knows, second records of the same person, further names, and what it learns later.

Every row has recorded_on: a delivery of day D holds what was recorded before D; a later row with the same key is an update.
Who is known and why is drawn in `police_reasons`; addresses, associations and markers are made in `police_addresses` and
`police_ties`.
"""

import datetime as dt

import numpy as np
import polars as pl

from paramount_assets.synthetic.asked import IN_POLICE, always_hit
from paramount_assets.synthetic.custody import Custody
from paramount_assets.synthetic.names import nicknames
from paramount_assets.synthetic.noise import Cause, Rates, Scribe
from paramount_assets.synthetic.other_names import add_other_names, note_look_alikes
from paramount_assets.synthetic.police_reasons import REASONS, UNKNOWN, draw_reasons
from paramount_assets.synthetic.population import Population
from paramount_assets.synthetic.recording import plain_capitals, record_identity, record_numbers
from paramount_assets.synthetic.streams import numbers_apart, rows_at, stream

PERSON_COLUMNS = [
    "person_id", "last_name", "first_name", "middle_names", "date_of_birth", "gender", "ethnicity_code", "pnc_id", "cro_number",
    "deceased", "created_on", "updated_on",
]  # fmt: skip
NAME_COLUMNS = ["person_id", "name_number", "last_name", "first_name", "middle_names", "name_type"]

RECORDS_BEGIN = dt.date(2008, 1, 1)
"""The oldest records: the force's present system took over no older ones (assumed)."""

LEAST_AGES = {"arrested": 10, "stopped": 10, "witness": 6, "missing_person": 3}
"""Years below which nobody is recorded for the reason."""

RECORDED_AT_RECEPTION_SHARE = 0.35
"""Of those received whom the force did not know: they were arrested by another force, and get a record within the span."""

KNOWN_BEFORE_RECEPTION_DAYS = 30
SECOND_RECORD_FACTOR = 3.0
"""A second record was made because something was written differently: its slips are commoner (assumed)."""

MERGED_SHARE = 0.3
"""Second records that are found and deleted within a year (assumed)."""

DEATHS_LEARNT_SHARE = 0.8
NAMES_CORRECTED_SHARE = 0.03
"""Surnames put right within a year, after a marriage or a slip."""

FURTHER_NAME_SHARES = {"maiden": 0.3, "alias": 0.04, "nickname": 0.04, "of another": 0.005}
"""Records with a further name, of women who had another surname, of all, of those with a short form, of all (assumed)."""

_PERSONAL = [
    "resident_id", "role", "shape", "sex", "date_of_birth", "died_on", "community", "ethnicity_code", "first_name",
    "middle_names", "last_name", "maiden_name", "pnc", "cro",
]  # fmt: skip


def keep_persons(
    population: Population, custody: Custody, span: tuple[dt.date, int], rates: Rates, seed: int
) -> tuple[pl.DataFrame, Scribe]:
    """One row per person record: the contract's columns, resident_id, is_second, known_because, recorded_on.

    Further columns: false_name and under_alias, where the record is not under the person's own surname; keeps_old_address, where
    an old address is certain. Changes within the span are the rows of `list_updates` and `list_merged`.

    Args:
        population: the truth.
        custody: who was received, and who was asked for.
        span: first day and number of days.
        rates: the table.
        seed: of the world.
    """
    first_day, _ = span
    known = _known_people(population, custody, span, seed)
    everyone = pl.concat([known, _second_records(known, span, rates, seed)])
    count = len(everyone)
    ids = pl.Series("number", numbers_apart(stream(seed, "police/ids"), 1_000_000, max(10_000_000, count * 3), count))
    true = everyone.with_columns((pl.lit("P") + ids.cast(pl.String)).alias("person_id"))
    factor = np.where(true["is_second"].to_numpy(), SECOND_RECORD_FACTOR, 1.0)
    scribe = Scribe(rates, seed, "police", true["person_id"], true, factor, first_day)
    return _as_written(add_other_names(true, population), population, custody, first_day, scribe), scribe


def _known_people(population: Population, custody: Custody, span: tuple[dt.date, int], seed: int) -> pl.DataFrame:
    """One row per resident known, with known_because, created_on, and is_second (never)."""
    reasons = draw_reasons(population, custody, seed)
    received = _received_on(population, custody)
    was_new = stream(seed, "police/recorded").random(len(reasons)) < RECORDED_AT_RECEPTION_SHARE
    is_later = (reasons == UNKNOWN) & was_new & ~np.isnat(received)
    at = np.flatnonzero((reasons != UNKNOWN) | is_later)
    because = pl.Series("known_because", REASONS).gather(np.where(is_later, 0, reasons)[at])
    known = rows_at(population.residents.select(_PERSONAL), at).with_columns(
        because, pl.Series("received_on", received[at]), pl.Series("is_later", is_later[at])
    )
    asked = pl.col("resident_id").is_in(custody.asked["other_id"].drop_nulls().implode())
    return (
        known.with_columns(
            _created_on(known, span, asked, stream(seed, "police/created")), pl.lit(value=False).alias("is_second")
        )
        .filter(pl.col("created_on").is_not_null())
        .drop("is_later")
    )


def _received_on(population: Population, custody: Custody) -> np.ndarray:
    """The day of the first reception of each resident; NaT where none."""
    first = population.residents.select("resident_id").join(
        _first_receptions(custody), on="resident_id", how="left", maintain_order="left"
    )
    return np.asarray(first["received_on"].to_numpy().astype("datetime64[D]"))


def _first_receptions(custody: Custody) -> pl.DataFrame:
    return custody.spells.group_by("resident_id").agg(pl.col("admitted_at").min().dt.date().alias("received_on"))


def _created_on(known: pl.DataFrame, span: tuple[dt.date, int], asked: pl.Expr, rng: np.random.Generator) -> pl.Series:
    """The day of the first record: any day since records begin, well before a reception; null where none is left."""
    first_day, days = span
    ages = pl.col("known_because").replace_strict(LEAST_AGES, default=0, return_dtype=pl.Int32)
    of_age = pl.col("date_of_birth") + pl.duration(days=ages * 366)
    start = pl.max_horizontal(of_age, pl.lit(RECORDS_BEGIN))
    before_reception = pl.col("received_on") - pl.duration(days=KNOWN_BEFORE_RECEPTION_DAYS)
    before_span = pl.when(asked | pl.col("received_on").is_not_null()).then(pl.lit(first_day - dt.timedelta(days=15)))
    end = pl.min_horizontal(pl.lit(first_day + dt.timedelta(days=days - 2)), pl.col("died_on"), before_reception, before_span)
    share = pl.Series("share", rng.random(len(known)))
    drawn = start + pl.duration(days=((end - start).dt.total_days() * share).cast(pl.Int64))
    created = pl.when("is_later").then("received_on").when(end >= start).then(drawn)
    return known.select(created.alias("created_on"))["created_on"]


def _second_records(known: pl.DataFrame, span: tuple[dt.date, int], rates: Rates, seed: int) -> pl.DataFrame:
    """Adults recorded twice, the second time later."""
    scribe = Scribe(rates, seed, "police", known["resident_id"], known)
    first_day, _ = span
    twice = known.filter(pl.Series(scribe.draw(Cause.DUPLICATE_RECORD, (known["role"] != "child").to_numpy())))
    latest = pl.min_horizontal(pl.lit(first_day - dt.timedelta(days=15)), "died_on")
    days = (latest - pl.col("created_on")).dt.total_days().clip(0)
    share = pl.Series("share", stream(seed, "police/again").random(len(twice)))
    return twice.with_columns(
        pl.lit(value=True).alias("is_second"),
        (pl.col("created_on") + pl.duration(days=(days * share).cast(pl.Int64))).alias("created_on"),
    ).filter(pl.col("created_on") < pl.lit(first_day))


def _as_written(true: pl.DataFrame, population: Population, custody: Custody, first_day: dt.date, scribe: Scribe) -> pl.DataFrame:
    scribe.note(Cause.DUPLICATE_RECORD, true["is_second"].to_numpy())
    note_look_alikes(true, population, scribe)
    always = always_hit(custody, true["resident_id"], IN_POLICE)
    keeps_old_address = always.pop(Cause.OLD_ADDRESS)
    identity = record_identity(true, scribe, always)
    has_number = pl.col("known_because") == "arrested"
    numbers = record_numbers(true.select(pl.when(has_number).then(column).alias(column) for column in ("pnc", "cro")), scribe)
    recorded = pl.max_horizontal("created_on", pl.lit(first_day - dt.timedelta(days=1))).alias("recorded_on")
    learnt = pl.Series(scribe.rng("deaths learnt").random(len(true)) < DEATHS_LEARNT_SHARE)
    written = true.select(
        "person_id",
        plain_capitals(identity["last_name"], scribe).alias("last_name"),
        plain_capitals(identity["first_name"], scribe).alias("first_name"),
        plain_capitals(identity["middle_names"], scribe).alias("middle_names"),
        identity["date_of_birth"],
        pl.col("sex").alias("gender"),
        "ethnicity_code",
        numbers["pnc"].alias("pnc_id"),
        numbers["cro"].alias("cro_number"),
        _yes((pl.col("died_on") < pl.lit(first_day)).fill_null(value=False) & learnt).alias("deceased"),
        "created_on",
        "resident_id",
        "is_second",
        "known_because",
        identity["false_name"],
        identity["under_alias"],
        pl.Series("keeps_old_address", keeps_old_address),
        recorded,
    )
    updated = _between(written["created_on"], written["recorded_on"], scribe.rng("updated"))
    return written.with_columns(updated.alias("updated_on")).select(*PERSON_COLUMNS, pl.exclude(PERSON_COLUMNS))


def _yes(condition: pl.Expr) -> pl.Expr:
    return pl.when(condition).then(pl.lit("Y")).otherwise(pl.lit("N"))


def _between(start: pl.Series, end: pl.Series, rng: np.random.Generator) -> pl.Series:
    share = pl.Series("share", rng.random(len(start)))
    days = (pl.col("end") - pl.col("start")).dt.total_days().clip(0)
    frame = pl.DataFrame({"start": start, "end": end})
    return frame.select((pl.col("start") + pl.duration(days=(days * share).cast(pl.Int64))).alias("on"))["on"]


def list_updates(
    persons: pl.DataFrame, population: Population, custody: Custody, span: tuple[dt.date, int], seed: int
) -> pl.DataFrame:
    """Later rows of person records, in the columns of `keep_persons`: deaths, numbers learnt at a reception, surnames put right.

    One for a record at most, so that a later row holds everything that the earlier one did; second records stay as they are.
    """
    first_day, days = span
    last_day = first_day + dt.timedelta(days=days - 1)
    rng = stream(seed, "police/updates")
    truth = population.residents.select("resident_id", "died_on", "last_name", "pnc", "cro").rename(
        {"last_name": "true_last_name"}
    )
    first = persons.filter(~pl.col("is_second"))
    held = first.join(truth, on="resident_id", how="left", maintain_order="left").filter(pl.col("recorded_on") < last_day)
    parts = [
        _numbers_learnt(held.join(_first_receptions(custody), on="resident_id", how="inner", maintain_order="left"), first_day),
        _deaths_learnt(held, first_day, rng),
        _surnames_corrected(held, span, rng),
    ]
    updates = pl.concat(part.select(persons.columns) for part in parts)
    in_span = (pl.col("recorded_on") <= pl.lit(last_day)) & (pl.col("recorded_on") > pl.col("created_on"))
    return (
        updates.filter(in_span)
        .unique("person_id", keep="first", maintain_order=True)
        .with_columns(pl.col("recorded_on").alias("updated_on"))
        .sort("recorded_on", "person_id")
    )


def _numbers_learnt(held: pl.DataFrame, first_day: dt.date) -> pl.DataFrame:
    """People known for another reason who are received: the force now has their numbers."""
    fresh = held.filter(pl.col("pnc_id").is_null() & (pl.col("received_on") >= pl.lit(first_day)))
    return fresh.filter(pl.col("known_because") != "arrested").with_columns(
        pl.col("pnc").alias("pnc_id"),
        pl.col("cro").alias("cro_number"),
        (pl.col("received_on") + pl.duration(days=1)).alias("recorded_on"),
    )


def _deaths_learnt(held: pl.DataFrame, first_day: dt.date, rng: np.random.Generator) -> pl.DataFrame:
    died = held.filter((pl.col("died_on") >= pl.lit(first_day)) & (pl.col("deceased") == "N"))
    lag = pl.Series("lag", rng.integers(2, 40, size=len(died)))
    learnt = pl.Series(rng.random(len(died)) < DEATHS_LEARNT_SHARE)
    return died.with_columns(
        pl.lit("Y").alias("deceased"), (pl.col("died_on") + pl.duration(days=pl.lit(lag))).alias("recorded_on")
    ).filter(learnt)  # fmt: skip


def _surnames_corrected(held: pl.DataFrame, span: tuple[dt.date, int], rng: np.random.Generator) -> pl.DataFrame:
    """Women's surnames of before the marriage, and slips: the present surname is entered."""
    first_day, days = span
    plain = pl.col("true_last_name").str.to_uppercase()
    is_plain = plain.str.len_bytes() == plain.str.len_chars()
    differs = held.filter(is_plain & (plain != pl.col("last_name")) & ~pl.col("false_name") & ~pl.col("under_alias"))
    share = NAMES_CORRECTED_SHARE * days / 365
    chosen = differs.filter(pl.Series(rng.random(len(differs)) < share))
    day = pl.Series("day", rng.integers(0, max(days, 1), size=len(chosen)))
    return chosen.with_columns(
        pl.col("true_last_name").str.to_uppercase().alias("last_name"),
        (pl.lit(first_day) + pl.duration(days=pl.lit(day))).alias("recorded_on"),
    )


def list_further_names(persons: pl.DataFrame, population: Population, rates: Rates, seed: int) -> pl.DataFrame:
    """Aliases, maiden names and nicknames of person records, true and false: the contract's columns and recorded_on.

    Who is recorded under a false name or an alias has the true one here; the name of the record itself is not repeated.
    """
    rng = stream(seed, "police/names")
    count = len(persons)
    some = {kind: pl.Series(rng.random(count) < share) for kind, share in FURTHER_NAME_SHARES.items()}
    others = rng.integers(0, max(count, 1), size=count)
    held = persons.select(
        "person_id", "resident_id", "recorded_on", (pl.col("false_name") | pl.col("under_alias")).alias("hidden")
    )
    names = population.residents.select("resident_id", "last_name", "first_name", "maiden_name")
    true = held.join(names, on="resident_id", how="left", maintain_order="left")
    short = {name: forms[0] for name, forms in nicknames().items()}
    surname, forename = pl.col("last_name"), pl.col("first_name")
    has_short = some["nickname"] & forename.is_in(list(short))
    with_others = true.with_columns(rows_at(names, others)["last_name"].alias("others"))
    parts = [
        _further(true.filter("hidden"), surname, forename, "alias"),
        _further(true.filter(some["maiden"] & pl.col("maiden_name").is_not_null()), pl.col("maiden_name"), forename, "maiden"),
        _further(add_other_names(true.filter(some["alias"]), population), pl.col("alias_last_name"), forename, "alias"),
        _further(true.filter(has_short), surname, forename.replace_strict(short, default=None), "nickname"),
        _further(with_others.filter(some["of another"]), pl.col("others"), forename, "alias"),
    ]
    rows = pl.concat(parts).sort("person_id", maintain_order=True)
    scribe = Scribe(rates, seed, "police/names", rows["person_id"])
    written = rows.with_columns(
        last_name=plain_capitals(rows["last_name"], scribe), first_name=plain_capitals(rows["first_name"], scribe)
    )
    of_record = ["person_id", "last_name", "first_name"]
    return written.join(persons.select(of_record), on=of_record, how="anti", maintain_order="left").select(
        "person_id",
        (pl.int_range(pl.len(), dtype=pl.Int64).over("person_id") + 1).alias("name_number"),
        "last_name",
        "first_name",
        pl.lit(None, dtype=pl.String).alias("middle_names"),
        "name_type",
        "recorded_on",
    )


def _further(rows: pl.DataFrame, last: pl.Expr, first: pl.Expr, name_type: str) -> pl.DataFrame:
    return rows.select(
        "person_id", last.alias("last_name"), first.alias("first_name"), pl.lit(name_type).alias("name_type"), "recorded_on"
    )


def list_merged(persons: pl.DataFrame, first_day: dt.date, days: int, seed: int) -> pl.DataFrame:
    """Second records found to be of a person known already: the same rows as in `keep_persons`, on the day of the deletion."""
    rng = stream(seed, "police/merged")
    seconds = persons.filter("is_second")
    merged = seconds.filter(pl.Series(rng.random(len(seconds)) < 1 - (1 - MERGED_SHARE) ** (days / 365)))
    on = pl.Series("recorded_on", rng.integers(0, max(days, 1), size=len(merged)))
    return merged.with_columns((pl.lit(first_day) + pl.duration(days=pl.lit(on))).alias("recorded_on"))
