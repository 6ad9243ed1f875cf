"""What happens: who is received into custody, and every movement from then to the release. All of it true.

When people are received, why and for how long is decided here; who they are in `receiving` and `wishes`, who comes back in
`returns`, every movement in between in `movements`.
"""

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl

from paramount_assets.synthetic.identifiers import prison_numbers
from paramount_assets.synthetic.movements import follow
from paramount_assets.synthetic.population import Population
from paramount_assets.synthetic.receiving import BOTH_PARENTS_SHARE, Adults, day_number, draw_apart, exchange, partners
from paramount_assets.synthetic.returns import DAY_MINUTES, Taken, Turns, take_turns
from paramount_assets.synthetic.streams import Flags, Real, Whole, Words, numbers_apart, pick, rows_at, stream, texts
from paramount_assets.synthetic.wishes import Wishes, ask

RECEPTIONS_PER_RESIDENT_AND_DAY = 8.5 / 2_500_000
"""Density 1.0. England and Wales: about 73,000 first receptions in 2024, of which Thames Valley's share of the population, 4.2 %,
is 8-9 a day: an upper bound, which here counts recalls as well (official statistics, and arithmetic on them)."""

WEEKDAY_FACTORS = (1.15, 1.15, 1.15, 1.15, 1.15, 0.75, 0.5)
"""Receptions by the weekday of the extract's first hours, Monday first: courts sit on weekdays (assumed)."""

SAME_DAY_RELEASE_SHARE = 0.025
AT_COURT_SENTENCED_SHARE = 0.35
"""Of those remanded who stay long enough: sentenced to imprisonment at the second hearing (assumed)."""

AT_COURT_LEAST_DAYS = 18

INSIDE_LEAST_DAYS, INSIDE_MOST_SHARE = 8, 0.004
"""People inside already when the span begins: as many as the terms below keep inside in the long run, but no more than this share
of the residents or so many days' receptions: a dense world would otherwise be half in prison."""

INSIDE_LONGEST_MINUTES = 12 * 365 * DAY_MINUTES
"""Nobody was received longer than twelve years before the span: they would have been children."""

BLOCK_DAYS = 182
"""Who is received is drawn for half a year at a time: within it nobody's age moves."""

YOUNG_DAYS = int(21 * 365.25)
CUT_OFF = np.timedelta64(6, "h")
DAY = np.timedelta64(1, "D")


class Kind(NamedTuple):
    """A kind of reception: reason, legal status, share of receptions, mean days inside."""

    reason: str
    legal_status: str
    share: float
    mean_days: float


KINDS = (
    Kind("N", "REMAND", 0.166, 12),
    Kind("N", "REMAND", 0.304, 140),
    Kind("V", "CONVICTED_UNSENTENCED", 0.016, 45),
    Kind("I", "SENTENCED", 0.0815, 30),
    Kind("I", "SENTENCED", 0.076, 1_200),
    Kind("26", "SENTENCED", 0.003, 1_500),
    Kind("25", "INDETERMINATE_SENTENCE", 0.0015, 1_800),
    Kind("27", "INDETERMINATE_SENTENCE", 0.001, 4_500),
    Kind("29", "INDETERMINATE_SENTENCE", 0.001, 4_500),
    Kind("G", "INDETERMINATE_SENTENCE", 0.001, 4_500),
    Kind("J", "INDETERMINATE_SENTENCE", 0.002, 4_500),
    Kind("K", "INDETERMINATE_SENTENCE", 0.001, 4_500),
    Kind("W", "SENTENCED", 0.012, 150),
    Kind("L", "RECALL", 0.150, 120),
    Kind("24", "RECALL", 0.115, 21),
    Kind("B", "RECALL", 0.030, 75),
    Kind("Y", "RECALL", 0.010, 45),
    Kind("C", "CIVIL_PRISONER", 0.006, 14),
    Kind("F", "SENTENCED", 0.008, 9),
    Kind("E", "IMMIGRATION_DETAINEE", 0.012, 45),
    Kind("T", "SENTENCED", 0.0015, 900),
    Kind("O", "SENTENCED", 0.0015, 200),
)
"""Why people are received. Published or generally held: remand 65-70 % of first receptions, recalls about three in ten of all
(73,000 to 32,500 a year). Assumed: the split within these, the terms (together about three quarters of the national prison
population per resident), and that the rarest reasons are one in a thousand, more than in life, so that a big world has each.
A reason with two rows has short and long terms."""

