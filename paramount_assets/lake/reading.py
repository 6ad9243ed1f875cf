"""From the bytes of a file to records of text: encoding, CSV (RFC 4180) record by record, Parquet with text values.

What a record means, and whether it is right, is not known here. A large CSV file that keeps the standard to the letter is read by
`lake.plain_csv`, with the same result.
"""

import csv
import itertools
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import polars as pl

from paramount_assets.lake.plain_csv import NotPlain, plain_blocks, plain_header

BATCH_ROWS = 100_000
"""Records that are held as Python text at a time, so that memory does not grow with the file."""

_FIELD_LIMIT = 256 * 1024 * 1024
"""A field up to here is read, so that the row can be put aside instead of the file."""

_UTF_16_BOMS = (b"\xff\xfe", b"\xfe\xff")


class UnreadableFile(Exception):
    """The file's bytes are not a table at all. The message names what was found and no value."""


@dataclass(frozen=True)
class TextBatch:
    """Some records of a file in order.

    Attributes:
        rows: `line_number` and one text column for each of the header's names; no value is null.
        misshapen: line numbers of records with another number of fields than the header; they are not in `rows`.
    """

    rows: pl.DataFrame
    misshapen: list[int]


@dataclass(frozen=True)
class Shape:
    """What can be said of a file without knowing its contract."""

    header: tuple[str, ...]
    row_count: int


def shape_of(path: Path) -> Shape:
    """The header and the number of records of a CSV or Parquet file.

    Raises:
        UnreadableFile: the bytes are not UTF-8, not CSV or not Parquet.
    """
    if path.suffix == ".parquet":
        return _parquet_shape(path)
    try:
        return Shape(plain_header(path), sum(block.height for block in plain_blocks(path)))
    except NotPlain:
        return _csv_shape(path)


def _csv_shape(path: Path) -> Shape:
    with _opened(path) as lines:
        records = fields_of(lines)
        header = next(records, None)
        if header is None:
            raise UnreadableFile("has no header")
        if any("\0" in name for name in header):
            raise UnreadableFile(f"is not UTF-8, it looks like {_name_encoding(path)}")
        return Shape(tuple(header), sum(1 for _ in records))


def read_records(path: Path) -> Iterator[str]:
    """The text of every record of a CSV file, the header first, without the end of its line.

    A byte order mark is dropped; a blank line is no record.

    Raises:
        UnreadableFile: the bytes are not UTF-8 or not CSV.
    """
    consumed: list[str] = []

    def tapped(lines: Iterable[str]) -> Iterator[str]:
        for line in lines:
            consumed.append(line)
            yield line

    with _opened(path) as lines:
        for _ in fields_of(tapped(lines)):
            # A blank line before the record is consumed with it, and belongs to no record.
            yield "".join(consumed).lstrip("\r\n").removesuffix("\n").removesuffix("\r")
            consumed.clear()


def read_batches(path: Path) -> Iterator[TextBatch]:
    """Every record of a CSV or Parquet file after the header, numbered from 1.

    Raises:
        UnreadableFile: the bytes are not UTF-8, not CSV or not Parquet.
    """
    if path.suffix == ".parquet":
        yield from _parquet_batches(path)
        return
    read = 0
    try:
        for block in plain_blocks(path):
            yield TextBatch(block.with_row_index("line_number", read + 1).cast({"line_number": pl.Int64}), [])
            read += block.height
    except NotPlain:
        yield from _csv_batches(path, after=read)


def _csv_batches(path: Path, after: int) -> Iterator[TextBatch]:
    """The records that come after so many others."""
    with _opened(path) as lines:
        records = fields_of(lines)
        header = next(records, [])
        yield from in_batches(header, itertools.islice(records, after, None), itertools.count(after + 1))


def in_batches(header: Sequence[str], records: Iterator[list[str]], line_numbers: Iterator[int]) -> Iterator[TextBatch]:
    """The fields of records with their line numbers, laid out as columns."""
    while batch := list(itertools.islice(records, BATCH_ROWS)):
        numbers = list(itertools.islice(line_numbers, len(batch)))
        misshapen = [n for n, fields in zip(numbers, batch, strict=True) if len(fields) != len(header)]
        if misshapen:
            numbers = [n for n, fields in zip(numbers, batch, strict=True) if len(fields) == len(header)]
            batch = [fields for fields in batch if len(fields) == len(header)]
        values = zip(*batch, strict=True) if batch else ([] for _ in header)
        columns = [pl.Series(name, column, dtype=pl.String) for name, column in zip(header, values, strict=True)]
        yield TextBatch(pl.DataFrame([pl.Series("line_number", numbers, dtype=pl.Int64), *columns]), misshapen)


def fields_of(lines: Iterable[str]) -> Iterator[list[str]]:
    """The fields of each record; also of records whose texts are already apart, as `read_records` gave them."""
    csv.field_size_limit(_FIELD_LIMIT)
    return filter(None, csv.reader(lines))


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    """The file's lines as they are; faults of encoding and of CSV while they are read become `UnreadableFile`."""
    try:
        # Universal newlines are off: a newline inside quotes must stay what it was.
        with path.open(encoding="utf-8-sig", newline="") as lines:
            yield lines
    except UnicodeDecodeError:
        raise UnreadableFile(f"is not UTF-8, it looks like {_name_encoding(path)}") from None
    except csv.Error:
        raise UnreadableFile("is not CSV") from None


def _name_encoding(path: Path) -> str:
    content = path.read_bytes()
    if content.startswith(_UTF_16_BOMS) or b"\0" in content[:200:2] or b"\0" in content[1:200:2]:
        return "UTF-16"
    try:
        content.decode("cp1252")
    except UnicodeDecodeError:
        return "no known encoding"
    return "cp1252"


def _parquet_shape(path: Path) -> Shape:
    try:
        schema = pl.read_parquet_schema(path)
        row_count = pl.scan_parquet(path).select(pl.len()).collect().item()
    except (pl.exceptions.PolarsError, OSError):
        raise UnreadableFile("is not Parquet") from None
    not_text = [name for name, dtype in schema.items() if dtype not in {pl.String, pl.Null}]
    if not_text:
        raise UnreadableFile(f"holds {len(not_text)} columns that are not text")
    return Shape(tuple(schema), row_count)


def _parquet_batches(path: Path) -> Iterator[TextBatch]:
    rows = pl.scan_parquet(path).with_row_index("line_number", offset=1)
    as_text = pl.all().exclude("line_number").cast(pl.String).fill_null("")
    for start in range(0, _parquet_shape(path).row_count, BATCH_ROWS):
        yield TextBatch(rows.slice(start, BATCH_ROWS).with_columns(pl.col("line_number").cast(pl.Int64), as_text).collect(), [])
