"""Who lives where and when: every home of the last five years and more, and the moves within the span.

A private home has one household at a time: who moves takes the home that another household of the district left before. A person
may have joined the household from another one (an ex-partner's, the parents', the one they fled), or leave it in the span.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import polars as pl

from paramount_assets.synthetic.households import SHAPES, YEAR, Members, Role, Shape
from paramount_assets.synthetic.kinship import Kin
from paramount_assets.synthetic.mortality import NEVER
from paramount_assets.synthetic.streams import Flags, Real, Whole

HISTORY_DAYS = 1_830
"""How far back homes go at least."""

TENURE_YEARS = ([20, 28, 38, 50, 65, 80], [1.6, 2.8, 6.0, 11.0, 17.0, 20.0])
"""Mean stay in a home by the age of the oldest of the household (assumed: renters are young, owners stay)."""

DAYS_IN_SHARED_HOME = {
    Shape.HOSTEL: (15, 300), Shape.REFUGE: (5, 200), Shape.STUDENT_HALL: (15, 400), Shape.CHILDRENS_HOME: (60, 900),
}  # fmt: skip
"""How long people have been there on the first day, least and most (assumed)."""

OTHER_DISTRICT_SHARE = 0.2
"""Households that move to another district (about the share of moves that cross a boundary; assumed)."""

SMALL_WORLD = 10_000
"""With fewer households than this everybody moves anywhere: there are too few moves within a district."""

SEPARATED_FROM_HOME_SHARE = 0.65
"""Parents apart from a child under eighteen who lived with the child until they left (assumed)."""

SEPARATIONS_A_YEAR = 0.022
"""Of couples with minor children (assumed, about the national rates of divorce and parting together)."""

MAN_LEAVES_SHARE = 0.78
BACK_TO_PARENTS_SHARE = 0.3
LEAVE_PARENTS_A_YEAR = 0.1
MEAN_DAYS_TO_LEAVE = {Shape.HOSTEL: 150, Shape.REFUGE: 130}

GENERATIONS = 10
"""Most homes of a household before its present one; the earliest goes back as far as it must."""

_SHARED = (Shape.HOSTEL, Shape.REFUGE, Shape.STUDENT_HALL, Shape.CHILDRENS_HOME)
_PLACED = (Shape.FOSTER, Shape.GRANDPARENT_CARERS, Shape.CHILDRENS_HOME)


@dataclass
class _Vacant:
    """Homes that stand empty until somebody moves there; each is given once."""

    homes: Whole
    given: int = 0

    def take(self, count: int) -> Whole:
        """So many homes, or all that are left."""
        taken = self.homes[self.given : self.given + count]
        self.given += len(taken)
        return taken


@dataclass
class _Stays:
    """Stays of households, one batch after another: household, home, first day, day of leaving (NEVER: stays)."""

    batches: list[tuple[Whole, Whole, Whole, Whole]] = field(default_factory=list)

    def add(self, household: Whole, home: Whole, since: Whole, until: Whole) -> None:
        self.batches.append((household, home, since, until))

    def frame(self) -> pl.DataFrame:
        columns = (np.concatenate(column) for column in zip(*self.batches, strict=True))
        return pl.DataFrame(dict(zip(("household", "home_id", "since", "until"), columns, strict=True)))


class _Joined(NamedTuple):
    """For each member the household they lived in before (-1: none) and the day on which they joined their own."""

    host: Whole
    on: Whole


class _Left(NamedTuple):
    """For each member the day on which they leave their household (NEVER: they stay), and the home or household they go to."""

    on: Whole
    home: Whole
    host: Whole


def vacancies(members: Members, days: int) -> int:
    """How many empty homes the moves need, with a margin."""
    years = days / 365.25
    leaving = (
        members.of_role(Role.GROWN).sum() * LEAVE_PARENTS_A_YEAR * years
        + members.household[-1] * 0.2 * SEPARATIONS_A_YEAR * years
    )
    single = members.of_shape(Shape.HOSTEL, Shape.CHILDRENS_HOME, Shape.REFUGE).sum() * 2
    chains = 40 if members.household[-1] < SMALL_WORLD else 40 * 14
    return int(leaving * 1.1 + single + chains)


def list_lives(
    members: Members, kin: Kin, homes: tuple[Whole, Whole, Whole], span: tuple[dt.date, int], rng: np.random.Generator
) -> pl.DataFrame:
    """One row per resident and home: resident_id, home_id, from_date, to_date (the day of leaving; null: stays to the end).

    Exactly one row holds for each resident on each day from the first row's from_date on; the last one stays open after a death.

    Args:
        members: everybody.
        kin: their parents.
        homes: the home of each household on the first day, the district of each home as a number, and the empty homes.
        span: first day and number of days.
        rng: the stage's generator.
    """
    first_day, days = span
    today = int(np.datetime64(first_day, "D").astype(np.int64))
    home_of, district_of, empty = homes
    vacant = _Vacant(empty)
    shape = _of_household(members, members.shape)
    tenure = _mean_tenure(members, today)
    since = _moved_in(shape, tenure, today, rng)
    stays = _Stays()
    until = _move_on(stays, shape, home_of, district_of, tenure, (since, today, days), vacant, rng)
    _go_back(stays, shape, home_of, district_of, tenure, (since, until, today), vacant, rng)
    joined = _join(members, kin, shape, since, today, rng)
    left = _leave(members, kin, (today, days), vacant, rng)
    direct = [_before_shared_home(members, since, joined, vacant), _to_own_home(left)]
    return _lives(_segments(members, joined, left), stays.frame(), pl.concat(direct))


def _of_household(members: Members, values: Whole) -> Whole:
    """A value of the first member of each household."""
    return values[np.searchsorted(members.household, np.arange(int(members.household[-1]) + 1))]


def _mean_tenure(members: Members, today: int) -> Real:
    """Mean stay of each household in days."""
    starts = np.searchsorted(members.household, np.arange(int(members.household[-1]) + 1))
    oldest = np.minimum.reduceat(members.born, starts)
    return np.interp((today - oldest) / YEAR, *TENURE_YEARS) * YEAR


def _is_private(shape: Whole) -> Flags:
    return ~np.isin(shape, [SHAPES.index(shared) for shared in _SHARED])


def _moved_in(shape: Whole, tenure: Real, today: int, rng: np.random.Generator) -> Whole:
    """The day on which each household moved into its home of the first day."""
    days = rng.exponential(size=len(shape)) * tenure
    for shared, (least, most) in DAYS_IN_SHARED_HOME.items():
        of = shape == SHAPES.index(shared)
        days[of] = rng.uniform(least, most, size=int(of.sum()))
    return today - 1 - np.floor(days).astype(np.int64)


def _take_over(order_by: Whole, home: Whole, district_of: Whole, vacant: _Vacant, rng: np.random.Generator) -> Whole:
    """The home each mover takes: that of the mover before it in the order, within a district or all over the area."""
    crosses = rng.random(len(home)) < (OTHER_DISTRICT_SHARE if len(district_of) >= SMALL_WORLD else 1.0)
    market = np.where(crosses, -1, district_of[home])
    order = np.lexsort((np.arange(len(home)), order_by, market))
    is_first = np.append(True, np.diff(market[order]) != 0)
    taken = np.append(-1, home[order][:-1])
    taken[is_first] = vacant.take(int(is_first.sum()))
    result = np.empty(len(home), dtype=np.int64)
    result[order] = taken
    return result


def _move_on(
    stays: _Stays, shape: Whole, home: Whole, district_of: Whole, tenure: Real, times: tuple[Whole, int, int],
    vacant: _Vacant, rng: np.random.Generator,
) -> Whole:  # fmt: skip
    """Adds the homes that households move to within the span; the day on which each leaves its home of the first day."""
    _, today, days = times
    moves = today + 1 + np.floor(rng.exponential(size=len(shape)) * tenure).astype(np.int64)
    until = np.where(_is_private(shape) & (moves < today + days), moves, NEVER)
    movers = np.flatnonzero(until < NEVER)
    day, at = until[movers], home[movers]
    while len(movers):
        at = _take_over(day, at, district_of, vacant, rng)
        after = day + 60 + np.floor(rng.exponential(size=len(movers)) * tenure[movers]).astype(np.int64)
        again = after < today + days
        stays.add(movers, at, day, np.where(again, after, NEVER))
        movers, at, day = movers[again], at[again], after[again]
    return until


def _go_back(
    stays: _Stays, shape: Whole, home: Whole, district_of: Whole, tenure: Real, times: tuple[Whole, Whole, int],
    vacant: _Vacant, rng: np.random.Generator,
) -> None:  # fmt: skip
    """Adds the home of the first day and those before it, back to the beginning of the history."""
    since, until, today = times
    begins = today - HISTORY_DAYS
    stays.add(np.arange(len(shape)), home, since, until)
    movers = np.flatnonzero(_is_private(shape) & (since > begins))
    day, at = since[movers], home[movers]
    for generation in range(GENERATIONS):
        if not len(movers):
            break
        at = _take_over(-day, at, district_of, vacant, rng)
        before = day - 60 - np.floor(rng.exponential(size=len(movers)) * tenure[movers]).astype(np.int64)
        before = np.minimum(before, begins) if generation == GENERATIONS - 1 else before
        stays.add(movers, at, before, day)
        further = before > begins
        movers, at, day = movers[further], at[further], before[further]


def _join(members: Members, kin: Kin, shape: Whole, since: Whole, today: int, rng: np.random.Generator) -> _Joined:
    """Where people lived before they joined their household; what is said last holds."""
    joined = _Joined(np.full(len(members.born), -1, dtype=np.int64), members.born.copy())
    _left_parents(members, kin, joined, today, rng)
    _left_the_family(members, kin, joined, today, rng)
    _placed_in_care(members, kin, joined, today, rng)
    _fled(members, kin, joined)
    shared = members.of_shape(*_SHARED)
    joined.on[shared] = since[members.household[shared]]
    is_known = (joined.host >= 0) & _is_private(shape)[joined.host] & (joined.on > today - HISTORY_DAYS)
    joined.host[(joined.host == members.household) | ~is_known] = -1
    alone = ~shared & (joined.host < 0)
    return joined._replace(on=np.maximum(np.where(alone, members.born, joined.on), members.born))


def _parents_household(members: Members, kin: Kin) -> Whole:
    parent = np.where(kin.mother >= 0, kin.mother, kin.father)
    return np.where(parent >= 0, members.household[parent], -1)


def _left_parents(members: Members, kin: Kin, joined: _Joined, today: int, rng: np.random.Generator) -> None:
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


def _left_the_family(members: Members, kin: Kin, joined: _Joined, today: int, rng: np.random.Generator) -> None:
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


def _placed_in_care(members: Members, kin: Kin, joined: _Joined, today: int, rng: np.random.Generator) -> None:
    """Children with carers lived with their mother, or else their father, until they were placed."""
    host = _parents_household(members, kin)
    day = today - rng.integers(60, 1500, size=int(members.household[-1]) + 1)
    at = np.flatnonzero(members.of_role(Role.CHILD) & members.of_shape(*_PLACED) & (host >= 0))
    joined.host[at] = host[at]
    joined.on[at] = np.maximum(day[members.household[at]], members.born[at] + 1)


def _fled(members: Members, kin: Kin, joined: _Joined) -> None:
    """Families in a refuge lived with the father of the children."""
    at = np.flatnonzero(members.of_role(Role.CHILD) & members.of_shape(Shape.REFUGE) & (kin.father >= 0))
    host = np.full(int(members.household[-1]) + 1, -1, dtype=np.int64)
    host[members.household[at]] = members.household[kin.father[at]]
    family = np.flatnonzero(members.of_shape(Shape.REFUGE))
    joined.host[family] = host[members.household[family]]


def _before_shared_home(members: Members, since: Whole, joined: _Joined, vacant: _Vacant) -> pl.DataFrame:
    """The home before a hostel, refuge or children's home of those who lived in no known household; a family in one home."""
    lacks = members.of_shape(Shape.HOSTEL, Shape.REFUGE, Shape.CHILDRENS_HOME) & (joined.host < 0)
    at = np.flatnonzero(lacks)
    households, of = np.unique(members.household[at], return_inverse=True)
    homes = vacant.take(len(households))
    known = of < len(homes)
    at, of = at[known], of[known]
    until = since[members.household[at]]
    return _rows(at, homes[of], np.maximum(members.born[at], until - 2 * HISTORY_DAYS), until)


