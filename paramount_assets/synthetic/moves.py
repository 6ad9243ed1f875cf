"""Who lives where and when: every home of the last five years and more, and the moves within the span.

A private home has one household at a time: who moves takes the home that another household of the district left before.
"""

import datetime as dt
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from paramount_assets.synthetic.households import SHAPES, SHARED_SHAPES, YEAR, Members, Role, Shape
from paramount_assets.synthetic.kinship import Kin
from paramount_assets.synthetic.membership import (
    HISTORY_DAYS,
    LEAVE_PARENTS_A_YEAR,
    SEPARATIONS_A_YEAR,
    Joined,
    Left,
    belonged,
    draw_joined,
    draw_leaving,
)
from paramount_assets.synthetic.mortality import NEVER
from paramount_assets.synthetic.streams import Flags, Real, Whole

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

GENERATIONS = 10
"""Most homes of a household before its present one; the earliest goes back as far as it must."""


@dataclass
class _Vacant:
    """Homes that stand empty until somebody moves there; each is given once."""

    homes: Whole
    given: int = 0

    def take(self, count: int) -> Whole:
        """So many homes.

        Raises:
            ValueError: so many are not left.
        """
        taken = self.homes[self.given : self.given + count]
        if len(taken) < count:
            raise ValueError("the made-up area has too few empty homes for those who move")
        self.given += count
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


def vacancies(members: Members, days: int) -> int:
    """How many empty homes the moves need, with a margin."""
    years = days / 365.25
    parting = members.of_role(Role.WOMAN).sum() * SEPARATIONS_A_YEAR
    leaving = float(members.of_role(Role.GROWN).sum() * LEAVE_PARENTS_A_YEAR + parting) * years
    shared = int(members.of_shape(Shape.HOSTEL, Shape.CHILDRENS_HOME, Shape.REFUGE).sum()) * 2
    chains = 40 if members.household[-1] < 0.8 * SMALL_WORLD else 40 * 14
    return int(leaving + 4 * leaving**0.5) + shared + chains


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
    joined = draw_joined(members, kin, since, today, rng)
    left = draw_leaving(members, kin, (today, days), rng)
    direct = [_before_shared_home(members, since, joined, vacant), _to_own_home(left, vacant)]
    return _lives(belonged(members, joined, left), stays.frame(), pl.concat(direct))


def _of_household(members: Members, values: Whole) -> Whole:
    """A value of the first member of each household."""
    return values[np.searchsorted(members.household, np.arange(int(members.household[-1]) + 1))]


def _mean_tenure(members: Members, today: int) -> Real:
    """Mean stay of each household in days."""
    starts = np.searchsorted(members.household, np.arange(int(members.household[-1]) + 1))
    oldest = np.minimum.reduceat(members.born, starts)
    return np.interp((today - oldest) / YEAR, *TENURE_YEARS) * YEAR


def _is_private(shape: Whole) -> Flags:
    return ~np.isin(shape, [SHAPES.index(shared) for shared in SHARED_SHAPES])


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


def _before_shared_home(members: Members, since: Whole, joined: Joined, vacant: _Vacant) -> pl.DataFrame:
    """The home before a hostel, refuge or children's home of those who lived in no known household; a family in one home."""
    lacks = members.of_shape(Shape.HOSTEL, Shape.REFUGE, Shape.CHILDRENS_HOME) & (joined.host < 0)
    at = np.flatnonzero(lacks)
    households, of = np.unique(members.household[at], return_inverse=True)
    homes = vacant.take(len(households))
    until = since[members.household[at]]
    return _rows(at, homes[of], np.maximum(members.born[at], until - 2 * HISTORY_DAYS), until)


def _to_own_home(left: Left, vacant: _Vacant) -> pl.DataFrame:
    """The new homes of those who leave for one of their own, one for all who leave together."""
    at = np.flatnonzero(left.together >= 0)
    groups, of = np.unique(left.together[at], return_inverse=True)
    homes = vacant.take(len(groups))
    return _rows(at, homes[of], left.on[at], np.full(len(at), NEVER))


def _rows(resident: Whole, home: Whole, since: Whole, until: Whole) -> pl.DataFrame:
    return pl.DataFrame({"resident_id": resident, "home_id": home, "since": since, "until": until})


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
