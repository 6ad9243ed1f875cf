"""CSV files that people open in a spreadsheet: a value that begins like a formula is escaped, for a name may be one."""

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet take a cell for a formula."""


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The rows under their header as RFC 4180 CSV in UTF-8, every value escaped."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_escaped(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def _escaped(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell
