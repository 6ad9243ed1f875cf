"""The ten kinds of people who are hard to recognise, what makes one, and who is one in the finished records.

Whom to receive so that each kind occurs often is `wishes`'; nothing here knows what was asked for.
"""

from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from paramount_assets.synthetic.other_names import namesakes
from paramount_assets.synthetic.population import Population
from paramount_assets.synthetic.receiving import ADULT_AGE, birthday, positions_of
from paramount_assets.synthetic.streams import rows_at
from paramount_assets.vocabulary import Source


class HardKind(StrEnum):
    """What makes a person received hard to recognise in the police's records, or their child's home hard to find.

    twin: has a twin, living and known to the police. junior: bears the forename and surname of the father or a son who is known
    to the police. nickname_and_moved, maiden_name_and_moved: recorded under a short form or an earlier surname by one of the two,
    and no home that the police know is the one given at the reception. transliterated, swapped_date, wrong_pnc: so in one of the
    two records. no_fixed_abode: given at the reception. refuge: a child lives in a refuge then. separated_parents: a child under
    eighteen lives with the other parent and not with the person.
    """

    TWIN = "twin"
    JUNIOR = "junior"
    NICKNAME_AND_MOVED = "nickname_and_moved"
    MAIDEN_NAME_AND_MOVED = "maiden_name_and_moved"
    TRANSLITERATED = "transliterated"
    SWAPPED_DATE = "swapped_date"
    WRONG_PNC = "wrong_pnc"
    NO_FIXED_ABODE = "no_fixed_abode"
    REFUGE = "refuge"
    SEPARATED_PARENTS = "separated_parents"


_CAUSES = {
    HardKind.NICKNAME_AND_MOVED: "nickname",
    HardKind.MAIDEN_NAME_AND_MOVED: "maiden_name",
    HardKind.TRANSLITERATED: "transliteration",
    HardKind.SWAPPED_DATE: "swapped_day_and_month",
    HardKind.WRONG_PNC: "wrong_pnc",
}
"""The cause of noise, as the answer key names it, that a kind shows by."""

_MOVED = (HardKind.NICKNAME_AND_MOVED, HardKind.MAIDEN_NAME_AND_MOVED)
"""Kinds that also need a home at the reception which the police do not hold."""

_KEY = ["prisoner_number", "resident_id", "received_on", "extract_date"]


@dataclass(frozen=True)
class Finished:
    """The finished records in which hard kinds are looked for.

    receptions, source_records, noise: as in the answer key. movements: the extracts' rows by the contract. addresses: the force's
    person_addresses with recorded_on.
    """

    receptions: pl.DataFrame
    movements: pl.DataFrame
    addresses: pl.DataFrame
    source_records: pl.DataFrame
    noise: pl.DataFrame


def find(population: Population, finished: Finished) -> pl.DataFrame:
    """One row per person received and hard kind that they really are at one of their receptions: prisoner_number, kind.

    Kinds that show by a name, a date or a number need a police record of the person, or there would be nothing to recognise.

    Args:
        population: the truth, with twin_id.
        finished: what the sources hold in the end.
    """
    received = finished.receptions.with_columns(pl.col("received_at").dt.date().alias("received_on"))
    known = _records_of(finished, Source.POLICE_RECORDS)["resident_id"].unique()
    homes = _homes_given(received, finished.movements)
    found = {
        HardKind.TWIN: _with_twin(population.residents, received, known),
        HardKind.JUNIOR: _with_namesake(population.residents, received, known),
        HardKind.NO_FIXED_ABODE: homes.filter(pl.col("no_fixed_abode") == "Y"),
        HardKind.REFUGE: _with_child_in_refuge(population, received),
        HardKind.SEPARATED_PARENTS: _apart_from_child(population, received),
        **_by_cause(finished, received, known, _not_at_known_home(homes, finished)),
    }
    return (
        pl.concat(rows.select("prisoner_number", pl.lit(kind.value).alias("kind")) for kind, rows in found.items())
        .unique()
        .sort("prisoner_number", "kind")
    )


