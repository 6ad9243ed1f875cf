"""Who is whose parent, step-parent, grandparent, carer or partner.

True kinship only: what a source knows of it is decided where that source is made.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from paramount_assets.synthetic.households import Members, Role, Shape
from paramount_assets.synthetic.kin_elsewhere import (
    LEAST_GAP_DAYS,
    are_parents,
    find_grown_children,
    find_parents_elsewhere,
    may_have_left,
)
from paramount_assets.synthetic.streams import Flags, Whole

KNOWN_FATHER_SHARE = 0.78
"""Of children without their father at home: he lives in the area. The others' fathers are abroad, dead or unknown (assumed)."""

KNOWN_MOTHER_SHARE = 0.75
JOINT_CHILD_SHARE = 0.35
"""Of step-families with two children or more: the youngest is the couple's own."""

SECOND_FATHER_SHARE = 0.15
"""Of mothers without the father at home and with two children or more: the youngest has another father than the others."""

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
    is_left = may_have_left(members, today, rng)
    slot = members.household * 2 + _has_second_father(members, father, rng)
    for parent, sex, share, unit in (
        (father, False, KNOWN_FATHER_SHARE, slot),
        (mother, True, KNOWN_MOTHER_SHARE, slot // 2 * 2),
    ):
        lacking = np.flatnonzero(is_child & (parent < 0))
        may = is_left & (members.is_female == sex) & ~are_parents(mother)
        find_parents_elsewhere(members, communities, parent, lacking, unit, may, share, rng)
    members = find_grown_children(members, communities, mother, father, man, today, rng)
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
