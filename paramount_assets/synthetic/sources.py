"""What each source holds of the world, put together: records with the day they were recorded and whom they are about."""

import datetime as dt
from dataclasses import dataclass

import polars as pl

from paramount_assets.settings import ServicesFeed
from paramount_assets.synthetic.contacts import name_contacts
from paramount_assets.synthetic.custody import Custody
from paramount_assets.synthetic.noise import Rates, Scribe
from paramount_assets.synthetic.police import keep_persons, list_further_names, list_merged, list_updates
from paramount_assets.synthetic.police_addresses import list_addresses, list_places
from paramount_assets.synthetic.police_ties import list_associations, list_markers
from paramount_assets.synthetic.population import Population
from paramount_assets.synthetic.prison import keep_prisoner_records, write_movements
from paramount_assets.synthetic.services import keep_children
from paramount_assets.synthetic.services_answers import list_answers
from paramount_assets.synthetic.services_families import list_family_members, list_plans
from paramount_assets.vocabulary import Source


@dataclass(frozen=True)
class Sources:
    """What each source holds in the end; rows carry recorded_on or extract_date, and who they are about.

    `answers` has by authority what it answers about the persons received, for the authorities that are asked.
    """

    movements: pl.DataFrame
    contacts: pl.DataFrame
    police: dict[str, pl.DataFrame]
    merged: pl.DataFrame
    services: dict[str, pl.DataFrame]
    answers: dict[str, pl.DataFrame]
    prisoners: pl.DataFrame
    scribes: dict[str, list[Scribe]]


def record(
    population: Population,
    custody: Custody,
    span: tuple[dt.date, int],
    authorities: tuple[ServicesFeed, ...],
    rates: Rates,
    seed: int,
) -> Sources:
    """Lets every source record what it would, slips and gaps included.

    Args:
        population: the truth about the area.
        custody: what happened.
        span: first day and number of days.
        authorities: of children's services, those that deliver.
        rates: of the slips.
        seed: of the world.
    """
    first_day, days = span
    prisoners, prison_scribe = keep_prisoner_records(population, custody, rates, seed)
    contacts, contact_scribe = name_contacts(population, prisoners, rates, seed)
    movements = write_movements(custody, prisoners, prison_scribe)
    persons, police_scribe = keep_persons(population, custody, span, rates, seed)
    places = list_places(population, rates, seed)
    associations, association_scribe = list_associations(population, persons, first_day, rates, seed)
    police = {
        "persons.csv": pl.concat([persons, list_updates(persons, population, custody, span, seed)]),
        "person_names.csv": list_further_names(persons, population, rates, seed),
        "person_addresses.csv": list_addresses(population, persons, places, span, police_scribe),
        "associations.csv": associations,
        "markers.csv": list_markers(population, persons, places, first_day, seed),
    }
    children, services_scribe = keep_children(population, custody, span, authorities, rates, seed)
    members, member_scribe = list_family_members(population, children, span, rates, seed)
    services = {"children.csv": children, "family_members.csv": members, "plans.csv": list_plans(children, span, seed)}
    asked = [authority for authority in authorities if authority.delivers == "answer"]
    return Sources(
        movements=movements,
        contacts=contacts,
        police=police,
        merged=list_merged(persons, first_day, days, seed),
        services=services,
        answers={each.la_code: list_answers(each, population, custody, services, seed) for each in asked},
        prisoners=prisoners,
        scribes={
            Source.PRISON_EXTRACT: [prison_scribe, contact_scribe],
            Source.POLICE_RECORDS: [police_scribe, association_scribe],
            Source.CHILDRENS_SERVICES: [services_scribe, member_scribe],
        },
    )
