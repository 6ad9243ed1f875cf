"""Follows each stay in custody: court, transfers, temporary absence, release, recall; one row per movement, in order.

Trips never overlap because each kind has its own days: court on even days of the stay, transfers and temporary absences on
different odd ones.
"""

import datetime as dt

import numpy as np
import polars as pl

from paramount_assets.synthetic.streams import Flags, Real, Whole, Words, pick, stream, texts

RECEPTION_REASONS = frozenset(
    {
        "N", "V", "I", "26", "25", "27", "29", "G", "J", "K", "W", "24", "L", "B", "Y", "ETB", "ETRLR", "ETRRIE", "RECA", "H",
        "C", "F", "E", "T", "A", "U", "O",
    }
)  # fmt: skip
"""Reasons of an ADM movement that are receptions (prison service's public repositories)."""

COURT_DAYS, COURT_EVERY_DAYS = (4, 12), 28
"""Hearings of those not yet sentenced: two in the first fortnight, then every four weeks (assumed)."""

FIRST_TRANSFER_SHARE, DAYS_BETWEEN_TRANSFERS = 0.3, 300
"""Moved on in the first weeks, and days between further transfers (assumed)."""

ABSENCE_SHARE, DAYS_BETWEEN_ABSENCES = 0.2, 120
"""Of sentenced people, those who are let out for a day on licence, and how often (assumed: far fewer than the working days out of
open prisons, which would fill the extracts)."""

FAILED_RETURN_SHARE = 0.045
"""Of temporary absences, not back in time (assumed; in life well below one in a hundred, so that a small world has some)."""

STOPOVER_SHARE = 0.08
STOPOVER_PRISON = "FMI"
RELEASED_AT_COURT_SHARE = 0.08
"""Of those not sentenced: released from the court itself, so that the return and the release are entered in one minute."""

MALE_TRANSFERS = {"SPI": 0.2, "GNI": 0.05, "AYI": 0.2, "HCI": 0.15, "WHI": 0.2, "BMI": 0.1, "WRI": 0.05, "BWI": 0.05}
FEMALE_TRANSFERS = {"BZI": 0.45, "EWI": 0.3, "PFI": 0.25}
STOPOVERS = {"S": 0.5, "Z": 0.3, "Q": 0.2}
ARRIVALS = {"INT": 0.8, "TRNCRT": 0.13, "TRNTAP": 0.07}
"""How a transfer is entered on arrival: direct, by way of a court, or from a temporary absence."""

_DEPARTURES = {"INT": ("TRN", "NOTR", "TRN"), "TRNCRT": ("CRT", "CA", "OUT"), "TRNTAP": ("TAP", "R1", "OUT")}
FAILED_RETURNS = {"U": 0.34, "A": 0.2, "H": 0.12, "ETB": 0.1, "ETRLR": 0.07, "ETRRIE": 0.07, "RECA": 0.1}
"""How a return that failed is entered: late, home leave failure, breach of the licence, recaptured."""

RELEASES = {
    "serving": {"CR": 0.7, "HD": 0.15, "SED": 0.06, "AR": 0.05, "NCS": 0.04},
    "waiting": {"BL": 0.6, "NCS": 0.28, "RE": 0.12},
    "died": {"DEC": 0.9, "DECEASED": 0.1},
}
"""Reasons of a release, which are free text."""

_SERVING = ("SENTENCED", "RECALL", "INDETERMINATE_SENTENCE")
_WAITING = ("REMAND", "CONVICTED_UNSENTENCED")
_EVENT: dict[str, pl.DataType | type[pl.DataType]] = {
    "spell_id": pl.Int64, "movement_at": pl.Datetime("us"), "movement_type_code": pl.String, "movement_reason_code": pl.String,
    "in_out_status": pl.String, "place": pl.String, "is_last": pl.Boolean,
}  # fmt: skip


def follow(spells: pl.DataFrame, until: np.datetime64, seed: int) -> pl.DataFrame:
    """Every movement of the stays before `until`, numbered within the booking; grain and columns as in `Custody`."""
    court = _court(spells, until, stream(seed, "court"))
    parts = [
        _entered(
            spells["spell_id"], spells["admitted_at"].to_numpy(), ("ADM", "IN"), _words(spells["reason"]), spells["prison_id"]
        ),
        *_at_court(court, stream(seed, "court hours")),
        *_transfers(spells, until, stream(seed, "transfers")),
        *_absences(spells, until, stream(seed, "absences")),
        *_releases(spells, stream(seed, "releases")),
    ]
    events = pl.concat(parts).filter(pl.col("movement_at") < pl.lit(until).cast(pl.Datetime("us")))
    return _complete(events, spells, court)


