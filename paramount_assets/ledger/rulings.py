"""Rulings: what a person decided, with who and why. They outlive every model; none is ever changed."""

import datetime as dt
import json
from dataclasses import asdict, dataclass

import sqlalchemy as sa

from paramount_assets.ledger import events
from paramount_assets.ledger.keys import Pseudonyms
from paramount_assets.ledger.schema import rulings
from paramount_assets.ledger.store import Ledger
from paramount_assets.vocabulary import RulingKind


class RulingIncomplete(Exception):
    """A ruling without a person or without a reason."""


@dataclass(frozen=True)
class Ruling:
    """One decision about a reception; `subject_id` is the person, child or family it is about, where it is about one."""

    ruling_kind: RulingKind
    reception_id: str
    subject_id: str | None
    decided_by: str
    reason: str


def record_ruling(ledger: Ledger, ruling: Ruling, at: dt.datetime) -> str:
    """Records a person's decision and returns its ruling_id; the same ruling of the same moment is recorded once.

    Raises:
        RulingIncomplete: nobody decided it, or no reason is given.
    """
    with ledger.writing() as connection:
        return record(connection, ledger.pseudonyms, ruling, at)


def record(connection: sa.Connection, pseudonyms: Pseudonyms, ruling: Ruling, at: dt.datetime) -> str:
    """The same inside a transaction.

    Raises:
        RulingIncomplete: nobody decided it, or no reason is given.
    """
    for what in ("decided_by", "reason"):
        if not getattr(ruling, what).strip():
            raise RulingIncomplete(f"a ruling needs its {what}")
    row = asdict(ruling) | {"recorded_at": at}
    ruling_id = f"U-{pseudonyms.of('ruling', json.dumps(row, default=str, sort_keys=True))[:16]}"
    if connection.execute(sa.select(rulings.c.ruling_id).where(rulings.c.ruling_id == ruling_id)).first() is None:
        connection.execute(rulings.insert().values(row | {"ruling_id": ruling_id}))
        events.append(connection, at, "ruling_recorded", actor=ruling.decided_by, kind=ruling.ruling_kind, ruling=ruling_id)
    return ruling_id
