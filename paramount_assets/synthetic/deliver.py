"""Writes deliveries into the landing folder by the contract: the files, then the manifest, which makes the delivery count."""

import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import NamedTuple

import polars as pl

from paramount_assets.vocabulary import Source

SCHEMA_VERSION = "1.0"
PRODUCED_AT = dt.time(5, 40)
"""When every extract of the made-up world says it was produced."""

MAY_BE_EMPTY = frozenset({"contacts.csv"})
"""Files that need no signed nil return when they have no rows."""


class DeliveryExistsError(Exception):
    """The landing folder holds another delivery of the same source, day and version."""


class Delivery(NamedTuple):
    """What one source sends on one day: its files as frames with the contract's columns in order."""

    source: Source
    day: dt.date
    kind: str
    files: dict[str, pl.DataFrame]


def csv_bytes(frame: pl.DataFrame) -> bytes:
    """A file by the contract: UTF-8, header first, ISO dates and times, empty for unknown."""
    text = frame.write_csv(date_format="%Y-%m-%d", datetime_format="%Y-%m-%dT%H:%M:%S", line_terminator="\n")
    return text.encode()


def write_delivery(landing: Path, delivery: Delivery, version: int = 1) -> bool:
    """Writes one delivery; True if it was written, False if the same one stood there already.

    Raises:
        DeliveryExistsError: a delivery with other content stands there.
    """
    folder = folder_of(landing, delivery.source, delivery.day, version)
    contents = {name: csv_bytes(frame) for name, frame in delivery.files.items()}
    manifest = _manifest(delivery, version, contents)
    if (folder / "manifest.json").exists():
        if (folder / "manifest.json").read_bytes() == manifest:
            return False
        raise DeliveryExistsError(
            f"{delivery.source.value} of {delivery.day.isoformat()} is already in the landing folder with other content; "
            "a made-up world needs a data folder of its own"
        )
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        _write(folder / name, content)
    _write(folder / "manifest.json", manifest)
    return True


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
    if not standing:
        return write_delivery(landing, delivery)
    contents = {name: csv_bytes(frame) for name, frame in delivery.files.items()}
    newest = folder_of(landing, delivery.source, delivery.day, standing[-1]) / "manifest.json"
    if newest.read_bytes() == _manifest(delivery, standing[-1], contents):
        return False
    return write_delivery(landing, delivery, standing[-1] + 1)


def _manifest(delivery: Delivery, version: int, contents: dict[str, bytes]) -> bytes:
    manifest = {
        "source": delivery.source.value,
        "extract_date": delivery.day.isoformat(),
        "version": version,
        "schema": SCHEMA_VERSION,
        "kind": delivery.kind,
        "produced_at": dt.datetime.combine(delivery.day, PRODUCED_AT).isoformat(),
        "files": [_entry(delivery, name, content) for name, content in contents.items()],
    }
    return (json.dumps(manifest, indent=2) + "\n").encode()


def _entry(delivery: Delivery, name: str, content: bytes) -> dict[str, object]:
    rows = len(delivery.files[name])
    entry: dict[str, object] = {"name": name, "rows": rows, "sha256": hashlib.sha256(content).hexdigest()}
    if rows == 0 and delivery.kind == "full" and name not in MAY_BE_EMPTY:
        entry["nil_return"] = True
    return entry


def _write(file: Path, content: bytes) -> None:
    partial = file.with_name(f".{file.name}.part")
    partial.write_bytes(content)
    partial.replace(file)