def extract_date() -> pl.Expr:
    """The first extract whose cut-off, 06:00, is after the movement."""
    return (pl.col("movement_at") + dt.timedelta(hours=18)).dt.date()


def _entered(
    spell: pl.Series, at: Words, code: tuple[str, str], reason: Words | str, place: pl.Series | str | None = None
) -> pl.DataFrame:
    """Movements as events.

    Args:
        spell: the stay of each.
        at: when.
        code: movement type and in-out status.
        reason: of each, or one for all.
        place: the prison arrived at, `OUT` or `TRN`; none: where the person is.
    """
    count = len(spell)
    return pl.DataFrame(
        {
            "spell_id": spell,
            "movement_at": pl.Series(at.astype("datetime64[us]")),
            "movement_type_code": pl.repeat(code[0], count, eager=True),
            "movement_reason_code": texts(np.full(count, reason, dtype=object) if isinstance(reason, str) else reason),
            "in_out_status": pl.repeat(code[1], count, eager=True),
            "place": place if isinstance(place, pl.Series) else pl.repeat(place, count, dtype=pl.String, eager=True),
            "is_last": pl.repeat(code[0] == "REL", count, dtype=pl.Boolean, eager=True),
        },
        schema=_EVENT,
    )


def _words(column: pl.Series) -> Words:
    return np.asarray([*column.to_list(), None], dtype=object)[:-1]


def _drawn(shares: dict[str, float], count: int, rng: np.random.Generator) -> Words:
    return pick(rng, list(shares), list(shares.values()), count)


def _hours(first: float, last: float, count: int, rng: np.random.Generator) -> Words:
    return np.asarray((rng.uniform(first, last, size=count) * 60).astype("timedelta64[m]"))


def _midnight(at: pl.Series) -> Words:
    return np.asarray(at.to_numpy().astype("datetime64[D]"))


def _whole_days(spells: pl.DataFrame, until: np.datetime64) -> Whole:
    """Days from the admission to the release, or to the end of the span."""
    ends = np.minimum(_midnight(spells["released_at"]), until.astype("datetime64[D]") + 1)
    return np.asarray((ends - _midnight(spells["admitted_at"])).astype(np.int64))


