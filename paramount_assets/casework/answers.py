"""What officers reported about a notification, brought together by its reference."""

import polars as pl

from paramount_assets.vocabulary import CONTACT_EVENTS


def answers(feedback: pl.DataFrame) -> pl.DataFrame:
    """What came of each notification that anything was reported about.

    Args:
        feedback: rows of `intake/feedback` of all days, with `as_of`; of an event delivered again the newest stands.

    Returns:
        One row per notification_ref: first_contact_at, offer_outcome (accepted, declined or undecided; of several offers the
        last), referred_at (the first referral).
    """
    events = feedback.filter(pl.col("notification_ref").is_not_null()).sort("as_of", "line_number")
    newest = events.unique("event_id", keep="last", maintain_order=True).sort("event_at", "event_id")
    event_type, event_at = pl.col("event_type"), pl.col("event_at")
    return newest.group_by("notification_ref", maintain_order=True).agg(
        first_contact_at=event_at.filter(event_type.is_in(CONTACT_EVENTS)).first(),
        offer_outcome=pl.col("event_value").filter(event_type == "offer_made").last(),
        referred_at=event_at.filter(event_type == "referral_made").first(),
    )
