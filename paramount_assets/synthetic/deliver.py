"""Writes deliveries into the landing folder by the contract: the files, then the manifest, which makes the delivery count."""

import csv
import datetime as dt
import hashlib
import io
import json
import tempfile
from pathlib import Path
from typing import Literal, NamedTuple

import polars as pl

from paramount_assets.vocabulary import Source

FileFormat = Literal["csv", "parquet"]

SCHEMA_VERSION = "1.0"
PRODUCED_AT = dt.time(5, 40)
"""When an extract of the made-up world says it was produced, unless it came late."""

MAY_BE_EMPTY = frozenset({"contacts.csv"})
"""Files that need no signed nil return when they have no rows."""

_DATE, _TIME = "%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"
_FEW_ROWS = 400
_PARQUET_ROWS = 100_000
"""Rows of a row group, so that no more than that is encoded at a time."""


class DeliveryExistsError(Exception):
    """The landing folder holds another delivery of the same source, day and version."""


class Delivery(NamedTuple):
    """What one source sends on one day: its files as frames with the contract's columns in order.

    Attributes:
        source: who sends it.
        day: the extract's date.
        kind: full, delta or answer.
        files: by name, ending in .csv whatever they are written as.
        version: 1, or more for corrections and for further feeds of a day.
        feed: the authority among several that one source has; empty where there is one feed.
        produced_at: None for the usual hour of the day itself.
        file_format: what the files are written as.
    """

    source: Source
    day: dt.date
    kind: str
    files: dict[str, pl.DataFrame]
    version: int = 1
    feed: str = ""
    produced_at: dt.datetime | None = None
    file_format: FileFormat = "csv"

    @property
    def is_nil(self) -> bool:
        """Whether nothing at all is sent: every file says so then, also one that may be empty on any day."""
        return all(rows.is_empty() for rows in self.files.values())


def as_text(frame: pl.DataFrame) -> pl.DataFrame:
    """Every value as the contract writes it: ISO dates and times, whole numbers in digits, null for unknown."""
    return frame.with_columns(
        pl.selectors.date().dt.to_string(_DATE),
        pl.selectors.datetime().dt.to_string(_TIME),
        pl.selectors.integer().cast(pl.String),
    )


def write_delivery(landing: Path, delivery: Delivery) -> bool:
    """Writes one delivery; True if it was written, False if the same one stood there already.

    Raises:
        DeliveryExistsError: a delivery with other content stands there.
    """
    folder = folder_of(landing, delivery.source, delivery.day, delivery.version)
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / "manifest.json").exists():
        return _refuse_another(folder, delivery)
    manifest = _manifest(delivery, [_write_file(folder, delivery, name) for name in delivery.files])
    partial = folder / ".manifest.json.part"
    partial.write_bytes(manifest)
    partial.replace(folder / "manifest.json")
    return True


def _refuse_another(folder: Path, delivery: Delivery) -> bool:
    """False where the delivery that stands in the folder is the same."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as beside:
        manifest = _manifest(delivery, [_write_file(Path(beside), delivery, name) for name in delivery.files])
    if (folder / "manifest.json").read_bytes() == manifest:
        return False
    raise DeliveryExistsError(
        f"{delivery.source.value} of {delivery.day.isoformat()} is already in the landing folder with other content; "
        "a made-up world needs a data folder of its own"
    )


def folder_of(landing: Path, source: Source, day: dt.date, version: int) -> Path:
    """Where a delivery stands."""
    return landing / source.value / day.isoformat() / f"v{version}"


def standing_versions(landing: Path, source: Source, day: dt.date) -> list[int]:
    """Versions of a day's delivery that have a manifest, in order."""
    found = (landing / source.value / day.isoformat()).glob("v*/manifest.json")
    return sorted(int(file.parent.name[1:]) for file in found)


def write_correction(landing: Path, delivery: Delivery) -> bool:
    """Writes a delivery, as a new version where the standing one differs; False if the standing one is the same."""
    standing = standing_versions(landing, delivery.source, delivery.day)
    if standing:
        try:
            return write_delivery(landing, delivery._replace(version=standing[-1]))
        except DeliveryExistsError:
            delivery = delivery._replace(version=standing[-1] + 1)
    return write_delivery(landing, delivery)


def _write_file(folder: Path, delivery: Delivery, name: str) -> dict[str, object]:
    """Writes a file straight from the frame; its entry of the manifest. It counts only once the manifest is there."""
    rows = delivery.files[name]
    file = folder / (name.removesuffix("csv") + delivery.file_format)
    entry = {"name": file.name, "rows": len(rows), "sha256": _write_rows(file, rows)}
    if len(rows) == 0 and delivery.kind == "full" and (name not in MAY_BE_EMPTY or delivery.is_nil):
        entry["nil_return"] = True
    return entry


def _write_rows(file: Path, rows: pl.DataFrame) -> str:
    """The file's sha256."""
    if file.suffix == ".parquet":
        as_text(rows).write_parquet(file, compression="zstd", row_group_size=_PARQUET_ROWS, statistics=False)
    elif len(rows) <= _FEW_ROWS:
        content = _few_rows_as_csv(rows)
        file.write_bytes(content)
        return hashlib.sha256(content).hexdigest()
    else:
        rows.write_csv(file, date_format=_DATE, datetime_format=_TIME, line_terminator="\n")
    with file.open("rb") as written:
        return hashlib.file_digest(written, "sha256").hexdigest()


def _few_rows_as_csv(rows: pl.DataFrame) -> bytes:
    """The same text as Polars writes, in a fifth of the time that its call takes: there are thousands of such files."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(rows.columns)
    if len(rows):
        writer.writerows((rows if set(rows.dtypes) <= {pl.String} else as_text(rows)).rows())
    return text.getvalue().encode()


def _manifest(delivery: Delivery, entries: list[dict[str, object]]) -> bytes:
    produced_at = delivery.produced_at or dt.datetime.combine(delivery.day, PRODUCED_AT)
    manifest = {
        "source": delivery.source.value,
        "extract_date": delivery.day.isoformat(),
        "version": delivery.version,
        "schema": SCHEMA_VERSION,
        "kind": delivery.kind,
        **({"feed": delivery.feed} if delivery.feed else {}),
        "produced_at": produced_at.isoformat(),
        "files": entries,
    }
    return (json.dumps(manifest, indent=2) + "\n").encode()
