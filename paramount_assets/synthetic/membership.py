"""Who belonged to which household and when: those who joined it from another one, and those who leave it in the span.

Where the households lived is not known here.
"""

from typing import NamedTuple

import numpy as np
import polars as pl

from paramount_assets.synthetic.households import SHARED_SHAPES, YEAR, Members, Role, Shape
from paramount_assets.synthetic.kinship import Kin
from paramount_assets.synthetic.mortality import NEVER
from paramount_assets.synthetic.streams import Flags, Whole

HISTORY_DAYS = 1_830
"""How far back homes and households go at least."""

SEPARATED_FROM_HOME_SHARE = 0.65
"""Parents apart from a child under eighteen who lived with the child until they left (assumed)."""

SEPARATIONS_A_YEAR = 0.022
"""Of couples with minor children (assumed, about the national rates of divorce and parting together)."""

MAN_LEAVES_SHARE = 0.78
BACK_TO_PARENTS_SHARE = 0.3
LEAVE_PARENTS_A_YEAR = 0.1
MEAN_DAYS_TO_LEAVE = {Shape.HOSTEL: 150, Shape.REFUGE: 130}

_PLACED = (Shape.FOSTER, Shape.GRANDPARENT_CARERS, Shape.CHILDRENS_HOME)


class Joined(NamedTuple):
    """For each member the household they lived in before (-1: none) and the day on which they joined their own."""

    host: Whole
    on: Whole


class Left(NamedTuple):
    """For each member the day on which they leave their household (NEVER: they stay) and where to.

    host is the household they go to; who goes to a home of their own has -1 there, and in `together` a number that those who go
    together share (-1 for all others).
    """

    on: Whole
    host: Whole
    together: Whole


def draw_joined(members: Members, kin: Kin, since: Whole, today: int, rng: np.random.Generator) -> Joined:
    """Where people lived before they joined their household; of several reasons the last one holds.

    Args:
        members: everybody.
        kin: their parents.
        since: the day on which each household moved into its home of the first day.
        today: the first day, in days since 1970.
        rng: the stage's generator.
    """
    joined = Joined(np.full(len(members.born), -1, dtype=np.int64), members.born.copy())
    _left_parents(members, kin, joined, today, rng)
    _left_the_family(members, kin, joined, today, rng)
    _placed_in_care(members, kin, joined, today, rng)
    _fled(members, kin, joined)
    shared = members.of_shape(*SHARED_SHAPES)
    joined.on[shared] = since[members.household[shared]]
    is_known = (joined.host >= 0) & ~_is_shared(members)[joined.host] & (joined.on > today - HISTORY_DAYS)
    joined.host[(joined.host == members.household) | ~is_known] = -1
    alone = ~shared & (joined.host < 0)
    return joined._replace(on=np.maximum(np.where(alone, members.born, joined.on), members.born))


def _is_shared(members: Members) -> Flags:
    """Whether each household is one of several in a shared home."""
    result = np.zeros(int(members.household[-1]) + 1, dtype=np.bool_)
    result[members.household[members.of_shape(*SHARED_SHAPES)]] = True
    return result


def _parents_household(members: Members, kin: Kin) -> Whole:
    parent = np.where(kin.mother >= 0, kin.mother, kin.father)
    return np.where(parent >= 0, members.household[parent], -1)


def _left_parents(members: Members, kin: Kin, joined: Joined, today: int, rng: np.random.Generator) -> None:
    """Grown-up children elsewhere lived with their parents until they were grown up, and before they had children."""
    host = _parents_household(members, kin)
    at = np.flatnonzero(members.of_role(Role.WOMAN, Role.MAN, Role.SHARER) & (host >= 0) & (host != members.household))
    on = members.born[at] + (rng.triangular(18, 20, 29, size=len(at)) * YEAR).astype(np.int64)
    recently = today - rng.integers(10, 700, size=len(at))
    is_child = members.of_role(Role.CHILD, Role.GROWN)
    first_child = np.full(int(members.household[-1]) + 1, NEVER, dtype=np.int64)
    np.minimum.at(first_child, members.household[is_child], members.born[is_child] - 40)
    joined.on[at] = np.minimum(np.where(on < today, on, recently), first_child[members.household[at]])
    joined.host[at] = host[at]


