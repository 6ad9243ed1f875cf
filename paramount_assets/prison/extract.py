"""The prison extract: kept character for character first, and read by its contract from there.

All that follows is made from the kept records, so a notification can be followed to the very line that it began with.
"""

import polars as pl

from paramount_assets.lake.contract import FileContract
from paramount_assets.lake.delivery import Delivery, delivery_label
from paramount_assets.lake.parsing import QUARANTINE_SCHEMA, ParsedFile, parse
from paramount_assets.lake.reading import fields_of, in_batches, read_records
from paramount_assets.prison.contract import CONTRACTS
from paramount_assets.vocabulary import Day, Source

_SCHEMA = {"file_name": pl.String, "line_number": pl.Int64, "delivery_version": pl.Int64, "record_text": pl.String}


def raw_records(delivery: Delivery) -> pl.DataFrame:
    """One row per record of the delivery's files, the header as line 0.

    Raises:
        DeliveryBlocked: the delivery is not what its manifest says or lacks a column.
    """
    delivery.verify(CONTRACTS)
    files = [file for contract in CONTRACTS if (file := delivery.file(contract)) is not None]
    texts = {file.name: list(read_records(file.path)) for file in files}
    frames = [
        pl.DataFrame({"line_number": range(len(records)), "record_text": records}, schema_overrides=_SCHEMA).with_columns(
            file_name=pl.lit(name), delivery_version=pl.lit(delivery.version, pl.Int64)
        )
        for name, records in texts.items()
    ]
    return pl.concat([pl.DataFrame(schema=_SCHEMA), *(frame.select(_SCHEMA.keys()) for frame in frames)])


def read(raw_extract: pl.DataFrame, contract: FileContract, day: Day) -> ParsedFile:
    """One file judged by its contract; a file that was not delivered has no rows."""
    name = f"{contract.name}.csv"
    records = raw_extract.filter(pl.col("file_name") == name).sort("line_number")
    fields = fields_of(records["record_text"])
    batches = in_batches(next(fields, []), fields, iter(records["line_number"][1:]))
    return parse(contract, name, batches, day)


def rows_within_tolerance(raw_extract: pl.DataFrame, contract: FileContract, day: Day) -> pl.DataFrame:
    """The rows of one file that keep its contract.

    Raises:
        DeliveryBlocked: too many do not.
    """
    parsed = read(raw_extract, contract, day)
    if raw_extract.height:
        label = delivery_label(Source.PRISON_EXTRACT, day, raw_extract["delivery_version"][0])
        parsed.check_tolerance(f"{label}: {contract.name}.csv")
    return parsed.rows


def rows_put_aside(raw_extract: pl.DataFrame, day: Day) -> pl.DataFrame:
    """Every record of any file that breaks its contract, however many they are, for then they must be seen."""
    return pl.concat(
        [pl.DataFrame(schema=QUARANTINE_SCHEMA), *(read(raw_extract, contract, day).quarantined for contract in CONTRACTS)]
    )
