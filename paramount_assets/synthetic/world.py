"""The one entry point: makes a world, delivers what each source holds of it, and writes the answer key."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from paramount_assets.settings import Settings
from paramount_assets.synthetic.answer_key import answer_tables, write_answer_key
from paramount_assets.synthetic.custody import Custody, imprison
from paramount_assets.synthetic.deliver import FileFormat, write_delivery
from paramount_assets.synthetic.extracts import hold_over, nil_days
from paramount_assets.synthetic.noise import Rates
from paramount_assets.synthetic.population import Population, populate
from paramount_assets.synthetic.sources import Sources, record
from paramount_assets.synthetic.timetable import Timetable, plan_deliveries
from paramount_assets.vocabulary import Day

Counts = dict[str, int]


@dataclass(frozen=True)
class WorldSummary:
    """Counts of a made-up world: what there is, not who.

    Attributes:
        counts: of people, records, receptions and deliveries.
        households: by shape.
        hard_kinds: receptions by what makes them hard to link.
        noise: records by source and by cause why they differ from the truth.
        deliveries: by source.
        days: extracts by what was special about them: nil, late, corrected.
    """

    counts: Counts
    households: Counts
    hard_kinds: Counts
    noise: dict[str, Counts]
    deliveries: Counts
    days: Counts


def simulate(  # noqa: PLR0913 - all that a world is made of
    settings: Settings,
    *,
    residents: int,
    first_day: Day,
    days: int,
    density: float,
    seed: int,
    noise: float = 1.0,
    oversample: bool = False,
    file_format: FileFormat = "csv",
    progress: Callable[[str], None] | None = None,
) -> WorldSummary:
    """Makes a world and writes its deliveries into the landing folder and its answer key into the world folder.

    Args:
        settings: where to write, the force's districts and the children's services that deliver.
        residents: of the made-up area, in the districts' proportions.
        first_day: of the extracts; police records and children's services land on it in full.
        days: number of prison extracts.
        density: receptions against life (1.0 = 8.5 a day for 2.5 million residents).
        seed: the same seed and the same other arguments give the same bytes.
        noise: what every rate of noise is multiplied by.
        oversample: whether people who are hard to link are received far more often than in life, and labelled.
        file_format: of the reference sources; the prison extract is CSV always.
        progress: told what is being made, without any value.

    Raises:
        ValueError: too few residents, or more receptions than there are adults to receive.
        DeliveryExistsError: the landing folder holds other deliveries of these days.
    """
    say = progress or (lambda _: None)
    reference, span = settings.project_folder("data/reference"), (first_day, days)
    say("population")
    population = populate(reference, settings.force.districts, residents, first_day, days, seed)
    say("what happens")
    custody = _with_nil_days(imprison(population, first_day, days, density, seed, oversample=oversample), first_day, days, seed)
    say("what each source holds")
    authorities = settings.force.services
    sources = record(population, custody, span, authorities, Rates.read(reference, noise), seed)
    say("deliveries")
    timetable = plan_deliveries(sources, authorities, span, seed, file_format)
    landed = _land(settings, timetable)
    say("answer key")
    tables = answer_tables(population, custody, sources)
    tables["noise"] = pl.concat([tables["noise"], timetable.faulty]).unique().sort("source", "record_id", "cause")
    write_answer_key(settings.world_folder, tables)
    return _summary(population, sources, tables, landed)


def _with_nil_days(custody: Custody, first_day: Day, days: int, seed: int) -> Custody:
    nil = nil_days(first_day, days, seed)
    return dataclasses.replace(custody, movements=hold_over(custody.movements, nil))


def _land(settings: Settings, timetable: Timetable) -> tuple[Counts, Counts]:
    """Writes every delivery; how many of each source, and of the extracts' days how many were special."""
    sources: Counts = {}
    special = {"without movements": 0, "late": 0, "corrected": 0}
    for delivery in timetable.deliveries:
        write_delivery(settings.landing_folder, delivery)
        feed = f"{delivery.source.value}, {delivery.kind}"
        sources[feed] = sources.get(feed, 0) + 1
        if "movements.csv" in delivery.files:
            special["without movements"] += delivery.files["movements.csv"].is_empty()
            special["late"] += delivery.produced_at is not None and delivery.produced_at.date() > delivery.day
            special["corrected"] += delivery.version > 1
    return sources, special


def _summary(
    population: Population, sources: Sources, tables: dict[str, pl.DataFrame], landed: tuple[Counts, Counts]
) -> WorldSummary:
    people = tables["receptions"]["resident_id"]
    return WorldSummary(
        counts={
            "residents": len(population.residents),
            "households": len(population.households),
            "receptions": len(tables["receptions"]),
            "people received": people.n_unique(),
            "movements": len(sources.movements),
            "contacts": len(sources.contacts),
            "police persons": sources.police["persons.csv"]["person_id"].n_unique(),
            "police addresses": len(sources.police["person_addresses.csv"]),
            "children known to services": sources.services["children.csv"]["child_id"].n_unique(),
        },
        households=_counts(population.households, "shape"),
        hard_kinds=_counts(tables["hard_kinds"], "kind") if "hard_kinds" in tables else {},
        noise={source: _counts(rows, "cause") for (source,), rows in _by_source(tables["noise"])},
        deliveries=landed[0],
        days=landed[1],
    )


def _by_source(noise: pl.DataFrame) -> list[tuple[tuple[str, ...], pl.DataFrame]]:
    parts = noise.partition_by("source", as_dict=True, maintain_order=True)
    return [((str(source),), rows) for (source,), rows in parts.items()]


def _counts(frame: pl.DataFrame, column: str) -> Counts:
    return dict(frame.group_by(column).len().sort("len", column, descending=[True, False]).iter_rows())