MALE_PRISONS = {"BNI": 0.72, "WWI": 0.08, "HCI": 0.03, "PVI": 0.03, "BFI": 0.06, "HEI": 0.04, "BLI": 0.04}
FEMALE_PRISONS = {"BZI": 0.75, "EWI": 0.15, "PFI": 0.1}
_SERVING = ("SENTENCED", "RECALL", "INDETERMINATE_SENTENCE")
_SPELL_COLUMNS = ["spell_id", "resident_id", "prisoner_number", "booking_id", "admitted_at", "released_at", "reason", "is_new"]


@dataclass(frozen=True)
class Custody:
    """What happened in the span.

    spells: spell_id, resident_id, prisoner_number, booking_id, admitted_at, released_at (null: inside when the span ends),
        reason, is_new (admitted in the span). One row per stay; a recall takes up its booking again, another reception begins a
        new one; a person has one prison number for ever, so it and resident_id may stand more than once.
    movements: spell_id, resident_id, prisoner_number, booking_id, movement_sequence, movement_type_code,
        movement_reason_code, movement_at, in_out_status, prison_id, legal_status, sentence_start_date, release_date,
        extract_date, is_reception; the span's only.
    asked: resident_id, kind, other_id: what makes a person hard to recognise, where they were chosen for it; other_id is the
        twin, father or son who must be known to the police too, null otherwise. Empty unless hard kinds are over-sampled.
    """

    spells: pl.DataFrame
    movements: pl.DataFrame
    asked: pl.DataFrame


def imprison(
    population: Population, first_day: dt.date, days: int, density: float, seed: int, *, oversample: bool = False
) -> Custody:
    """Draws receptions for every extract day of the span and follows each person until its end.

    Args:
        population: the truth about the area; residents in the order of resident_id.
        first_day: of the extracts.
        days: number of extracts.
        density: receptions against life.
        seed: of the world.
        oversample: seven receptions in ten go to people of the ten hard kinds, equally.

    Raises:
        ValueError: more people would be received than there are adults to choose from, or hard kinds are asked for in a
            population without twin_id.
    """
    adults = Adults.of(population, first_day, days)
    due = _draw_receptions(len(population.residents), first_day, days, density, seed)
    wishes = ask(population, adults, due.days(), due.is_new, seed) if oversample else Wishes.none(len(due.kind))
    first_timers = _first_timers(adults, due, wishes, first_day, seed)
    wishes = _both_parents(population, due, first_timers, wishes, seed)
    taken = take_turns(_turns(due, first_timers, wishes, seed), adults.of_age, adults.death, seed)
    spells = _spells(population, adults, due, taken, seed)
    return _as_seen(spells, _asked(population, wishes, taken), first_day, days, seed)


@dataclass(frozen=True)
class _Due:
    """The receptions of the span in the order of time, and first those of people who are inside when it begins."""

    admitted: Words
    released: Words
    kind: Whole
    is_new: Flags

    def days(self) -> Whole:
        return np.asarray(self.admitted.astype("datetime64[D]").astype(np.int64), dtype=np.int64)

    def reasons(self) -> Words:
        return _of_kind("reason")[self.kind]

    def legal(self) -> Words:
        return _of_kind("legal_status")[self.kind]


def _of_kind(field: str) -> Words:
    return np.array([getattr(kind, field) for kind in KINDS], dtype=object)


_MEAN_DAYS: Real = np.array([kind.mean_days for kind in KINDS])
_SHARES: Real = np.array([kind.share for kind in KINDS]) / sum(kind.share for kind in KINDS)


