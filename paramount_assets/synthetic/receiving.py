"""Who may be received into custody, and who is drawn: adults by age, women, parents and foreign nationals in their shares.

When somebody is received, and why, is `custody`'s; who comes back is `returns`'.
"""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

from paramount_assets.synthetic.mortality import NEVER
from paramount_assets.synthetic.population import Population
from paramount_assets.synthetic.streams import Flags, Real, Whole

FEMALE_SHARE = 0.08
"""Women are 7-9 % of receptions and 4 % of the prison population: their terms are shorter (generally held, not verified)."""

DRAWN_FEMALE_SHARE = 0.06
"""Of those drawn; the partners who are received as well, mostly women, make it up to `FEMALE_SHARE`."""

BOTH_PARENTS_SHARE = 0.015
"""Of receptions: the partner, with whom a child is shared, is received soon after, mostly a woman after a man (assumed)."""

PARENT_SHARE = 0.62
"""With a child under eighteen: between the 53 % of prisoners counted as parents and the 78 % estimated after adjustment."""

FOREIGN_SHARE = 0.12
"""Foreign nationals: about one prisoner in eight (official statistics, rounded). The world knows them by their community."""

FOREIGN_COMMUNITIES = ("irish", "polish", "romanian", "portuguese", "arab")

AGE_CURVE = ((18, 1.7), (21, 2.2), (26, 2.0), (32, 1.5), (40, 0.85), (50, 0.36), (60, 0.13), (70, 0.04), (82, 0.0))
"""Chance of a reception by age in years, joined by straight lines: young adults the highest, few above sixty; most of those
received are in their thirties, because most are parents.
The shape is assumed; the mean age that comes of it, the mid-thirties, is generally held."""

FLED_FROM_FACTOR = 12.0
"""Fathers of children in a refuge are received so much more often, so that a small world has one (more than in life)."""

DIES_FACTOR = 3.0
"""Those who die within the span are received more often: deaths in custody are about three times those outside at the same ages
(about 3.6 per thousand prisoners a year; official statistics, rounded)."""

ADULT_AGE = 18


def day_number(day: dt.date) -> int:
    """Days since 1970."""
    return (day - dt.date(1970, 1, 1)).days


def day_numbers(dates: pl.Series) -> Whole:
    """Days since 1970 of each date; `NEVER` where there is none."""
    return np.asarray(dates.cast(pl.Date).to_physical().fill_null(NEVER).to_numpy(), dtype=np.int64)


def birthday(born: pl.Expr, age: int) -> pl.Expr:
    """The day on which somebody is that old; born on 29 February it is 1 March in common years."""
    return pl.date(born.dt.year() + age, born.dt.month(), 1) + pl.duration(days=born.dt.day().cast(pl.Int64) - 1)


def positions_of(residents: pl.DataFrame, wanted: pl.Series) -> Whole:
    """The rows of the residents with the given ids. Residents are in the order of resident_id."""
    return np.searchsorted(residents["resident_id"].to_numpy(), wanted.to_numpy()).astype(np.int64)


@dataclass(frozen=True)
class Adults:
    """What decides who may be received: one entry per resident, in the residents' order; days are days since 1970.

    birth, of_age (eighteenth birthday), death; group (woman, foreign national); factor of those received more often;
    youngest_of_age: when the youngest child born before the span is eighteen; next_birth: of a child born in it.
    """

    birth: Whole
    of_age: Whole
    death: Whole
    is_woman: Flags
    is_foreign: Flags
    factor: Real
    youngest_of_age: Whole
    next_birth: Whole

    @classmethod
    def of(cls, population: Population, first_day: dt.date, days: int) -> "Adults":
        """Reads them from the population as it is on the first day."""
        people = population.residents
        death = day_numbers(people["died_on"])
        last = day_number(first_day) + days
        factor = np.where(_fled_from(population), FLED_FROM_FACTOR, 1.0) * np.where(death < last, DIES_FACTOR, 1.0)
        return cls(
            birth=day_numbers(people["date_of_birth"]),
            of_age=day_numbers(people.select(birthday(pl.col("date_of_birth"), ADULT_AGE).alias("on"))["on"]),
            death=death,
            is_woman=np.asarray((people["sex"] == "F").to_numpy(), dtype=np.bool_),
            is_foreign=np.asarray(people["community"].is_in(FOREIGN_COMMUNITIES).to_numpy(), dtype=np.bool_),
            factor=factor,
            youngest_of_age=_of_children(people, people, "date_of_birth", latest=True) + int(ADULT_AGE * 365.25),
            next_birth=_of_children(people, population.unborn, "born_on", latest=False),
        )

    def may_be_received(self, who: Whole, on: Whole) -> Flags:
        """Of age, and alive for more than that day."""
        return np.asarray((self.of_age[who] <= on) & (on < self.death[who]), dtype=np.bool_)

    def is_parent(self, on: int) -> Flags:
        """Whether each has a child under eighteen on the day."""
        return np.asarray((self.youngest_of_age > on) | (self.next_birth <= on), dtype=np.bool_)

    def weights(self, on: int, taken: Flags | None = None) -> Real:
        """The chance of each to be received on a day, as weights; 0 for those who may not be, or are taken already."""
        ages = (on - self.birth).clip(0, len(_AGE_WEIGHTS) - 1)
        may = (self.of_age <= on) & (self.death > on)
        base = np.where(may if taken is None else may & ~taken, _AGE_WEIGHTS[ages] * self.factor, 0.0)
        group = self.is_woman * 4 + self.is_parent(on) * 2 + self.is_foreign
        total = np.bincount(group, weights=base, minlength=8)
        return np.asarray(base * (_GROUP_SHARES / np.maximum(total, 1e-9))[group], dtype=np.float64)


