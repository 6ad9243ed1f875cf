"""Social contacts that prisoners named at reception: partners, children, parents, brothers and sisters, relatives, friends.

Children stand under SON, DAU, SSON or SDAU; unborn ones not at all, and a child born within the span only from its birth on.
"""

import numpy as np
import polars as pl

from paramount_assets.synthetic.noise import Rates, Scribe
from paramount_assets.synthetic.population import Population
from paramount_assets.synthetic.recording import plain_capitals, record_address, record_identity
from paramount_assets.synthetic.slips import without
from paramount_assets.synthetic.streams import Words, numbers_apart, stream, texts
from paramount_assets.synthetic.whereabouts import homes_on

CONTACT_COLUMNS = [
    "prisoner_number", "contact_id", "relationship_code", "active", "next_of_kin", "last_name", "first_name", "middle_names",
    "date_of_birth", "gender", "address_line", "postcode", "phone_number",
]  # fmt: skip
"""contacts.csv, in the order of the contract."""

NAMED_SHARES = {
    "child": 0.5,
    "step_child": 0.3,
    "partner": 0.7,
    "ex_partner": 0.12,
    "parent": 0.45,
    "grandchild": 0.25,
    "grandparent": 0.15,
    "sibling": 0.2,
    "relative": 0.08,
    "friend": 0.2,
}
"""Of the true relations of a prisoner, those that stand among the contacts (assumed)."""

KNOWN_BIRTH_DATE_SHARE = 0.55
KNOWN_ADDRESS_SHARE = 0.6
FORMER_SHARE = 0.06
"""Contacts that are no longer active."""

_CODES = {
    ("child", "M"): ["SON"], ("child", "F"): ["DAU"], ("step_child", "M"): ["SSON"], ("step_child", "F"): ["SDAU"],
    ("partner", "F"): ["WIFE", "GIF", "CLW", "PART"], ("partner", "M"): ["HUS", "BOF", "CLH", "PART"],
    ("ex_partner", "F"): ["FRI"], ("ex_partner", "M"): ["FRI"], ("parent", "F"): ["MOT"], ("parent", "M"): ["FA"],
    ("grandchild", "M"): ["GSON"], ("grandchild", "F"): ["GDAU"], ("grandparent", "M"): ["GFA"], ("grandparent", "F"): ["GMOT"],
    ("sibling", "M"): ["BRO"], ("sibling", "F"): ["SIS"], ("relative", "M"): ["UN", "COU"], ("relative", "F"): ["AUNT", "COU"],
    ("friend", "M"): ["FRI"], ("friend", "F"): ["FRI"],
}  # fmt: skip

_FROM_THE_ADULT = {"mother": "child", "father": "child", "step_parent": "step_child", "grandparent": "grandchild"}
_FROM_THE_CHILD = {"mother": "parent", "father": "parent", "grandparent": "grandparent"}
_PERSONAL = [
    "sex", "date_of_birth", "community", "first_name", "middle_names", "last_name", "maiden_name", "phone",
    "died_on",
]  # fmt: skip


def name_contacts(population: Population, records: pl.DataFrame, rates: Rates, seed: int) -> tuple[pl.DataFrame, Scribe]:
    """One row per contact of a prisoner: the contract's columns, contact_resident_id (the answer), relation and known_from.

    known_from is the birth of a child born since the world began, from which on it is named; null for everybody else.

    Args:
        population: the truth.
        records: the prisoners' records; resident_id and prisoner_number are read. Who was received twice has one list.
        rates: the table.
        seed: of the world.
    """
    relations = _relations(population, records, seed)
    people = _people(population, relations["contact_resident_id"])
    true = relations.join(people, on="contact_resident_id", how="left", maintain_order="left")
    true = _with_home(true.filter((pl.col("died_on") > pl.col("on")).fill_null(value=True)), population)
    ids = numbers_apart(stream(seed, "contact numbers"), 1_000_000, 9_000_000, len(true))
    true = true.with_columns(pl.Series("contact_id", ids).cast(pl.String))
    keys = true.select(pl.concat_str("prisoner_number", pl.lit("/"), "contact_id")).to_series()
    scribe = Scribe(rates, seed, "prison/contacts", keys, true)
    return _as_written(true, scribe), scribe


def _people(population: Population, named: pl.Series) -> pl.DataFrame:
    """Everybody who is named, children born since the world began among them, with known_from (their birth)."""
    residents = population.residents.filter(pl.col("resident_id").is_in(named.implode())).select(
        pl.col("resident_id").alias("contact_resident_id"), *_PERSONAL
    )
    born = population.unborn.select(
        pl.col("unborn_id").alias("contact_resident_id"), "sex", pl.col("born_on").alias("date_of_birth"), "community",
        "first_name", "middle_names", "last_name", pl.col("born_on").alias("known_from"), "mother_id",
    )  # fmt: skip
    return pl.concat([residents, born], how="diagonal_relaxed")


def _with_home(true: pl.DataFrame, population: Population) -> pl.DataFrame:
    """With the address of the day of the reception; a child born since lives where its mother does."""
    who = pl.coalesce("mother_id", "contact_resident_id").alias("resident_id")
    homes = homes_on(population.lives, true.select(who, pl.max_horizontal("on", "known_from").alias("on")))
    return true.with_columns(homes["home_id"]).join(population.homes, on="home_id", how="left", maintain_order="left")