def _court(spells: pl.DataFrame, until: np.datetime64, rng: np.random.Generator) -> pl.DataFrame:
    """Days at court of those not yet sentenced: spell_id, on (date), nth; only whole days inside, and none after the sentence."""
    waiting = spells.filter(pl.col("legal_status").is_in(_WAITING))
    days = _whole_days(waiting, until)
    further = max(0, (int(days.max(initial=0)) - COURT_DAYS[-1]) // COURT_EVERY_DAYS + 1)
    offset = np.concatenate([COURT_DAYS, COURT_EVERY_DAYS * np.arange(1, further + 1)])
    day = offset[None, :] + rng.integers(0, 3, size=(len(waiting), len(offset))) * 2
    last = np.where(waiting["sentenced_at_court"].to_numpy(), len(COURT_DAYS), len(offset))
    row, nth = np.nonzero((day < days[:, None]) & (np.arange(len(offset))[None, :] < last[:, None]))
    on = _midnight(waiting["admitted_at"])[row] + day[row, nth].astype("timedelta64[D]")
    return pl.DataFrame({"spell_id": waiting["spell_id"].to_numpy()[row], "on": pl.Series(on), "nth": nth})


def _at_court(court: pl.DataFrame, rng: np.random.Generator) -> list[pl.DataFrame]:
    """Out in the morning, back in the afternoon."""
    spell, on = court["spell_id"], court["on"].to_numpy().astype("datetime64[m]")
    reason = _drawn({"CA": 0.4, "PR": 0.3, "19": 0.3}, len(court), rng)
    return [
        _entered(spell, on + _hours(7.2, 8.6, len(court), rng), ("CRT", "OUT"), reason),
        _entered(spell, on + _hours(15.5, 19.2, len(court), rng), ("CRT", "IN"), reason),
    ]


def _odd_days(
    spells: pl.DataFrame, until: np.datetime64, first: int, count: Whole, rng: np.random.Generator
) -> tuple[Whole, Words]:
    """So many days of each stay, `first` or a multiple of four later, inside then: row of the stay and midnight, in order."""
    choices = (_whole_days(spells, until) - first + 3) // 4
    row = np.repeat(np.arange(len(spells)), np.where(choices > 0, count, 0))
    nth = (rng.random(len(row)) * choices[row]).astype(np.int64)
    row, nth = np.unique(np.stack([row, nth]), axis=1)
    on = _midnight(spells["admitted_at"])[row] + (first + 4 * nth).astype("timedelta64[D]")
    return row, on.astype("datetime64[m]")


def _now_and_then(spells: pl.DataFrame, until: np.datetime64, mean_days: float, rng: np.random.Generator) -> Whole:
    return rng.poisson(_whole_days(spells, until).clip(0) / mean_days)


def _transfers(spells: pl.DataFrame, until: np.datetime64, rng: np.random.Generator) -> list[pl.DataFrame]:
    """To another prison: out, sometimes by way of a third one, in; the same day."""
    early = spells.with_columns(pl.min_horizontal("released_at", pl.col("admitted_at") + pl.duration(days=29)))
    row, on = (
        np.concatenate(parts)
        for parts in zip(
            _odd_days(early, until, 5, (rng.random(len(spells)) < FIRST_TRANSFER_SHARE).astype(np.int64), rng),
            _odd_days(spells, until, 33, _now_and_then(spells, until, DAYS_BETWEEN_TRANSFERS, rng), rng),
            strict=True,
        )
    )
    trips = _destinations(spells, pl.DataFrame({"row": row, "on": pl.Series(on.astype("datetime64[ms]"))}), rng)
    arrival = _drawn(ARRIVALS, len(trips), rng)
    stops = (rng.random(len(trips)) < STOPOVER_SHARE) & (arrival == "INT") & ~trips["is_woman"].to_numpy()
    by_arrival = [_transfer(trips.filter(pl.Series(arrival == how)), how, rng) for how in ARRIVALS]
    return [*[part for parts in by_arrival for part in parts], *_stopovers(trips.filter(pl.Series(stops)), rng)]


def _destinations(spells: pl.DataFrame, trips: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Trips with the prison they go to, in order; without those that would lead where the person is already."""
    ordered = trips.sort("row", "on")
    stay = spells.select("spell_id", "is_woman", "prison_id")[ordered["row"].to_numpy()]
    to = np.where(stay["is_woman"].to_numpy(), _drawn(FEMALE_TRANSFERS, len(stay), rng), _drawn(MALE_TRANSFERS, len(stay), rng))
    going = stay.with_columns(ordered["on"], texts(to).alias("to"))
    return going.filter(pl.col("to") != pl.col("to").shift(1).over("spell_id").fill_null(pl.col("prison_id")))


def _transfer(trips: pl.DataFrame, how: str, rng: np.random.Generator) -> list[pl.DataFrame]:
    spell, on = trips["spell_id"], trips["on"].to_numpy()
    kind, reason, status = _DEPARTURES[how]
    away = "TRN" if status == "TRN" else None
    return [
        _entered(spell, on + _hours(8.5, 10, len(trips), rng), (kind, status), reason, away),
        _entered(spell, on + _hours(13, 16, len(trips), rng), ("ADM", "IN"), how, trips["to"]),
    ]


def _stopovers(trips: pl.DataFrame, rng: np.random.Generator) -> list[pl.DataFrame]:
    """In and out of a prison on the way, to which nobody is sent otherwise."""
    spell, on = trips["spell_id"], trips["on"].to_numpy()
    reason = _drawn(STOPOVERS, len(trips), rng)
    return [
        _entered(spell, on + _hours(10.5, 11.5, len(trips), rng), ("ADM", "IN"), reason, STOPOVER_PRISON),
        _entered(spell, on + _hours(11.6, 12.5, len(trips), rng), ("TRN", "TRN"), "NOTR", "TRN"),
    ]


def _absences(spells: pl.DataFrame, until: np.datetime64, rng: np.random.Generator) -> list[pl.DataFrame]:
    """Days out on licence of sentenced people; some are not back in time, which is recorded as an admission."""
    serving = spells.filter(pl.col("legal_status").is_in(_SERVING))
    let_out = serving.filter(pl.Series(rng.random(len(serving)) < ABSENCE_SHARE))
    row, on = _odd_days(let_out, until, 7, _now_and_then(let_out, until, DAYS_BETWEEN_ABSENCES, rng), rng)
    spell = let_out["spell_id"].gather(row)
    failed = rng.random(len(row)) < FAILED_RETURN_SHARE
    back, late = on + _hours(16, 18, len(row), rng), on + _hours(19.5, 29, len(row), rng)
    return [
        _entered(spell, on + _hours(8.5, 9.5, len(row), rng), ("TAP", "OUT"), "R1"),
        _entered(spell.filter(pl.Series(~failed)), back[~failed], ("TAP", "IN"), "R1"),
        _entered(spell.filter(pl.Series(failed)), late[failed], ("ADM", "IN"), _drawn(FAILED_RETURNS, int(failed.sum()), rng)),
    ]


def _releases(spells: pl.DataFrame, rng: np.random.Generator) -> list[pl.DataFrame]:
    """Releases and deaths; some people are released from court, where the return is entered in the minute of the release."""
    died = spells["died"].to_numpy()
    serving = (spells["legal_status"].is_in(_SERVING) | spells["sentenced_at_court"]).to_numpy()
    reason = np.where(serving, _drawn(RELEASES["serving"], len(spells), rng), _drawn(RELEASES["waiting"], len(spells), rng))
    reason = np.where(died, _drawn(RELEASES["died"], len(spells), rng), reason)
    from_court = _released_at_court(spells, died | serving, rng)
    at_court = spells.filter(pl.Series(from_court))
    morning = _midnight(at_court["released_at"]) + _hours(7.2, 8.6, len(at_court), rng)
    return [
        _entered(at_court["spell_id"], morning, ("CRT", "OUT"), "CA"),
        _entered(at_court["spell_id"], at_court["released_at"].to_numpy(), ("CRT", "IN"), "CA"),
        _entered(spells["spell_id"], spells["released_at"].to_numpy(), ("REL", "OUT"), reason, "OUT"),
    ]


def _released_at_court(spells: pl.DataFrame, is_other: Flags, rng: np.random.Generator) -> Flags:
    chance: Real = rng.random(len(spells))
    overnight = _midnight(spells["released_at"]) > _midnight(spells["admitted_at"]) + 1
    in_hours = spells["released_at"].dt.hour().is_between(9, 11).to_numpy()
    return np.asarray((chance < RELEASED_AT_COURT_SHARE) & overnight & in_hours & ~is_other, dtype=np.bool_)


def _complete(events: pl.DataFrame, spells: pl.DataFrame, court: pl.DataFrame) -> pl.DataFrame:
    """Numbers the movements and adds what the prison's record says at each: place, legal status, sentence."""
    second = court.filter(pl.col("nth") == 1).select("spell_id", pl.col("on").cast(pl.Date).alias("court_on"))
    known = spells.rename({"prison_id": "first_prison_id"}).join(second, on="spell_id", how="left", maintain_order="left")
    rows = events.join(known, on="spell_id", how="left").sort("booking_id", "spell_id", "movement_at", "is_last")
    on = pl.col("movement_at").dt.date()
    sentenced_now = pl.col("sentenced_at_court") & (on >= pl.col("court_on")).fill_null(value=False)
    is_away = pl.col("place").is_in(["OUT", "TRN"])
    inside_at = pl.when(~is_away).then("place").forward_fill().over("spell_id")
    earlier = pl.col("earlier_movements").first().over("booking_id")
    return (
        rows.with_columns(
            (pl.int_range(pl.len()).over("booking_id") + 1 + earlier).alias("movement_sequence"),
            pl.when(is_away).then("place").otherwise(inside_at).alias("prison_id"),
            _sentence_start(sentenced_now).alias("sentence_start_date"),
            pl.when(sentenced_now).then(pl.lit("SENTENCED")).otherwise("legal_status").alias("legal_status"),
        )
        .with_columns(_release_date().alias("release_date"))
        .select(
            "spell_id", "resident_id", "prisoner_number", "booking_id", "movement_sequence", "movement_type_code",
            "movement_reason_code", "movement_at", "in_out_status", "prison_id", "legal_status", "sentence_start_date",
            "release_date", extract_date().alias("extract_date"), _is_reception().alias("is_reception"),
        )
        .sort("spell_id", "movement_sequence")
    )  # fmt: skip


def _sentence_start(sentenced_now: pl.Expr) -> pl.Expr:
    """The day of the sentence: at court or at the reception; of a recall that of the sentence recalled to."""
    admitted = pl.col("admitted_at").dt.date()
    at_reception = pl.col("legal_status").is_in(["SENTENCED", "INDETERMINATE_SENTENCE"])
    own = pl.when(sentenced_now).then("court_on").when(at_reception).then(admitted)
    earlier = pl.coalesce(own.forward_fill().over("booking_id"), admitted - pl.duration(days="sentenced_days_ago"))
    return pl.when(pl.col("legal_status") == "RECALL").then(earlier).otherwise(own)


def _release_date() -> pl.Expr:
    """The planned day of release of those who serve a sentence that has one."""
    has_one = pl.col("sentence_start_date").is_not_null() & (pl.col("legal_status") != "INDETERMINATE_SENTENCE")
    return pl.when(has_one).then(pl.max_horizontal("planned_until", pl.col("movement_at").dt.date()))


def _is_reception() -> pl.Expr:
    return (pl.col("movement_type_code") == "ADM") & pl.col("movement_reason_code").is_in(sorted(RECEPTION_REASONS))
