"""One delivery, and whether it is what its manifest says and has what its contracts ask for.

Which delivery of a day stands is known in `lake.landing`; what its rows say is judged in `lake.parsing`.
"""

import datetime as dt
import functools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from paramount_assets.lake.contract import FileContract
from paramount_assets.lake.faults import DeliveryBlocked
from paramount_assets.lake.hashes import sha256_of
from paramount_assets.lake.manifest import MANIFEST, SCHEMA, listed_hashes
from paramount_assets.lake.parsing import ParsedFile, parse
from paramount_assets.lake.reading import Shape, UnreadableFile, read_batches, shape_of
from paramount_assets.vocabulary import Day, Source

DAYS_LOOKED_BACK = 31
"""How far back the same content under another date is looked for."""

KINDS: Mapping[Source, frozenset[str]] = {
    Source.PRISON_EXTRACT: frozenset({"full"}),
    Source.POLICE_RECORDS: frozenset({"full", "delta"}),
    Source.CHILDRENS_SERVICES: frozenset({"full", "delta", "answer"}),
    Source.CASEWORK_FEEDBACK: frozenset({"full"}),
}
"""What each source may deliver."""

CSV_ONLY = frozenset({Source.PRISON_EXTRACT, Source.CASEWORK_FEEDBACK})
"""Sources whose records are kept or read as text; references may land as Parquet too."""

_ENDINGS = (".csv", ".parquet")
_COLUMN_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")


@dataclass(frozen=True)
class DeliveredFile:
    """One file as the manifest lists it: its number of rows, its hash and whether no rows are meant."""

    name: str
    path: Path
    rows: int
    sha256: str
    nil_return: bool


@dataclass(frozen=True)
class Delivery:
    """One delivery of a source and day.

    Attributes:
        source: who delivered.
        extract_date: the day it belongs to.
        version: the one that stands.
        folder: where it lies.
        kind: full, delta or answer; empty when the manifest cannot be read.
        feed: ONS code of the authority whose children's services deliver; empty where the manifest names none, None where the
            manifest cannot be read that far.
        schema: version of the landing contracts that the manifest names.
        produced_at: when the source made it.
        files: by name; empty when the manifest cannot be read.
        manifest_sha256: what a gate record pins: the manifest holds every file's hash.
        same_as: a higher version that brought the same files again, so that this one stands.
        notes: plain sentences that warn and hold nothing; no values.
        manifest_fault: why the manifest cannot be used.
        content: all that the manifest says but its version and time, so what tells deliveries apart.
    """

    source: Source
    extract_date: Day
    version: int
    folder: Path
    manifest_sha256: str
    kind: str = ""
    feed: str | None = ""
    schema: str = ""
    produced_at: dt.datetime | None = None
    files: Mapping[str, DeliveredFile] = field(default_factory=dict)
    same_as: int | None = None
    notes: list[str] = field(default_factory=list)
    manifest_fault: str | None = None
    content: Mapping[str, object] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """What every message about it begins with."""
        return delivery_label(self.source, self.extract_date, self.version)

    def file(self, contract: FileContract) -> DeliveredFile | None:
        """The file of a contract, None where the delivery has none."""
        return next((self.files[contract.name + e] for e in _ENDINGS if contract.name + e in self.files), None)

    def verify(self, contracts: Iterable[FileContract]) -> None:
        """Refuses the delivery unless it is whole, readable and has every column that its contracts name.

        Columns and files that no contract names are noted and ignored.

        Args:
            contracts: of all files of the source.

        Raises:
            DeliveryBlocked: with everything of one kind that is wrong, and no value.
        """
        of_kind = [contract.of_delta() if self.kind == "delta" else contract for contract in contracts]
        stages: list[Callable[[list[FileContract]], list[str]]] = [
            self._manifest_faults,
            self._listing_faults,
            self._content_faults,
            self._readability_faults,
            self._header_faults,
            self._row_count_faults,
            self._nil_faults,
            self._repetition_faults,
        ]
        for find in stages:
            if faults := find(of_kind):
                raise DeliveryBlocked(f"{self.label}: {'; '.join(faults)}")
        self._note_what_is_ignored(of_kind)

    def parse(self, contract: FileContract) -> ParsedFile:
        """Judges the rows of one file; without the file there are none. Verify the delivery first."""
        of_kind = contract.of_delta() if self.kind == "delta" else contract
        file = self.file(contract)
        batches = read_batches(file.path) if file else iter(())
        return parse(of_kind, file.name if file else f"{contract.name}.csv", batches, self.extract_date)

    def _manifest_faults(self, _: list[FileContract]) -> list[str]:
        if self.manifest_fault:
            return [f"{MANIFEST}: {self.manifest_fault}"]
        if self.schema != SCHEMA:
            return [f"{MANIFEST}: its schema is not {SCHEMA}"]
        if self.kind not in KINDS[self.source]:
            return [f"{MANIFEST}: kind {self.kind} is not delivered by this source"]
        if self.feed and self.source is not Source.CHILDRENS_SERVICES:
            return [f"{MANIFEST}: names a feed, and this source has none"]
        return []

    def _listing_faults(self, contracts: list[FileContract]) -> list[str]:
        names = [c.name for c in contracts if not c.may_be_absent and self.file(c) is None]
        twice = [c.name for c in contracts if all(c.name + ending in self.files for ending in _ENDINGS)]
        missing = [file.name for file in self.files.values() if not file.path.is_file()]
        parquet = [f"{c.name}.parquet" for c in contracts if self.source in CSV_ONLY and f"{c.name}.parquet" in self.files]
        return [
            *(f"{name}: this source delivers CSV, not Parquet" for name in parquet),
            *(f"{name}: not in the manifest" for name in names),
            *(f"{name}: listed as CSV and as Parquet" for name in twice),
            *(f"{name}: in the manifest and not in the folder" for name in missing),
        ]

    def _content_faults(self, _: list[FileContract]) -> list[str]:
        changed = [file.name for file in self.files.values() if sha256_of(file.path) != file.sha256]
        return [f"{name}: sha256 is not the one in the manifest" for name in changed]

    def _readability_faults(self, contracts: list[FileContract]) -> list[str]:
        faults = ((file.name, _shape_or_fault(file.sha256, file.path)) for _, file in self._known(contracts))
        return [f"{name}: {fault}" for name, fault in faults if isinstance(fault, str)]

    def _header_faults(self, contracts: list[FileContract]) -> list[str]:
        faults = []
        for contract, file in self._known(contracts):
            header = _shape(file).header
            missing = contract.missing_from(header)
            twice = sorted({name for name in contract.file_columns if header.count(name) > 1})
            faults += [f"{file.name}: missing column {', '.join(missing)}"] if missing else []
            faults += [f"{file.name}: column {', '.join(twice)} stands twice"] if twice else []
        return faults

    def _row_count_faults(self, contracts: list[FileContract]) -> list[str]:
        counts = [(file, _shape(file).row_count) for _, file in self._known(contracts)]
        return [f"{f.name}: {found} rows, the manifest says {f.rows}" for f, found in counts if found != f.rows]

    def _nil_faults(self, contracts: list[FileContract]) -> list[str]:
        if self.kind != "full":
            return []
        known = [(file, contract.may_be_empty) for contract, file in self._known(contracts)]
        return [f"{f.name}: no rows and no nil return" for f, may in known if f.rows == 0 and not (f.nil_return or may)]

    def _repetition_faults(self, contracts: list[FileContract]) -> list[str]:
        fresh = [file for c, file in self._known(contracts) if c.is_new_every_day and file.rows > 0]
        days = [self.extract_date - dt.timedelta(days=n) for n in range(1, DAYS_LOOKED_BACK + 1)]
        return [
            f"{file.name}: the same content as the delivery of {day}"
            for file in fresh
            for day in days
            if file.sha256 in listed_hashes(self.folder.parent.parent / day.isoformat())
        ][:1]

    def _known(self, contracts: list[FileContract]) -> list[tuple[FileContract, DeliveredFile]]:
        return [(contract, file) for contract in contracts if (file := self.file(contract)) is not None]

    def _note_what_is_ignored(self, contracts: list[FileContract]) -> None:
        known = self._known(contracts)
        strange = [file.name for file in self.files.values() if file not in [f for _, f in known]]
        found = [f"{name}: no contract knows this file, it is ignored" for name in strange]
        for contract, file in known:
            extra = [name for name in _shape(file).header if name not in contract.file_columns]
            if extra:
                found.append(f"{file.name}: ignored {_name_columns(extra)}")
        self.notes.extend(note for note in (f"{self.label}: {text}" for text in found) if note not in self.notes)


def delivery_label(source: Source, day: Day, version: int) -> str:
    """What every message about a delivery begins with, such as "prison_extract 2025-11-05 v1"."""
    return f"{source} {day} v{version}"


@functools.lru_cache(maxsize=64)
def _shape_or_fault(sha256: str, path: Path) -> Shape | str:  # noqa: ARG001 - the hash is what the answer depends on
    """Looks into a file once, however many tables are made from it: the bytes behind a hash never change."""
    try:
        return shape_of(path)
    except UnreadableFile as fault:
        return str(fault)


def _shape(file: DeliveredFile) -> Shape:
    shape = _shape_or_fault(file.sha256, file.path)
    return shape if isinstance(shape, Shape) else Shape((), 0)


def _name_columns(names: Sequence[str]) -> str:
    """Columns by name where that looks like a column's name, else only how many."""
    shown = [name for name in names if _COLUMN_NAME.fullmatch(name)]
    others = [f"{len(names) - len(shown)} with an unusual name"] if len(shown) < len(names) else []
    return f"column {', '.join([*shown, *others])}"
