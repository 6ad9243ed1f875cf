"""The manifest that comes with every delivery, and is written last."""

import datetime as dt
import json
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, NaiveDatetime, ValidationError

from paramount_assets.vocabulary import Source

MANIFEST = "manifest.json"
SCHEMA = "1.0"
"""The only version of the landing contracts there has been."""


class ManifestInvalid(Exception):
    """The manifest cannot be used. The message names fields and no values."""


class FileEntry(BaseModel):
    """What the manifest says of one file: its rows without the header, its hash, and whether having no rows is meant."""

    model_config = ConfigDict(frozen=True, extra="allow")

    name: str = Field(pattern=r"^[A-Za-z0-9_]+\.[a-z]+$")
    rows: int = Field(ge=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    nil_return: bool = False


class Manifest(BaseModel):
    """What a delivery says of itself. Fields that are not known here are kept, for they tell deliveries apart."""

    model_config = ConfigDict(frozen=True, extra="allow")

    source: Source
    extract_date: dt.date
    version: int
    schema_: str = Field(alias="schema")
    kind: Literal["full", "delta", "answer"]
    produced_at: NaiveDatetime
    files: tuple[FileEntry, ...]

    def content(self) -> dict[str, object]:
        """All that tells deliveries apart whatever their version."""
        return self.model_dump(exclude={"version", "produced_at"})


def read_manifest(path: Path) -> Manifest:
    """The manifest in a file.

    Raises:
        ManifestInvalid: it is not JSON, or a field is missing or of the wrong kind.
    """
    try:
        return Manifest.model_validate(json.loads(path.read_bytes()))
    except ValidationError as fault:
        fields = dict.fromkeys(_name_field(error["loc"]) for error in fault.errors(include_input=False, include_url=False))
        raise ManifestInvalid(f"not valid in {', '.join(fields)}") from None
    except ValueError:
        raise ManifestInvalid("is not JSON") from None


def listed_hashes(folder: Path) -> frozenset[str]:
    """The hash of every file with rows that any version of one day's delivery lists; manifests that cannot be read are passed."""
    found: set[str] = set()
    for path in folder.glob(f"v*/{MANIFEST}"):
        try:
            manifest = read_manifest(path)
        except ManifestInvalid:
            continue
        found.update(file.sha256 for file in manifest.files if file.rows > 0)
    return frozenset(found)


def _name_field(location: tuple[int | str, ...]) -> str:
    known = {"schema", *Manifest.model_fields, *FileEntry.model_fields}
    return ".".join(str(part) for part in location if part in known) or "the whole"
