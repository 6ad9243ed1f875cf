"""The tables of the step `persons`: what other steps may rely on to be in standard form."""

from typing import Annotated

import polars as pl

from paramount_assets.lake import Earlier, VersionOf, table
from paramount_assets.persons import families, police
from paramount_assets.persons.receptions import LookBack, cleaned, looked_at
from paramount_assets.settings import Settings
from paramount_assets.vocabulary import Cadence, Day, Source


@table("persons", kinds={"polars"}, published=False)
def cleaned_persons(  # noqa: PLR0913, PLR0917
    day: Day,
    receptions: pl.DataFrame,
    movements: pl.DataFrame,
    rulings: pl.DataFrame,
    settings: Settings,
    services_answers: pl.DataFrame,
    reference_deliveries: pl.DataFrame,
    earlier_receptions: Annotated[pl.DataFrame, Earlier("receptions", days=28)],
    earlier_movements: Annotated[pl.DataFrame, Earlier("movements", days=28)],
    police_version: Annotated[Day | None, VersionOf("police_persons")],
    services_version: Annotated[Day | None, VersionOf("known_children")],
) -> pl.DataFrame:
    """One row per person received whom the day looks at: names, dates, identifiers and home in standard form."""
    back = LookBack(
        receptions=earlier_receptions,
        movements=earlier_movements,
        reference_landed=police_version == day or (services_version == day and not _only_answers(reference_deliveries, day)),
        answered=services_answers.filter(delivered_on=day)["request_ref"],
        look_again_days=settings.force.policy.look_again_days,
    )
    return cleaned(looked_at(day, receptions, movements, rulings, back), day)


def _only_answers(deliveries: pl.DataFrame, day: Day) -> bool:
    """Children's services delivered nothing on the day but answers about the persons asked about."""
    of_the_day = deliveries.filter(source=str(Source.CHILDRENS_SERVICES), delivered_on=day)
    return of_the_day.height > 0 and of_the_day["delivery_kind"].eq("answer").all()


@table("persons", kinds={"polars"}, published=False)
def cleaned_contacts(
    cleaned_persons: pl.DataFrame,
    contacts: pl.DataFrame,
    earlier_contacts: Annotated[pl.DataFrame, Earlier("contacts", days=28)],
) -> pl.DataFrame:
    """One row per reception looked at and social contact of its prisoner, in standard form."""
    return families.contacts(cleaned_persons, contacts, earlier_contacts)


@table("persons", kinds={"polars"}, published=False, cadence=Cadence.VERSIONED)
def known_homes(police_addresses: pl.DataFrame) -> pl.DataFrame:
    """One row per police person, home address and the date since when, in standard form."""
    return police.homes(police_addresses)


@table("persons", kinds={"polars"}, published=False, cadence=Cadence.VERSIONED)
def police_persons(day: Day, police_person_records: pl.DataFrame, known_homes: pl.DataFrame) -> pl.DataFrame:
    """One row per police person: names, dates, identifiers and newest home in standard form."""
    return police.persons(police_person_records, known_homes, day)


@table("persons", kinds={"polars"}, published=False, cadence=Cadence.VERSIONED, optional=True)
def known_children(services_children: pl.DataFrame) -> pl.DataFrame:
    """One row per child known to children's services, in standard form."""
    return families.children(services_children)


@table("persons", kinds={"polars"}, published=False, cadence=Cadence.VERSIONED, optional=True)
def known_family_members(services_family_members: pl.DataFrame, known_children: pl.DataFrame) -> pl.DataFrame:
    """One row per child known to children's services and member of the family, in standard form."""
    return families.family_members(services_family_members, known_children)