def _draw_receptions(residents: int, first_day: dt.date, days: int, density: float, seed: int) -> _Due:
    rng = stream(seed, "receptions")
    a_day = RECEPTIONS_PER_RESIDENT_AND_DAY * residents * density
    inside = _draw_inside(a_day, residents, np.datetime64(first_day, "D"), rng)
    factor = np.array([WEEKDAY_FACTORS[(first_day.weekday() - 1 + at) % 7] for at in range(days)])
    of_day = np.repeat(np.datetime64(first_day, "D") + np.arange(days), rng.poisson(a_day * factor))
    minutes = (rng.triangular(2, 12, 23.9, size=len(of_day)) * 60).astype("timedelta64[m]")
    admitted = np.sort(of_day.astype("datetime64[m]") - DAY + CUT_OFF + minutes)
    kind = rng.choice(len(KINDS), size=len(admitted), p=_SHARES).astype(np.int64)
    new = _Due(admitted, _release_times(admitted, _draw_stays(kind, rng), rng), kind, np.ones(len(admitted), dtype=np.bool_))
    return _Due(*(np.concatenate([getattr(inside, name), getattr(new, name)]) for name in _Due.__dataclass_fields__))


def _draw_inside(a_day: float, residents: int, first: np.datetime64, rng: np.random.Generator) -> _Due:
    """People in the middle of their terms: long ones are likelier to be met; so far they took as long as they still will."""
    expected = a_day * _SHARES * _MEAN_DAYS
    most = max(INSIDE_LEAST_DAYS * a_day, INSIDE_MOST_SHARE * residents)
    kind = np.repeat(np.arange(len(KINDS)), rng.poisson(expected * min(1.0, most / max(float(expected.sum()), 1e-9))))
    so_far = 2 * DAY_MINUTES + (rng.standard_exponential(len(kind)) * _MEAN_DAYS[kind] * DAY_MINUTES).astype(np.int64)
    so_far = np.where(so_far > INSIDE_LONGEST_MINUTES, so_far % INSIDE_LONGEST_MINUTES + 2 * DAY_MINUTES, so_far)
    left = np.floor(rng.standard_exponential(len(kind)) * _MEAN_DAYS[kind]).astype("timedelta64[D]")
    admitted = first.astype("datetime64[m]") - so_far.astype("timedelta64[m]")
    released = (first + left).astype("datetime64[m]") + _office_hours(len(kind), rng)
    order = np.argsort(admitted, kind="stable")
    return _Due(admitted[order], released[order], kind[order], np.zeros(len(kind), dtype=np.bool_))