def _as_written(true: pl.DataFrame, scribe: Scribe) -> pl.DataFrame:
    no_birth_date = scribe.rng("birth date known").random(len(true)) >= KNOWN_BIRTH_DATE_SHARE
    no_address = scribe.rng("address known").random(len(true)) >= KNOWN_ADDRESS_SHARE
    told = true.with_columns(
        date_of_birth=without(true["date_of_birth"], no_birth_date),
        address_line=without(true["address_line"], no_address),
        postcode=without(true["postcode"], no_address),
    )
    identity = record_identity(told, scribe)
    address = record_address(told, scribe)
    is_active = scribe.rng("active").random(len(true)) >= FORMER_SHARE
    is_kin = true["relation"].is_in(["partner", "parent"]) & pl.Series(scribe.rng("kin").random(len(true)) < 0.5)
    is_child = true["relation"].is_in(["child", "step_child", "grandchild"]).to_numpy()
    return pl.DataFrame(
        {
            "prisoner_number": true["prisoner_number"],
            "contact_id": true["contact_id"],
            "relationship_code": texts(_codes(true, scribe.rng("codes"))),
            "active": texts(np.where(is_active, "Y", "N")),
            "next_of_kin": texts(np.where(is_kin.to_numpy(), "Y", "N")),
            "last_name": plain_capitals(identity["last_name"], scribe),
            "first_name": plain_capitals(identity["first_name"], scribe),
            "middle_names": pl.repeat(None, len(true), dtype=pl.String, eager=True),
            "date_of_birth": identity["date_of_birth"],
            "gender": true["sex"],
            "address_line": address["address_line"],
            "postcode": address["postcode"],
            "phone_number": without(true["phone"], no_address | is_child),
            "contact_resident_id": true["contact_resident_id"],
            "relation": true["relation"],
            "known_from": true["known_from"],
        }
    ).sort("prisoner_number", "contact_id")


def _relations(population: Population, records: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Relations named: resident_id, prisoner_number, on, contact_resident_id, relation. One for a pair of people."""
    prisoners = records.unique("resident_id", keep="first", maintain_order=True).select("resident_id", "prisoner_number", "on")
    ties = population.ties
    found = [
        *[_side(ties, tie, "from_id", relation) for tie, relation in _FROM_THE_ADULT.items()],
        _born_since(population),
        *[_side(ties, tie, "to_id", relation) for tie, relation in _FROM_THE_CHILD.items()],
        *[_side(ties, tie, side, tie) for tie in ("partner", "ex_partner") for side in ("from_id", "to_id")],
        _siblings(population, prisoners),
        _others(population, prisoners, "relative", seed),
        _others(population, prisoners, "friend", seed),
    ]
    of_prisoners = pl.concat(part.filter(pl.col("resident_id").is_in(prisoners["resident_id"].implode())) for part in found)
    all_relations = prisoners.join(of_prisoners, on="resident_id", how="inner", maintain_order="left_right").unique(
        ["resident_id", "contact_resident_id"], keep="first", maintain_order=True
    ).sort("prisoner_number", "contact_resident_id")  # fmt: skip
    shares = all_relations["relation"].replace_strict(NAMED_SHARES, return_dtype=pl.Float64)
    named = stream(seed, "contacts named").random(len(all_relations)) < shares.to_numpy()
    return all_relations.filter(pl.Series(named))


def _side(ties: pl.DataFrame, tie: str, own: str, relation: str) -> pl.DataFrame:
    other = "to_id" if own == "from_id" else "from_id"
    return ties.filter(pl.col("tie") == tie).select(
        pl.col(own).alias("resident_id"), pl.col(other).alias("contact_resident_id"), pl.lit(relation).alias("relation")
    )


def _born_since(population: Population) -> pl.DataFrame:
    return pl.concat(
        population.unborn.filter(pl.col(side).is_not_null()).select(
            pl.col(side).alias("resident_id"), pl.col("unborn_id").alias("contact_resident_id"), pl.lit("child").alias("relation")
        )
        for side in ("mother_id", "father_id")
    )


def _siblings(population: Population, prisoners: pl.DataFrame) -> pl.DataFrame:
    """Children of the same mother."""
    of_mothers = population.residents.filter(pl.col("mother_id").is_not_null()).select("resident_id", "mother_id")
    own = of_mothers.filter(pl.col("resident_id").is_in(prisoners["resident_id"].implode()))
    pairs = own.join(of_mothers.rename({"resident_id": "contact_resident_id"}), on="mother_id", maintain_order="left_right")
    return pairs.filter(pl.col("resident_id") != pl.col("contact_resident_id")).select(
        "resident_id", "contact_resident_id", pl.lit("sibling").alias("relation")
    )


def _others(population: Population, prisoners: pl.DataFrame, relation: str, seed: int) -> pl.DataFrame:
    """An adult of the area for each prisoner: who exactly is a friend or a cousin is not part of the world's truth."""
    adults = population.residents.filter(pl.col("role") != "child")["resident_id"].to_numpy()
    drawn = stream(seed, f"{relation}s").choice(adults, size=len(prisoners))
    people = prisoners.select("resident_id", pl.Series("contact_resident_id", drawn), pl.lit(relation).alias("relation"))
    return people.filter(pl.col("resident_id") != pl.col("contact_resident_id"))


def _codes(true: pl.DataFrame, rng: np.random.Generator) -> Words:
    draws = rng.integers(0, 60, size=len(true))
    pairs = zip(true["relation"], true["sex"], draws, strict=True)
    return np.array([_CODES[(relation, sex)][draw % len(_CODES[(relation, sex)])] for relation, sex, draw in pairs], dtype=object)