def _left_the_family(members: Members, kin: Kin, joined: Joined, today: int, rng: np.random.Generator) -> None:
    """Fathers who live apart from a child lived in its household until some day after the birth of the youngest."""
    lives_with_mother = members.of_role(Role.CHILD) & members.of_shape(Shape.LONE_PARENT, Shape.STEP_FAMILY)
    at = np.flatnonzero(lives_with_mother & (kin.father >= 0) & (kin.mother >= 0))
    at = at[members.household[kin.father[at]] != members.household[at]]
    at = at[np.lexsort((members.born[at], kin.father[at]))]
    youngest = at[np.append(np.diff(kin.father[at]) != 0, True)] if len(at) else at
    youngest = youngest[(rng.random(len(youngest)) < SEPARATED_FROM_HOME_SHARE) & (members.born[youngest] < today - 60)]
    father, born = kin.father[youngest], members.born[youngest]
    joined.host[father] = members.household[youngest]
    joined.on[father] = born + 30 + np.floor(rng.random(len(father)) * (today - 5 - born - 30)).astype(np.int64)


def _placed_in_care(members: Members, kin: Kin, joined: Joined, today: int, rng: np.random.Generator) -> None:
    """Children with carers lived with their mother, or else their father, until they were placed."""
    host = _parents_household(members, kin)
    day = today - rng.integers(60, 1500, size=int(members.household[-1]) + 1)
    at = np.flatnonzero(members.of_role(Role.CHILD) & members.of_shape(*_PLACED) & (host >= 0))
    joined.host[at] = host[at]
    joined.on[at] = np.maximum(day[members.household[at]], members.born[at] + 1)


def _fled(members: Members, kin: Kin, joined: Joined) -> None:
    """Families in a refuge lived with the father of the children."""
    at = np.flatnonzero(members.of_role(Role.CHILD) & members.of_shape(Shape.REFUGE) & (kin.father >= 0))
    host = np.full(int(members.household[-1]) + 1, -1, dtype=np.int64)
    host[members.household[at]] = members.household[kin.father[at]]
    family = np.flatnonzero(members.of_shape(Shape.REFUGE))
    joined.host[family] = host[members.household[family]]


def draw_leaving(members: Members, kin: Kin, span: tuple[int, int], rng: np.random.Generator) -> Left:
    """Who leaves their household in the span: parents who part, grown-up children, people in hostels and refuges.

    Args:
        members: everybody.
        kin: their parents.
        span: the first day, in days since 1970, and the number of days.
        rng: the stage's generator.
    """
    today, days = span
    count = len(members.born)
    rate = np.zeros(count)
    rate[members.of_role(Role.GROWN)] = LEAVE_PARENTS_A_YEAR / 365.25
    rate[_parting(members, kin, rng)] = SEPARATIONS_A_YEAR / 365.25
    for shape, mean in MEAN_DAYS_TO_LEAVE.items():
        rate[members.of_shape(shape)] = 1 / mean
    family = np.where(members.of_shape(Shape.REFUGE), members.household + count, np.arange(count))
    chance = rng.exponential(size=count + int(members.household[-1]) + 1)[family]
    day = today + 1 + np.floor(chance / np.maximum(rate, 1e-12)).clip(max=1e7).astype(np.int64)
    leaves = day < today + days
    host = np.where(leaves & members.of_role(Role.MAN, Role.WOMAN), _parents_household(members, kin), -1)
    goes_back = (host >= 0) & (host != members.household) & (rng.random(count) < BACK_TO_PARENTS_SHARE) & (family < count)
    return Left(
        on=np.where(leaves, day, NEVER),
        host=np.where(goes_back, host, -1),
        together=np.where(leaves & ~goes_back, family, -1),
    )


def _parting(members: Members, kin: Kin, rng: np.random.Generator) -> Whole:
    """One parent of each couple with minor children."""
    woman, man = kin.woman_of_household, kin.man_of_household
    families = members.household[members.of_shape(Shape.TWO_PARENTS, Shape.STEP_FAMILY) & members.of_role(Role.WOMAN)]
    couples = families[man[families] >= 0]
    return np.where(rng.random(len(couples)) < MAN_LEAVES_SHARE, man[couples], woman[couples])


def belonged(members: Members, joined: Joined, left: Left) -> pl.DataFrame:
    """One row per resident and household: resident_id, household, begins, ends (days since 1970; NEVER: to the end)."""
    everyone, hosted, back = np.arange(len(members.born)), np.flatnonzero(joined.host >= 0), np.flatnonzero(left.host >= 0)
    parts = [
        (everyone, members.household, joined.on, left.on),
        (hosted, joined.host[hosted], members.born[hosted], joined.on[hosted]),
        (back, left.host[back], left.on[back], np.full(len(back), NEVER)),
    ]
    columns = (np.concatenate(column) for column in zip(*parts, strict=True))
    return pl.DataFrame(dict(zip(("resident_id", "household", "begins", "ends"), columns, strict=True)))