def _draw_stays(kind: Whole, rng: np.random.Generator) -> Real:
    """Days inside; 0 where released on the day of the reception."""
    same_day = rng.random(len(kind)) < SAME_DAY_RELEASE_SHARE
    same_day[len(kind) * 7 // 10 : len(kind) * 7 // 10 + 1] = True  # at least one
    return np.where(same_day, 0.0, 1.0 + np.floor(rng.exponential(_MEAN_DAYS[kind])))


def _release_times(admitted: Words, stay: Real, rng: np.random.Generator) -> Words:
    morning = admitted.astype("datetime64[D]") + stay.astype("timedelta64[D]")
    ordinary = morning.astype("datetime64[m]") + _office_hours(len(stay), rng)
    soon = admitted + (rng.uniform(1.5, 5, size=len(stay)) * 60).astype("timedelta64[m]")
    return np.asarray(np.where(stay == 0, soon, np.maximum(ordinary, admitted + np.timedelta64(10, "h"))))


def _office_hours(count: int, rng: np.random.Generator) -> Words:
    return np.asarray((rng.uniform(9, 12, size=count) * 60).astype("timedelta64[m]"))


def _first_timers(adults: Adults, due: _Due, wishes: Wishes, first_day: dt.date, seed: int) -> Whole:
    """Somebody different for each reception, drawn block by block; those received as young people or from abroad are."""
    rng = stream(seed, "who is received")
    first = day_number(first_day)
    block = np.where(due.is_new, (due.days() - first).clip(0) // BLOCK_DAYS, -1)
    result = np.full(len(block), -1, dtype=np.int64)
    is_taken = np.zeros(len(adults.birth), dtype=np.bool_)
    is_taken[wishes.who[wishes.who >= 0]] = True
    for at in np.unique(block):
        on, of = first + max(int(at), 0) * BLOCK_DAYS, block == at
        weight = adults.weights(on, is_taken)
        drawn = draw_apart(weight, int(of.sum()), rng)
        weight[drawn] = 0.0
        fitting = _fitting(drawn, adults, due.reasons()[of].astype(str), on)
        result[of] = _replaced(fitting, adults, due.days()[of], weight, rng)
        is_taken[drawn], is_taken[result[of]] = True, True
    return result


def _fitting(drawn: Whole, adults: Adults, reason: Words, on: int) -> Whole:
    """The people drawn, in the order in which young offenders are young and immigration detainees are foreign nationals."""
    is_for_young = np.isin(reason, ["W", "Y"])
    result = exchange(drawn, is_for_young, np.asarray(adults.birth[drawn] > on - YOUNG_DAYS))
    others = result[~is_for_young]
    result[~is_for_young] = exchange(others, reason[~is_for_young] == "E", adults.is_foreign[others])
    return result


def _replaced(drawn: Whole, adults: Adults, days: Whole, weight: Real, rng: np.random.Generator) -> Whole:
    """Those who are too young on the day, or dead, give their place to somebody else of a weight who is neither."""
    wrong = np.flatnonzero(~adults.may_be_received(drawn, days))
    if len(wrong) == 0:
        return drawn
    first, last = int(days[wrong].min()), int(days.max())
    may = (adults.of_age <= first) & (adults.death > last + 1)
    result = drawn.copy()
    result[wrong] = draw_apart(np.where(may, weight, 0.0), len(wrong), rng)
    return result


def _both_parents(population: Population, due: _Due, first_timers: Whole, wishes: Wishes, seed: int) -> Wishes:
    """Has the partner of some of those newly received received as well, at the next reception that nobody is meant for."""
    rng = stream(seed, "both parents")
    partner = partners(population)[first_timers]
    is_meant = np.isin(partner, np.concatenate([first_timers, wishes.who]))
    is_open = due.is_new & (wishes.who < 0)
    first, others = np.flatnonzero(is_open & (partner >= 0) & ~is_meant), np.flatnonzero(is_open & (partner < 0))
    at = np.searchsorted(others, first)
    first, at = first[at < len(others)], at[at < len(others)]
    second, once = np.unique(others[at], return_index=True)
    chosen = np.sort(rng.permutation(len(second))[: max(1, round(BOTH_PARENTS_SHARE * int(due.is_new.sum())))])
    pair, with_them = first[once][chosen], second[chosen]
    return wishes.meaning(pair, first_timers[pair]).meaning(with_them, partner[pair])


def _turns(due: _Due, first_timers: Whole, wishes: Wishes, seed: int) -> Turns:
    minutes, ends = (at.astype("datetime64[m]").astype(np.int64) for at in (due.admitted, due.released))
    return Turns(
        admitted=minutes,
        released=ends,
        is_recall=np.asarray(due.legal() == "RECALL", dtype=np.bool_) & due.is_new,
        serves=np.isin(due.legal().astype(str), _SERVING) | _sentenced_at_court(due, seed),
        first_timer=first_timers,
        wish=wishes.who,
        hour_of_death=stream(seed, "deaths in custody").integers(6 * 60, DAY_MINUTES - 30, size=len(minutes)),
    )


def _sentenced_at_court(due: _Due, seed: int) -> Flags:
    waits = np.isin(due.legal().astype(str), ["REMAND", "CONVICTED_UNSENTENCED"])
    long_enough = (due.released - due.admitted) >= np.timedelta64(AT_COURT_LEAST_DAYS, "D")
    drawn = stream(seed, "sentenced at court").random(len(waits)) < AT_COURT_SENTENCED_SHARE
    return np.asarray(waits & long_enough & drawn, dtype=np.bool_)


def _asked(population: Population, wishes: Wishes, taken: Taken) -> pl.DataFrame:
    """The wishes for hard kinds that came true, one row per person."""
    granted = wishes.table().filter(pl.Series(taken.granted) & (pl.col("kind") != ""))
    return granted.with_columns(population.residents["resident_id"].gather(granted["who"]).alias("resident_id")).select(
        "resident_id", "kind", "other_id"
    ).unique("resident_id", keep="first", maintain_order=True)  # fmt: skip


def _spells(population: Population, adults: Adults, due: _Due, taken: Taken, seed: int) -> pl.DataFrame:
    """One row per stay, with what `follow` needs to know of it."""
    rng = stream(seed, "spells")
    count = len(taken.who)
    at = np.unique(taken.who, return_inverse=True)
    numbers = prison_numbers(len(at[0]), stream(seed, "prison numbers"))
    is_woman = adults.is_woman[taken.who]
    prison = np.where(is_woman, _prison(FEMALE_PRISONS, count, rng), _prison(MALE_PRISONS, count, rng))
    is_early = (due.legal() == "RECALL") & (taken.after < 0)
    return pl.DataFrame(
        {
            "spell_id": np.arange(count, dtype=np.int64),
            "resident_id": rows_at(population.residents.select("resident_id"), taken.who)["resident_id"],
            "prisoner_number": numbers.gather(at[1]),
            "booking_id": _bookings(taken.after, rng),
            "admitted_at": pl.Series(due.admitted.astype("datetime64[us]")),
            "released_at": pl.Series(taken.released.astype("datetime64[m]").astype("datetime64[us]")),
            "planned_until": pl.Series(due.released.astype("datetime64[us]")).dt.date(),
            "died": taken.died,
            "reason": texts(due.reasons()),
            "legal_status": texts(due.legal()),
            "sentenced_at_court": _sentenced_at_court(due, seed),
            "is_new": due.is_new,
            "is_woman": pl.Series(is_woman),
            "prison_id": texts(prison),
            "earlier_movements": np.where(is_early, rng.integers(2, 12, size=count), 0),
            "sentenced_days_ago": rng.integers(60, 900, size=count),
        }
    )


def _bookings(after: Whole, rng: np.random.Generator) -> pl.Series:
    """The booking of each stay: a new number in the order of time, or that of the stay which is taken up again."""
    first = np.arange(len(after))
    for turn in np.flatnonzero(after >= 0):
        first[turn] = first[after[turn]]
    opened = np.flatnonzero(after < 0)
    numbers = np.zeros(len(after), dtype=np.int64)
    numbers[opened] = np.sort(numbers_apart(rng, 2_000_000, 3_000_000, len(opened)))
    return pl.Series(numbers[first]).cast(pl.String)


def _as_seen(spells: pl.DataFrame, asked: pl.DataFrame, first_day: dt.date, days: int, seed: int) -> Custody:
    """What happened from the first extract's day to the last one's cut-off."""
    until = np.datetime64(first_day, "D") + days - 1 + CUT_OFF
    movements = follow(spells, until, seed)
    begins = dt.datetime.combine(first_day, dt.time(6)) - dt.timedelta(days=1)
    ended = pl.col("released_at") < pl.lit(until).cast(pl.Datetime("us"))
    return Custody(
        spells=spells.with_columns(pl.when(ended).then("released_at").alias("released_at")).select(_SPELL_COLUMNS),
        movements=movements.filter(pl.col("movement_at") >= begins),
        asked=asked,
    )


def _prison(shares: dict[str, float], count: int, rng: np.random.Generator) -> Words:
    return pick(rng, list(shares), list(shares.values()), count)
