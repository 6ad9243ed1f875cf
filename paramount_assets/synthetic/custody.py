"""What happens: who is received into custody, and every movement from then to the release. All of it true.

Proportions: remand about 65-70 % of first receptions, recalls about three in ten of all, women about 8 %, most in their
thirties (official statistics, rounded). Density 1.0 is life: 8.5 receptions a day for 2.5 million residents.
"""

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl

from paramount_assets.synthetic.households import YEAR
from paramount_assets.synthetic.identifiers import prison_numbers
from paramount_assets.synthetic.kinship import is_parent_of_minor
from paramount_assets.synthetic.movements import follow
from paramount_assets.synthetic.population import Population
from paramount_assets.synthetic.streams import Real, Whole, Words, numbers_apart, pick, rows_at, stream, texts

RECEPTIONS_PER_RESIDENT_AND_DAY = 8.5 / 2_500_000
WEEKDAY_FACTORS = (1.15, 1.15, 1.15, 1.15, 1.15, 0.75, 0.5)
"""Receptions by the weekday of the extract's first hours, Monday first: courts sit on weekdays (assumed)."""

FEMALE_SHARE = 0.08
PARENT_SHARE = 0.62
"""Of those received, with a child under eighteen: between the 53 % counted and the 78 % estimated nationally."""

BOTH_PARENTS_SHARE = 0.03
SAME_DAY_RELEASE_SHARE = 0.025
INSIDE_FACTOR = 8
"""People inside already when the span begins, as days' worth of receptions: their later movements are in the extracts."""

CUT_OFF = np.timedelta64(6, "h")
DAY = np.timedelta64(1, "D")


class Kind(NamedTuple):
    """A kind of reception: reason, legal status, share of receptions, mean days inside."""

    reason: str
    legal_status: str
    share: float
    mean_days: float


KINDS = (
    Kind("N", "REMAND", 0.45, 40),
    Kind("V", "CONVICTED_UNSENTENCED", 0.045, 28),
    Kind("I", "SENTENCED", 0.235, 80),
    Kind("26", "SENTENCED", 0.008, 900),
    Kind("W", "SENTENCED", 0.012, 90),
    Kind("L", "RECALL", 0.12, 35),
    Kind("24", "RECALL", 0.07, 21),
    Kind("B", "RECALL", 0.02, 60),
    Kind("ETB", "SENTENCED", 0.005, 30),
    Kind("J", "INDETERMINATE_SENTENCE", 0.004, 4000),
    Kind("F", "SENTENCED", 0.009, 9),
    Kind("C", "CIVIL_PRISONER", 0.007, 14),
    Kind("E", "IMMIGRATION_DETAINEE", 0.015, 30),
)

MALE_PRISONS = {"BNI": 0.72, "WWI": 0.08, "HCI": 0.03, "PVI": 0.03, "BFI": 0.06, "HEI": 0.04, "BLI": 0.04}
MALE_TRANSFERS = {"SPI": 0.2, "GNI": 0.05, "AYI": 0.2, "HCI": 0.15, "WHI": 0.2, "BMI": 0.1, "WRI": 0.05, "BWI": 0.05}
FEMALE_PRISONS = {"BZI": 0.75, "EWI": 0.15, "PFI": 0.1}


@dataclass(frozen=True)
class Custody:
    """What happened in the span.

    spells: spell_id, resident_id, prisoner_number, booking_id, admitted_at, released_at (null), reason, is_new.
    movements: spell_id, resident_id, prisoner_number, booking_id, movement_sequence, movement_type_code,
        movement_reason_code, movement_at, in_out_status, prison_id, legal_status, sentence_start_date, release_date,
        extract_date, is_reception; the span's only.
    """

    spells: pl.DataFrame
    movements: pl.DataFrame
    asked: pl.DataFrame


