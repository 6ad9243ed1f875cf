"""A ledger in a temporary folder, and families that are due: only what a test names differs from the ordinary one."""

import datetime as dt
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from paramount_assets.ledger import DueFamily, Ledger, Message, Pseudonyms, open_at
from paramount_assets.ledger.schema import cases
from paramount_assets.vocabulary import Day, RecipientKind

KEY = bytes(range(32))
WINDOW = 90
MOTHER, FATHER = "A1234BC", "B9876CD"


def day(number: int) -> Day:
    """A day of November 2025, and on into the months after."""
    return Day(dt.date(2025, 10, 31) + dt.timedelta(days=number))


def morning(number: int) -> dt.datetime:
    return dt.datetime.combine(day(number), dt.time(6, 30))


def url_in(folder: Path) -> str:
    return f"sqlite:///{folder / 'ledger.sqlite'}"


def ledger_in(folder: Path) -> Ledger:
    return open_at(url_in(folder), Pseudonyms(KEY))


def due(
    prisoner_number: str = MOTHER,
    *,
    received: int = 1,
    episode: int | None = None,
    records: tuple[str, ...] = ("police_records:P1",),
    family_id: str | None = None,
    **message: Any,
) -> DueFamily:
    """A family due; `received` and `episode` are numbers of days, the episode begins with the reception unless said."""
    reception_id = f"R{prisoner_number}{received}"
    return DueFamily(
        reception_id=reception_id,
        family_id=family_id or f"F{reception_id}",
        prisoner_number=prisoner_number,
        episode_id=f"{prisoner_number}@{day(received if episode is None else episode)}",
        received_at=morning(received) - dt.timedelta(hours=14),
        source_records=records,
        la_code="E07000178",
        message=Message(
            **{
                "recipient_kind": RecipientKind.NEIGHBOURHOOD_TEAM,
                "team": "oxfordshire",
                "is_urgent": False,
                "child_count": len(records),
                "address_line": "1 MADE UP STREET",
                "postcode": "OX1 1AA",
                "condition_codes": None,
            }
            | message
        ),
    )


def every_case(connection):
    return connection.execute(sa.select(cases.c.notification_ref)).scalars().all()
