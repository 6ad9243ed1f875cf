"""Households of every shape and their members by role, sex and age: who lives together, before anyone has a name.

A household is a family unit; in a hostel or a refuge many of them share one home. Kinship is not known here.
"""

import datetime as dt
from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

import numpy as np
import polars as pl

from paramount_assets.synthetic.streams import Flags, Real, Words, pick

YEAR = 365.25
CHILD_DAYS = int(18 * YEAR) - 5


class Shape(StrEnum):
    """What kind of household it is."""

    TWO_PARENTS = "two_parents"
    LONE_PARENT = "lone_parent"
    STEP_FAMILY = "step_family"
    GRANDPARENT_CARERS = "grandparent_carers"
    THREE_GENERATIONS = "three_generations"
    ADULT_CHILDREN = "adult_children"
    COUPLE = "couple"
    ALONE = "alone"
    FLAT_SHARE = "flat_share"
    HOSTEL = "hostel"
    REFUGE = "refuge"
    FOSTER = "foster"


class Makeup(NamedTuple):
    """How a shape is made up. Shares are of households; ages are (youngest, commonest, oldest) of its woman, in years."""

    share: float
    ages: tuple[int, int, int]
    woman: float = 1.0
    man: float = 0.0
    """Probability of a man beside the woman; where there is no woman there is always a man."""
    has_children: bool = False
    gap: int = 16
    """Least years between the woman and a child of the household."""
    grown: int = 0
    """Most grown-up children at home; at least one where there are any."""
    sharers: tuple[int, int] = (0, 0)
    grandmother: float = 0.0
    grandfather: float = 0.0


MAKEUPS: dict[Shape, Makeup] = {
    # Shares: about those of the Census 2021 household compositions; the rarer shapes are assumed.
    Shape.TWO_PARENTS: Makeup(0.185, (19, 37, 52), man=1.0, has_children=True),
    Shape.LONE_PARENT: Makeup(0.075, (18, 33, 50), woman=0.88, has_children=True),
    Shape.STEP_FAMILY: Makeup(0.03, (22, 34, 50), man=1.0, has_children=True),
    Shape.GRANDPARENT_CARERS: Makeup(0.006, (44, 57, 74), man=0.6, has_children=True, gap=34),
    Shape.THREE_GENERATIONS: Makeup(0.022, (19, 32, 48), man=0.7, has_children=True, grandmother=1.0, grandfather=0.5),
    Shape.ADULT_CHILDREN: Makeup(0.09, (42, 52, 70), man=0.75, grown=2),
    Shape.COUPLE: Makeup(0.25, (20, 52, 88), man=1.0),
    Shape.ALONE: Makeup(0.29, (18, 40, 92), woman=0.5),
    Shape.FLAT_SHARE: Makeup(0.048, (18, 24, 42), woman=0.0, sharers=(3, 5)),
    Shape.FOSTER: Makeup(0.004, (30, 47, 64), man=0.8, has_children=True, gap=20),
    # Counted apart, not by share: see `draw_shapes`.
    Shape.HOSTEL: Makeup(0.0, (18, 33, 60), woman=0.0, sharers=(1, 1)),
    Shape.REFUGE: Makeup(0.0, (18, 29, 45), has_children=True),
}

HOSTEL_UNITS = (10, 22)
REFUGE_UNITS = (4, 8)
RESIDENTS_PER_SPECIAL_HOME = 6_000
"""One hostel and one refuge for so many residents (assumed: more than in life, so that a small world has them)."""

TWIN_SHARE = 0.03
"""Of households with two children or more; about twice the share of twin births, so that a small world has some."""

CHILDREN_SHARES = (0.43, 0.39, 0.13, 0.05)
"""Households with one to four children, of those that have any (Census 2021, rounded)."""


def draw_households(residents: int, rng: np.random.Generator) -> pl.DataFrame:
    """One row per household, exactly as many as hold the given number of residents.

    Columns: household_id, shape, shared_home (households with the same number live at one address; null where alone), and the
    ages in days of its members by role: woman, man, grandmother, grandfather (null where there is none), children, grown,
    sharers (lists).

    Raises:
        ValueError: fewer than 500 residents: not every shape of household fits.
    """
    if residents < 500:
        raise ValueError("a made-up world needs at least 500 residents")
    shapes, shared = _draw_shapes(residents, rng)
    drawn = _draw_ages(shapes, rng).with_columns(pl.Series("shared_home", shared, dtype=pl.Int64))
    fitting = drawn.filter(_size().cum_sum() <= residents)
    missing = residents - int(fitting.select(_size().sum()).item())
    alone = np.full(missing, Shape.ALONE.value, dtype=object)
    filling = _draw_ages(alone, rng).with_columns(pl.lit(None, dtype=pl.Int64).alias("shared_home"))
    households = pl.concat([fitting, filling])
    return households.select(pl.int_range(pl.len(), dtype=pl.Int64).alias("household_id"), pl.all())


