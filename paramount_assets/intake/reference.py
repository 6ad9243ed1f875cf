"""The state of a reference after a delivery: replaced by a full one, changed row by row by a delta.

A delivery of children's services speaks only for the local authorities it contains; what another authority delivered stays.
"""

from collections.abc import Callable

import polars as pl

from paramount_assets.intake.contracts import CHILDREN, ReferenceFile, contracts_of
from paramount_assets.lake import Landing, NotDelivered
from paramount_assets.lake.contract import FileContract
from paramount_assets.lake.delivery import Delivery
from paramount_assets.lake.faults import DeliveryBlocked
from paramount_assets.lake.parsing import QUARANTINE_SCHEMA
from paramount_assets.vocabulary import Day, Source

SOURCES = (Source.POLICE_RECORDS, Source.CHILDRENS_SERVICES)


def police_state(landing: Landing, day: Day, file: ReferenceFile, previous: pl.DataFrame) -> pl.DataFrame:
    """One police table after the day's delivery.

    Raises:
        NotDelivered: there is none.
        DeliveryBlocked: it may not be used.
    """
    return _state_after(landing.delivery(Source.POLICE_RECORDS, day), file, previous, lambda _: previous.clear())


def children_state(landing: Landing, day: Day, previous: pl.DataFrame) -> pl.DataFrame:
    """The children known to children's services after the day's delivery.

    Raises:
        NotDelivered: there is none.
        DeliveryBlocked: it may not be used.
    """

    def of_other_authorities(brought: pl.DataFrame) -> pl.DataFrame:
        others = previous.filter(~pl.col("la_code").is_in(brought["la_code"].unique().to_list()))
        return _without(others, brought, ["child_id"])

    return _state_after(landing.delivery(Source.CHILDRENS_SERVICES, day), CHILDREN, previous, of_other_authorities)


def dependants_state(
    landing: Landing, day: Day, file: ReferenceFile, children: pl.DataFrame, previous: pl.DataFrame
) -> pl.DataFrame:
    """One table of what children's services hold about their children, after the day's delivery.

    Args:
        landing: the landing area.
        day: the delivery's date.
        file: which table.
        children: the children after the same delivery.
        previous: the table before it.

    Raises:
        NotDelivered: there is none.
        DeliveryBlocked: it may not be used.
    """
    untouched = children.filter(pl.col("delivered_on") != day).select("child_id")
    kept = previous.join(untouched, on="child_id", how="semi")
    return _state_after(landing.delivery(Source.CHILDRENS_SERVICES, day), file, previous, lambda _: kept)


def rows_put_aside(landing: Landing, day: Day) -> pl.DataFrame:
    """Every row of the day's reference deliveries that breaks its contract, however many they are.

    Raises:
        NotDelivered: neither source delivered.
        DeliveryBlocked: no delivery could be read; one that can be is listed beside one that cannot.
    """
    listed: list[pl.DataFrame] = []
    blocked: list[DeliveryBlocked] = []
    for source in SOURCES:
        try:
            listed.append(_quarantined(landing.delivery(source, day)))
        except NotDelivered:
            continue
        except DeliveryBlocked as fault:
            blocked.append(fault)
    if listed:
        return pl.concat(listed)
    if blocked:
        raise blocked[0]
    raise NotDelivered(f"{' and '.join(SOURCES)} {day}: nothing has landed")


def _state_after(
    delivery: Delivery, file: ReferenceFile, previous: pl.DataFrame, kept_by_full: Callable[[pl.DataFrame], pl.DataFrame]
) -> pl.DataFrame:
    """The rows kept and the rows that the delivery brings, each with the delivery that last changed it."""
    brought = _dated(_rows(delivery, file.contract), delivery)
    if delivery.kind == "full":
        return pl.concat([kept_by_full(brought).select(brought.columns), brought])
    if file.owner is None and previous.is_empty():
        raise DeliveryBlocked(f"{delivery.label}: a delta, and no full delivery came before it")
    changed = brought.filter(~pl.col("deleted")).drop("deleted")
    kept = _without(previous, brought, file.contract.table_key).select(changed.columns)
    return _without_orphans(pl.concat([kept, changed]), delivery, file)


def _rows(delivery: Delivery, contract: FileContract) -> pl.DataFrame:
    """The rows of one file that keep its contract, once the whole delivery is what its manifest says."""
    if delivery.kind == "answer":
        raise DeliveryBlocked(f"{delivery.label}: kind answer is not supported yet, a full delivery or a delta is")
    delivery.verify(contracts_of(delivery.source))
    parsed = delivery.parse(contract)
    delivered = delivery.file(contract)
    parsed.check_tolerance(f"{delivery.label}: {delivered.name if delivered else contract.name}")
    return parsed.rows


def _dated(rows: pl.DataFrame, delivery: Delivery) -> pl.DataFrame:
    columns = [name for name in rows.columns if name != "line_number"]
    return rows.select(*columns, pl.lit(delivery.extract_date).alias("delivered_on"), "line_number")


def _without(rows: pl.DataFrame, others: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """The rows whose key none of the others has; an unknown part of a key equals an unknown one."""
    return rows.join(others.select(key).unique(), on=key, how="anti", nulls_equal=True)


def _without_orphans(rows: pl.DataFrame, delivery: Delivery, file: ReferenceFile) -> pl.DataFrame:
    """The rows without those that belong to a person or child that the delivery deletes."""
    if file.owner is None:
        return rows
    owners = _rows(delivery, file.owner)
    gone = owners.filter("deleted")[file.owner.table_key[0]].to_list()
    return rows.filter(~pl.any_horizontal(ids.is_in(gone).fill_null(value=False) for ids in file.owner_ids))


def _quarantined(delivery: Delivery) -> pl.DataFrame:
    contracts = contracts_of(delivery.source)
    delivery.verify(contracts)
    found = [delivery.parse(contract).quarantined for contract in contracts]
    rows = pl.concat([pl.DataFrame(schema=QUARANTINE_SCHEMA), *found])
    return rows.select(pl.lit(str(delivery.source)).alias("source"), *QUARANTINE_SCHEMA)
