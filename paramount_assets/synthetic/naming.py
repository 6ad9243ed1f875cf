"""Names every resident by family and custom: married names, fathers and sons of one name, Singh and Kaur, double surnames."""

import numpy as np
import polars as pl

from paramount_assets.synthetic.households import Shape
from paramount_assets.synthetic.names import COMMUNITIES, WOMENS_SURNAMES, draw_communities, draw_ethnicity, draw_names, feminine
from paramount_assets.synthetic.streams import Flags, Words, texts

MIXED_COUPLE_SHARE = 0.12
"""Men who belong to another community than their partner's (Census 2011: about one couple in ten is inter-ethnic)."""

MARRIED_SHARE = 0.68
"""Couples of whom the woman bears the man's surname."""

FATHERS_SURNAME_SHARE = 0.62
"""Children of parents who are not married: they bear the father's surname."""

JUNIOR_SHARE = 0.05
"""Sons with their father's forename; more than in life, so that a small world has some."""

MIDDLE_NAME_SHARE = 0.6

_COUPLES = (Shape.TWO_PARENTS, Shape.STEP_FAMILY, Shape.THREE_GENERATIONS, Shape.ADULT_CHILDREN, Shape.COUPLE)


def add_names(members: pl.DataFrame, la_codes: pl.Series, rng: np.random.Generator) -> pl.DataFrame:
    """The members with community, ethnicity_code, first_name, middle_names, last_name and maiden_name (null where none).

    Args:
        members: with mother_id and father_id.
        la_codes: the district of each household, by household_id.
        rng: the stage's generator.
    """
    communities = _communities(members, la_codes, rng)
    first = draw_names(communities, _kinds(members), rng)
    birth = draw_names(communities, np.full(len(members), "surname", dtype=object), rng)
    named = members.with_columns(
        texts(communities).alias("community"),
        texts(draw_ethnicity(communities, rng)).alias("ethnicity_code"),
        texts(first).alias("first_name"),
        texts(birth).alias("birth_surname"),
        texts(draw_names(communities, _kinds(members), rng)).alias("middle_names"),
    )
    with_surnames = _add_surnames(named, rng)
    return _apply_customs(_name_juniors(with_surnames, rng), rng)


def _kinds(members: pl.DataFrame) -> Words:
    names = {("M", True): "boy", ("F", True): "girl", ("M", False): "man", ("F", False): "woman"}
    pairs = zip(members["sex"], members["role"] == "child", strict=True)
    return np.array([names[pair] for pair in pairs], dtype=object)


def _communities(members: pl.DataFrame, la_codes: pl.Series, rng: np.random.Generator) -> Words:
    households = members["household_id"].to_numpy()
    of_household = draw_communities(np.asarray(la_codes.to_list(), dtype=object), rng)[households]
    own = draw_communities(np.asarray(la_codes.to_list(), dtype=object)[households], rng)
    role = np.asarray(members["role"].to_list(), dtype=object)
    mixes = (role == "sharer") | ((role == "man") & (rng.random(len(members)) < MIXED_COUPLE_SHARE))
    return np.asarray(np.where(mixes, own, of_household), dtype=object)


