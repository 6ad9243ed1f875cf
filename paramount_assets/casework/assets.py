"""The tables of the step `casework`: what was told and what came of it, over all days."""

import polars as pl

from paramount_assets.casework.answers import answers
from paramount_assets.lake import table
from paramount_assets.ledger import LedgerExport
from paramount_assets.vocabulary import Cadence


@table("casework", kinds={"polars"}, cadence=Cadence.ALL_DAYS)
def cases(ledger_export: LedgerExport, feedback: pl.DataFrame) -> pl.DataFrame:
    """One row per case, a family that a kind of recipient is or was to be told of: where it stands and what officers reported."""
    return (
        ledger_export.cases.join(answers(feedback), on="notification_ref", how="left", maintain_order="left")
        .rename({"state": "case_state"})
        .select(
            *("notification_ref", "case_state", "reception_id", "received_at", "opened_on", "recipient_kind", "team"),
            *("is_urgent", "child_count", "la_code", "told_at", "first_contact_at", "offer_outcome", "referred_at"),
        )
    )


@table("casework", kinds={"polars"}, cadence=Cadence.ALL_DAYS)
def deliveries(ledger_export: LedgerExport) -> pl.DataFrame:
    """One row per entry of the outbox: what a team was, or is, to be told of a case, and when it was handed over."""
    return ledger_export.outbox.select(
        *("entry_number", "notification_ref", "entry_kind", "entry_state", "recipient_kind", "team"),
        *("is_urgent", "child_count", "due_on", "created_at", "handed_at"),
    )
