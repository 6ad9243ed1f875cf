"""Children who are not yet born on the first day: born in the span, or expected when it ends."""

import datetime as dt
from typing import NamedTuple

import numpy as np

from paramount_assets.synthetic.households import SHORTEST_INTERVAL_DAYS, YEAR, Members, Role, Shape
from paramount_assets.synthetic.kinship import Kin
from paramount_assets.synthetic.streams import Flags, Real, Whole

BIRTHS_A_YEAR = 10.6 / 1000
"""Per resident (about the national rate of 10 to 11 a year)."""

PREGNANCY_DAYS = 266
EXPECTED_DEVIATION_DAYS = 9
WEIGHT_OF_AGE = ([18, 22, 27, 31, 35, 40, 44, 45], [0.3, 0.6, 0.9, 1.0, 0.8, 0.3, 0.02, 0.0])
"""How likely a woman who lives with a partner or child bears one, by her age in years."""

_SHAPES = (Shape.TWO_PARENTS, Shape.LONE_PARENT, Shape.STEP_FAMILY, Shape.COUPLE, Shape.THREE_GENERATIONS)


class Births(NamedTuple):
    """One entry per child, in the order of birth: parents (-1: not in the world), dates in days since 1970."""

    mother: Whole
    father: Whole
    expected: Whole
    born: Whole
    is_female: Flags


def draw_births(members: Members, kin: Kin, alive: Flags, span: tuple[dt.date, int], rng: np.random.Generator) -> Births:
    """At most one birth of each woman from the day after the first until nine months after the span.

    Args:
        members: everybody.
        kin: their parents.
        alive: who outlives the span.
        span: first day and number of days.
        rng: the stage's generator.
    """
    first_day, days = span
    today = int(np.datetime64(first_day, "D").astype(np.int64))
    horizon = days + PREGNANCY_DAYS
    wanted = max(1, round(len(members.born) * BIRTHS_A_YEAR * horizon / YEAR))
    chosen = _choose(_weights(members, alive, today), round(wanted * 1.5), rng)
    born = today + 1 + rng.integers(0, horizon, size=len(chosen))
    is_late_enough = born - _last_of(kin.mother, members.born)[chosen] >= SHORTEST_INTERVAL_DAYS
    mother, born = chosen[is_late_enough][:wanted], born[is_late_enough][:wanted]
    order = np.lexsort((mother, born))
    mother, born = mother[order], born[order]
    late = np.rint(rng.normal(2, EXPECTED_DEVIATION_DAYS, size=len(born))).astype(np.int64).clip(-20, 25)
    man = kin.man_of_household[members.household[mother]]
    is_female = rng.random(len(born)) < 0.488
    return Births(mother, man, np.maximum(born + late, today + 1), born, is_female)


def alive_until(kin: Kin, born: Whole) -> Whole:
    """The day until which each must have lived: after the last birth of a mother, after the last conception of a father."""
    fathers_last = _last_of(kin.father, born) - PREGNANCY_DAYS
    return np.maximum(_last_of(kin.mother, born), fathers_last) + 1


def without_dead_fathers(births: Births, died: Whole) -> Births:
    """The births, the father unknown where the man of the household had died before the conception."""
    lived = died[births.father] > births.born - PREGNANCY_DAYS
    return births._replace(father=np.where((births.father >= 0) & lived, births.father, -1))


def _weights(members: Members, alive: Flags, today: int) -> Real:
    may = members.of_role(Role.WOMAN) & members.of_shape(*_SHAPES) & alive
    return np.where(may, np.interp((today - members.born) / YEAR, *WEIGHT_OF_AGE, left=0, right=0), 0.0)


def _choose(weights: Real, count: int, rng: np.random.Generator) -> Whole:
    """Different women by weight, in random order."""
    women = np.flatnonzero(weights > 0)
    keys = rng.exponential(size=len(women)) / weights[women]
    return rng.permutation(women[np.argsort(keys, kind="stable")[:count]])


def _last_of(parent: Whole, born: Whole) -> Whole:
    """The day on which the last child of each was born; long ago for those without."""
    last = np.full(len(born), -(10**6), dtype=np.int64)
    is_known = parent >= 0
    np.maximum.at(last, parent[is_known], born[is_known])
    return last
