"""Names everybody by family and custom: married names, sons named like their fathers, patronymics, Singh and Kaur, two surnames.

Names are positions in the table of names until the end, where they become text.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from paramount_assets.synthetic.births import Births
from paramount_assets.synthetic.households import SHAPES, YEAR, Members, Role, Shape, named
from paramount_assets.synthetic.kinship import Kin
from paramount_assets.synthetic.names import (
    COMMUNITIES,
    COMMUNITY_NAMES,
    KINDS,
    WOMENS_SURNAMES,
    Custom,
    NameTable,
    draw_communities,
    draw_ethnicity,
    has_custom,
    name_table,
)
from paramount_assets.synthetic.streams import Flags, Whole, Words

MIXED_COUPLE_SHARE = 0.12
"""Men who belong to another community than their partner's (Census 2011: about one couple in ten is inter-ethnic)."""

MARRIED_SHARE = 0.68
"""Couples of whom the woman bears the man's surname, where that is the custom."""

NAME_KEPT_AFTER_SHARE = 0.3
"""Mothers without the father at home who still bear his surname (assumed)."""

WIDOW_SHARE = 0.65
"""Women over fifty alone who bear the surname of a man who is not in the world (assumed)."""

FATHERS_SURNAME_SHARE = 0.62
"""Children of parents who are not married: they bear the father's surname."""

JUNIOR_SHARE = 0.05
"""Eldest sons with their father's forename (assumed)."""

MIDDLE_NAME_SHARE = 0.6
DOUBLE_BARRELLED_SHARE = 0.05
"""Children of parents with two surnames who bear both, hyphened, where no custom says otherwise."""

DOUBLE_SURNAME_SHARE = 0.75
CUSTOM_SHARE = 0.5
"""Of those with a custom, how many are registered by it here."""

GENERATIONS = 4
"""How often a surname is handed on; longer lines do not occur."""

_COUPLES = (Shape.TWO_PARENTS, Shape.STEP_FAMILY, Shape.THREE_GENERATIONS, Shape.ADULT_CHILDREN, Shape.COUPLE)


def draw_members_communities(members: Members, la_codes: Words, ethnicity: pl.DataFrame, rng: np.random.Generator) -> Whole:
    """The community of each member: the household's, by its district; sharers and some men have their own.

    Args:
        members: everybody.
        la_codes: the district of each household.
        ethnicity: broad groups by district.
        rng: the stage's generator.
    """
    of_household = draw_communities(la_codes, ethnicity, rng)[members.household]
    is_partner = np.append(False, members.household[1:] == members.household[:-1]) & members.of_role(Role.MAN)
    own = members.of_role(Role.SHARER) | (is_partner & (rng.random(len(members.born)) < MIXED_COUPLE_SHARE))
    result = of_household.copy()
    result[own] = draw_communities(la_codes[members.household[own]], ethnicity, rng)
    return result


@dataclass(frozen=True)
class _People:
    """Residents and, after them, the unborn. husband is the man whose name a woman may bear, -1 for none."""

    household: Whole
    shape: Whole
    community: Whole
    is_woman: Flags
    is_child: Flags
    mother: Whole
    father: Whole
    born: Whole
    husband: Whole
    is_old: Flags
    """Over fifty on the first day."""
    lives_alone: Flags


def add_names(
    members: Members, kin: Kin, births: Births, communities: Whole, today: int, rng: np.random.Generator
) -> pl.DataFrame:
    """One row for each member and then for each birth.

    Columns: community, ethnicity_code, first_name, middle_names (null), last_name, maiden_name (null).

    Args:
        members: everybody.
        kin: their parents.
        births: children not yet born.
        communities: of the members.
        today: the first day, in days since 1970.
        rng: the stage's generator.
    """
    people, table = _gather(members, kin, births, communities, today), name_table()
    has_english = has_custom(people.community, Custom.ENGLISH_FORENAME) & (rng.random(len(people.born)) < CUSTOM_SHARE)
    first = _draw_forenames(people, np.where(has_english, COMMUNITY_NAMES.index("british"), people.community), table, rng)
    surname, maiden, extra, joiner = _draw_surnames(people, members, kin, table, rng)
    middle = table.draw(people.community, _kinds(people), rng)
    middle[(rng.random(len(middle)) >= MIDDLE_NAME_SHARE) & ~has_english] = -1
    surname, middle = _hand_on_forenames(people, table, first, (surname, middle), rng)
    _apply_womens_customs(people, table, (surname, maiden, middle), rng)
    surname, extra, maiden = (_by_sex(table, people, codes) for codes in (surname, extra, maiden))
    return pl.DataFrame(
        {
            "community": named(COMMUNITY_NAMES, people.community),
            "ethnicity_code": draw_ethnicity(people.community, rng),
            "first_name": table.text(first),
            "middle_names": _text_or_null(table, middle),
            "last_name": _text_or_null(table, surname),
            "maiden_name": _text_or_null(table, np.where(maiden == surname, -1, maiden)),
            "extra": _text_or_null(table, np.where(extra == surname, -1, extra)),
            "joiner": named(("-", " "), joiner.astype(np.int64)),
        }
    ).with_columns(
        pl.when(pl.col("extra").is_null()).then("last_name")
        .otherwise(pl.concat_str("extra", "joiner", "last_name")).alias("last_name"),
    ).drop("extra", "joiner")  # fmt: skip


