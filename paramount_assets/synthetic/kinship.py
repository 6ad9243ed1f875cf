"""Who is whose parent, step-parent, grandparent, carer or partner; a parent who lives elsewhere is found in another household.

True kinship only: what a source knows of it is decided where that source is made.
"""

import numpy as np
import polars as pl

from paramount_assets.synthetic.households import YEAR, Shape
from paramount_assets.synthetic.streams import Flags, rows_at

KNOWN_FATHER_SHARE = 0.82
"""Of children without their father at home: he lives in the area. The others' fathers are abroad, dead or unknown (assumed)."""

KNOWN_MOTHER_SHARE = 0.8
JOINT_CHILD_SHARE = 0.35
"""Of step-families with two children or more: the youngest is the couple's own."""

LEAST_GAP_DAYS = int(16 * YEAR)

_FATHERLESS = (Shape.STEP_FAMILY, Shape.GRANDPARENT_CARERS, Shape.FOSTER, Shape.REFUGE)
_MOTHERLESS = (Shape.GRANDPARENT_CARERS, Shape.FOSTER)
_LIVE_APART = (Shape.ALONE, Shape.COUPLE, Shape.FLAT_SHARE, Shape.HOSTEL, Shape.STEP_FAMILY)


def add_parents(members: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """The members with mother_id and father_id: residents; null where unknown or not in the world."""
    adults = _adults_of_households(members)
    with_adults = members.join(adults, on="household_id", how="left", maintain_order="left")
    at_home = with_adults.with_columns(
        pl.when(_may_be_mother()).then("woman_id").alias("mother_id"),
        pl.when(_may_be_father(_is_joint(members, rng))).then("man_id").alias("father_id"),
    ).drop("woman_id", "man_id")
    with_fathers = _find_elsewhere(at_home, "father_id", "M", KNOWN_FATHER_SHARE, rng)
    return _find_elsewhere(with_fathers, "mother_id", "F", KNOWN_MOTHER_SHARE, rng)


def _adults_of_households(members: pl.DataFrame) -> pl.DataFrame:
    def of(role: str) -> pl.Expr:
        return pl.col("resident_id").filter(pl.col("role") == role).first()

    return members.group_by("household_id").agg(of("woman").alias("woman_id"), of("man").alias("man_id"))


def _may_be_mother() -> pl.Expr:
    own = pl.col("role").is_in(["child", "grown"])
    return own & ~pl.col("shape").is_in([shape.value for shape in _MOTHERLESS])


def _may_be_father(is_joint: pl.Series) -> pl.Expr:
    own = pl.col("role").is_in(["child", "grown"])
    return own & (~pl.col("shape").is_in([shape.value for shape in _FATHERLESS]) | is_joint)


def _is_joint(members: pl.DataFrame, rng: np.random.Generator) -> pl.Series:
    """Whether a child of a step-family is the couple's own: the youngest of two or more, in some families."""
    of_household = rng.random(members["household_id"].n_unique()) < JOINT_CHILD_SHARE
    is_child = (pl.col("role") == "child") & (pl.col("shape") == Shape.STEP_FAMILY.value)
    order = pl.col("date_of_birth").rank("ordinal", descending=True).over("household_id", "role")
    several = pl.len().over("household_id", "role") > 1
    drawn = pl.Series(of_household[members["household_id"].to_numpy()])
    return members.select(is_child & (order == 1) & several & drawn).to_series()


def _find_elsewhere(members: pl.DataFrame, column: str, sex: str, known_share: float, rng: np.random.Generator) -> pl.DataFrame:
    """Fills the missing parent of one sex, the same for all children of a household, with residents of other households."""
    lacking = (
        members.filter((pl.col("role") == "child") & pl.col(column).is_null())
        .group_by("household_id", maintain_order=True)
        .agg(pl.col("date_of_birth").min().alias("oldest"))
    )
    lacking = lacking.filter(pl.Series(rng.random(len(lacking)) < known_share))
    candidates = members.filter(_lives_apart(members, sex))
    found = _match_by_age(lacking, candidates, rng)
    filled = members.join(found, on="household_id", how="left", maintain_order="left")
    is_lacking = (pl.col("role") == "child") & pl.col(column).is_null()
    return filled.with_columns(pl.when(is_lacking).then("found_id").otherwise(column).alias(column)).drop("found_id")


def _lives_apart(members: pl.DataFrame, sex: str) -> pl.Series:
    """Adults of child-bearing age whose household shape leaves room for children elsewhere."""
    born = pl.col("date_of_birth")
    in_time = born.is_between(born.max() - pl.duration(days=int(58 * YEAR)), born.max() - pl.duration(days=int(19 * YEAR)))
    is_single = pl.col("role").is_in(["sharer", "grown"])
    may_have_left = pl.col("role").is_in(["man", "woman"]) & pl.col("shape").is_in([shape.value for shape in _LIVE_APART])
    return members.select((pl.col("sex") == sex) & (is_single | may_have_left) & in_time).to_series()


def _match_by_age(lacking: pl.DataFrame, candidates: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """One candidate per lacking household, oldest with oldest; pairs with too small a gap stay unknown."""
    count = min(len(lacking), len(candidates))
    drawn = rows_at(candidates, np.sort(rng.choice(len(candidates), size=count, replace=False)))
    wanted = rows_at(lacking, np.sort(rng.choice(len(lacking), size=count, replace=False)))
    parents = drawn.sort("date_of_birth", "resident_id").select(
        pl.col("resident_id").alias("found_id"), "date_of_birth", pl.col("household_id").alias("own_household_id")
    )
    pairs = pl.concat([wanted.sort("oldest", "household_id"), parents], how="horizontal")
    apart = (pl.col("oldest") - pl.col("date_of_birth")).dt.total_days()
    elsewhere = pl.col("household_id") != pl.col("own_household_id")
    return pairs.filter((apart >= LEAST_GAP_DAYS) & elsewhere).select("household_id", "found_id")


def list_ties(members: pl.DataFrame) -> pl.DataFrame:
    """One row per true tie: from_id, to_id, tie.

    mother, father, step_parent, grandparent and carer go from the adult to the child; partner and ex_partner stand once a pair.
    """
    adults = _adults_of_households(members)
    together = members.join(adults, on="household_id", how="left", maintain_order="left")
    children = together.filter(pl.col("role") == "child")
    parts = [
        _tie(members.filter(pl.col("mother_id").is_not_null()), "mother_id", "mother"),
        _tie(members.filter(pl.col("father_id").is_not_null()), "father_id", "father"),
        _tie(
            _in_shape(children, Shape.STEP_FAMILY).filter(pl.col("father_id").ne_missing(pl.col("man_id"))),
            "man_id",
            "step_parent",
        ),
        *[_tie(_in_shape(children, Shape.GRANDPARENT_CARERS), adult, "grandparent") for adult in ("woman_id", "man_id")],
        *[_tie(_in_shape(children, Shape.FOSTER), adult, "carer") for adult in ("woman_id", "man_id")],
        *[_grandparents(members, role) for role in ("grandmother", "grandfather")],
        _partners(adults),
        _former_partners(members),
    ]
    return pl.concat(parts).unique().sort("tie", "from_id", "to_id")


def _in_shape(children: pl.DataFrame, shape: Shape) -> pl.DataFrame:
    return children.filter(pl.col("shape") == shape.value)


def _tie(children: pl.DataFrame, adult: str, tie: str) -> pl.DataFrame:
    return children.filter(pl.col(adult).is_not_null()).select(
        pl.col(adult).alias("from_id"), pl.col("resident_id").alias("to_id"), pl.lit(tie).alias("tie")
    )


def _grandparents(members: pl.DataFrame, role: str) -> pl.DataFrame:
    elders = members.filter(pl.col("role") == role).select("household_id", pl.col("resident_id").alias("elder_id"))
    return _tie(members.filter(pl.col("role") == "child").join(elders, on="household_id"), "elder_id", "grandparent")


def _partners(adults: pl.DataFrame) -> pl.DataFrame:
    return adults.drop_nulls().select(
        pl.col("woman_id").alias("from_id"), pl.col("man_id").alias("to_id"), pl.lit("partner").alias("tie")
    )


def _former_partners(members: pl.DataFrame) -> pl.DataFrame:
    """Parents of one child who live in different households."""
    homes = members.select(pl.col("resident_id").alias("parent_id"), pl.col("household_id").alias("at"))
    parents = members.filter(pl.col("mother_id").is_not_null() & pl.col("father_id").is_not_null())
    placed = parents.join(homes, left_on="mother_id", right_on="parent_id").join(
        homes, left_on="father_id", right_on="parent_id", suffix="_father"
    )
    return placed.filter(pl.col("at") != pl.col("at_father")).select(
        pl.col("mother_id").alias("from_id"), pl.col("father_id").alias("to_id"), pl.lit("ex_partner").alias("tie")
    )


def is_parent_of_minor(residents: pl.DataFrame) -> Flags:
    """Whether each resident has a child among the residents who lives as a child in some household."""
    children = residents.filter(pl.col("role") == "child")
    parents = set(children["mother_id"].drop_nulls().to_list()) | set(children["father_id"].drop_nulls().to_list())
    return np.array([resident in parents for resident in residents["resident_id"].to_list()], dtype=np.bool_)
