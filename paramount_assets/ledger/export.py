"""The ledger as frames, for the tables that are made of it: the database itself is never read by SQL files."""

from dataclasses import dataclass

import polars as pl
import sqlalchemy as sa

from paramount_assets.ledger import schema
from paramount_assets.ledger.store import Ledger

_TEXT, _TIME, _DATE, _COUNT, _FLAG = pl.String(), pl.Datetime("us"), pl.Date(), pl.Int64(), pl.Boolean()

CASES = pl.Schema(
    {
        "notification_ref": _TEXT,
        "support_token": _TEXT,
        "state": _TEXT,
        "opened_on": _DATE,
        "reception_id": _TEXT,
        "received_at": _TIME,
        "told_at": _TIME,
        "contacted_at": _TIME,
        "stopped_at": _TIME,
        "recipient_kind": _TEXT,
        "team": _TEXT,
        "is_urgent": _FLAG,
        "child_count": _COUNT,
        "la_code": _TEXT,
        "address_line": _TEXT,
        "postcode": _TEXT,
        "condition_codes": _TEXT,
    }
)
CLAIMS = pl.Schema(
    {
        "source_record": _TEXT,
        "prisoner_number": _TEXT,
        "episode_id": _TEXT,
        "recipient_kind": _TEXT,
        "notification_ref": _TEXT,
        "reception_id": _TEXT,
        "claimed_on": _DATE,
        "claimed_at": _TIME,
    }
)
OUTBOX = pl.Schema(
    {
        "entry_number": _COUNT,
        "notification_ref": _TEXT,
        "entry_kind": _TEXT,
        "entry_state": _TEXT,
        "due_on": _DATE,
        "created_at": _TIME,
        "recipient_kind": _TEXT,
        "team": _TEXT,
        "is_urgent": _FLAG,
        "child_count": _COUNT,
        "address_line": _TEXT,
        "postcode": _TEXT,
        "condition_codes": _TEXT,
        "handed_on": _DATE,
        "handed_at": _TIME,
    }
)
RULINGS = pl.Schema({"ruling_id": _TEXT, "recorded_at": _TIME, "ruling_kind": _TEXT, "reception_id": _TEXT, "subject_id": _TEXT})


@dataclass(frozen=True)
class LedgerExport:
    """What the ledger holds, at one moment. Who decided a ruling, and why, stays in the ledger."""

    cases: pl.DataFrame
    claims: pl.DataFrame
    outbox: pl.DataFrame
    rulings: pl.DataFrame

    @staticmethod
    def empty() -> "LedgerExport":
        """The export of a ledger that nothing was written to."""
        return LedgerExport(*(each.to_frame() for each in (CASES, CLAIMS, OUTBOX, RULINGS)))


def export(ledger: Ledger) -> LedgerExport:
    """Reads the whole ledger in one transaction; rows are in the order of their keys."""
    with ledger.reading() as connection:
        return LedgerExport(
            cases=_frame(connection, schema.cases, CASES),
            claims=_frame(connection, schema.claims, CLAIMS),
            outbox=_frame(connection, schema.outbox, OUTBOX),
            rulings=_frame(connection, schema.rulings, RULINGS),
        )


def _frame(connection: sa.Connection, table: sa.Table, columns: pl.Schema) -> pl.DataFrame:
    chosen = sa.select(*(table.c[name] for name in columns)).order_by(*table.primary_key.columns)
    rows = [tuple(row) for row in connection.execute(chosen)]
    return pl.DataFrame(rows, columns, orient="row")