def _draw_shapes(residents: int, rng: np.random.Generator) -> tuple[Words, list[int | None]]:
    """Shapes enough for the residents, those in shared homes and two of each other first, and the number of the shared home."""
    shapes: list[str] = []
    shared: list[int | None] = []
    for shape, units in ((Shape.HOSTEL, HOSTEL_UNITS), (Shape.REFUGE, REFUGE_UNITS)):
        for _ in range(max(1, residents // RESIDENTS_PER_SPECIAL_HOME)):
            count = int(rng.integers(units[0], units[1] + 1))
            shared += [(max((s for s in shared if s is not None), default=-1) + 1)] * count
            shapes += [shape.value] * count
    ordinary = [shape.value for shape, makeup in MAKEUPS.items() if makeup.share > 0]
    drawn = pick(rng, ordinary, [m.share for m in MAKEUPS.values() if m.share > 0], residents // 2 + 50)
    everywhere = np.concatenate([np.array(shapes + ordinary * 2, dtype=object), drawn])
    return everywhere, shared + [None] * (len(everywhere) - len(shared))


def _size() -> pl.Expr:
    single = [pl.col(role).is_not_null().cast(pl.Int64) for role in ("woman", "man", "grandmother", "grandfather")]
    return pl.sum_horizontal(*single, *[pl.col(role).list.len().cast(pl.Int64) for role in ("children", "grown", "sharers")])


def _draw_ages(shapes: Words, rng: np.random.Generator) -> pl.DataFrame:
    """The members of each household as ages in days."""
    count = len(shapes)
    woman, man, adult = _draw_adults(shapes, rng)
    oldest_child = np.where(woman, adult, adult + YEAR) - _each(shapes, lambda m: m.gap) * YEAR
    has_children = _each(shapes, lambda m: m.has_children) > 0
    mother_and_gap = adult + rng.triangular(18, 25, 36, size=count) * YEAR
    grandmother = rng.random(count) < _each(shapes, lambda m: m.grandmother)
    grandfather = rng.random(count) < _each(shapes, lambda m: m.grandfather)
    fewest, most = _each(shapes, lambda m: m.sharers[0]), _each(shapes, lambda m: m.sharers[1])
    sharers = np.floor(fewest + rng.random(count) * (most - fewest + 1))
    grown = np.ceil(rng.random(count) ** 1.6 * _each(shapes, lambda m: m.grown))
    grown_ages = rng.triangular(18.1, 21, 34, size=(count, 2)) * YEAR
    is_twin = rng.random(count) < TWIN_SHARE
    grown_ages[is_twin, 1] = grown_ages[is_twin, 0]
    children = _draw_children(oldest_child, has_children, rng)
    grown_children = _list(grown_ages, grown, adult - 17 * YEAR)
    return pl.DataFrame(
        {
            "shape": pl.Series(list(shapes), dtype=pl.String),
            "woman": _days(adult, woman),
            "man": _days(_draw_men(adult, children, grown_children, rng), man),
            "grandmother": _days(mother_and_gap, grandmother),
            "grandfather": _days(mother_and_gap + rng.normal(2, 3, size=count) * YEAR, grandfather),
            "children": children,
            "grown": grown_children,
            "sharers": _list(rng.triangular(18, 27, 58, size=(count, 5)) * YEAR, sharers, np.full(count, 60 * YEAR)),
        }
    )


def _draw_adults(shapes: Words, rng: np.random.Generator) -> tuple[Flags, Flags, Real]:
    count = len(shapes)
    has_adults = _each(shapes, lambda m: m.sharers[1]) == 0
    woman = has_adults & (rng.random(count) < _each(shapes, lambda m: m.woman))
    man = has_adults & (~woman | (rng.random(count) < _each(shapes, lambda m: m.man)))
    youngest, commonest = _each(shapes, lambda m: m.ages[0]), _each(shapes, lambda m: m.ages[1])
    return woman, man, rng.triangular(youngest, commonest, _each(shapes, lambda m: m.ages[2])) * YEAR


def _draw_men(women: Real, children: pl.Series, grown: pl.Series, rng: np.random.Generator) -> Real:
    """Ages of the men: about the woman's, and never too young to be the father of the household's oldest child."""
    drawn = women + rng.normal(2, 3.5, size=len(women)) * YEAR
    oldest = pl.DataFrame({"c": children.list.max(), "g": grown.list.max()}).select(pl.max_horizontal("c", "g").fill_null(0))
    return np.maximum(drawn, oldest.to_series().to_numpy() + 17 * YEAR).clip(18.2 * YEAR)


def _draw_children(oldest: Real, has_children: Flags, rng: np.random.Generator) -> pl.Series:
    """Ages of the household's children: the first within the limit, the others younger by a birth interval, none too young."""
    count = len(oldest)
    number = 1 + rng.choice(len(CHILDREN_SHARES), size=count, p=CHILDREN_SHARES)
    first = rng.random(count) * oldest.clip(YEAR * 0.2, CHILD_DAYS)
    gaps = (1.2 + rng.exponential(1.6, size=(count, 4))) * YEAR
    gaps[:, 0] = 0
    is_twin = rng.random(count) < TWIN_SHARE
    gaps[is_twin, 1] = 0
    ages = first[:, None] - np.cumsum(gaps, axis=1)
    kept = np.where(has_children, np.maximum((ages > 0).sum(axis=1).clip(max=number), 1), 0)
    return _list(ages, kept, np.full(count, float(CHILD_DAYS)))


def _each(shapes: Words, value: Callable[[Makeup], float]) -> Real:
    """A number of each household's makeup."""
    table = {shape.value: float(value(makeup)) for shape, makeup in MAKEUPS.items()}
    return np.array([table[shape] for shape in shapes], dtype=np.float64)


def _days(days: Real, present: Flags) -> pl.Series:
    return pl.DataFrame({"d": days.astype(np.int64), "p": present}).select(pl.when("p").then("d"))["d"]


def _list(days: Real, kept: Real, highest: Real) -> pl.Series:
    """The first `kept` columns of each row as a list of whole days, none above the row's highest."""
    whole = np.minimum(days, highest[:, None]).astype(np.int64)
    columns = {str(at): pl.Series(whole[:, at]) for at in range(whole.shape[1])}
    present = [pl.when(pl.lit(at) < pl.col("kept")).then(pl.col(str(at))) for at in range(whole.shape[1])]
    return pl.DataFrame({**columns, "kept": kept}).select(pl.concat_list(present).list.drop_nulls().alias("list"))["list"]


def list_members(households: pl.DataFrame, on: dt.date, rng: np.random.Generator) -> pl.DataFrame:
    """One row per resident: resident_id, household_id, shape, role, sex, date_of_birth as it follows from the age on the day.

    Roles: woman, man, grandmother, grandfather, child, grown, sharer.
    """
    roles = {"woman": "woman", "man": "man", "grandmother": "grandmother", "grandfather": "grandfather"}
    lists = {"children": "child", "grown": "grown", "sharers": "sharer"}
    parts = [_of_role(households, column, role) for column, role in roles.items()]
    parts += [_of_role(households.explode(column), column, role) for column, role in lists.items()]
    members = pl.concat(parts).sort("household_id", "role", "age", descending=[False, False, True], maintain_order=True)
    is_woman = rng.random(len(members)) < np.where(members["shape"].to_numpy() == Shape.HOSTEL.value, 0.15, 0.5)
    drawn = pl.Series("drawn", np.where(is_woman, "F", "M").tolist(), dtype=pl.String)
    sex = (
        pl.when(pl.col("role").is_in(["woman", "grandmother"])).then(pl.lit("F"))
        .when(pl.col("role").is_in(["man", "grandfather"])).then(pl.lit("M"))
        .otherwise(drawn)
    )  # fmt: skip
    return members.select(
        pl.int_range(pl.len(), dtype=pl.Int64).alias("resident_id"),
        "household_id",
        "shape",
        "role",
        sex.alias("sex"),
        (pl.lit(on) - pl.duration(days="age")).alias("date_of_birth"),
    )


def _of_role(households: pl.DataFrame, column: str, role: str) -> pl.DataFrame:
    return households.filter(pl.col(column).is_not_null()).select(
        "household_id", "shape", pl.lit(role).alias("role"), pl.col(column).cast(pl.Int64).alias("age")
    )