_AGE_WEIGHTS = np.interp(np.arange(110 * 366) / 365.25, [age for age, _ in AGE_CURVE], [chance for _, chance in AGE_CURVE])
_GROUP_SHARES = np.array(
    [
        (DRAWN_FEMALE_SHARE if woman else 1 - DRAWN_FEMALE_SHARE)
        * (PARENT_SHARE if parent else 1 - PARENT_SHARE)
        * (FOREIGN_SHARE if foreign else 1 - FOREIGN_SHARE)
        for woman in (False, True)
        for parent in (False, True)
        for foreign in (False, True)
    ]
)


def draw_apart(weight: Real, count: int, rng: np.random.Generator) -> Whole:
    """Different positions drawn with the weights, in random order.

    Raises:
        ValueError: more are asked for than half of those who have a weight.
    """
    possible = np.flatnonzero(weight > 0)
    if count > len(possible) // 2:
        raise ValueError("density asks for more receptions than there are adults to receive; use more residents or fewer days")
    if count == 0:
        return np.zeros(0, dtype=np.int64)
    keys = rng.standard_exponential(len(possible)) / weight[possible]
    nearest = np.sort(np.argpartition(keys, count)[:count])
    return np.asarray(rng.permutation(possible[nearest]), dtype=np.int64)


def exchange(received: Whole, wants: Flags, suits: Flags) -> Whole:
    """The same people in another order: where one is wanted who suits, somebody who does not changes places with one who does.

    Args:
        received: positions of people, one per reception.
        wants: receptions for which the person should suit.
        suits: of each of `received`, whether they do.
    """
    lacking, able = np.flatnonzero(wants & ~suits), np.flatnonzero(~wants & suits)
    count = min(len(lacking), len(able))
    result = received.copy()
    result[lacking[:count]], result[able[:count]] = received[able[:count]], received[lacking[:count]]
    return result


def partners(population: Population) -> Whole:
    """The position of the partner with whom each resident lives and has a child; -1 where there is none."""
    people = population.residents
    is_shared = (pl.col("role") == "child") & pl.col("shape").is_in(["two_parents", "three_generations"])
    couples = people.filter(is_shared).select("father_id", "mother_id").drop_nulls()
    father, mother = positions_of(people, couples["father_id"]), positions_of(people, couples["mother_id"])
    result = np.full(len(people), -1, dtype=np.int64)
    result[father], result[mother] = mother, father
    return result


def _of_children(people: pl.DataFrame, children: pl.DataFrame, column: str, *, latest: bool) -> Whole:
    """Of each resident the day of the youngest child, or of the first one; never for those without."""
    result = np.full(len(people), -NEVER if latest else NEVER, dtype=np.int64)
    for parent in ("mother_id", "father_id"):
        known = children.filter(pl.col(parent).is_not_null() & pl.col(column).is_not_null())
        take = np.maximum if latest else np.minimum
        take.at(result, positions_of(people, known[parent]), day_numbers(known[column]))
    return result


def _fled_from(population: Population) -> Flags:
    people = population.residents
    fathers = people.filter((pl.col("shape") == "refuge") & (pl.col("role") == "child"))["father_id"].drop_nulls()
    result = np.zeros(len(people), dtype=np.bool_)
    result[positions_of(people, fathers)] = True
    return result
