"""Names that a person has besides those on the papers, and who is easily taken for whom: facts of the world, not slips."""

import polars as pl

from paramount_assets.synthetic.noise import Cause, Scribe
from paramount_assets.synthetic.population import Population
from paramount_assets.synthetic.receiving import positions_of
from paramount_assets.synthetic.streams import flags, rows_at

_STEP, _OFFSET = 7_919, 104_729
"""Primes that lead from a resident to the one whose surname is the alias: the same in every source."""


def add_other_names(people: pl.DataFrame, population: Population) -> pl.DataFrame:
    """The people with alias_last_name, the surname they sometimes go by, and partner_last_name (null where there is none).

    Args:
        people: one row per record, with resident_id.
        population: the truth.
    """
    surnames = population.residents.select("resident_id", "last_name")
    others = (people["resident_id"] * _STEP + _OFFSET) % len(surnames)
    alias = rows_at(surnames, others.to_numpy())["last_name"].alias("alias_last_name")
    pairs = population.ties.filter(pl.col("tie") == "partner").select("from_id", "to_id")
    both = pl.concat([pairs, pairs.select(pl.col("to_id").alias("from_id"), pl.col("from_id").alias("to_id"))])
    partners = both.filter(pl.col("from_id").is_in(people["resident_id"].implode())).join(
        surnames.rename({"resident_id": "to_id", "last_name": "partner_last_name"}), on="to_id", how="left", maintain_order="left"
    )
    one_each = partners.unique("from_id", keep="first", maintain_order=True).select(
        pl.col("from_id").alias("resident_id"), "partner_last_name"
    )
    return people.with_columns(alias).join(one_each, on="resident_id", how="left", maintain_order="left")


def note_look_alikes(records: pl.DataFrame, population: Population, scribe: Scribe) -> None:
    """Writes down which records are of a twin, or of a father or son of one name.

    Args:
        records: one row per record of the scribe, with resident_id.
        population: the truth.
        scribe: of the records.
    """
    twins = population.residents.filter(pl.col("twin_id").is_not_null())["resident_id"]
    pairs = namesakes(population.residents)
    juniors = pl.concat([pairs["son_id"], pairs["father_id"]])
    for cause, people in ((Cause.TWIN, twins), (Cause.JUNIOR, juniors)):
        scribe.note(cause, flags(records["resident_id"].is_in(people.implode())))


def namesakes(people: pl.DataFrame, of: pl.Expr | None = None) -> pl.DataFrame:
    """Sons who bear the forename and the surname of their father: son_id, father_id, son_born, son_died, father_died."""
    is_son = pl.col("father_id").is_not_null() & (pl.col("sex") == "M")
    sons = people.filter(is_son if of is None else is_son & of)
    fathers = rows_at(people, positions_of(people, sons["father_id"]))
    same = (sons["first_name"] == fathers["first_name"]) & (sons["last_name"] == fathers["last_name"])
    return sons.select(
        pl.col("resident_id").alias("son_id"), "father_id", pl.col("date_of_birth").alias("son_born"),
        pl.col("died_on").alias("son_died"), fathers["died_on"].alias("father_died"),
    ).filter(same)  # fmt: skip
