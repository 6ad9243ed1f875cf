"""Judges the records of one file against its contract: rows of the contract's types, and rows put aside with a reason.

Strict and literal: nothing is guessed or repaired. A row's first reason is the one that is recorded, so that records in = rows +
rows put aside. No message holds a value of any row.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from paramount_assets.lake.contract import Column, FileContract, Kind, ReasonCode
from paramount_assets.lake.faults import DeliveryBlocked
from paramount_assets.lake.reading import TextBatch
from paramount_assets.vocabulary import Day

ROWS_TOLERATED = 5
SHARE_TOLERATED_PERCENT = 2
"""A file blocks when more rows than the greater of the two are put aside; exact duplicates do not count."""

FIELD_BYTES = 10_000
"""A longer field is no value that any source records."""

QUARANTINE_SCHEMA = {"file_name": pl.String, "line_number": pl.Int64, "reason_code": pl.String, "column_name": pl.String}
"""The columns of a table of rows put aside."""

# Unicode's Bidi_Control property: they make a name or an address read as another one.
_BIDIRECTIONAL = "[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
_DATE = r"^(18|19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}$"
_TIMESTAMP = r"^(18|19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}$"
_INTEGER = r"^[0-9]{1,9}$"

_TEXT = "text of "
_FAULT = "fault"
_CONTENT = "content"


@dataclass(frozen=True)
class ParsedFile:
    """One file judged.

    Attributes:
        rows: one row per record that keeps the contract, in file order: `line_number`, then the contract's columns by their
            names in the platform's tables.
        quarantined: one row per record put aside, in file order, as `QUARANTINE_SCHEMA`.
    """

    rows: pl.DataFrame
    quarantined: pl.DataFrame

    def check_tolerance(self, label: str) -> None:
        """Refuses the file when too many of its rows break the contract.

        Args:
            label: what the message begins with: source, date, version and file.

        Raises:
            DeliveryBlocked: with the counts by reason and column.
        """
        records = self.rows.height + self.quarantined.height
        broken = self.quarantined.filter(pl.col("reason_code") != ReasonCode.EXACT_DUPLICATE)
        allowed = max(ROWS_TOLERATED, records * SHARE_TOLERATED_PERCENT // 100)
        if broken.height <= allowed:
            return
        counts = broken.group_by("reason_code", "column_name").len("rows")
        counts = counts.sort("rows", "reason_code", "column_name", descending=[True, False, False])
        named = (" ".join(part for part in (reason, column, str(rows)) if part) for reason, column, rows in counts.iter_rows())
        raise DeliveryBlocked(
            f"{label}: {broken.height} of {records} rows break the contract, more than {allowed} are allowed: {', '.join(named)}"
        )


@dataclass(frozen=True)
class _Fault:
    """One way in which a row can break the contract; `broken` is over text columns and typed ones."""

    reason: ReasonCode
    column: str | None
    broken: pl.Expr


def parse(contract: FileContract, file_name: str, batches: Iterable[TextBatch], extract_date: Day) -> ParsedFile:
    """Judges every record of a file.

    Args:
        contract: the file's contract; of a delta, its `of_delta()`.
        file_name: as the manifest names it.
        batches: the file's records. Columns that the contract does not know are ignored; one that may be absent and is counts
            as empty.
        extract_date: no birth date may be after it.
    """
    faults = _faults(contract, extract_date)
    misshapen: list[int] = []
    judged = [_judge_batch(contract, faults, pl.DataFrame(schema=_empty_schema(contract)))]
    for batch in batches:
        misshapen += batch.misshapen
        judged.append(_judge_batch(contract, faults, batch.rows))
    rows = _mark_duplicates(contract, faults, pl.concat(judged))
    return ParsedFile(
        rows=rows.filter(pl.col(_FAULT).is_null()).select("line_number", *_released_columns(contract)),
        quarantined=_quarantined(file_name, faults, rows, misshapen),
    )


def _empty_schema(contract: FileContract) -> dict[str, type[pl.DataType]]:
    return {"line_number": pl.Int64} | dict.fromkeys((c.name for c in contract.columns), pl.String)


def _released_columns(contract: FileContract) -> list[pl.Expr]:
    return [pl.col(column.name).alias(column.table_name) for column in contract.columns]


def _judge_batch(contract: FileContract, faults: list[_Fault], rows: pl.DataFrame) -> pl.DataFrame:
    """The batch's typed columns with the number of each row's first fault, null where it has none, and a hash of its text."""
    names = [column.name for column in contract.columns]
    absent = [pl.lit("").alias(name) for name in names if name not in rows.columns]
    values = rows.with_columns(absent).select("line_number", *(pl.col(name).alias(_TEXT + name) for name in names))
    text = values.with_columns(pl.when(pl.col(_TEXT + n).str.strip_chars() != "").then(pl.col(_TEXT + n)) for n in names)
    typed = text.with_columns(_typed(column).alias(column.name) for column in contract.columns)
    numbered = [pl.when(f.broken).then(pl.lit(i, pl.UInt16)) for i, f in enumerate(faults) if f.column is not None]
    return typed.select(
        "line_number",
        *names,
        pl.coalesce(numbered).alias(_FAULT),
        pl.struct(_TEXT + name for name in names).hash().alias(_CONTENT),
    )


def _typed(column: Column) -> pl.Expr:
    text = pl.col(_TEXT + column.name)
    match column.kind:
        case Kind.DATE:
            return pl.when(text.str.contains(_DATE)).then(text).str.to_date("%Y-%m-%d", strict=False)
        case Kind.TIMESTAMP:
            return (
                pl.when(text.str.contains(_TIMESTAMP))
                .then(text)
                .str.to_datetime("%Y-%m-%dT%H:%M:%S", time_unit="us", strict=False)
            )
        case Kind.INTEGER:
            return pl.when(text.str.contains(_INTEGER)).then(text).cast(pl.Int64)
        case Kind.BOOLEAN:
            return pl.when(text == "Y").then(pl.lit(value=True)).when(text == "N").then(pl.lit(value=False))
        case _:
            return text


_NOT_OF_KIND = {
    Kind.DATE: ReasonCode.NOT_A_DATE,
    Kind.TIMESTAMP: ReasonCode.NOT_A_TIMESTAMP,
    Kind.INTEGER: ReasonCode.NOT_AN_INTEGER,
    Kind.BOOLEAN: ReasonCode.NOT_A_BOOLEAN,
}


def _faults(contract: FileContract, extract_date: Day) -> list[_Fault]:
    """Every fault that the contract knows, in the order in which the first one counts."""
    found = [_Fault(ReasonCode.EXACT_DUPLICATE, None, pl.lit(value=False))]
    found += [fault for column in contract.columns for fault in _column_faults(contract, column, extract_date)]
    found += [_Fault(rule.reason, rule.column, rule.broken) for rule in contract.rules]
    found += [_Fault(ReasonCode.CONTRADICTING_KEY, None, pl.lit(value=False))]
    order = list(ReasonCode)
    return sorted(found, key=lambda fault: order.index(fault.reason))


def _column_faults(contract: FileContract, column: Column, extract_date: Day) -> list[_Fault]:
    text, typed = pl.col(_TEXT + column.name), pl.col(column.name)
    found = [
        _Fault(ReasonCode.NUL_CHARACTER, column.name, text.str.contains("\0", literal=True)),
        _Fault(ReasonCode.FIELD_TOO_LONG, column.name, text.str.len_bytes() > FIELD_BYTES),
        _Fault(ReasonCode.BIDIRECTIONAL_CONTROL, column.name, text.str.contains(_BIDIRECTIONAL)),
    ]
    if column.required:
        found.append(_Fault(ReasonCode.MISSING_REQUIRED, column.name, text.is_null() & _must_say(contract, column)))
    if column.kind in _NOT_OF_KIND:
        found.append(_Fault(_NOT_OF_KIND[column.kind], column.name, text.is_not_null() & typed.is_null()))
    if column.codes:
        found.append(_Fault(ReasonCode.UNKNOWN_CODE, column.name, ~text.is_in(list(column.codes))))
    if column.pattern:
        found.append(_Fault(ReasonCode.BAD_FORMAT, column.name, ~text.str.contains(f"^(?:{column.pattern})$")))
    if column.is_birth_date:
        found.append(_Fault(ReasonCode.DATE_IN_FUTURE, column.name, typed > pl.lit(extract_date)))
    return found


def _must_say(contract: FileContract, column: Column) -> pl.Expr:
    """A row of a delta that deletes need only say which row it deletes."""
    is_delta = any(c.name == "deleted" for c in contract.columns)
    if not is_delta or column.name in (*contract.key, "deleted"):
        return pl.lit(value=True)
    return pl.col("deleted").fill_null(value=False).not_()


def _mark_duplicates(contract: FileContract, faults: list[_Fault], rows: pl.DataFrame) -> pl.DataFrame:
    """Adds what only the whole file shows: later exact copies, and rows that share a key and differ."""
    required = [column.name for column in contract.columns if column.required and column.name in contract.key]
    copies = rows.with_columns((~pl.struct(*contract.key, _CONTENT).is_first_distinct()).alias("is_copy"))
    originals = copies.filter(~pl.col("is_copy") & pl.all_horizontal(pl.col(required).is_not_null()))
    contradicting = originals.filter(pl.struct(contract.key).is_duplicated()).select(
        "line_number", contradicts=pl.lit(value=True)
    )
    number = {fault.reason: pl.lit(i, pl.UInt16) for i, fault in enumerate(faults) if fault.column is None}
    return copies.join(contradicting, on="line_number", how="left", maintain_order="left").with_columns(
        pl.when("is_copy")
        .then(number[ReasonCode.EXACT_DUPLICATE])
        .when(pl.col(_FAULT).is_null() & pl.col("contradicts"))
        .then(number[ReasonCode.CONTRADICTING_KEY])
        .otherwise(pl.col(_FAULT))
        .alias(_FAULT)
    )


def _quarantined(file_name: str, faults: list[_Fault], rows: pl.DataFrame, misshapen: list[int]) -> pl.DataFrame:
    reasons = pl.DataFrame(
        {
            _FAULT: range(len(faults)),
            "reason_code": [str(fault.reason) for fault in faults],
            "column_name": [fault.column for fault in faults],
        },
        schema={_FAULT: pl.UInt16, "reason_code": pl.String, "column_name": pl.String},
    )
    broken = rows.select("line_number", _FAULT).join(reasons, on=_FAULT, how="inner")
    torn = pl.DataFrame({"line_number": misshapen}, schema={"line_number": pl.Int64})
    both = pl.concat(
        [broken, torn.with_columns(reason_code=pl.lit(str(ReasonCode.WRONG_FIELD_COUNT)))], how="diagonal"
    ).with_columns(file_name=pl.lit(file_name))
    return both.select(QUARANTINE_SCHEMA.keys()).sort("line_number")
