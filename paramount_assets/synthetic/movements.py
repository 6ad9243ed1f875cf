"""Follows each spell in custody: court, transfers, temporary absence, release, recall; one row per movement, in order.

Trips never overlap because each kind has its own days: court on even days of the stay, transfers and temporary absences on
different odd ones.
"""

import datetime as dt

import numpy as np
import polars as pl

from paramount_assets.synthetic.streams import Flags, Whole, Words, stream, texts

RECEPTION_REASONS = frozenset(
    {
        "N", "V", "I", "26", "25", "27", "29", "G", "J", "K", "W", "24", "L", "B", "Y", "ETB", "ETRLR", "ETRRIE", "RECA", "H",
        "C", "F", "E", "T", "A", "U", "O",
    }
)  # fmt: skip
"""Reasons of an ADM movement that are receptions (prison service's public repositories)."""

FIRST_COURT_DAY, COURT_EVERY_DAYS = 4, 8
TRANSFER_SHARE = 0.3
STOPOVER_SHARE = 0.04
ABSENCE_SHARE = 0.15
LATE_RETURN_SHARE = 0.12
SENTENCED_AT_COURT_SHARE = 0.35
RECALL_SHARE = 0.2
"""Of those released from a sentence in the span (assumed; more than in life within so few days)."""

_SENTENCED = ("SENTENCED", "RECALL", "INDETERMINATE_SENTENCE")
_EVENT: dict[str, pl.DataType | type[pl.DataType]] = {
    "spell_id": pl.Int64, "movement_at": pl.Datetime("us"), "movement_type_code": pl.String, "movement_reason_code": pl.String,
    "in_out_status": pl.String, "place": pl.String,
}  # fmt: skip


def follow(spells: pl.DataFrame, until: np.datetime64, seed: int) -> pl.DataFrame:
    """Every movement of the spells before `until`, numbered within the booking from 1; grain and columns as in `Custody`."""
    transfers = _transfers(spells, stream(seed, "transfers"))
    recalls = _recalls(spells, until, stream(seed, "recalls"))
    court = _court(spells, until, stream(seed, "court"))
    parts = [
        _admissions(spells),
        *_there_and_back(spells, court, "CRT", stream(seed, "court hours")),
        *transfers,
        *_absences(spells, until, stream(seed, "absences")),
        _releases(spells, stream(seed, "releases")),
        recalls,
    ]
    events = pl.concat(parts).filter(pl.col("movement_at") < pl.lit(until).cast(pl.Datetime("us")))
    return _complete(events, spells, court, stream(seed, "sentences"))


def _events(spell_id: pl.Series, at: Words, type_code: str, reason: Words | str, status: str, place: str) -> pl.DataFrame:
    count = len(spell_id)
    reasons = texts(np.full(count, reason, dtype=object) if isinstance(reason, str) else reason)
    return pl.DataFrame(
        {
            "spell_id": spell_id,
            "movement_at": pl.Series(at.astype("datetime64[us]")),
            "movement_type_code": pl.repeat(type_code, count, eager=True),
            "movement_reason_code": reasons,
            "in_out_status": pl.repeat(status, count, eager=True),
            "place": pl.repeat(place, count, eager=True),
        },
        schema=_EVENT,
    )


def _admissions(spells: pl.DataFrame) -> pl.DataFrame:
    at = spells["admitted_at"].to_numpy()
    return _events(spells["spell_id"], at, "ADM", np.asarray(spells["reason"].to_list(), dtype=object), "IN", "prison")


def _releases(spells: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    reason = np.where(spells["legal_status"].is_in(list(_SENTENCED)).to_numpy(), "CR", "BL")
    other = rng.random(len(spells)) < 0.1
    return _events(
        spells["spell_id"], spells["released_at"].to_numpy(), "REL", np.where(other, "NCS", reason).astype(object), "OUT", "OUT"
    )


def _court(spells: pl.DataFrame, until: np.datetime64, rng: np.random.Generator) -> pl.DataFrame:
    """Days at court of those not yet sentenced: spell_id, on (date), nth; only whole days inside."""
    waiting = spells.filter(pl.col("legal_status").is_in(["REMAND", "CONVICTED_UNSENTENCED"]))
    admitted = waiting["admitted_at"].to_numpy().astype("datetime64[D]")
    longest = int((until.astype("datetime64[D]") - admitted).astype(np.int64).max(initial=0))
    trips = max(1, longest // COURT_EVERY_DAYS + 1)
    jitter = rng.integers(0, 3, size=(len(waiting), trips)) * 2
    offset = FIRST_COURT_DAY + COURT_EVERY_DAYS * np.arange(trips)[None, :] + jitter
    on = admitted[:, None] + offset.astype("timedelta64[D]")
    last = np.minimum(waiting["released_at"].to_numpy().astype("datetime64[D]"), until.astype("datetime64[D]") + 1)
    row, nth = np.nonzero(on < last[:, None])
    return pl.DataFrame({"spell_id": waiting["spell_id"].to_numpy()[row], "on": pl.Series(on[row, nth]), "nth": nth})


def _there_and_back(spells: pl.DataFrame, days: pl.DataFrame, type_code: str, rng: np.random.Generator) -> list[pl.DataFrame]:
    """Out in the morning, back in the afternoon."""
    on = days["on"].to_numpy().astype("datetime64[m]")
    out = on + (rng.uniform(7.2, 8.6, size=len(days)) * 60).astype("timedelta64[m]")
    back = on + (rng.uniform(15.5, 19.2, size=len(days)) * 60).astype("timedelta64[m]")
    reason = rng.choice(np.array(["CA", "PR", "19"], dtype=object), size=len(days))
    spell = days["spell_id"].cast(spells["spell_id"].dtype)
    return [
        _events(spell, out, type_code, reason, "OUT", "prison"),
        _events(spell, back, type_code, reason, "IN", "prison"),
    ]


def _odd_day(
    spells: pl.DataFrame, chosen: Flags, first: int, choices: Whole, rng: np.random.Generator
) -> tuple[pl.Series, Words]:
    """One day of the stay, `first` or a multiple of four later, of each chosen spell inside then: spell_id and midnight."""
    offset = (first + 4 * (rng.random(len(spells)) * choices).astype(np.int64)).astype("timedelta64[D]")
    on = spells["admitted_at"].to_numpy().astype("datetime64[D]") + offset
    kept = chosen & (on < spells["released_at"].to_numpy().astype("datetime64[D]"))
    return spells["spell_id"].filter(pl.Series(kept)), on[kept].astype("datetime64[m]")


def _transfers(spells: pl.DataFrame, rng: np.random.Generator) -> list[pl.DataFrame]:
    """To another prison: out, sometimes a stopover, in; the same day."""
    chosen = (rng.random(len(spells)) < TRANSFER_SHARE) & (spells["prison_id"] != spells["next_prison_id"]).to_numpy()
    spell, on = _odd_day(spells, chosen, 5, np.full(len(spells), 6), rng)
    out = on + (rng.uniform(8.5, 10, size=len(spell)) * 60).astype("timedelta64[m]")
    arrives = on + (rng.uniform(13, 16, size=len(spell)) * 60).astype("timedelta64[m]")
    how = rng.random(len(spell))
    stops = how < STOPOVER_SHARE
    arrival = np.where(how > 0.9, "TRNCRT", "INT").astype(object)
    return [
        _events(spell, out, "TRN", "NOTR", "TRN", "TRN"),
        _events(spell.filter(pl.Series(stops)), (on + np.timedelta64(11 * 60, "m"))[stops], "ADM", "S", "IN", "prison"),
        _events(spell, arrives, "ADM", arrival, "IN", "next"),
    ]


def _absences(spells: pl.DataFrame, until: np.datetime64, rng: np.random.Generator) -> list[pl.DataFrame]:
    """A day out on licence of sentenced people; some are back late, which is recorded as an admission."""
    sentenced = spells["legal_status"].is_in(list(_SENTENCED)).to_numpy()
    ends = np.minimum(spells["released_at"].to_numpy(), until.astype("datetime64[us]"))
    days_inside = (ends - spells["admitted_at"].to_numpy()).astype("timedelta64[D]").astype(np.int64)
    choices = ((days_inside - 7) // 4 + 1).clip(1)
    spell, on = _odd_day(spells, sentenced & (rng.random(len(spells)) < ABSENCE_SHARE), 7, choices, rng)
    out = on + (rng.uniform(8.5, 9.5, size=len(spell)) * 60).astype("timedelta64[m]")
    back = on + (rng.uniform(16, 18, size=len(spell)) * 60).astype("timedelta64[m]")
    late = rng.random(len(spell)) < LATE_RETURN_SHARE
    return [
        _events(spell, out, "TAP", "R1", "OUT", "prison"),
        _events(spell.filter(pl.Series(~late)), back[~late], "TAP", "R1", "IN", "prison"),
        _events(spell.filter(pl.Series(late)), back[late] + np.timedelta64(150, "m"), "ADM", "U", "IN", "prison"),
    ]


def _recalls(spells: pl.DataFrame, until: np.datetime64, rng: np.random.Generator) -> pl.DataFrame:
    """Back within days of a release, in the same booking."""
    released = spells["released_at"].to_numpy()
    recent = (released > until.astype("datetime64[us]") - np.timedelta64(60, "D")) & (released < until.astype("datetime64[us]"))
    sentenced = spells["legal_status"].is_in(list(_SENTENCED)).to_numpy()
    chosen = recent & sentenced & (rng.random(len(spells)) < RECALL_SHARE)
    after = (rng.uniform(2, 8, size=len(spells)) * 24 * 60).astype("timedelta64[m]")
    return _events(spells["spell_id"].filter(pl.Series(chosen)), (released + after)[chosen], "ADM", "L", "IN", "prison")


def _complete(events: pl.DataFrame, spells: pl.DataFrame, court: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Numbers the movements and adds what the prison's record says at each: place, legal status, sentence."""
    is_sentenced = rng.random(len(spells)) < SENTENCED_AT_COURT_SHARE
    second = court.filter(pl.col("nth") == 1).select("spell_id", pl.col("on").alias("court_on"))
    term = pl.Series("term", rng.integers(30, 700, size=len(spells)))
    known = spells.with_columns(pl.Series("is_sentenced", is_sentenced), term).join(second, on="spell_id", how="left")
    rows = events.join(known, on="spell_id", how="left").sort("spell_id", "movement_at", "movement_type_code")
    moved_on = (pl.col("place") == "next").cum_sum().over("spell_id") > 0
    recalled = (pl.col("movement_type_code") == "REL").cum_sum().over("spell_id") > 0
    became_sentenced = pl.col("is_sentenced") & (pl.col("movement_at").dt.date() >= pl.col("court_on")).fill_null(value=False)
    legal = (
        pl.when(recalled & (pl.col("movement_type_code") == "ADM")).then(pl.lit("RECALL"))
        .when(became_sentenced).then(pl.lit("SENTENCED"))
        .otherwise("legal_status")
    )  # fmt: skip
    place = (
        pl.when(pl.col("place").is_in(["OUT", "TRN"])).then("place")
        .when(moved_on).then("next_prison_id")
        .otherwise("prison_id")
    )  # fmt: skip
    started = (
        pl.when(became_sentenced)
        .then("court_on")
        .when(pl.col("legal_status").is_in(list(_SENTENCED)))
        .then(pl.col("admitted_at").dt.date())
    )
    ends = pl.when(started.is_not_null()).then(
        pl.max_horizontal(started + pl.duration(days="term"), pl.col("movement_at").dt.date())
    )
    return rows.with_columns(place.alias("prison_id"), legal.alias("legal_status")).select(
        "spell_id", "resident_id", "prisoner_number", "booking_id",
        (pl.int_range(pl.len()).over("spell_id") + 1).alias("movement_sequence"),
        "movement_type_code", "movement_reason_code", "movement_at", "in_out_status", "prison_id", "legal_status",
        started.alias("sentence_start_date"), ends.alias("release_date"),
        extract_date().alias("extract_date"),
        _is_reception().alias("is_reception"),
    )  # fmt: skip


def _is_reception() -> pl.Expr:
    return (pl.col("movement_type_code") == "ADM") & pl.col("movement_reason_code").is_in(sorted(RECEPTION_REASONS))


def extract_date() -> pl.Expr:
    """The first extract whose cut-off, 06:00, is after the movement."""
    return (pl.col("movement_at") + dt.timedelta(hours=18)).dt.date()