def imprison(
    population: Population, first_day: dt.date, days: int, density: float, seed: int, oversample: bool = False
) -> Custody:
    """Draws receptions for every extract day of the span and follows each person until its end.

    Raises:
        ValueError: more people would be received than there are adults to choose from.
    """
    spells = _draw_spells(population, first_day, days, density, seed)
    movements = follow(spells, np.datetime64(first_day, "D") + days - 1 + CUT_OFF, seed)
    begins = dt.datetime.combine(first_day, dt.time(6)) - dt.timedelta(days=1)
    shown = movements.filter(pl.col("movement_at") >= begins)
    return Custody(
        spells=spells.select(_SPELL_COLUMNS),
        movements=shown,
        asked=pl.DataFrame(schema={"resident_id": pl.Int64, "kind": pl.String, "other_id": pl.Int64}),
    )


_SPELL_COLUMNS = ["spell_id", "resident_id", "prisoner_number", "booking_id", "admitted_at", "released_at", "reason", "is_new"]


def _draw_spells(population: Population, first_day: dt.date, days: int, density: float, seed: int) -> pl.DataFrame:
    rng = stream(seed, "receptions")
    admitted, is_new = _draw_admissions(len(population.residents), first_day, days, density, rng)
    residents = _choose(population, len(admitted), first_day, stream(seed, "who is received"))
    residents = _both_parents(population, residents, is_new, stream(seed, "both parents"))
    people = rows_at(population.residents, residents)
    kind = pick(rng, [str(at) for at in range(len(KINDS))], [k.share for k in KINDS], len(admitted)).astype(np.int64)
    stay = _draw_stays(kind, rng)
    is_woman = np.asarray((people["sex"] == "F").to_numpy(), dtype=np.bool_)
    prisons = {
        "prison_id": np.where(is_woman, _prison(FEMALE_PRISONS, len(kind), rng), _prison(MALE_PRISONS, len(kind), rng)),
        "next_prison_id": np.where(is_woman, _prison(FEMALE_PRISONS, len(kind), rng), _prison(MALE_TRANSFERS, len(kind), rng)),
    }
    return pl.DataFrame(
        {
            "spell_id": np.arange(len(admitted), dtype=np.int64),
            "resident_id": people["resident_id"],
            "prisoner_number": texts(prison_numbers(len(admitted), stream(seed, "prison numbers"))),
            "booking_id": texts([str(n) for n in np.sort(numbers_apart(rng, 2_000_000, 3_000_000, len(admitted)))]),
            "admitted_at": pl.Series(admitted.astype("datetime64[us]")),
            "released_at": pl.Series(_release_times(admitted, stay, rng).astype("datetime64[us]")),
            "reason": texts([KINDS[k].reason for k in kind]),
            "legal_status": texts([KINDS[k].legal_status for k in kind]),
            "is_new": is_new,
            **{name: texts(value) for name, value in prisons.items()},
        }
    )


def _draw_admissions(
    residents: int, first_day: dt.date, days: int, density: float, rng: np.random.Generator
) -> tuple[Words, Words]:
    """Times of admission in order, and whether each falls in the span; the others are inside already when it begins."""
    a_day = RECEPTIONS_PER_RESIDENT_AND_DAY * residents * density
    extract_days = np.datetime64(first_day, "D") + np.arange(days)
    factor = np.array([WEEKDAY_FACTORS[(first_day.weekday() - 1 + at) % 7] for at in range(days)])
    of_day = np.repeat(extract_days, rng.poisson(a_day * factor))
    minutes = (rng.triangular(2, 12, 23.9, size=len(of_day)) * 60).astype("timedelta64[m]")
    new = of_day.astype("datetime64[m]") - DAY + CUT_OFF + minutes
    before = rng.integers(3 * 24 * 60, 160 * 24 * 60, size=rng.poisson(a_day * INSIDE_FACTOR)).astype("timedelta64[m]")
    inside = np.datetime64(first_day, "m") - before
    admitted = np.sort(np.concatenate([inside, new]))
    return admitted, np.asarray(admitted >= extract_days[0] - DAY + CUT_OFF)


