"""The hashes by which the lake names what it keeps and knows what has landed."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def sha256_of(file: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal digits."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def sha256_of_files(files: Iterable[tuple[str, str]]) -> str:
    """One hash for a folder: that of its list of file names and their hashes, in the order given."""
    return hashlib.sha256("".join(f"{name} {digest}\n" for name, digest in files).encode()).hexdigest()
