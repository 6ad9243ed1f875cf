"""Writing that a crash cannot upset: under another name, flushed to disk, renamed, and the folder flushed too."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


def write(target: Path, content: bytes, drafts: Path | None = None) -> None:
    """Writes a file whole or not at all.

    Args:
        target: the file; its folder is made where it is not there.
        content: what it shall hold.
        drafts: where to write it before it is renamed, on the same disk; the target's own folder if not given.
    """
    with draft(drafts or target.parent) as file:
        file.write(content)
    move(Path(file.name), target)


@contextmanager
def draft(folder: Path) -> Iterator[IO[bytes]]:
    """A new file of the folder under a name of its own, flushed to disk when the block ends."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".draft-", delete=False) as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def move(source: Path, target: Path) -> None:
    """Renames a file or folder, taking the place of a file that is there, and flushes the folder it comes to."""
    target.parent.mkdir(parents=True, exist_ok=True)
    source.replace(target)
    flush(target.parent)


def flush(path: Path) -> None:
    """Flushes a file or a folder to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
