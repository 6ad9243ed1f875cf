"""A small area with people in custody, made once: the tests of what prison and police hold look at it."""

import datetime as dt
from dataclasses import replace
from functools import cache
from pathlib import Path

import polars as pl

from paramount_assets.settings import Settings
from paramount_assets.synthetic import contacts, police, police_addresses, police_ties, prison
from paramount_assets.synthetic.custody import Custody, imprison
from paramount_assets.synthetic.noise import EVERYONE, Cause, Rates, Scribe
from paramount_assets.synthetic.population import Population, populate

REFERENCE = Path(__file__).parents[2] / "data" / "reference"
FIRST_DAY = dt.date(2025, 11, 3)
DAYS = 60
SPAN = (FIRST_DAY, DAYS)
SEED = 5


def only(*causes: Cause, rate: float = 1.0) -> Rates:
    """Rates under which the given causes alone hit, the same for everyone."""
    hit = pl.col("cause").is_in([cause.value for cause in causes]) & (pl.col("applies_to") == EVERYONE)
    table = Rates.read(REFERENCE).table.filter(pl.col("applies_to") == EVERYONE)
    return Rates(table.with_columns(pl.when(hit).then(rate).otherwise(0.0).alias(s) for s in ("prison", "police", "services")))


@cache
def population() -> Population:
    return populate(REFERENCE, Settings().force.districts, 8_000, FIRST_DAY, DAYS, SEED)


@cache
def custody() -> Custody:
    return imprison(population(), FIRST_DAY, DAYS, 100.0, SEED)


def asking_for(kind: str, residents: list[int], other_id: int | None = None) -> Custody:
    """The same custody with people asked for."""
    asked = pl.DataFrame({"resident_id": residents, "kind": kind, "other_id": other_id}, schema=custody().asked.schema)
    return replace(custody(), asked=asked)


@cache
def prisoners() -> tuple[pl.DataFrame, Scribe]:
    return prison.keep_prisoner_records(population(), custody(), Rates.read(REFERENCE), SEED)


@cache
def contact_list() -> tuple[pl.DataFrame, Scribe]:
    return contacts.name_contacts(population(), prisoners()[0], Rates.read(REFERENCE), SEED)


@cache
def persons() -> tuple[pl.DataFrame, Scribe]:
    return police.keep_persons(population(), custody(), SPAN, Rates.read(REFERENCE), SEED)


@cache
def places() -> pl.DataFrame:
    return police_addresses.list_places(population(), Rates.read(REFERENCE), SEED)


@cache
def addresses() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Addresses and what their scribe wrote down of the person records."""
    scribe = Scribe(Rates.read(REFERENCE), SEED, "police", persons()[0]["person_id"])
    return police_addresses.list_addresses(population(), persons()[0], places(), SPAN, scribe), scribe.causes()


@cache
def associations() -> tuple[pl.DataFrame, Scribe]:
    return police_ties.list_associations(population(), persons()[0], FIRST_DAY, Rates.read(REFERENCE), SEED)


@cache
def markers() -> pl.DataFrame:
    return police_ties.list_markers(population(), persons()[0], places(), FIRST_DAY, SEED)
