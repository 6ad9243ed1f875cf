"""Keyed pseudonyms: the same under one key, and worth nothing to whoever does not hold it.

The key lies beside the ledger, readable by its owner only. A made-up world writes it from its seed before the ledger is opened,
so that its references come out the same each time.
"""

import base64
import hashlib
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

KEY_FILE = "pseudonym.key"
KEY_BYTES = 32


class KeyUnusable(Exception):
    """The key file holds no key. Without it no reference can be worked out again."""


@dataclass(frozen=True)
class Pseudonyms:
    """Makes pseudonyms under one key."""

    key: bytes = field(repr=False)

    def of(self, kind: str, value: str) -> str:
        """The pseudonym of a value: 26 capital letters and digits (keyed BLAKE2b, 128 bits).

        Args:
            kind: what the value is; one value under two kinds gives two unrelated pseudonyms.
            value: the value itself.
        """
        digest = hashlib.blake2b(f"{kind}\0{value}".encode(), key=self.key, digest_size=16).digest()
        return base64.b32encode(digest).decode().rstrip("=")

    def of_identifier(self, value: str) -> str:
        """The pseudonym of an identifier as analysts get it: equal identifiers have equal pseudonyms, in whatever column."""
        return self.of("identifier", value)


def read_or_make_key(folder: Path) -> Pseudonyms:
    """The pseudonyms of a ledger's folder; the key is made on first use.

    Raises:
        KeyUnusable: the key file is damaged.
    """
    file = folder / KEY_FILE
    if not file.exists():
        write_key(folder, secrets.token_bytes(KEY_BYTES))
    try:
        key = bytes.fromhex(file.read_text(encoding="ascii"))
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyUnusable(f"{KEY_FILE} holds no key of {KEY_BYTES} bytes: restore it from the backup of the ledger's folder")
    return Pseudonyms(key)


def write_key(folder: Path, key: bytes) -> None:
    """Writes the key unless there is one already: whole or not at all, readable by its owner only."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = folder / f".{KEY_FILE}.{os.getpid()}.{secrets.token_hex(4)}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as writing:
            writing.write(key.hex())
            writing.flush()
            os.fsync(writing.fileno())
        if not (folder / KEY_FILE).exists():
            _put_in_place(draft, folder / KEY_FILE)
    finally:
        draft.unlink()


def _put_in_place(draft: Path, file: Path) -> None:
    """Whoever comes first wins: a hard link is refused where the name is taken."""
    try:
        file.hardlink_to(draft)
    except FileExistsError:
        return
