"""Where tables and their gate records lie, and the order of writing that a crash cannot upset.

A table's day is a folder `<step>/<table>/<day>/`. Its bytes are named by their sha256, so a file is complete or not there, and
old bytes stay. `gate.json` is the pointer to what may be read; every record it ever held stays in `gates/`. Everything is
written under another name, flushed to disk and renamed: bytes first, then the record, then the pointer.
"""

import hashlib
import shutil
import tempfile
from collections import OrderedDict
from pathlib import Path

import polars as pl

from paramount_assets import durably
from paramount_assets.lake.hashes import sha256_of, sha256_of_files
from paramount_assets.quality import GateRecord, GateUnreadable

KEPT_BYTES = 512 * 1024 * 1024
"""How much of what was read a process keeps: a month of daily tables, or one large reference."""

_POINTER = "gate.json"
_HISTORY = "gates"
_DRAFTS = ".writing"


class Store:
    """A lake's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._drafts = folder / _DRAFTS

    def new_spill_folder(self) -> Path:
        """Where a run's queries put what does not fit into memory, so that personal data stay in the lake.

        Each run has its own: a database that outlives it would look for the files of the last one.
        """
        self._drafts.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix="spilled-", dir=self._drafts))

    def day_folder(self, table: str, day: str) -> Path:
        """Where a table's day lies; `table` is `step/name`."""
        return self.folder / table / day

    def days(self, table: str) -> list[str]:
        """The days of a table that have a gate record, oldest first."""
        return sorted(pointer.parent.name for pointer in (self.folder / table).glob(f"*/{_POINTER}"))

    def record(self, table: str, day: str) -> GateRecord | None:
        """The gate record of a table's day, None where there never was one.

        Raises:
            GateUnreadable: there is one and it cannot be read, or it is another table's or day's.
        """
        try:
            text = (self.day_folder(table, day) / _POINTER).read_text(encoding="utf-8")
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, UnicodeDecodeError) as fault:
            raise GateUnreadable(f"the gate record cannot be read ({type(fault).__name__})") from None
        record = GateRecord.from_json(text)
        if (record.table, record.day) != (table, day):
            raise GateUnreadable("the gate record is another table's")
        return record

    def history(self, table: str, day: str) -> list[GateRecord]:
        """Every record the gate ever held, oldest first."""
        files = sorted((self.day_folder(table, day) / _HISTORY).glob("*.json"))
        records = [GateRecord.from_json(f.read_text(encoding="utf-8")) for f in files]
        return sorted(records, key=lambda r: r.made_at)

    def put_record(self, record: GateRecord) -> None:
        """Puts a record beside the others, then points at it."""
        text = record.to_json().encode()
        folder = self.day_folder(record.table, record.day)
        durably.write(folder / _HISTORY / f"{hashlib.sha256(text).hexdigest()}.json", text, self._drafts)
        durably.write(folder / _POINTER, text, self._drafts)

    def put_frame(self, table: str, day: str, frame: pl.DataFrame) -> str:
        """Writes a frame as Parquet and returns the sha256 of its bytes, which is also its name."""
        with durably.draft(self._drafts) as file:
            frame.write_parquet(file, compression="zstd", statistics=True)
        sha256 = sha256_of(Path(file.name))
        durably.move(Path(file.name), self.frame_file(table, day, sha256))
        return sha256

    def put_folder(self, table: str, day: str, source: Path, files: pl.DataFrame) -> str:
        """Copies a folder of files and returns the sha256 of its file list, which is also its name.

        Args:
            table: `step/name`.
            day: the key of the table's day.
            source: the folder.
            files: its file list, as `list_files` gives it.
        """
        sha256 = sha256_of_files(files.select("file_name", "file_sha256").iter_rows())
        target = self.day_folder(table, day) / sha256
        if not target.is_dir():
            self._drafts.mkdir(exist_ok=True)
            copy = Path(tempfile.mkdtemp(dir=self._drafts))
            for name in files["file_name"]:
                shutil.copyfile(source / name, copy / name)
                durably.flush(copy / name)
            durably.move(copy, target)
        return sha256

    def frame(self, table: str, day: str, sha256: str) -> pl.DataFrame:
        """Reads a frame back."""
        return _frames_kept.read(self.frame_file(table, day, sha256))

    def frame_file(self, table: str, day: str, sha256: str) -> Path:
        """The Parquet file of a table's day."""
        return self.day_folder(table, day) / f"{sha256}.parquet"

    def has_bytes(self, table: str, day: str, sha256: str) -> bool:
        """The bytes that a record points at are there."""
        return self.frame_file(table, day, sha256).exists() or (self.day_folder(table, day) / sha256).is_dir()

    def clear_unfinished(self) -> None:
        """Removes what a run left half-written or spilled, a killed one too. Only for the holder of the writer's lock."""
        shutil.rmtree(self._drafts, ignore_errors=True)


def list_files(folder: Path) -> pl.DataFrame:
    """One row per file of a folder: `file_name`, `byte_count`, `file_sha256`."""
    files = sorted(f for f in folder.iterdir() if f.is_file())
    rows = [(f.name, f.stat().st_size, sha256_of(f)) for f in files]
    return pl.DataFrame(rows, {"file_name": pl.String, "byte_count": pl.Int64, "file_sha256": pl.String}, orient="row")


class _FramesKept:
    """The frames that were read last, up to a bound on their bytes.

    Bytes that are named by their own hash never change, so a frame once read stands.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._frames: OrderedDict[Path, tuple[pl.DataFrame, int]] = OrderedDict()

    def read(self, file: Path) -> pl.DataFrame:
        """The file's rows."""
        if file not in self._frames:
            frame = pl.read_parquet(file, memory_map=False)
            self._frames[file] = frame, int(frame.estimated_size())
        self._frames.move_to_end(file)
        frame = self._frames[file][0]
        while sum(size for _, size in self._frames.values()) > self._most_bytes:
            self._frames.popitem(last=False)
        return frame


_frames_kept = _FramesKept(KEPT_BYTES)
