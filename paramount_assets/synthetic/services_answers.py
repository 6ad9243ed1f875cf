"""What an authority that answers requests says about the persons newly received, the day after it was asked."""

import datetime as dt

import polars as pl

from paramount_assets.settings import ServicesFeed
from paramount_assets.synthetic.custody import Custody
from paramount_assets.synthetic.population import Population
from paramount_assets.synthetic.streams import stream

ASKED_COLUMNS = ["request_ref", "child_id"]
"""persons_asked.csv: one row per person asked about and child held, child_id empty where nothing is held."""

FOUND_SHARE = 0.95
"""Of the persons asked about of whose children something is held (assumed: the clerk looks them up by name and birth date)."""

WRONG_PERSON_SHARE = 0.1
"""Of those of whom nothing is found although another person of the same name is held: that one's children are answered."""


def list_answers(
    authority: ServicesFeed, population: Population, custody: Custody, services: dict[str, pl.DataFrame], seed: int
) -> pl.DataFrame:
    """One row per person asked about and child answered: request_ref, child_id (null: nothing), answered_on, is_wrong_person.

    Asked are the persons of a day's receptions; the answer is of the day after and holds what was recorded before it.

    Args:
        authority: the one that answers.
        population: the truth: whose names are the same.
        custody: who was received when.
        services: what is held, by file.
        seed: of the world.
    """
    asked = custody.movements.filter("is_reception").select(
        pl.concat_str("booking_id", pl.lit("-"), "movement_sequence").alias("request_ref"),
        "resident_id",
        (pl.col("extract_date") + dt.timedelta(days=1)).alias("answered_on"),
    ).sort("answered_on", "request_ref")  # fmt: skip
    rng = stream(seed, f"services/answers/{authority.la_code}")
    is_found = pl.Series(rng.random(len(asked)) < FOUND_SHARE)
    is_mistaken = pl.Series("is_mistaken", rng.random(len(asked)) < WRONG_PERSON_SHARE)
    held = _members_held(authority, services)
    right = _children_of(asked.filter(is_found), held)
    others = asked.with_columns(is_mistaken).join(right, on="request_ref", how="anti").filter("is_mistaken")
    wrong = _children_of(_namesakes(others, held, population), held)
    nothing = pl.lit(None, dtype=pl.String).alias("child_id")
    answered = pl.concat(
        [
            right.with_columns(pl.lit(value=False).alias("is_wrong_person")),
            wrong.with_columns(pl.lit(value=True).alias("is_wrong_person")),
        ]
    ).unique(["request_ref", "child_id"], keep="first", maintain_order=True)
    empty = asked.join(answered, on="request_ref", how="anti").select(
        "request_ref", nothing, "answered_on", pl.lit(value=False).alias("is_wrong_person")
    )
    return pl.concat([answered, empty]).sort("answered_on", "request_ref", "child_id")


def _members_held(authority: ServicesFeed, services: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """The persons and children that the authority holds, since when."""
    children = services["children.csv"].filter(pl.col("la_code") == authority.la_code).select("child_id").unique()
    return (
        services["family_members.csv"].join(children, on="child_id", how="semi").select("resident_id", "child_id", "recorded_on")
    )


def _children_of(asked: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    return (
        asked.join(held, on="resident_id", how="inner")
        .filter(pl.col("recorded_on") < pl.col("answered_on"))
        .select("request_ref", "child_id", "answered_on")
    )


def _namesakes(asked: pl.DataFrame, held: pl.DataFrame, population: Population) -> pl.DataFrame:
    """Another person held of the same first and last name, in place of the one asked about: the first by number."""
    names = population.residents.select("resident_id", "first_name", "last_name")
    persons = held.select("resident_id").unique().join(names, on="resident_id", how="inner").sort("resident_id")
    same = persons.rename({"resident_id": "other_id"})
    return (
        asked.join(names, on="resident_id", how="left")
        .join(same, on=["first_name", "last_name"], how="inner")
        .filter(pl.col("other_id") != pl.col("resident_id"))
        .sort("request_ref", "other_id")
        .unique("request_ref", keep="first", maintain_order=True)
        .select("request_ref", pl.col("other_id").alias("resident_id"), "answered_on")
    )