def _leave(members: Members, kin: Kin, times: tuple[int, int], vacant: _Vacant, rng: np.random.Generator) -> _Left:
    """Who leaves their household in the span: parents who part, grown-up children, people in hostels and refuges."""
    today, days = times
    count = len(members.born)
    left = _Left(np.full(count, NEVER), np.full(count, -1, dtype=np.int64), np.full(count, -1, dtype=np.int64))
    rate = np.zeros(count)
    rate[members.of_role(Role.GROWN)] = LEAVE_PARENTS_A_YEAR / 365.25
    rate[_parting(members, kin, rng)] = SEPARATIONS_A_YEAR / 365.25
    rate[members.of_shape(Shape.HOSTEL)] = 1 / MEAN_DAYS_TO_LEAVE[Shape.HOSTEL]
    rate[members.of_shape(Shape.REFUGE)] = 1 / MEAN_DAYS_TO_LEAVE[Shape.REFUGE]
    family = np.where(members.of_shape(Shape.REFUGE), members.household + count, np.arange(count))
    chance = rng.exponential(size=count + int(members.household[-1]) + 1)[family]
    day = today + 1 + np.floor(chance / np.maximum(rate, 1e-12)).clip(max=1e7).astype(np.int64)
    at = np.flatnonzero(day < today + days)
    host = np.where(members.of_role(Role.MAN, Role.WOMAN), _parents_household(members, kin), -1)[at]
    goes_back = (host >= 0) & (host != members.household[at]) & (rng.random(len(at)) < BACK_TO_PARENTS_SHARE)
    left.on[at[goes_back]], left.host[at[goes_back]] = day[at[goes_back]], host[goes_back]
    own = at[~goes_back]
    groups, of = np.unique(family[own], return_inverse=True)
    homes = vacant.take(len(groups))
    own, of = own[of < len(homes)], of[of < len(homes)]
    left.on[own], left.home[own] = day[own], homes[of]
    return left


