"""Social contacts that prisoners named at reception: partners, children, parents, friends."""

import numpy as np
import polars as pl

from paramount_assets.synthetic.noise import Rates, Scribe
from paramount_assets.synthetic.population import Population
from paramount_assets.synthetic.recording import plain_capitals, record_address, record_identity
from paramount_assets.synthetic.streams import Words, numbers_apart, stream, texts

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
    "friend": 0.1,
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
    ("grandchild", "M"): ["GSON"], ("grandchild", "F"): ["GDAU"], ("friend", "M"): ["FRI"], ("friend", "F"): ["FRI"],
}  # fmt: skip

_FROM_THE_ADULT = {"mother": "child", "father": "child", "step_parent": "step_child", "grandparent": "grandchild"}
_FROM_THE_CHILD = {"mother": "parent", "father": "parent"}


def name_contacts(population: Population, records: pl.DataFrame, rates: Rates, seed: int) -> tuple[pl.DataFrame, Scribe]:
    """One row per contact of a prisoner: the contract's columns, contact_resident_id (the answer) and relation.

    Args:
        population: the truth.
        records: the prisoners' records; resident_id and prisoner_number are read.
        seed: of the world.
    """
    relations = _relations(population, records, seed)
    people = population.residents.rename({"resident_id": "contact_resident_id"})
    true = relations.join(people, on="contact_resident_id", how="left", maintain_order="left")
    true = true.join(population.homes, on="home_id", how="left", maintain_order="left")
    ids = numbers_apart(stream(seed, "contact numbers"), 1_000_000, 9_000_000, len(true))
    true = true.with_columns(texts([str(number) for number in ids]).alias("contact_id"))
    scribe = Scribe(
        rates, seed, "prison/contacts", true.select(pl.concat_str("prisoner_number", pl.lit("/"), "contact_id")).to_series()
    )
    return _as_written(true, scribe), scribe


def _as_written(true: pl.DataFrame, scribe: Scribe) -> pl.DataFrame:
    identity = record_identity(true, scribe)
    address = record_address(true, scribe)
    knows_birth_date = pl.Series(scribe.rng("birth date known").random(len(true)) < KNOWN_BIRTH_DATE_SHARE)
    knows_address = pl.Series(scribe.rng("address known").random(len(true)) < KNOWN_ADDRESS_SHARE)
    is_active = scribe.rng("active").random(len(true)) >= FORMER_SHARE
    is_kin = true["relation"].is_in(["partner", "parent"]) & pl.Series(scribe.rng("kin").random(len(true)) < 0.5)
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
            "date_of_birth": _where(knows_birth_date, identity["date_of_birth"]),
            "gender": true["sex"],
            "address_line": _where(knows_address, address["address_line"]),
            "postcode": _where(knows_address, address["postcode"]),
            "phone_number": _where(knows_address & (true["role"] != "child"), true["phone"]),
            "contact_resident_id": true["contact_resident_id"],
            "relation": true["relation"],
            "known_from": pl.repeat(None, len(true), dtype=pl.Date, eager=True),
        }
    ).sort("prisoner_number", "contact_id")


def _relations(population: Population, records: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Relations named: resident_id, prisoner_number, contact_resident_id, relation. One relation for a pair of people."""
    prisoners = records.select("resident_id", "prisoner_number")
    ties = population.ties
    found = [
        *[_side(ties, tie, "from_id", relation) for tie, relation in _FROM_THE_ADULT.items()],
        *[_side(ties, tie, "to_id", relation) for tie, relation in _FROM_THE_CHILD.items()],
        *[_side(ties, tie, side, tie) for tie in ("partner", "ex_partner") for side in ("from_id", "to_id")],
        _friends(population, prisoners, seed),
    ]
    all_relations = prisoners.join(pl.concat(found), on="resident_id", how="inner", maintain_order="left_right").unique(
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


def _friends(population: Population, prisoners: pl.DataFrame, seed: int) -> pl.DataFrame:
    adults = population.residents.filter(pl.col("role") != "child")["resident_id"].to_numpy()
    drawn = stream(seed, "friends").choice(adults, size=len(prisoners))
    friends = prisoners.select("resident_id", pl.Series("contact_resident_id", drawn), pl.lit("friend").alias("relation"))
    return friends.filter(pl.col("resident_id") != pl.col("contact_resident_id"))


def _codes(true: pl.DataFrame, rng: np.random.Generator) -> Words:
    draws = rng.integers(0, 60, size=len(true))
    pairs = zip(true["relation"], true["sex"], draws, strict=True)
    return np.array([_CODES[(relation, sex)][draw % len(_CODES[(relation, sex)])] for relation, sex, draw in pairs], dtype=object)


def _where(known: pl.Series, values: pl.Series) -> pl.Series:
    return pl.DataFrame({"known": known, "value": values}).select(pl.when("known").then("value"))["value"]


def contacts_of_the_day(contacts: pl.DataFrame, movements: pl.DataFrame) -> pl.DataFrame:
    """The contract's rows for the persons in one day's movements."""
    present = movements["prisoner_number"].unique().to_list()
    return contacts.filter(pl.col("prisoner_number").is_in(present)).select(CONTACT_COLUMNS)
