"""What is due about one family, and the message that a team would get of it."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from paramount_assets.vocabulary import RecipientKind


@dataclass(frozen=True)
class Message:
    """What a team is told of one family: no name, no prison number, no birth date."""

    recipient_kind: RecipientKind
    team: str
    is_urgent: bool
    child_count: int
    address_line: str | None = field(repr=False)
    postcode: str | None = field(repr=False)
    condition_codes: str | None

    @property
    def sha256(self) -> str:
        """The same for the same message."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()

    @staticmethod
    def from_row(row: Mapping[Any, Any]) -> "Message":
        """The message in a row that has its columns, and may have others."""
        told = {column.name: row[column.name] for column in fields(Message)}
        return Message(**(told | {"recipient_kind": RecipientKind(row["recipient_kind"])}))


@dataclass(frozen=True)
class DueFamily:
    """The children of one reception who share a home, due to be told of to one recipient on a day.

    `source_records` are those of all the children, as "source:id": what is claimed, so that no child is told of twice.
    """

    reception_id: str
    family_id: str
    prisoner_number: str = field(repr=False)
    episode_id: str = field(repr=False)
    received_at: dt.datetime
    source_records: tuple[str, ...] = field(repr=False)
    la_code: str | None
    message: Message