def _records_of(finished: Finished, source: Source) -> pl.DataFrame:
    return finished.source_records.filter(pl.col("source") == source.value)


def _by_cause(finished: Finished, received: pl.DataFrame, known: pl.Series, moved: pl.DataFrame) -> dict[HardKind, pl.DataFrame]:
    """Kinds that show by a cause of noise in the prison's record of the person or in one of the police's."""
    of_both = finished.source_records.filter(
        pl.col("source").is_in([Source.PRISON_EXTRACT.value, Source.POLICE_RECORDS.value])
        & pl.col("resident_id").is_in(received["resident_id"].implode())
        & ~pl.col("record_id").str.contains("/")
    )
    causes = of_both.join(finished.noise, on=["source", "record_id"]).select("resident_id", "cause")
    held = received.filter(pl.col("resident_id").is_in(known.implode()))
    found = {
        kind: held.join(causes.filter(pl.col("cause") == cause), on="resident_id", how="semi") for kind, cause in _CAUSES.items()
    }
    return {kind: rows.join(moved, on=_KEY, how="semi") if kind in _MOVED else rows for kind, rows in found.items()}


def _homes_given(received: pl.DataFrame, movements: pl.DataFrame) -> pl.DataFrame:
    """The home given at each reception: the key, no_fixed_abode, line and postcode to compare by."""
    key = ["prisoner_number", "booking_id", "movement_sequence"]
    rows = movements.with_columns(pl.col("movement_sequence").cast(pl.Int64)).unique(key, keep="first", maintain_order=True)
    numbered = received.with_columns(pl.col("movement_sequence").cast(pl.Int64))
    return numbered.join(rows.drop("extract_date"), on=key, how="inner", maintain_order="left").select(
        *_KEY, "no_fixed_abode", _letters("address_line"), _letters("postcode")
    )  # fmt: skip


def _letters(column: str) -> pl.Expr:
    """The text in capitals without anything between its letters and digits; null where there is none."""
    plain = pl.col(column).str.to_uppercase().str.replace_all(r"[^A-Z0-9]", "")
    return pl.when(plain != "").then(plain).alias(column)


def _not_at_known_home(homes: pl.DataFrame, finished: Finished) -> pl.DataFrame:
    """Receptions at which a home was given that the police did not hold for the person at the time."""
    given = homes.filter((pl.col("no_fixed_abode") != "Y") & pl.any_horizontal(pl.col("postcode", "address_line").is_not_null()))
    persons = _records_of(finished, Source.POLICE_RECORDS).select(pl.col("record_id").alias("person_id"), "resident_id")
    held = finished.addresses.join(persons, on="person_id").select(
        "resident_id", "recorded_on", _letters("postcode"), _letters("address_line")
    )
    same = given.join(held, on="resident_id", suffix="_held").filter(
        (pl.col("recorded_on") < pl.col("extract_date"))
        & pl.any_horizontal(pl.col(name) == pl.col(f"{name}_held") for name in ("postcode", "address_line"))
    )
    return given.join(same, on=_KEY, how="anti")


def _with_twin(people: pl.DataFrame, received: pl.DataFrame, known: pl.Series) -> pl.DataFrame:
    twins = people.filter(pl.col("resident_id").is_in(received["resident_id"].implode()) & pl.col("twin_id").is_not_null())
    death = rows_at(people, positions_of(people, twins["twin_id"]))["died_on"].alias("twin_died_on")
    pairs = twins.select("resident_id", "twin_id", death).filter(pl.col("twin_id").is_in(known.implode()))
    return received.join(pairs, on="resident_id").filter(
        pl.col("twin_died_on").is_null() | (pl.col("received_on") < pl.col("twin_died_on"))
    )


