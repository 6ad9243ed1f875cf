"""Parents and children of different households: absent parents of minors, and grown-up children who left, twins among them."""

from dataclasses import replace

import numpy as np

from paramount_assets.synthetic.households import SHAPE_CODE, SHORTEST_INTERVAL_DAYS, YEAR, Members, Role, Shape
from paramount_assets.synthetic.streams import Flags, Real, Whole

LEAST_GAP_DAYS = int(16.3 * YEAR)
GREATEST_GAP_DAYS = int(46 * YEAR)

LEFT_SHARES = {
    Shape.ALONE: 1.0, Shape.FLAT_SHARE: 0.7, Shape.HOSTEL: 0.8, Shape.COUPLE: 0.4, Shape.STEP_FAMILY: 0.4,
    Shape.ADULT_CHILDREN: 0.25, Shape.TWO_PARENTS: 0.03,
}  # fmt: skip
"""Adults of an age to have children elsewhere, by the shape they live in now (assumed)."""

FROM_HERE_SHARE = 0.6
"""Of adults under 65 without a parent at home: those who may have a parent elsewhere in the area (assumed)."""

ELSEWHERE_SHARES = {Shape.COUPLE: 0.8, Shape.ALONE: 0.6, Shape.ADULT_CHILDREN: 0.6}
"""Older people with grown-up children elsewhere in the area (assumed)."""

ELSEWHERE_COUNTS = (0.45, 0.4, 0.15)
"""One, two or three of them."""

TWINS_ELSEWHERE_SHARE = 0.1
"""Of those with two or more elsewhere; as both live in the area, more than of all births (assumed)."""

FATHER_TOO_SHARE = 0.85
"""Of grown-up children elsewhere of a woman who lives with a man: he is their father."""


def may_have_left(members: Members, today: int, rng: np.random.Generator) -> Flags:
    """Adults of an age to have children elsewhere whose household leaves room for it."""
    share = np.zeros(len(SHAPE_CODE))
    for shape, of_shape in LEFT_SHARES.items():
        share[SHAPE_CODE[shape]] = of_shape
    age = (today - members.born) / YEAR
    adult = members.of_role(Role.WOMAN, Role.MAN, Role.SHARER, Role.GROWN) & (age > 18.5) & (age < 60)
    return adult & (rng.random(len(age)) < share[members.shape])


def are_parents(*sides: Whole) -> Flags:
    """Whether each is somebody's mother, or father, as asked for."""
    result = np.zeros(len(sides[0]), dtype=np.bool_)
    for parent in sides:
        result[parent[parent >= 0]] = True
    return result


def find_parents_elsewhere(
    members: Members, communities: Whole, parent: Whole, lacking: Whole, unit: Whole, may: Flags, share: float,
    rng: np.random.Generator,
) -> None:  # fmt: skip
    """Fills the missing parent of one sex with residents of other households, in place.

    Args:
        members: everybody.
        communities: of the members; a parent of the same one is looked for first.
        parent: of each member, -1 where missing.
        lacking: the children to find a parent for.
        unit: of each member; all children of a unit get one parent.
        may: who may be that parent; each is taken once.
        share: of units whose parent lives in the area.
        rng: the stage's generator.
    """
    units, first, of_child = np.unique(unit[lacking], return_index=True, return_inverse=True)
    oldest = np.full(len(units), np.iinfo(np.int64).max)
    np.minimum.at(oldest, of_child, members.born[lacking])
    target = oldest - rng.normal(27.5, 5, size=len(units)) * YEAR
    candidates = np.flatnonzero(may)
    found = np.full(len(units), -1)
    sought = np.flatnonzero(rng.random(len(units)) < share)
    alike = communities[lacking[first[sought]]]
    found[sought] = _match(target[sought], alike, candidates, members.born[candidates], communities[candidates], rng)
    rest = sought[found[sought] < 0]
    free = np.setdiff1d(candidates, found)
    no_matter = np.zeros(len(communities), dtype=np.int64)
    found[rest] = _match(target[rest], no_matter[rest], free, members.born[free], no_matter[free], rng)
    elsewhere = members.household[lacking[first]] != members.household[found]
    apart = oldest - members.born[found]
    is_right = (found >= 0) & elsewhere & (apart >= LEAST_GAP_DAYS) & (apart <= GREATEST_GAP_DAYS)
    parent[lacking] = np.where(is_right, found, -1)[of_child]


def _match(target: Real, group: Whole, candidates: Whole, born: Whole, groups: Whole, rng: np.random.Generator) -> Whole:
    """A different candidate of its group for each target, born in its year or next to it; -1 where there is none left."""
    found = np.full(len(target), -1, dtype=np.int64)
    free = rng.permutation(len(candidates))
    wanted_year, offered_year = (np.floor(day / YEAR).astype(np.int64) for day in (target, born))
    for shift in (0, 1, -1, 2, -2):
        still = np.flatnonzero(found < 0)
        if not len(free) or not len(still):
            break
        wanted = _ranked((wanted_year[still] + shift) * 64 + group[still])
        offered = _ranked(offered_year[free] * 64 + groups[free])
        order = np.argsort(offered)
        place = order[np.searchsorted(offered, wanted, sorter=order).clip(max=len(offered) - 1)]
        hit = offered[place] == wanted
        found[still[hit]] = candidates[free[place[hit]]]
        free = np.delete(free, place[hit])
    return found