def _gather(members: Members, kin: Kin, births: Births, communities: Whole, today: int) -> _People:
    mothers = births.mother
    no_husband = np.full(len(mothers), -1)
    is_child = members.of_role(Role.CHILD)
    is_wife = members.of_role(Role.WOMAN) & members.of_shape(*_COUPLES)
    husband = np.where(is_wife, kin.man_of_household[members.household], -1)
    is_old = members.born < today - 50 * YEAR
    alone = members.of_shape(Shape.ALONE)
    unborn = np.zeros(len(mothers), dtype=np.bool_)
    return _People(
        household=np.append(members.household, members.household[mothers]),
        shape=np.append(members.shape, members.shape[mothers]),
        community=np.append(communities, communities[mothers]),
        is_woman=np.append(members.is_female, births.is_female),
        is_child=np.append(is_child, ~unborn),
        mother=np.append(kin.mother, mothers),
        father=np.append(kin.father, births.father),
        born=np.append(members.born, births.born),
        husband=np.append(husband, no_husband),
        is_old=np.append(is_old, unborn),
        lives_alone=np.append(alone, unborn),
    )


def _kinds(people: _People) -> Whole:
    """Positions in KINDS of the forenames' lists: man, woman, boy, girl."""
    return 1 + people.is_woman.astype(np.int64) + 2 * people.is_child.astype(np.int64)


def _draw_forenames(people: _People, listed: Whole, table: NameTable, rng: np.random.Generator) -> Whole:
    """Forenames from the list of a community each: some eldest sons bear their father's, and no two siblings the same."""
    kinds = _kinds(people)
    first = table.draw(listed, kinds, rng)
    is_junior = _is_eldest_son(people) & (rng.random(len(first)) < JUNIOR_SHARE)
    first[is_junior] = first[people.father[is_junior]]
    for _ in range(30):
        again = np.union1d(_repeated(people.mother, first, is_junior), _repeated(people.father, first, is_junior))
        if not len(again):
            break
        first[again] = table.draw(listed[again], kinds[again], rng)
    return first


def _is_eldest_son(people: _People) -> Flags:
    sons = np.flatnonzero((people.father >= 0) & ~people.is_woman)
    ordered = sons[np.lexsort((people.born[sons], people.father[sons]))]
    eldest = ordered[np.append(True, np.diff(people.father[ordered]) != 0)] if len(ordered) else ordered
    result = np.zeros(len(people.born), dtype=np.bool_)
    result[eldest] = True
    return result


def _repeated(parent: Whole, first: Whole, is_junior: Flags) -> Whole:
    """Children who bear the forename of another child of the parent, but for one of them: the junior where there is one."""
    children = np.flatnonzero(parent >= 0)
    key = parent[children] * 2**20 + first[children]
    ordered = children[np.lexsort((~is_junior[children], key))]
    key = parent[ordered] * 2**20 + first[ordered]
    return np.asarray(ordered[np.append(False, key[1:] == key[:-1])], dtype=np.int64)


def _draw_surnames(
    people: _People, members: Members, kin: Kin, table: NameTable, rng: np.random.Generator
) -> tuple[Whole, Whole, Whole, Flags]:
    """Surname, maiden name (-1: none), the first part of a double surname (-1: none), and whether a blank joins the two."""
    birth = table.draw(people.community, np.zeros(len(people.born), dtype=np.int64), rng)
    is_own = np.append(members.of_role(Role.CHILD, Role.GROWN), np.ones(len(people.born) - len(members.born), dtype=np.bool_))
    birth[is_own] = birth[np.searchsorted(members.household, people.household[is_own])]
    keeps = has_custom(people.community, Custom.NAME_KEPT_IN_MARRIAGE)
    is_married = (people.husband >= 0) & ~keeps & (rng.random(len(members.household))[people.household] < MARRIED_SHARE)
    widowed = people.lives_alone & people.is_old & people.is_woman & ~keeps & (rng.random(len(birth)) < WIDOW_SHARE)
    married = table.draw(people.community, np.zeros(len(birth), dtype=np.int64), rng)
    source = _source_of_surname(people, is_married, rng)
    source = np.where((source < 0) & is_own, _grandparent(people, kin), source)
    of_widow = (source >= 0) & widowed[source] & (source == people.mother)
    for _ in range(GENERATIONS):
        birth = np.where(of_widow, married[source], np.where(source >= 0, birth[source], birth))
    former = _former_husband(people, keeps, rng)
    is_wife = is_married | (former >= 0) | widowed
    husbands = np.where(is_married, birth[people.husband], np.where(widowed, married, birth[former]))
    surname = np.where(is_wife, husbands, birth)
    extra, joiner = _second_parts(people, birth, is_own, married, rng)
    return surname, np.where(is_wife, birth, -1), extra, joiner


