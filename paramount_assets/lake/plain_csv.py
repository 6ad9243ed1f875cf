"""CSV files that keep RFC 4180 to the letter, read by Arrow a block at a time: many times as fast as record by record.

Only what Arrow reads exactly as Python's `csv` does is read here. Any other file is turned down, at once or at the block where
it stops being plain, and `lake.reading` goes on from there.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
from pyarrow import csv as arrow_csv

_BLOCK_BYTES = 16 * 1024 * 1024

_LINE_FEED, _RETURN, _QUOTE, _COMMA = b'\n\r",'
_BEFORE_OPENING = (_COMMA, _LINE_FEED, _QUOTE)
_AFTER_CLOSING = (_COMMA, _LINE_FEED, _RETURN, _QUOTE)


class NotPlain(Exception):
    """The file, from where the blocks end, is not one that is read here."""


def plain_blocks(path: Path) -> Iterator[pl.DataFrame]:
    """The records after the header in order, some at a time: one text column for each of the header's names, no value null.

    Raises:
        NotPlain: what follows must be read in another way, or not at all.
    """
    header = plain_header(path)
    if not _is_plain(path):
        raise NotPlain
    try:
        with arrow_csv.open_csv(
            path,
            arrow_csv.ReadOptions(block_size=_BLOCK_BYTES),
            arrow_csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=True),
            arrow_csv.ConvertOptions(column_types=dict.fromkeys(header, pa.string()), strings_can_be_null=False),
        ) as reader:
            for batch in reader:
                yield pl.DataFrame(pl.from_arrow(batch))
    except pa.ArrowInvalid:
        raise NotPlain from None


def plain_header(path: Path) -> tuple[str, ...]:
    """The names of the columns: two or more, since a record of one empty field looks like a blank line, which is no record.

    Raises:
        NotPlain: there are fewer, two are called the same, or there are none that can be read.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            header = next(csv.reader(lines), [])
    except (UnicodeDecodeError, csv.Error):
        raise NotPlain from None
    if len(header) < 2 or len(set(header)) < len(header):
        raise NotPlain
    return tuple(header)


def _is_plain(path: Path) -> bool:
    """No NUL, no carriage return but before a line feed, and every quote opens or closes a field or stands for one within."""
    content = np.memmap(path, np.uint8, mode="r")
    open_quotes = 0
    for start in range(0, content.size, _BLOCK_BYTES):
        block = content[start : start + _BLOCK_BYTES]
        returns, quotes = (np.flatnonzero(block == byte) + start for byte in (_RETURN, _QUOTE))
        opening, closing = quotes[open_quotes % 2 :: 2], quotes[1 - open_quotes % 2 :: 2]
        open_quotes += quotes.size
        if not (
            block.all()
            and (_after(content, returns) == _LINE_FEED).all()
            and np.isin(_before(content, opening), _BEFORE_OPENING).all()
            and np.isin(_after(content, closing), _AFTER_CLOSING).all()
        ):
            return False
    return open_quotes % 2 == 0


def _before(content: np.ndarray, at: np.ndarray) -> np.ndarray:
    """The byte before each place; a line feed before the first."""
    return np.where(at == 0, _LINE_FEED, content[np.maximum(at - 1, 0)])


def _after(content: np.ndarray, at: np.ndarray) -> np.ndarray:
    """The byte after each place; a line feed after the last."""
    last = content.size - 1
    return np.where(at == last, _LINE_FEED, content[np.minimum(at + 1, last)])
