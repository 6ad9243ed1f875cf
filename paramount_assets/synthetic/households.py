"""Households of every shape and their members by role, sex and age: who lives together, before anyone has a name.

A household is a family unit; in a hostel, a refuge, a hall or a children's home many of them share one home. Kinship is not known
here. Families come first, with the ages that birth intervals and ages at birth give them; couples without children and people
alone then have the ages that the census has beside the families.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np
import polars as pl

from paramount_assets.synthetic.census import Census
from paramount_assets.synthetic.mortality import share_dead
from paramount_assets.synthetic.streams import Flags, Real, Whole

YEAR = 365.25
CHILD_DAYS = int(18 * YEAR) - 5
LEAST_RESIDENTS = 1_000


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
    STUDENT_HALL = "student_hall"
    HOSTEL = "hostel"
    REFUGE = "refuge"
    FOSTER = "foster"
    CHILDRENS_HOME = "childrens_home"


class Role(StrEnum):
    """What a member is in the household."""

    WOMAN = "woman"
    MAN = "man"
    GRANDMOTHER = "grandmother"
    GRANDFATHER = "grandfather"
    CHILD = "child"
    GROWN = "grown"
    SHARER = "sharer"


SHAPES = tuple(Shape)
ROLES = tuple(Role)
SHAPE_CODE = {shape: at for at, shape in enumerate(SHAPES)}
ROLE_CODE = {role: at for at, role in enumerate(ROLES)}

SHAPES_OF_COMPOSITION: dict[str, dict[Shape, float]] = {
    # How a composition of the census splits into shapes: assumed.
    "couple_with_dependent_children": {Shape.TWO_PARENTS: 0.84, Shape.STEP_FAMILY: 0.16},
    "lone_parent_with_dependent_children": {Shape.LONE_PARENT: 1.0},
    "all_children_grown_up": {Shape.ADULT_CHILDREN: 1.0},
    "other_with_dependent_children": {Shape.THREE_GENERATIONS: 0.8, Shape.GRANDPARENT_CARERS: 0.14, Shape.FOSTER: 0.06},
    "other_without_dependent_children": {Shape.FLAT_SHARE: 1.0},
    "couple_without_children": {Shape.COUPLE: 1.0},
}
"""People alone are the rest: see `draw_households`."""


class Makeup(NamedTuple):
    """How a family is made up: chances of its adults, and the years between the woman and the oldest child."""

    woman: float = 1.0
    man: float = 0.0
    """Beside the woman; where there is no woman there is always a man."""
    gap: float = 28.0
    deviation: float = 5.2
    least_gap: float = 16.4
    greatest_gap: float = 45.0
    """To the youngest child."""
    grandmother: float = 0.0
    grandfather: float = 0.0


MAKEUPS: dict[Shape, Makeup] = {
    # Ages at birth: about those of the national birth statistics (mean 30.9 at all births); the rarer shapes are assumed.
    Shape.TWO_PARENTS: Makeup(man=1.0, gap=29.5),
    Shape.LONE_PARENT: Makeup(woman=0.88, gap=26.5),
    Shape.STEP_FAMILY: Makeup(man=1.0, gap=25.0),
    Shape.GRANDPARENT_CARERS: Makeup(man=0.6, gap=49.0, deviation=6.0, least_gap=34.0, greatest_gap=66.0),
    Shape.THREE_GENERATIONS: Makeup(man=0.7, gap=26.0, grandmother=1.0, grandfather=0.5),
    Shape.FOSTER: Makeup(man=0.8, gap=38.0, deviation=7.0, least_gap=22.0, greatest_gap=58.0),
    Shape.REFUGE: Makeup(gap=24.0, deviation=4.5),
    Shape.ADULT_CHILDREN: Makeup(woman=0.93, man=0.66, gap=28.0),
}

CHILDREN_SHARES = (0.34, 0.46, 0.145, 0.055)
"""Families with one to four children, grown-up ones included (about the national family sizes)."""

TWIN_SHARE = 0.032
"""Of families with two children or more; 1.6 % of births are twins, and such a family has two births."""

SHORTEST_INTERVAL_DAYS = 300
MEAN_FURTHER_INTERVAL_DAYS = 850
"""Between births of one mother, beyond the shortest: about three years in the mean."""

AT_HOME_UNTIL = 26 * YEAR
GROWN_AT_HOME_SHARE = 0.65
"""Families with minor children whose older ones, under 26, still live there (assumed)."""

MEAN_HOUSEHOLD_SIZE = 2.345
"""Of the private households: so that people alone, who fill up, have the census share. The Census 2021 mean is 2.4."""

UNITS: dict[Shape, tuple[int, int]] = {
    Shape.HOSTEL: (10, 22),
    Shape.REFUGE: (4, 8),
    Shape.CHILDRENS_HOME: (3, 5),
    Shape.STUDENT_HALL: (5, 8),
}
"""Households of one shared home, fewest and most: one person each but in refuges. A home of a hall is one of its flats."""

SHARED_SHAPES = tuple(UNITS)
"""Shapes of which several households share one home."""

RESIDENTS_PER_SHARED_HOME = {Shape.HOSTEL: 6_000, Shape.REFUGE: 6_000, Shape.CHILDRENS_HOME: 8_000}
"""One for so many residents (assumed: more hostels and refuges than in life, so that a small world has them)."""

TOGETHER_BY_AGE = ([18, 22, 30, 60, 75, 85, 95], [0.1, 0.35, 0.65, 0.72, 0.68, 0.42, 0.15])
"""How likely an adult without children at home lives as a couple, by age in years; scaled to the census number of couples."""


@dataclass(frozen=True)
class Members:
    """Everybody, one entry each, in the order of households and roles; positions are the resident ids.

    shape and role are positions in SHAPES and ROLES; born is in days since 1970.
    """

    household: Whole
    shape: Whole
    role: Whole
    is_female: Flags
    born: Whole

    def of_shape(self, *shapes: Shape) -> Flags:
        """Whether each lives in a household of one of the shapes."""
        return np.isin(self.shape, [SHAPE_CODE[shape] for shape in shapes])

    def of_role(self, *roles: Role) -> Flags:
        """Whether each has one of the roles."""
        return np.isin(self.role, [ROLE_CODE[role] for role in roles])


class Drawn(NamedTuple):
    """households: household_id, shape, shared_home (null where alone at their address). members: of those households."""

    households: pl.DataFrame
    members: Members


class _Part(NamedTuple):
    """Members of one role in the units of one shape; unit counts from 0 within the shape."""

    unit: Whole
    role: Role
    age: Whole


def draw_households(residents: int, halls: float, on: dt.date, census: Census, rng: np.random.Generator) -> Drawn:
    """Households that hold exactly the given number of residents.

    Args:
        residents: how many.
        halls: share of them who live in student halls.
        on: the day on which ages hold.
        census: its compositions and ages are met.
        rng: the stage's generator.

    Raises:
        ValueError: fewer than 1,000 residents: not every shape of household fits.
    """
    if residents < LEAST_RESIDENTS:
        raise ValueError(f"a made-up world needs at least {LEAST_RESIDENTS} residents")
    shared = _count_shared(residents, halls, rng)
    units = {shape: int(sizes.sum()) for shape, sizes in shared.items()} | _count_private(residents, shared, census)
    parts: dict[Shape, list[_Part]] = {
        shape: _draw_shape(shape, count, rng) for shape, count in units.items() if shape is not Shape.COUPLE
    }
    have = np.concatenate([part.age for of_shape in parts.values() for part in of_shape])
    left = residents - len(have)
    couples = min(units[Shape.COUPLE], (left - 2) // 2)
    parts |= _draw_childless(couples, left - 2 * couples, have, residents, census, rng)
    return _assemble(parts, shared, on, rng)


def _count_shared(residents: int, halls: float, rng: np.random.Generator) -> dict[Shape, Whole]:
    """The number of households in each shared home of each shape."""
    homes = {shape: max(1, residents // per_home) for shape, per_home in RESIDENTS_PER_SHARED_HOME.items()}
    homes[Shape.STUDENT_HALL] = max(1, round(residents * halls / np.mean(UNITS[Shape.STUDENT_HALL])))
    return {shape: rng.integers(UNITS[shape][0], UNITS[shape][1] + 1, size=count) for shape, count in homes.items()}


def _count_private(residents: int, shared: dict[Shape, Whole], census: Census) -> dict[Shape, int]:
    """How many private households of each shape there are, at least two of each; people alone fill up later."""
    inside = sum(int(sizes.sum()) * (2.7 if shape is Shape.REFUGE else 1.0) for shape, sizes in shared.items())
    households = (residents - inside) / MEAN_HOUSEHOLD_SIZE
    return {
        shape: max(2, round(households * census.share_of(composition) * share))
        for composition, shapes in SHAPES_OF_COMPOSITION.items()
        for shape, share in shapes.items()
    }


def _draw_shape(shape: Shape, count: int, rng: np.random.Generator) -> list[_Part]:
    if shape in MAKEUPS:
        return _draw_families(shape, count, rng)
    if shape is Shape.CHILDRENS_HOME:
        return [_singles(count, Role.CHILD, (8, 15, 17.9), rng)]
    if shape is Shape.FLAT_SHARE:
        sizes = rng.integers(2, 6, size=count)
        ages = rng.triangular(18.1, 24, 46, size=int(sizes.sum())) * YEAR
        return [_Part(np.repeat(np.arange(count), sizes), Role.SHARER, ages.astype(np.int64))]
    return [_singles(count, Role.SHARER, (18.1, 33, 62) if shape is Shape.HOSTEL else (18.1, 19, 23), rng)]


def _singles(count: int, role: Role, ages: tuple[float, float, float], rng: np.random.Generator) -> _Part:
    return _Part(np.arange(count), role, (rng.triangular(*ages, size=count) * YEAR).astype(np.int64))


def _draw_families(shape: Shape, count: int, rng: np.random.Generator) -> list[_Part]:
    """Children first, youngest to oldest; their mother as much older as she was at the births; then the others."""
    makeup = MAKEUPS[shape]
    ages, is_child, is_grown = _draw_children(shape, count, rng)
    born = is_child | is_grown
    oldest = np.where(born, ages, 0).max(axis=1)
    youngest = np.where(born, ages, np.inf).min(axis=1)
    gap = rng.normal(makeup.gap, makeup.deviation, size=count) * YEAR
    gap = np.minimum(gap, makeup.greatest_gap * YEAR - (oldest - youngest)).clip(makeup.least_gap * YEAR)
    woman = np.maximum(oldest + gap, 18.1 * YEAR)
    man = np.maximum(woman + rng.normal(2, 3.8, size=count) * YEAR, oldest + 16.5 * YEAR).clip(18.2 * YEAR)
    grandmother = woman + rng.triangular(18, 25, 36, size=count) * YEAR
    grandfather = grandmother + rng.normal(2, 3, size=count) * YEAR
    has_woman = rng.random(count) < makeup.woman
    has = {
        Role.WOMAN: (has_woman, woman),
        Role.MAN: (~has_woman | (rng.random(count) < makeup.man), man),
        Role.GRANDMOTHER: (rng.random(count) < makeup.grandmother, grandmother),
        Role.GRANDFATHER: (rng.random(count) < makeup.grandfather, grandfather),
    }
    parts = [_Part(np.flatnonzero(there), role, age[there].astype(np.int64)) for role, (there, age) in has.items()]
    for role, there in ((Role.CHILD, is_child), (Role.GROWN, is_grown)):
        parts.append(_Part(np.nonzero(there)[0], role, ages[there].astype(np.int64)))
    return parts


def _draw_children(shape: Shape, count: int, rng: np.random.Generator) -> tuple[Real, Flags, Flags]:
    """Ages of up to four children of each family from the youngest on, and which of them live there as minors and grown up."""
    number = 1 + rng.choice(len(CHILDREN_SHARES), size=count, p=CHILDREN_SHARES)
    intervals = SHORTEST_INTERVAL_DAYS + rng.gamma(1.6, MEAN_FURTHER_INTERVAL_DAYS / 1.6, size=(count, 4))
    intervals[:, 0] = 0
    intervals[rng.random(count) < TWIN_SHARE, 1] = 0
    grown_up = shape is Shape.ADULT_CHILDREN
    youngest = (
        18.02 * YEAR + rng.gamma(1.3, 5.0 * YEAR, size=count).clip(max=24 * YEAR) if grown_up else _draw_youngest(count, rng)
    )
    ages = youngest[:, None] + np.cumsum(np.floor(intervals), axis=1)
    exists = np.arange(4) < number[:, None]
    is_child = exists & (ages < CHILD_DAYS)
    stays = rng.random(count) < (0.4 if grown_up else GROWN_AT_HOME_SHARE)
    is_grown = exists & (ages > CHILD_DAYS + 10) & stays[:, None] & (ages < (48 * YEAR if grown_up else AT_HOME_UNTIL))
    if grown_up:
        is_grown[:, 0] = True
    return ages, is_child, is_grown


def _draw_youngest(count: int, rng: np.random.Generator) -> Real:
    return np.asarray(np.floor(rng.random(count) ** 1.17 * (CHILD_DAYS - 10)) + 5, dtype=np.float64)


def _draw_childless(
    couples: int, alone: int, have: Whole, residents: int, census: Census, rng: np.random.Generator
) -> dict[Shape, list[_Part]]:
    """Couples without children and people alone, with the ages that are missing from the census beside the families."""
    edges, shares = census.age_bands()
    middle = (edges[:-1] + edges[1:]) / 2
    wanted = shares * (1 + share_dead(middle))
    missing = (wanted / wanted.sum() * residents - np.histogram(have / YEAR, edges)[0]).clip(min=0)
    missing[edges[1:] <= 18] = 0
    together = _scaled(missing, np.interp(middle, *TOGETHER_BY_AGE), 2 * couples)
    women = _draw_ages(together, edges, couples, rng)
    men = (women + rng.normal(1.5, 3.8, size=couples) * YEAR).clip(18.1 * YEAR, 99 * YEAR)
    ages = _draw_ages(missing - together, edges, alone, rng)
    women_share = np.interp(ages / YEAR, [18, 55, 70, 90], [0.33, 0.36, 0.55, 0.68])
    is_woman = rng.random(alone) < women_share
    everyone = np.arange(couples)
    return {
        Shape.COUPLE: [_Part(everyone, Role.WOMAN, women.astype(np.int64)), _Part(everyone, Role.MAN, men.astype(np.int64))],
        Shape.ALONE: [
            _Part(np.flatnonzero(there), role, ages[there].astype(np.int64))
            for role, there in ((Role.WOMAN, is_woman), (Role.MAN, ~is_woman))
        ],
    }


def _scaled(missing: Real, share: Real, total: int) -> Real:
    """Of the missing people of each band those in couples: about the share, all together the total as nearly as may be."""
    result = missing * share
    for _ in range(8):
        result = np.minimum(result * total / max(result.sum(), 1e-9), missing * 0.97)
    return np.asarray(result, dtype=np.float64)


def _draw_ages(weights: Real, edges: Real, count: int, rng: np.random.Generator) -> Real:
    cumulated = np.cumsum(weights) / max(weights.sum(), 1e-9)
    band = np.searchsorted(cumulated, rng.random(count), side="right").clip(max=len(weights) - 1)
    upper = np.minimum(edges[1:], 99)
    years = edges[band] + rng.random(count) * (upper[band] - edges[band])
    return np.asarray(years.clip(18.05) * YEAR, dtype=np.float64)


def _assemble(parts: dict[Shape, list[_Part]], shared: dict[Shape, Whole], on: dt.date, rng: np.random.Generator) -> Drawn:
    """Numbers the households at random, and puts everybody in the order of households, roles and ages."""
    shapes, homes, members, first, first_home = [], [], [], 0, 0
    for shape, of_shape in parts.items():
        count = 1 + max(int(part.unit.max(initial=-1)) for part in of_shape)
        sizes = shared.get(shape)
        shapes.append(np.full(count, SHAPE_CODE[shape]))
        homes.append(np.full(count, -1) if sizes is None else first_home + np.repeat(np.arange(len(sizes)), sizes))
        first_home += 0 if sizes is None else len(sizes)
        members += [(part.unit + first, np.full(len(part.unit), ROLE_CODE[part.role]), part.age) for part in of_shape]
        first += count
    number = rng.permutation(first)
    order = np.argsort(number)
    shape_of, home_of = np.concatenate(shapes)[order], np.concatenate(homes)[order]
    unit, role, age = (np.concatenate(column) for column in zip(*members, strict=True))
    household = number[unit]
    sequence = np.lexsort((-age, role, household))
    household, role, age = household[sequence], role[sequence], age[sequence]
    born = np.datetime64(on, "D").astype(np.int64) - age
    people = Members(household, shape_of[household], role, _draw_sex(shape_of[household], household, role, born, rng), born)
    return Drawn(_listed(shape_of, home_of), people)


def _listed(shape_of: Whole, home_of: Whole) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "household_id": np.arange(len(shape_of), dtype=np.int64),
            "shape": named(SHAPES, shape_of),
            "shared_home": pl.Series(home_of).replace(-1, None),
        }
    )


def named(names: tuple[str, ...], codes: Whole) -> pl.Series:
    """The names of codes that are positions in a list of names."""
    return pl.Series([str(name) for name in names], dtype=pl.String).gather(pl.Series(codes))


def _draw_sex(shape: Whole, household: Whole, role: Whole, born: Whole, rng: np.random.Generator) -> Flags:
    """By role where it says so; about half of the others are women, few in hostels; a third of twins have one sex for sure."""
    share = np.where(shape == SHAPE_CODE[Shape.HOSTEL], 0.15, 0.48)
    drawn = rng.random(len(role)) < share
    is_second = np.append(False, (household[1:] == household[:-1]) & (role[1:] == role[:-1]) & (born[1:] == born[:-1]))
    alike = np.flatnonzero(is_second & (rng.random(len(role)) < 1 / 3))
    drawn[alike] = drawn[alike - 1]
    women = np.isin(role, [ROLE_CODE[Role.WOMAN], ROLE_CODE[Role.GRANDMOTHER]])
    men = np.isin(role, [ROLE_CODE[Role.MAN], ROLE_CODE[Role.GRANDFATHER]])
    return np.asarray(women | (drawn & ~men), dtype=np.bool_)
