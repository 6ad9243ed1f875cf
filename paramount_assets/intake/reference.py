"""The state of police records after a delivery, and what became of the rows of all reference deliveries.

A full delivery replaces what was there, a delta changes it row by row. What children's services deliver, each authority for
itself, is known in `services`.
"""

import polars as pl

from paramount_assets.intake.contracts import ReferenceFile, files_of
from paramount_assets.intake.judging import Doubt, Summary, accepted, file_name, summary, verify
from paramount_assets.intake.services import doubts_after, standing_deliveries
from paramount_assets.intake.states import changed
from paramount_assets.lake import Delivery, Landing, NotDelivered
from paramount_assets.lake.contract import ReasonCode
from paramount_assets.lake.faults import DeliveryBlocked
from paramount_assets.lake.parsing import QUARANTINE_SCHEMA
from paramount_assets.settings import Force
from paramount_assets.vocabulary import Day, Source

SOURCES = (Source.POLICE_RECORDS, Source.CHILDRENS_SERVICES)


def police_state(
    landing: Landing, day: Day, file: ReferenceFile, previous: pl.DataFrame, persons: pl.DataFrame | None = None
) -> pl.DataFrame:
    """One police table after the day's delivery.

    Args:
        landing: the landing area.
        day: the delivery's date.
        file: which table.
        previous: the table before it.
        persons: the persons after the same delivery; None where the table is theirs.

    Raises:
        NotDelivered: there is none.
        DeliveryBlocked: it may not be used.
    """
    delivery = landing.delivery(Source.POLICE_RECORDS, day)
    verify(delivery)
    brought = accepted(delivery, file, _police_doubts(file, persons))
    if delivery.kind == "full":
        return brought
    if persons is None and previous.is_empty():
        raise DeliveryBlocked(f"{delivery.label}: a delta, and no full delivery came before it")
    return _without_orphans(changed(previous, brought, file), file, persons)


def rows_put_aside(
    landing: Landing, day: Day, force: Force, persons: pl.DataFrame | None, children: pl.DataFrame | None
) -> pl.DataFrame:
    """Every row of the day's reference deliveries that was put aside, however many they are.

    Args:
        landing: the landing area.
        day: the deliveries' date.
        force: says which authorities deliver.
        persons: the police's persons after the day, None where they are not released: then no reference to them is judged.
        children: the children after the day, likewise.

    Raises:
        NotDelivered: neither source delivered.
        DeliveryBlocked: no delivery could be read; one that can be is listed beside one that cannot.
    """
    schema = {"source": pl.String, "delivery_version": pl.Int64} | QUARANTINE_SCHEMA
    found = [
        summed.quarantined.select(
            pl.lit(str(delivery.source)).alias("source"),
            pl.lit(delivery.version, pl.Int64).alias("delivery_version"),
            *QUARANTINE_SCHEMA,
        )
        for delivery, _, summed in _summaries(landing, day, force, persons, children)
    ]
    return pl.concat([pl.DataFrame(schema=schema), *found])


def files_delivered(
    landing: Landing, day: Day, force: Force, persons: pl.DataFrame | None, children: pl.DataFrame | None
) -> pl.DataFrame:
    """One row per file of the day's reference deliveries, with what became of its rows; arguments and faults as above."""
    return pl.DataFrame(
        [_counted(*found) for found in _summaries(landing, day, force, persons, children)],
        orient="row",
        schema=_COUNTED,
    )


_COUNTED = {
    "source": pl.String,
    "feed": pl.String,
    "delivery_version": pl.Int64,
    "delivery_kind": pl.String,
    "file_name": pl.String,
    "record_count": pl.Int64,
    "kept_count": pl.Int64,
    "deleted_count": pl.Int64,
    "quarantined_count": pl.Int64,
    "duplicate_count": pl.Int64,
    "delivered_on": pl.Date,
}


def _counted(delivery: Delivery, file: ReferenceFile, summed: Summary) -> tuple[object, ...]:
    delivered = delivery.file(file.contract)
    copies = summed.quarantined.filter(pl.col("reason_code") == ReasonCode.EXACT_DUPLICATE).height
    return (
        str(delivery.source),
        delivery.feed,
        delivery.version,
        delivery.kind,
        file_name(delivery, file),
        delivered.rows if delivered else 0,
        summed.kept_count,
        summed.deleted_count,
        summed.quarantined.height - copies,
        copies,
        delivery.extract_date,
    )


def _summaries(
    landing: Landing, day: Day, force: Force, persons: pl.DataFrame | None, children: pl.DataFrame | None
) -> list[tuple[Delivery, ReferenceFile, Summary]]:
    found: list[tuple[Delivery, ReferenceFile, Summary]] = []
    blocked: list[DeliveryBlocked] = []
    for source in SOURCES:
        try:
            for delivery in _standing(landing, source, day, force):
                for file in files_of(source, delivery.kind):
                    is_police = source is Source.POLICE_RECORDS
                    doubts = _police_doubts(file, persons) if is_police else doubts_after(delivery, file, children, force)
                    found.append((delivery, file, summary(delivery, file, doubts)))
        except NotDelivered:
            continue
        except DeliveryBlocked as fault:
            blocked.append(fault)
    if blocked and not found:
        raise blocked[0]
    if not found:
        raise NotDelivered(f"{' and '.join(SOURCES)} {day}: nothing has landed")
    return found


def _standing(landing: Landing, source: Source, day: Day, force: Force) -> list[Delivery]:
    if source is Source.CHILDRENS_SERVICES:
        return standing_deliveries(landing, day, force)
    delivery = landing.delivery(source, day)
    verify(delivery)
    return [delivery]


def _police_doubts(file: ReferenceFile, persons: pl.DataFrame | None) -> list[Doubt]:
    if persons is None:
        return []
    known = persons["person_id"]
    return [Doubt(ReasonCode.UNKNOWN_REFERENCE, column, value, known) for column, value in file.references.items()]


def _without_orphans(rows: pl.DataFrame, file: ReferenceFile, persons: pl.DataFrame | None) -> pl.DataFrame:
    """The rows without those that belong to a person who is no longer there."""
    if persons is None:
        return rows
    known = persons["person_id"].implode()
    return rows.filter(*(value.is_null() | value.is_in(known) for value in file.references.values()))