def _source_of_surname(people: _People, is_married: Flags, rng: np.random.Generator) -> Whole:
    """The parent whose surname at birth a child bears: the same for all children of one mother and one father."""
    mother, father = people.mother, people.father
    are_married = (mother >= 0) & is_married[mother] & (people.husband[mother] == father)
    takes_fathers = rng.random(len(mother))[np.maximum(mother, 0)] < FATHERS_SURNAME_SHARE
    return np.where((father >= 0) & (are_married | takes_fathers | (mother < 0)), father, mother)


def _grandparent(people: _People, kin: Kin) -> Whole:
    """Children whose parents are not in the world bear the surname of the grandparents who care for them."""
    adult = np.where(kin.man_of_household >= 0, kin.man_of_household, kin.woman_of_household)[people.household]
    return np.where(people.shape == SHAPES.index(Shape.GRANDPARENT_CARERS), adult, -1) * people.is_child - ~people.is_child


def _former_husband(people: _People, keeps: Flags, rng: np.random.Generator) -> Whole:
    """The father of a mother's children, where they live apart and she bears his surname still; -1 for all others."""
    former = np.full(len(people.born), -1, dtype=np.int64)
    at = np.flatnonzero((people.mother >= 0) & (people.father >= 0))
    former[people.mother[at]] = people.father[at]
    lone = np.isin(people.shape, [SHAPES.index(Shape.LONE_PARENT), SHAPES.index(Shape.REFUGE)])
    bears = lone & people.is_woman & ~people.is_child & ~keeps & (rng.random(len(former)) < NAME_KEPT_AFTER_SHARE)
    return np.where(bears, former, -1)


def _second_parts(people: _People, birth: Whole, is_own: Flags, drawn: Whole, rng: np.random.Generator) -> tuple[Whole, Flags]:
    """The mother's part of a double surname, and whether it stands apart (by custom) or hyphened (by choice)."""
    chance = rng.random(len(birth))[_family(people)]
    maternal = np.where(people.mother >= 0, birth[people.mother], drawn)
    by_custom = has_custom(people.community, Custom.DOUBLE_SURNAME) & (chance < DOUBLE_SURNAME_SHARE)
    is_free = np.array([not community.customs for community in COMMUNITIES.values()])[people.community]
    by_choice = is_own & is_free & (people.mother >= 0) & (people.father >= 0) & (chance > 1 - DOUBLE_BARRELLED_SHARE)
    return np.where(by_custom | by_choice, maternal, -1), by_custom


def _family(people: _People) -> Whole:
    """A number that the children of one mother share."""
    return np.where(people.mother >= 0, people.mother, np.arange(len(people.mother)))


def _hand_on_forenames(
    people: _People, table: NameTable, first: Whole, names: tuple[Whole, Whole], rng: np.random.Generator
) -> tuple[Whole, Whole]:
    """Surname and second name with the patronymics: the father's forename second, his or his father's as surname."""
    surname, middle = names
    known, family = people.father >= 0, _family(people)
    man = np.full(len(first), KINDS.index("man"))
    father, grandfather = (table.draw(people.community, man, rng)[family] for _ in range(2))
    father = np.where(known, first[people.father], father)
    chained = has_custom(people.community, Custom.GRANDFATHERS_FORENAME_LAST)
    second = has_custom(people.community, Custom.FATHERS_FORENAME_SECOND) & (rng.random(len(first)) < CUSTOM_SHARE)
    middle = np.where(chained | (second & known), father, middle)
    grandfather = np.where(known & chained[people.father], middle[people.father], grandfather)
    surname = np.where(has_custom(people.community, Custom.FATHERS_FORENAME_LAST), father, surname)
    return np.where(chained, grandfather, surname), middle


def _apply_womens_customs(people: _People, table: NameTable, names: tuple[Whole, Whole, Whole], rng: np.random.Generator) -> None:
    """Surname, maiden name and second name, changed in place: Singh and Kaur, and surnames that only women bear."""
    surname, maiden, middle = names
    bears = rng.random(len(surname)) < CUSTOM_SHARE
    sikh = has_custom(people.community, Custom.SINGH_AND_KAUR)
    given = np.where(people.is_woman, table.find("Kaur"), table.find("Singh"))
    middle[sikh] = np.where(bears, -1, given)[sikh]
    surname[sikh & bears] = given[sikh & bears]
    own = people.is_woman & ~people.is_child & bears & has_custom(people.community, Custom.WOMENS_OWN_SURNAME)
    for community, listed in WOMENS_SURNAMES.items():
        of = np.flatnonzero(own & (people.community == COMMUNITY_NAMES.index(community)))
        surname[of] = np.array([table.find(name) for name in listed])[rng.integers(0, len(listed), size=len(of))]
    maiden[own | (sikh & bears)] = -1


def _by_sex(table: NameTable, people: _People, codes: Whole) -> Whole:
    """The forms that women bear, where the community has them."""
    bears = people.is_woman & has_custom(people.community, Custom.FEMININE_ENDING) & (codes >= 0)
    return np.where(bears, table.feminine[codes], codes)


def _text_or_null(table: NameTable, codes: Whole) -> pl.Series:
    return table.text(codes.clip(0)).set(pl.Series(codes < 0), None)
