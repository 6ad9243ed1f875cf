"""Events as officers report them."""

import polars as pl

from paramount_assets.ledger import export


def reported(ledger, event_type, event_at, *, reference=None, event_id="E1", reported_by="neighbourhood_officer"):
    """One event about the ledger's first case, or about the one whose reference is given."""
    return pl.DataFrame(
        {
            "event_id": [event_id],
            "notification_ref": [reference or export(ledger).cases["notification_ref"][0]],
            "event_type": [event_type],
            "event_at": [event_at],
            "organisation": ["police"],
            "reported_by": [reported_by],
        }
    )
