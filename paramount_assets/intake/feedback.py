"""What officers and the charity report, and the file contract that it comes under."""

import polars as pl

from paramount_assets.lake.contract import Column, FileContract, Kind, ReasonCode, Rule
from paramount_assets.lake.delivery import Delivery
from paramount_assets.lake.parsing import ParsedFile

_TYPE, _VALUE = pl.col("event_type"), pl.col("value")

VALUES = {
    "acknowledged": "",
    "phone_attempted": "",
    "visit_attempted": "",
    "phone_contact": "",
    "visit_made": "",
    "offer_made": "accepted|declined|undecided",
    "referral_made": "officer|self",
    "wrong_household": "",
    "safeguarding_concern": "",
    "support_started": "",
    "support_ended": "",
    "wellbeing_score": "(before|after):([0-9]|10)",
    "supported_total": "[0-9]{1,6}",
    "further_offence_total": "[0-9]{1,6}",
}
"""Every type of event, and the form that its value has; no value where there is none."""

AGGREGATES = ("supported_total", "further_offence_total")
"""Totals of a quarter: they are about no single case."""


def _has_wrong_value() -> pl.Expr:
    fits = [
        _TYPE.eq(kind) & (_VALUE.str.contains(f"^(?:{form})$") if form else _VALUE.is_null()).fill_null(value=False)
        for kind, form in VALUES.items()
    ]
    return ~pl.any_horizontal(fits)


def _is_case_of(organisation: str) -> pl.Expr:
    return (pl.col("organisation") == organisation) & ~_TYPE.is_in(AGGREGATES)


EVENTS = FileContract(
    name="events",
    key=("event_id",),
    columns=(
        Column("event_id", required=True),
        Column("notification_ref", instead_of="support_token"),
        Column("support_token", instead_of="notification_ref"),
        Column("event_type", Kind.CODE, required=True, codes=tuple(VALUES)),
        Column("event_at", Kind.TIMESTAMP, required=True),
        Column("organisation", Kind.CODE, required=True, codes=("police", "charity")),
        Column("reported_by", Kind.CODE, required=True),
        Column("value", rename="event_value"),
        Column("note_code", Kind.CODE),
    ),
    rules=(
        # Officers quote the notification; the charity reports under a token that the police cannot resolve.
        Rule(ReasonCode.MISSING_REQUIRED, "notification_ref", _is_case_of("police") & pl.col("notification_ref").is_null()),
        Rule(ReasonCode.MISSING_REQUIRED, "support_token", _is_case_of("charity") & pl.col("support_token").is_null()),
        Rule(ReasonCode.BAD_FORMAT, "value", _has_wrong_value()),
    ),
)


def events(delivery: Delivery) -> ParsedFile:
    """The events of a delivery, judged.

    Raises:
        DeliveryBlocked: the delivery is not what its manifest says or lacks a column.
    """
    delivery.verify((EVENTS,))
    return delivery.parse(EVENTS)


def events_within_tolerance(delivery: Delivery) -> pl.DataFrame:
    """The events that keep the contract.

    Raises:
        DeliveryBlocked: the delivery may not be used, or too many events break the contract.
    """
    parsed = events(delivery)
    parsed.check_tolerance(f"{delivery.label}: {EVENTS.name}.csv")
    return parsed.rows