def _add_surnames(named: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """last_name and maiden_name: a married woman bears the man's surname, the elders that of one of the couple."""
    is_married = rng.random(named["household_id"].n_unique()) < MARRIED_SHARE
    married = pl.Series(is_married[named["household_id"].to_numpy()])
    men = named.filter(pl.col("role") == "man").select("household_id", pl.col("birth_surname").alias("mans"))
    with_man = named.join(men, on="household_id", how="left", maintain_order="left")
    is_wife = with_man.select(
        (pl.col("role") == "woman") & pl.col("mans").is_not_null() & pl.col("shape").is_in([s.value for s in _COUPLES]) & married
    ).to_series()
    is_elder = pl.col("role").is_in(["grandmother", "grandfather"])
    adults = with_man.with_columns(
        pl.when(is_wife | is_elder).then(pl.coalesce("mans", "birth_surname")).otherwise("birth_surname").alias("last_name"),
        pl.when(is_wife).then("birth_surname").alias("maiden_name"),
    )
    return _name_children(adults, rng).drop("mans", "birth_surname")


def _name_children(adults: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Children and grown children take a parent's surname; all with the same two parents take the same one."""
    surname = adults.select(pl.col("resident_id").alias("parent_id"), "last_name", "maiden_name")
    joined = adults.join(
        surname.rename({"last_name": "mothers", "maiden_name": "mothers_maiden"}),
        left_on="mother_id", right_on="parent_id", how="left", maintain_order="left",
    ).join(
        surname.select("parent_id", pl.col("last_name").alias("fathers")),
        left_on="father_id", right_on="parent_id", how="left", maintain_order="left",
    )  # fmt: skip
    chance = rng.random(adults["household_id"].n_unique())
    drawn = pl.Series(chance[adults["household_id"].to_numpy()] < FATHERS_SURNAME_SHARE)
    parents_married = pl.col("mothers").eq_missing(pl.col("fathers"))
    is_double = (pl.col("community") == "portuguese") & pl.col("fathers").is_not_null() & pl.col("mothers").is_not_null()
    maternal = pl.coalesce("mothers_maiden", "mothers")
    childs = (
        pl.when(is_double).then(maternal + " " + pl.col("fathers"))
        .when(parents_married | drawn).then(pl.coalesce("fathers", "mothers"))
        .otherwise(pl.coalesce("mothers", "fathers"))
    )  # fmt: skip
    is_own = pl.col("role").is_in(["child", "grown"])
    return joined.with_columns(
        pl.when(is_own).then(pl.coalesce(childs, "last_name")).otherwise("last_name").alias("last_name")
    ).drop("mothers", "mothers_maiden", "fathers")


def _name_juniors(named: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Some first sons bear their father's forename; the surname is already the same or not."""
    fathers = named.select(pl.col("resident_id").alias("father_id"), pl.col("first_name").alias("fathers"))
    joined = named.join(fathers, on="father_id", how="left", maintain_order="left")
    eldest = (pl.col("date_of_birth") == pl.col("date_of_birth").min().over("father_id", "sex")) & (pl.col("sex") == "M")
    drawn = pl.Series(rng.random(len(named)) < JUNIOR_SHARE)
    is_junior = eldest & drawn & pl.col("fathers").is_not_null()
    return joined.with_columns(
        pl.when(is_junior).then("fathers").otherwise("first_name").alias("first_name")
    ).drop("fathers")  # fmt: skip


def _apply_customs(named: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    last = np.asarray(named["last_name"].to_list(), dtype=object)
    middle = np.asarray(named["middle_names"].to_list(), dtype=object)
    community = np.asarray(named["community"].to_list(), dtype=object)
    is_woman = np.asarray(named["sex"].to_list(), dtype=object) == "F"
    has_middle = rng.random(len(named)) < MIDDLE_NAME_SHARE
    bears_custom = rng.random(len(named)) < 0.5
    middle[~has_middle] = None
    for name, custom in ((name, c.custom) for name, c in COMMUNITIES.items()):
        of = community == name
        if custom == "gendered":
            last[of & is_woman] = [feminine(surname) for surname in last[of & is_woman]]
        elif custom == "singh and kaur":
            given = np.where(is_woman, "Kaur", "Singh")
            middle[of] = given[of]
            last[of & bears_custom] = given[of & bears_custom]
            middle[of & bears_custom] = None
        elif custom == "own surname of women":
            own = of & is_woman & bears_custom & _is_adult(named)
            last[own] = rng.choice(WOMENS_SURNAMES[name], size=int(own.sum()))
    return named.with_columns(texts(last).alias("last_name"), texts(middle).alias("middle_names"))


def _is_adult(named: pl.DataFrame) -> Flags:
    return np.asarray((named["role"] != "child").to_numpy(), dtype=np.bool_)
