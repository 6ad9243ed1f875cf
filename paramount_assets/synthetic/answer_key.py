"""The answer key under data/world/: who is who in every source, whose child, who lives where, why a record differs.

The chain never reads it; the evaluation and the made-up officers do.
"""

from pathlib import Path

import polars as pl

from paramount_assets.synthetic.custody import Custody
from paramount_assets.synthetic.population import Population
from paramount_assets.synthetic.sources import Sources
from paramount_assets.vocabulary import Source


def write_answer_key(world: Path, tables: dict[str, pl.DataFrame]) -> None:
    """Writes each table as Parquet; the columns are documented in `answer_tables`."""
    world.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.write_parquet(world / f"{name}.parquet", compression="zstd", statistics=False)


def read_answer_key(world: Path, name: str) -> pl.DataFrame:
    """One table of the answer key.

    Raises:
        FileNotFoundError: the data folder holds no made-up world.
    """
    file = world / f"{name}.parquet"
    if not file.exists():
        raise FileNotFoundError("the data folder holds no answer key: it was not made by paramount simulate")
    return pl.read_parquet(file)


def answer_tables(population: Population, custody: Custody, sources: Sources) -> dict[str, pl.DataFrame]:
    """The answer key's tables.

    people: resident_id, household_id, shape, role, sex, date_of_birth, died_on, expected_date_of_birth, mother_id, father_id,
        community, ethnicity_code, first_name, middle_names, last_name, maiden_name, home_id; the unborn too.
    homes: home_id, address_line, postcode, la_code. lives: resident_id, home_id, from_date, to_date.
    ties: from_id, to_id, tie (mother, father, step_parent, grandparent, carer: adult to child; partner, ex_partner).
    source_records: source, record_id, resident_id; record ids as in the chain's source_records.
    receptions: resident_id, prisoner_number, booking_id, movement_sequence, received_at, extract_date.
    noise: source, record_id, cause.
    """
    return {
        "people": _people(population),
        "homes": population.homes.select("home_id", "address_line", "postcode", "la_code"),
        "lives": population.lives,
        "ties": population.ties,
        "source_records": _who_is_who(sources),
        "receptions": custody.movements.filter("is_reception").select(
            "resident_id", "prisoner_number", "booking_id", "movement_sequence",
            pl.col("movement_at").alias("received_at"), "extract_date",
        ),
        "noise": _noise(sources),
    }  # fmt: skip


def _people(population: Population) -> pl.DataFrame:
    mothers = population.residents.select(pl.col("resident_id").alias("mother_id"), "household_id", "shape", "home_id")
    unborn = population.unborn.join(mothers, on="mother_id", how="left", maintain_order="left").rename(
        {"unborn_id": "resident_id"}
    )
    everyone = pl.concat([population.residents, unborn.with_columns(pl.lit("unborn").alias("role"))], how="diagonal_relaxed")
    return everyone.drop("pnc", "cro", "phone")


def _who_is_who(sources: Sources) -> pl.DataFrame:
    def rows(source: str, frame: pl.DataFrame, record: pl.Expr, who: str = "resident_id") -> pl.DataFrame:
        return frame.select(
            pl.lit(source).alias("source"), record.cast(pl.String).alias("record_id"), pl.col(who).alias("resident_id")
        )

    def pair(first: str, second: str) -> pl.Expr:
        return pl.concat_str(first, pl.lit("/"), second)

    prison, services = Source.PRISON_EXTRACT.value, Source.CHILDRENS_SERVICES.value
    return (
        pl.concat(
            [
                rows(prison, sources.prisoners, pl.col("prisoner_number")),
                rows(prison, sources.contacts, pair("prisoner_number", "contact_id"), "contact_resident_id"),
                rows(Source.POLICE_RECORDS.value, sources.police["persons.csv"], pl.col("person_id")),
                rows(services, sources.services["children.csv"], pl.col("child_id")),
                rows(services, sources.services["family_members.csv"], pair("child_id", "member_number")),
            ]
        )
        .unique()
        .sort("source", "record_id")
    )


def _noise(sources: Sources) -> pl.DataFrame:
    parts = [
        scribe.causes().with_columns(pl.lit(str(source)).alias("source"))
        for source, scribes in sources.scribes.items()
        for scribe in scribes
    ]
    return pl.concat(parts).select("source", "record_id", "cause").unique().sort("source", "record_id", "cause")
