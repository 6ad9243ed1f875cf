"""The frozen model: a folder of files with a manifest of their hashes, which scoring refuses when anything is missing or altered.

`model.json` holds what scoring needs, `report.json` how it came about, `MANIFEST` one line `sha256  name` for each of them, as
`sha256sum` writes and checks it.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MANIFEST = "MANIFEST"
MODEL_FILE = "model.json"
REPORT_FILE = "report.json"


class ModelMissing(FileNotFoundError):
    """The folder of the model, its manifest or one of its files is not there."""


class ModelAltered(ValueError):
    """A file of the model is not the one that was frozen."""


@dataclass(frozen=True)
class FrozenModel:
    """A trained model as scoring uses it.

    `settings` is Splink's, fully trained. `known_share` is the share of people on the left who were found to be on the right in
    training, of which there were `reference_rows`. `typical_shares` say how often two strangers share a name. `sha256` is that
    of the manifest.
    """

    name: str
    settings: dict[str, Any]
    known_share: float
    reference_rows: int
    typical_shares: dict[str, float]
    sha256: str

    def prior(self, right_rows: int) -> float:
        """Probability that a random pair is one person, against a table of so many rows.

        A larger reference holds more strangers who agree by chance, so it asks for more evidence; a smaller one than the model
        was trained on does not ask for less.
        """
        return self.known_share / max(right_rows, self.reference_rows)


def freeze(folder: Path, model: dict[str, Any], report: dict[str, Any]) -> None:
    """Writes a model's files and their manifest; what stood there before is overwritten."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in ((MODEL_FILE, model), (REPORT_FILE, report)):
        (folder / name).write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    lines = [f"{_sha256(folder / name)}  {name}\n" for name in (MODEL_FILE, REPORT_FILE)]
    (folder / MANIFEST).write_text("".join(lines), encoding="utf-8")


def load_model(folder: Path, expected_sha256: str | None = None) -> FrozenModel:
    """Reads a frozen model after checking every file against the manifest.

    Args:
        folder: where `freeze` wrote it.
        expected_sha256: that of the manifest itself, where it is known from elsewhere.

    Raises:
        ModelMissing: the folder or one of its files is not there.
        ModelAltered: a file does not have the hash that the manifest gives it, or the manifest not the expected one.
    """
    manifest = _read(folder / MANIFEST)
    sha256 = hashlib.sha256(manifest).hexdigest()
    if expected_sha256 is not None and sha256 != expected_sha256:
        raise ModelAltered(f"the manifest of model {folder.name} is not the expected one")
    listed = dict(line.split("  ", 1)[::-1] for line in manifest.decode("utf-8").splitlines() if "  " in line)
    for name in (MODEL_FILE, REPORT_FILE):
        if hashlib.sha256(_read(folder / name)).hexdigest() != listed.get(name):
            raise ModelAltered(f"{name} of model {folder.name} is not the file that was frozen")
    return FrozenModel(**json.loads(_read(folder / MODEL_FILE)), sha256=sha256)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise ModelMissing(f"model {file.parent.name} has no {file.name}") from None


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