def _parting(members: Members, kin: Kin, rng: np.random.Generator) -> Whole:
    """One parent of each couple with minor children."""
    woman, man = kin.woman_of_household, kin.man_of_household
    is_family = np.isin(_of_household(members, members.shape), [SHAPES.index(s) for s in (Shape.TWO_PARENTS, Shape.STEP_FAMILY)])
    couples = np.flatnonzero(is_family & (woman >= 0) & (man >= 0))
    return np.where(rng.random(len(couples)) < MAN_LEAVES_SHARE, man[couples], woman[couples])


def _to_own_home(left: _Left) -> pl.DataFrame:
    at = np.flatnonzero(left.home >= 0)
    return _rows(at, left.home[at], left.on[at], np.full(len(at), NEVER))


def _rows(resident: Whole, home: Whole, since: Whole, until: Whole) -> pl.DataFrame:
    return pl.DataFrame({"resident_id": resident, "home_id": home, "since": since, "until": until})


def _segments(members: Members, joined: _Joined, left: _Left) -> pl.DataFrame:
    """Who belonged to which household and when: resident_id, household, begins, ends."""
    everyone, hosted, back = np.arange(len(members.born)), np.flatnonzero(joined.host >= 0), np.flatnonzero(left.host >= 0)
    parts = [
        (everyone, members.household, joined.on, left.on),
        (hosted, joined.host[hosted], members.born[hosted], joined.on[hosted]),
        (back, left.host[back], left.on[back], np.full(len(back), NEVER)),
    ]
    columns = (np.concatenate(column) for column in zip(*parts, strict=True))
    return pl.DataFrame(dict(zip(("resident_id", "household", "begins", "ends"), columns, strict=True)))


def _lives(segments: pl.DataFrame, stays: pl.DataFrame, direct: pl.DataFrame) -> pl.DataFrame:
    """The stays of each resident's households while they belonged to them."""
    through_households = (
        segments.join(stays, on="household", how="inner")
        .select(
            "resident_id", "home_id",
            pl.max_horizontal("begins", "since").alias("since"), pl.min_horizontal("ends", "until").alias("until"),
        )
    )  # fmt: skip
    days = pl.col("since").cast(pl.Int32).cast(pl.Date).alias("from_date")
    ends = pl.when(pl.col("until") < NEVER).then("until").cast(pl.Int32).cast(pl.Date).alias("to_date")
    everything = pl.concat([through_households, direct]).filter(pl.col("since") < pl.col("until"))
    return everything.select("resident_id", "home_id", days, ends).sort("resident_id", "from_date", "home_id")
