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
    """The manifest cannot be used. The message names fields and no values.

    Attributes:
        feed: the feed that it names all the same; None where even that cannot be read.
    """

    def __init__(self, message: str, feed: str | None = None) -> None:
        super().__init__(message)
        self.feed = feed


class FileEntry(BaseModel):
    """What the manifest says of one file: its rows without the header, its hash, and whether having no rows is meant."""

    model_config = ConfigDict(frozen=True, extra="allow")

    name: str = Field(pattern=r"^[A-Za-z0-9_]+\.[a-z]+$")
    rows: int = Field(ge=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    nil_return: bool = False


class Manifest(BaseModel):
    """What a delivery says of itself. Fields that are not known here are kept, for they tell deliveries apart.

    `feed` is the ONS code of the local authority whose children's services deliver; empty where the source has one feed only.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    source: Source
    extract_date: dt.date
    version: int
    schema_: str = Field(alias="schema")
    kind: Literal["full", "delta", "answer"]
    produced_at: NaiveDatetime
    feed: str = Field(default="", pattern=r"^([EWSN]\d{8})?$")
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
        said = json.loads(path.read_bytes())
    except ValueError:
        raise ManifestInvalid("is not JSON") from None
    try:
        return Manifest.model_validate(said)
    except ValidationError as fault:
        fields = dict.fromkeys(_name_field(error["loc"]) for error in fault.errors(include_input=False, include_url=False))
        raise ManifestInvalid(f"not valid in {', '.join(fields)}", _feed_of(said)) from None


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


def _feed_of(said: object) -> str | None:
    feed = said.get("feed", "") if isinstance(said, dict) else None
    return feed if isinstance(feed, str) else None


def _name_field(location: tuple[int | str, ...]) -> str:
    known = {"schema", *Manifest.model_fields, *FileEntry.model_fields}
    return ".".join(str(part) for part in location if part in known) or "the whole"