def _ranked(keys: Whole) -> Whole:
    """Each key with its running number among the same keys: all are different."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    rank = np.empty(len(keys), dtype=np.int64)
    rank[order] = np.arange(len(keys)) - np.searchsorted(ordered, ordered, side="left")
    return keys * 2**32 + rank


def find_grown_children(
    members: Members, communities: Whole, mother: Whole, father: Whole, man: Whole, today: int, rng: np.random.Generator
) -> Members:
    """Links older people to grown-up children who live elsewhere, twins among them; mother and father are filled in place.

    Args:
        members: everybody; they come back with one birth date for twins.
        communities: of the members; parent and child are of one.
        mother: of each member, -1 where unknown.
        father: of each member, -1 where unknown.
        man: of each household, -1 where there is none.
        today: the first day, in days since 1970.
        rng: the stage's generator.
    """
    age = (today - members.born) / YEAR
    orphan = (mother < 0) & (father < 0) & (age > 18.5) & (age < 65)
    may = orphan & members.of_role(Role.WOMAN, Role.MAN, Role.SHARER) & ~members.of_shape(Shape.STUDENT_HALL, Shape.REFUGE)
    candidates = np.flatnonzero(may & (rng.random(len(age)) < FROM_HERE_SHARE))
    parents, target, is_twin = _draw_grown(members, age, rng)
    found = _match(target, communities[parents], candidates, members.born[candidates], communities[candidates], rng)
    known = (found >= 0) & (members.household[parents] != members.household[found])
    members, is_twin = _one_birth_date(members, mother, father, found, known & is_twin)
    parents, children = parents[known], found[known]
    is_mother = members.is_female[parents]
    apart = members.born[children] - members.born[parents]
    right = (apart >= LEAST_GAP_DAYS) & (apart <= np.where(is_mother, 45 * YEAR, 60 * YEAR))
    mother[children[right & is_mother]] = parents[right & is_mother]
    _drop_too_close(members, mother, children[right & is_mother], is_twin)
    _add_fathers(members, mother, father, man, children[right & is_mother], rng)
    father[children[right & ~is_mother]] = parents[right & ~is_mother]
    return members


def _draw_grown(members: Members, age: Real, rng: np.random.Generator) -> tuple[Whole, Real, Flags]:
    """The parents, the wanted birth days of their children elsewhere, and whether a child is the twin of the one before it."""
    share = np.zeros(len(SHAPE_CODE))
    for shape, of_shape in ELSEWHERE_SHARES.items():
        share[SHAPE_CODE[shape]] = of_shape
    is_parent = members.of_role(Role.WOMAN) | (members.of_role(Role.MAN) & members.of_shape(Shape.ALONE))
    parents = np.flatnonzero(is_parent & (age > 42) & (rng.random(len(age)) < share[members.shape]))
    number = 1 + rng.choice(len(ELSEWHERE_COUNTS), size=len(parents), p=ELSEWHERE_COUNTS)
    intervals = SHORTEST_INTERVAL_DAYS + rng.gamma(1.6, 600, size=(len(parents), len(ELSEWHERE_COUNTS)))
    intervals[:, 0] = 0
    intervals[rng.random(len(parents)) < TWINS_ELSEWHERE_SHARE, 1] = 0
    first = members.born[parents] + rng.normal(27, 5, size=len(parents)).clip(17, 42) * YEAR
    target = first[:, None] + np.cumsum(intervals, axis=1)
    exists = np.arange(target.shape[1]) < number[:, None]
    return (
        np.repeat(parents, number),
        target[exists],
        (intervals == 0)[exists] & np.tile(np.arange(3) == 1, (len(parents), 1))[exists],
    )


def _one_birth_date(members: Members, mother: Whole, father: Whole, found: Whole, is_twin: Flags) -> tuple[Members, Flags]:
    """Moves the birth date of one twin onto the other's; whether each member is a twin of another is told too."""
    second = np.flatnonzero(is_twin & (np.append(-1, found[:-1]) >= 0))
    one, other = found[second - 1], found[second]
    free = ~are_parents(mother, father)[other]
    born = members.born.copy()
    born[other[free]] = born[one[free]]
    twins = np.zeros(len(born), dtype=np.bool_)
    twins[other[free]] = twins[one[free]] = True
    return replace(members, born=born), twins


def _drop_too_close(members: Members, mother: Whole, added: Whole, is_twin: Flags) -> None:
    """Takes back those added children who would be born too close to another child of their mother."""
    is_added = np.zeros(len(mother), dtype=np.bool_)
    is_added[added] = True
    for _ in range(4):
        children = np.flatnonzero(mother >= 0)
        children = children[np.lexsort((is_added[children], members.born[children], mother[children]))]
        apart = np.diff(members.born[children])
        same = np.diff(mother[children]) == 0
        twins = (
            (apart == 0) & (is_twin[children[1:]] == is_twin[children[:-1]]) & (is_twin[children[1:]] | ~is_added[children[1:]])
        )
        close = same & (apart < SHORTEST_INTERVAL_DAYS - 30) & ~twins
        later, earlier = children[1:][close], children[:-1][close]
        taken = np.where(is_added[later], later, earlier)
        mother[taken[is_added[taken]]] = -1


def _add_fathers(members: Members, mother: Whole, father: Whole, man: Whole, children: Whole, rng: np.random.Generator) -> None:
    """The man of the mother's household, for all her children elsewhere or none."""
    chance = rng.random(int(members.household[-1]) + 1)
    children = children[mother[children] >= 0]
    household = members.household[mother[children]]
    his = man[household]
    right = (his >= 0) & (chance[household] < FATHER_TOO_SHARE) & (members.born[children] - members.born[his] >= LEAST_GAP_DAYS)
    father[children[right]] = his[right]
