"""The ledger's tables, once, for SQLite and PostgreSQL.

`claims` is what makes telling twice impossible: its primary key admits each source record of a child once per prisoner, custody
episode and kind of recipient. Nothing is ever deleted but the claims of a withdrawn notification, which does not count as told.
"""

import sqlalchemy as sa

SCHEMA_VERSION = 1
"""Raised with every change of a table; a ledger of a later version is refused."""

METADATA = sa.MetaData()

ledger_schema = sa.Table("ledger_schema", METADATA, sa.Column("version", sa.Integer, primary_key=True, autoincrement=False))

chain_head = sa.Table(
    "chain_head",
    METADATA,
    sa.Column("head_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("event_number", sa.Integer, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
)
"""One row, the newest audit event: it shows events cut off the end, and writers queue for it where a database lets several in."""

events = sa.Table(
    "events",
    METADATA,
    sa.Column("event_number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("recorded_at", sa.DateTime, nullable=False),
    sa.Column("event_kind", sa.String(40), nullable=False),
    sa.Column("notification_ref", sa.String(20)),
    sa.Column("actor", sa.String(200), nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("previous_sha256", sa.String(64), nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
)
"""Audit events. `detail` is JSON of codes and counts, never a name, a number or an address of a person."""

cases = sa.Table(
    "cases",
    METADATA,
    sa.Column("notification_ref", sa.String(20), primary_key=True),
    sa.Column("support_token", sa.String(20), nullable=False, unique=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("opened_on", sa.Date, nullable=False),
    sa.Column("reception_id", sa.String(40), nullable=False),
    sa.Column("received_at", sa.DateTime, nullable=False),
    sa.Column("told_at", sa.DateTime),
    sa.Column("contacted_at", sa.DateTime),
    sa.Column("stopped_at", sa.DateTime),
    sa.Column("recipient_kind", sa.String(40), nullable=False),
    sa.Column("team", sa.String(200), nullable=False),
    sa.Column("is_urgent", sa.Boolean, nullable=False),
    sa.Column("child_count", sa.Integer, nullable=False),
    sa.Column("la_code", sa.String(20)),
    sa.Column("address_line", sa.Text),
    sa.Column("postcode", sa.String(20)),
    sa.Column("condition_codes", sa.Text),
)
"""One family that a recipient is, or was, to be told of: what stands about it now."""

case_parents = sa.Table(
    "case_parents",
    METADATA,
    sa.Column("notification_ref", sa.ForeignKey("cases.notification_ref"), primary_key=True),
    sa.Column("prisoner_number", sa.String(20), primary_key=True),
    sa.Column("episode_id", sa.String(60), primary_key=True),
    sa.Column("ended_on", sa.Date),
    sa.Column("ended_because", sa.String(40)),
    sa.Index("ix_case_parents_prisoner", "prisoner_number", "episode_id"),
)
"""The custody episodes a case rests on; it stands while one of them has not ended."""

claims = sa.Table(
    "claims",
    METADATA,
    sa.Column("source_record", sa.String(200), primary_key=True),
    sa.Column("prisoner_number", sa.String(20), primary_key=True),
    sa.Column("episode_id", sa.String(60), primary_key=True),
    sa.Column("recipient_kind", sa.String(40), primary_key=True),
    sa.Column("notification_ref", sa.ForeignKey("cases.notification_ref"), nullable=False),
    sa.Column("reception_id", sa.String(40), nullable=False),
    sa.Column("claimed_on", sa.Date, nullable=False),
    sa.Column("claimed_at", sa.DateTime, nullable=False),
    sa.Index("ix_claims_case", "notification_ref"),
)

take_ups = sa.Table(
    "take_ups",
    METADATA,
    sa.Column("take_up_number", sa.Integer, primary_key=True),
    sa.Column("notification_ref", sa.ForeignKey("cases.notification_ref"), nullable=False),
    sa.Column("prisoner_number", sa.String(20), nullable=False),
    sa.Column("episode_id", sa.String(60), nullable=False),
    sa.Column("reception_id", sa.String(40), nullable=False),
    sa.Column("family_id", sa.String(40), nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("message_sha256", sa.String(64), nullable=False),
    sa.Column("outcome", sa.String(20), nullable=False),
    sa.Column("taken_at", sa.DateTime, nullable=False),
    sa.Index("ix_take_ups_case", "notification_ref"),
    sa.Index("ix_take_ups_reception", "reception_id"),
)
"""What was due on a day about a family, each time it said something that had not been taken up for that day."""

outbox = sa.Table(
    "outbox",
    METADATA,
    sa.Column("entry_number", sa.Integer, primary_key=True),
    sa.Column("notification_ref", sa.ForeignKey("cases.notification_ref"), nullable=False),
    sa.Column("entry_kind", sa.String(20), nullable=False),
    sa.Column("entry_state", sa.String(20), nullable=False),
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("created_at", sa.DateTime, nullable=False),
    sa.Column("recipient_kind", sa.String(40), nullable=False),
    sa.Column("team", sa.String(200), nullable=False),
    sa.Column("is_urgent", sa.Boolean, nullable=False),
    sa.Column("child_count", sa.Integer, nullable=False),
    sa.Column("address_line", sa.Text),
    sa.Column("postcode", sa.String(20)),
    sa.Column("condition_codes", sa.Text),
    sa.Column("handed_on", sa.Date),
    sa.Column("handed_at", sa.DateTime),
    sa.Index("ix_outbox_case", "notification_ref"),
    sa.Index("ix_outbox_state", "entry_state"),
)
"""What a team is to receive. `handed_on` names the day's file that an entry belongs to, fixed before the file is written."""

withdrawals = sa.Table(
    "withdrawals",
    METADATA,
    sa.Column("withdrawal_number", sa.Integer, primary_key=True),
    sa.Column("prisoner_number", sa.String(20)),
    sa.Column("episode_id", sa.String(60)),
    sa.Column("reception_id", sa.String(40)),
    sa.Column("reason_code", sa.String(40), nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("recorded_at", sa.DateTime, nullable=False),
    sa.Index("ix_withdrawals_episode", "prisoner_number", "episode_id"),
    sa.Index("ix_withdrawals_reception", "reception_id"),
)
"""What may not be told of any more, kept also when nothing had been told: an earlier day may be claimed after it."""

rulings = sa.Table(
    "rulings",
    METADATA,
    sa.Column("ruling_id", sa.String(40), primary_key=True),
    sa.Column("recorded_at", sa.DateTime, nullable=False),
    sa.Column("decided_by", sa.String(200), nullable=False),
    sa.Column("ruling_kind", sa.String(40), nullable=False),
    sa.Column("reception_id", sa.String(40), nullable=False),
    sa.Column("subject_id", sa.String(200)),
    sa.Column("reason", sa.Text, nullable=False),
)

feedback_events = sa.Table(
    "feedback_events",
    METADATA,
    sa.Column("event_id", sa.String(200), primary_key=True),
    sa.Column("notification_ref", sa.ForeignKey("cases.notification_ref"), nullable=False),
    sa.Column("event_type", sa.String(40), nullable=False),
    sa.Column("taken_at", sa.DateTime, nullable=False),
)
"""Events from officers that were taken up, so that none is taken up twice."""