def _with_namesake(people: pl.DataFrame, received: pl.DataFrame, known: pl.Series) -> pl.DataFrame:
    inside = received["resident_id"].implode()
    pairs = namesakes(people, pl.col("resident_id").is_in(inside) | pl.col("father_id").is_in(inside))
    others = pl.concat(
        [
            pairs.select(pl.col("son_id").alias("resident_id"), pl.col("father_id").alias("other_id")),
            pairs.select(pl.col("father_id").alias("resident_id"), pl.col("son_id").alias("other_id")),
        ]
    )
    return received.join(others.filter(pl.col("other_id").is_in(known.implode())), on="resident_id", how="semi")


def _with_child_in_refuge(population: Population, received: pl.DataFrame) -> pl.DataFrame:
    parents = parents_of(in_refuge(population))
    return received.join(parents, on="resident_id").filter(_holds_on("received_on"))


def _holds_on(day: str) -> pl.Expr:
    return (pl.col("from_date") <= pl.col(day)) & (pl.col("to_date").is_null() | (pl.col(day) < pl.col("to_date")))


def _apart_from_child(population: Population, received: pl.DataFrame) -> pl.DataFrame:
    """Receptions of people whose child is under eighteen and lives at the other parent's home, where they do not."""
    children = people_with_parents(population.residents)
    sides = [
        children.select(pl.col(side).alias("resident_id"), pl.col("resident_id").alias("child_id"), other, "of_age").rename(
            {other: "other_id"}
        )
        for side, other in (("father_id", "mother_id"), ("mother_id", "father_id"))
    ]
    families = received.join(pl.concat(sides), on="resident_id").filter(
        pl.col("other_id").is_not_null() & (pl.col("received_on") < pl.col("of_age"))
    )
    for who in ("resident_id", "child_id", "other_id"):
        families = _with_home(families, population.lives, who)
    with_other = pl.col("child_id_home") == pl.col("other_id_home")
    return families.filter(with_other & pl.col("child_id_home").ne_missing(pl.col("resident_id_home")))


def _with_home(families: pl.DataFrame, lives: pl.DataFrame, who: str) -> pl.DataFrame:
    """Adds `<who>_home`: where that person lives on the day of the reception; null where nowhere is known."""
    days = families.select(pl.col(who).alias("id"), "received_on").unique()
    there = lives.filter(pl.col("resident_id").is_in(days["id"].implode()))
    homes = (
        days.join(there, left_on="id", right_on="resident_id")
        .filter(_holds_on("received_on"))
        .sort("id", "received_on", "from_date")
        .unique(["id", "received_on"], keep="last", maintain_order=True)
        .select(pl.col("id").alias(who), "received_on", pl.col("home_id").alias(f"{who}_home"))
    )
    return families.join(homes, on=[who, "received_on"], how="left", maintain_order="left")


def parents_of(children: pl.DataFrame) -> pl.DataFrame:
    """Fathers before mothers: a father whose child fled is the commoner case."""
    sides = [
        children.filter(pl.col(side).is_not_null()).select(pl.col(side).alias("resident_id"), "from_date", "to_date")
        for side in ("father_id", "mother_id")
    ]
    return pl.concat(sides)


def in_refuge(population: Population) -> pl.DataFrame:
    """Children who live in a refuge, and from when until when: resident_id, mother_id, father_id, from_date, to_date."""
    refuges = population.households.filter(pl.col("shape") == "refuge")["home_id"]
    there = population.lives.filter(pl.col("home_id").is_in(refuges.implode()))
    return people_with_parents(population.residents).join(there, on="resident_id", how="inner", maintain_order="left").select(
        "resident_id", "mother_id", "father_id", "from_date", pl.min_horizontal("to_date", "of_age").alias("to_date")
    )  # fmt: skip


def people_with_parents(people: pl.DataFrame) -> pl.DataFrame:
    """Living people with a known parent and the day on which they are of age, death included: resident_id, parents, of_age."""
    has_parent = pl.col("mother_id").is_not_null() | pl.col("father_id").is_not_null()
    of_age = birthday(pl.col("date_of_birth"), ADULT_AGE)
    return people.filter(has_parent).select(
        "resident_id", "mother_id", "father_id", "home_id", pl.min_horizontal(of_age, "died_on").alias("of_age")
    )
