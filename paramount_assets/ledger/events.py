"""Audit events: what was done to the ledger, chained so that an altered, removed or inserted event is found.

Each event holds the sha256 of the one before. An event is appended inside the transaction whose change it tells of.
"""

import datetime as dt
import hashlib
import json
from typing import Any

import sqlalchemy as sa

from paramount_assets.ledger.schema import chain_head, events
from paramount_assets.ledger.store import GENESIS, Ledger

SYSTEM = "system"
"""The actor where no person decided."""


def append(
    connection: sa.Connection,
    at: dt.datetime,
    event_kind: str,
    notification_ref: str | None = None,
    *,
    actor: str = SYSTEM,
    **detail: str | int | None,
) -> None:
    """Appends one event.

    Args:
        connection: the transaction whose change the event tells of.
        at: when, local time.
        event_kind: what was done.
        notification_ref: the case it was done to.
        actor: the role or person who did it.
        detail: codes and counts; never a value that identifies a person.
    """
    head = connection.execute(sa.select(chain_head)).one()
    row: dict[str, Any] = {
        "event_number": head.event_number + 1,
        "recorded_at": at,
        "event_kind": event_kind,
        "notification_ref": notification_ref,
        "actor": actor,
        "detail": json.dumps(detail, sort_keys=True),
        "previous_sha256": head.sha256,
    }
    row["sha256"] = _sha256(row)
    connection.execute(events.insert().values(row))
    connection.execute(chain_head.update().values(event_number=row["event_number"], sha256=row["sha256"]))


def log_disclosure(
    connection: sa.Connection, at: dt.datetime, purpose: str, *, recipient: str, day: dt.date, persons: int, sha256: str
) -> bool:
    """Logs that a file about persons goes to a recipient, unless the newest such event for the day tells of the same bytes.

    Args:
        connection: the transaction in which the file is written.
        at: when, local time.
        purpose: what the file is for: the kind of the event.
        recipient: the organisation that gets it.
        day: the day it is about.
        persons: how many persons it is about; a file about nobody discloses nothing and is not logged.
        sha256: of the file.

    Returns:
        Whether an event was appended.
    """
    told = {"recipient": recipient, "day": day.isoformat(), "persons": persons, "sha256": sha256}
    chosen = sa.select(events.c.detail).where(events.c.event_kind == purpose).order_by(events.c.event_number)
    earlier = [json.loads(detail) for detail in connection.execute(chosen).scalars()]
    of_file = [each for each in earlier if (each["recipient"], each["day"]) == (told["recipient"], told["day"])]
    if persons == 0 or of_file[-1:] == [told]:
        return False
    append(connection, at, purpose, recipient=recipient, day=day.isoformat(), persons=persons, sha256=sha256)
    return True


def verify_chain(ledger: Ledger) -> int | None:
    """The number of the first event that is not as it was written, is missing or was put in; None where the chain holds."""
    previous, expected = GENESIS, 1
    with ledger.reading() as connection:
        for row in connection.execute(sa.select(events).order_by(events.c.event_number)).mappings():
            is_next = row["event_number"] == expected and row["previous_sha256"] == previous
            if not is_next or row["sha256"] != _sha256(dict(row)):
                return expected
            previous, expected = row["sha256"], expected + 1
        head = connection.execute(sa.select(chain_head)).one_or_none()
    if head is None or (head.event_number, head.sha256) != (expected - 1, previous):
        return expected
    return None


def _sha256(row: dict[str, Any]) -> str:
    told = {name: value for name, value in row.items() if name != "sha256"} | {"recorded_at": row["recorded_at"].isoformat()}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
