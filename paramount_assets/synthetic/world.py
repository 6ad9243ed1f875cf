"""The one entry point: makes a world, delivers what each source holds of it, and writes the answer key."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from paramount_assets.settings import Settings
from paramount_assets.synthetic.answer_key import answer_tables, write_answer_key
from paramount_assets.synthetic.custody import imprison
from paramount_assets.synthetic.deliver import write_delivery
from paramount_assets.synthetic.population import Population, populate
from paramount_assets.synthetic.sources import Sources, record
from paramount_assets.synthetic.timetable import plan_deliveries
from paramount_assets.vocabulary import Day


@dataclass(frozen=True)
class WorldSummary:
    """Counts of a made-up world: what there is, not who."""

    residents: int
    households: dict[str, int]
    receptions: int
    movements: int
    contacts: int
    police_persons: int
    services_children: int
    noise: dict[str, int]
    deliveries: int


def simulate(
    settings: Settings,
    *,
    residents: int,
    first_day: Day,
    days: int,
    density: float,
    seed: int,
    progress: Callable[[str], None] | None = None,
) -> WorldSummary:
    """Makes a world and writes its deliveries into the landing folder and its answer key into the world folder.

    Args:
        settings: where to write, and the force's districts.
        residents: of the made-up area, in the districts' proportions.
        first_day: of the extracts; police records and children's services land on it in full.
        days: number of prison extracts.
        density: receptions against life (1.0 = 8.5 a day for 2.5 million residents). The demo has 5,000 residents and about nine
            receptions a day, a density of 530: far above life, so that a small world shows every kind of family.
        seed: the same seed and the same other arguments give the same bytes.
        progress: told what is being made, without any value.

    Raises:
        ValueError: too few residents, or more receptions than there are adults to receive.
        DeliveryExistsError: the landing folder holds other deliveries of these days.
    """
    say = progress or (lambda _: None)
    say("population")
    population = populate(settings.project_folder("data/reference"), settings.force.districts, residents, first_day, days, seed)
    say("what happens")
    custody = imprison(population, first_day, days, density, seed)
    say("what each source holds")
    sources = record(population, custody, (first_day, days), seed)
    say("deliveries")
    deliveries = 0
    for delivery in plan_deliveries(sources, first_day, days):
        write_delivery(settings.landing_folder, delivery)
        deliveries += 1
    say("answer key")
    tables = answer_tables(population, custody, sources)
    write_answer_key(settings.world_folder, tables)
    return _summary(population, sources, tables, deliveries)


def _summary(population: Population, sources: Sources, tables: dict[str, pl.DataFrame], deliveries: int) -> WorldSummary:
    def counts(frame: pl.DataFrame, column: str) -> dict[str, int]:
        return dict(frame.group_by(column).len().sort(column).iter_rows())

    return WorldSummary(
        residents=len(population.residents),
        households=counts(population.households, "shape"),
        receptions=len(tables["receptions"]),
        movements=len(sources.movements),
        contacts=len(sources.contacts),
        police_persons=len(sources.police["persons.csv"]),
        services_children=len(sources.services["children.csv"]),
        noise=counts(tables["noise"], "cause"),
        deliveries=deliveries,
    )
