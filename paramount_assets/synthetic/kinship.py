"""Who is whose parent, step-parent, grandparent, carer or partner; a parent or child who lives elsewhere is in another household.

True kinship only: what a source knows of it is decided where that source is made.
"""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from paramount_assets.synthetic.households import SHAPE_CODE, SHORTEST_INTERVAL_DAYS, YEAR, Members, Role, Shape
from paramount_assets.synthetic.streams import Flags, Real, Whole

KNOWN_FATHER_SHARE = 0.78
"""Of children without their father at home: he lives in the area. The others' fathers are abroad, dead or unknown (assumed)."""

KNOWN_MOTHER_SHARE = 0.75
JOINT_CHILD_SHARE = 0.35
"""Of step-families with two children or more: the youngest is the couple's own."""

SECOND_FATHER_SHARE = 0.15
"""Of mothers without the father at home and with two children or more: the youngest has another father than the others."""

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

_NOT_OWN = (Shape.GRANDPARENT_CARERS, Shape.FOSTER, Shape.CHILDRENS_HOME)


@dataclass(frozen=True)
class Kin:
    """Parents by position in the members (-1: unknown or not in the world), and the first adults of each household."""

    mother: Whole
    father: Whole
    woman_of_household: Whole
    man_of_household: Whole


def find_parents(members: Members, communities: Whole, today: int, rng: np.random.Generator) -> tuple[Members, Kin]:
    """The kinship of all. The members come back too: grown-up twins who live apart are given one birth date.

    Args:
        members: everybody.
        communities: of the members; parents and children who live apart are mostly of one.
        today: the first day, in days since 1970.
        rng: the stage's generator.
    """
    woman, man = (_adults(members, role) for role in (Role.WOMAN, Role.MAN))
    own = members.of_role(Role.CHILD, Role.GROWN)
    with_mother = own & ~members.of_shape(*_NOT_OWN)
    with_father = with_mother & (~members.of_shape(Shape.STEP_FAMILY, Shape.REFUGE) | _is_joint(members, rng))
    mother = np.where(with_mother, woman[members.household], -1)
    father = np.where(with_father, man[members.household], -1)
    _add_elders(members, mother, father, woman, man, rng)
    is_child = members.of_role(Role.CHILD)
    is_left = _may_have_left(members, today, rng)
    slot = members.household * 2 + _has_second_father(members, father, rng)
    for parent, sex, share, unit in (
        (father, False, KNOWN_FATHER_SHARE, slot),
        (mother, True, KNOWN_MOTHER_SHARE, slot // 2 * 2),
    ):
        lacking = np.flatnonzero(is_child & (parent < 0))
        may = is_left & (members.is_female == sex) & ~_are_parents(mother)
        _find_elsewhere(members, communities, parent, lacking, unit, may, share, rng)
    members = _find_grown(members, communities, mother, father, man, today, rng)
    return members, Kin(mother, father, woman, man)


def _adults(members: Members, role: Role) -> Whole:
    """The position of the household's woman or man, by household; -1 where there is none."""
    result = np.full(int(members.household[-1]) + 1, -1, dtype=np.int64)
    at = np.flatnonzero(members.of_role(role))
    result[members.household[at]] = at
    return result


def _is_youngest_of_several(members: Members) -> Flags:
    """Members stand oldest first within a role, so the youngest is the last; twins are the youngest together and do not count."""
    household, role, born = members.household, members.role, members.born
    same_as_before = np.append(False, (household[1:] == household[:-1]) & (role[1:] == role[:-1]))
    is_last = np.append(~same_as_before[1:], True)
    is_twin = np.append(False, born[1:] == born[:-1]) & same_as_before
    return np.asarray(members.of_role(Role.CHILD) & is_last & same_as_before & ~is_twin, dtype=np.bool_)


def _is_joint(members: Members, rng: np.random.Generator) -> Flags:
    """Whether a child of a step-family is the couple's own."""
    drawn = rng.random(len(members.born)) < JOINT_CHILD_SHARE
    return members.of_shape(Shape.STEP_FAMILY) & _is_youngest_of_several(members) & drawn


def _has_second_father(members: Members, father: Whole, rng: np.random.Generator) -> Whole:
    drawn = rng.random(len(father)) < SECOND_FATHER_SHARE
    return (_is_youngest_of_several(members) & drawn & (father < 0)).astype(np.int64)


def _add_elders(members: Members, mother: Whole, father: Whole, woman: Whole, man: Whole, rng: np.random.Generator) -> None:
    """The grandparents of a household of three generations are the parents of its woman or its man."""
    is_hers = (man < 0) | (rng.random(len(man)) < 0.5)
    for role, parent in ((Role.GRANDMOTHER, mother), (Role.GRANDFATHER, father)):
        elders = _adults(members, role)
        at = np.flatnonzero(elders >= 0)
        theirs = np.where(is_hers[at], woman[at], man[at])
        is_of_age = members.born[theirs] - members.born[elders[at]] >= LEAST_GAP_DAYS
        parent[theirs[is_of_age]] = elders[at][is_of_age]


def _may_have_left(members: Members, today: int, rng: np.random.Generator) -> Flags:
    """Adults of an age to have children elsewhere whose household leaves room for it."""
    share = np.zeros(len(SHAPE_CODE))
    for shape, of_shape in LEFT_SHARES.items():
        share[SHAPE_CODE[shape]] = of_shape
    age = (today - members.born) / YEAR
    adult = members.of_role(Role.WOMAN, Role.MAN, Role.SHARER, Role.GROWN) & (age > 18.5) & (age < 60)
    return adult & (rng.random(len(age)) < share[members.shape])


def _are_parents(*sides: Whole) -> Flags:
    """Whether each is somebody's mother, or father, as asked for."""
    result = np.zeros(len(sides[0]), dtype=np.bool_)
    for parent in sides:
        result[parent[parent >= 0]] = True
    return result


def _find_elsewhere(
    members: Members, communities: Whole, parent: Whole, lacking: Whole, unit: Whole, may: Flags, share: float,
    rng: np.random.Generator,
) -> None:  # fmt: skip
    """Fills the missing parent of one sex, one for all children of a unit, with residents of other households."""
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


def _find_grown(
    members: Members, communities: Whole, mother: Whole, father: Whole, man: Whole, today: int, rng: np.random.Generator
) -> Members:
    """Links older people to grown-up children who live elsewhere, twins among them."""
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
    free = ~_are_parents(mother, father)[other]
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


def list_ties(members: Members, kin: Kin) -> pl.DataFrame:
    """One row per true tie: from_id, to_id, tie.

    mother, father, step_parent, grandparent and carer go from the adult to the child, grown-up or not; partner and ex_partner
    stand once a pair, from the woman.
    """
    everyone = np.arange(len(members.born))
    woman, man = kin.woman_of_household[members.household], kin.man_of_household[members.household]
    is_child = members.of_role(Role.CHILD)
    is_step = is_child & members.of_shape(Shape.STEP_FAMILY) & (kin.father != man)
    with_grandparents, with_carers = (is_child & members.of_shape(s) for s in (Shape.GRANDPARENT_CARERS, Shape.FOSTER))
    grandmother, grandfather = (_adults(members, role)[members.household] for role in (Role.GRANDMOTHER, Role.GRANDFATHER))
    ties = {
        "mother": [(kin.mother, everyone, everyone >= 0)],
        "father": [(kin.father, everyone, everyone >= 0)],
        "step_parent": [(man, everyone, is_step)],
        "grandparent": [
            *((adult, everyone, with_grandparents) for adult in (woman, man)),
            *((elder, everyone, is_child) for elder in (grandmother, grandfather)),
        ],
        "carer": [(adult, everyone, with_carers) for adult in (woman, man)],
        "partner": [(woman, man, members.of_role(Role.WOMAN) & (man >= 0))],
        "ex_partner": [(kin.mother, kin.father, _has_parents_apart(members, kin))],
    }
    return pl.concat(_ties(tie, ties[tie]) for tie in sorted(ties))


def _ties(tie: str, sides: list[tuple[Whole, Whole, Flags]]) -> pl.DataFrame:
    """The ties of one kind from the one side to the other, where they hold and the first is known; in order, each once."""
    there = [holds & (one >= 0) for one, _, holds in sides]
    frame = pl.DataFrame(
        {
            "from_id": np.concatenate([one[at] for (one, _, _), at in zip(sides, there, strict=True)]),
            "to_id": np.concatenate([other[at] for (_, other, _), at in zip(sides, there, strict=True)]),
        }
    )
    return frame.unique().sort("from_id", "to_id").with_columns(pl.lit(tie).alias("tie"))


def _has_parents_apart(members: Members, kin: Kin) -> Flags:
    known = (kin.mother >= 0) & (kin.father >= 0)
    return np.asarray(known & (members.household[kin.mother] != members.household[kin.father]), dtype=np.bool_)


def is_parent_of_minor(residents: pl.DataFrame) -> Flags:
    """Whether each resident has a child among the residents who lives as a child in some household."""
    children = residents.filter(pl.col("role") == Role.CHILD.value)
    parents = pl.concat([children["mother_id"], children["father_id"]]).drop_nulls().unique()
    return np.asarray(residents["resident_id"].is_in(parents.implode()).to_numpy(), dtype=np.bool_)
