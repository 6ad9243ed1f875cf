"""Finding what was altered by hand: bytes whose hash is no longer their name, records that are no longer their own."""

from collections.abc import Iterator
from pathlib import Path

from paramount_assets.lake.catalogue import Catalogue
from paramount_assets.lake.hashes import sha256_of, sha256_of_files
from paramount_assets.lake.store import Store, list_files
from paramount_assets.quality import GateUnreadable


def altered(store: Store, catalogue: Catalogue) -> Iterator[str]:
    """Every file of the lake that is not what its name says, one line each, without any value."""
    for table in catalogue:
        for day in store.days(table.key):
            yield from _altered_records(store, table.key, day)
            yield from _altered_bytes(store, table.key, day)


def _altered_records(store: Store, table: str, day: str) -> Iterator[str]:
    history = {f.stem: f for f in (store.day_folder(table, day) / "gates").glob("*.json")}
    for name, file in sorted(history.items()):
        if sha256_of(file) != name:
            yield f"{table} {day}: gate record {name[:12]} has been altered"
    pointer = sha256_of(store.day_folder(table, day) / "gate.json")
    if pointer not in history:
        yield f"{table} {day}: the gate record in force was not written by a run"


def _altered_bytes(store: Store, table: str, day: str) -> Iterator[str]:
    for file in sorted(store.day_folder(table, day).glob("*.parquet")):
        if sha256_of(file) != file.stem:
            yield f"{table} {day}: {file.stem[:12]}.parquet has been altered"
    for folder in sorted(f for f in store.day_folder(table, day).iterdir() if f.is_dir() and f.name != "gates"):
        if _folder_hash(folder) != folder.name:
            yield f"{table} {day}: folder {folder.name[:12]} has been altered"
    try:
        record = store.record(table, day)
    except GateUnreadable as fault:
        yield f"{table} {day}: {fault}"
        return
    if record is not None and record.sha256 is not None and not store.has_bytes(table, day, record.sha256):
        yield f"{table} {day}: the bytes that the gate record points at are gone"


def _folder_hash(folder: Path) -> str:
    return sha256_of_files(list_files(folder).select("file_name", "file_sha256").iter_rows())