def _choose(population: Population, count: int, on: dt.date, rng: np.random.Generator) -> Whole:
    """Different living adults, by age and so that women and parents have their shares; positions in the residents."""
    people = population.residents
    age = (np.datetime64(on, "D") - people["date_of_birth"].to_numpy().astype("datetime64[D]")).astype(np.float64) / YEAR
    base = np.interp(age, [18.02, 21, 32, 40, 55, 70, 80], [0.5, 1.0, 1.4, 1.0, 0.4, 0.08, 0.0], left=0.0, right=0.0)
    base = np.where(people["died_on"].is_null().to_numpy() & (people["role"] != "child").to_numpy(), base, 0.0)
    base *= np.where(_fled_from(population), 12.0, 1.0)
    is_woman, is_parent = (people["sex"] == "F").to_numpy(), is_parent_of_minor(people)
    weight = np.zeros(len(people))
    for woman in (False, True):
        for parent in (False, True):
            of = (is_woman == woman) & (is_parent == parent)
            share = (FEMALE_SHARE if woman else 1 - FEMALE_SHARE) * (PARENT_SHARE if parent else 1 - PARENT_SHARE)
            weight[of] = base[of] / max(float(base[of].sum()), 1e-9) * share
    if count > int((weight > 0).sum()) // 2:
        raise ValueError("density asks for more receptions than there are adults to receive; use more residents or fewer days")
    return _without_repeats(weight, count, rng)


def _without_repeats(weight: Real, count: int, rng: np.random.Generator) -> Whole:
    """Weighted draws without replacement, by exponential keys; in random order."""
    keys = rng.exponential(size=len(weight)) / np.maximum(weight, 1e-300)
    return np.asarray(rng.permutation(np.argsort(keys, kind="stable")[:count]), dtype=np.int64)


def _fled_from(population: Population) -> Words:
    """Whether a resident is the father of a child in a refuge: they are received more often, so that a small world has one."""
    in_refuge = population.residents.filter((pl.col("shape") == "refuge") & (pl.col("role") == "child"))
    return np.asarray(population.residents["resident_id"].is_in(in_refuge["father_id"].drop_nulls().to_list()).to_numpy())


def _both_parents(population: Population, chosen: Whole, is_new: Words, rng: np.random.Generator) -> Whole:
    """Replaces some of those newly received by the living partner of another one with whom they have a child."""
    people = population.residents
    couples = people.filter((pl.col("role") == "child") & pl.col("shape").is_in(["two_parents", "three_generations"]))
    pairs = couples.select("father_id", "mother_id").drop_nulls().unique().sort("father_id")
    partner: dict[int, int] = dict(pairs.iter_rows())
    partner |= {mother: father for father, mother in partner.items()}
    alive = set(people.filter(pl.col("died_on").is_null())["resident_id"].to_list())
    result, taken = chosen.copy(), set(chosen.tolist())
    free = [at for at in np.flatnonzero(is_new) if chosen[at] not in partner]
    wanted = max(1, round(BOTH_PARENTS_SHARE * int(is_new.sum())))
    for at in rng.permutation(np.flatnonzero(is_new)):
        other = partner.get(int(chosen[at]), -1)
        if wanted and free and other in alive and other not in taken:
            result[free.pop()] = other
            taken.add(other)
            wanted -= 1
    return result


def _draw_stays(kind: Words, rng: np.random.Generator) -> Real:
    """Days inside; 0 where released on the day of the reception."""
    mean = np.array([KINDS[k].mean_days for k in kind])
    same_day = rng.random(len(kind)) < SAME_DAY_RELEASE_SHARE
    same_day[len(kind) * 7 // 10 : len(kind) * 7 // 10 + 1] = True  # at least one, newly received
    return np.where(same_day, 0.0, 1.0 + np.floor(rng.exponential(mean)))


def _release_times(admitted: Words, stay: Real, rng: np.random.Generator) -> Words:
    morning = admitted.astype("datetime64[D]") + stay.astype("timedelta64[D]")
    ordinary = morning.astype("datetime64[m]") + (rng.uniform(9, 12, size=len(stay)) * 60).astype("timedelta64[m]")
    soon = admitted + (rng.uniform(1.5, 5, size=len(stay)) * 60).astype("timedelta64[m]")
    return np.asarray(np.where(stay == 0, soon, np.maximum(ordinary, admitted + np.timedelta64(10, "h"))))


def _prison(shares: dict[str, float], count: int, rng: np.random.Generator) -> Words:
    return pick(rng, list(shares), list(shares.values()), count)
