"""The words that every part shares: closed code lists and the types of identifiers.

A code list lives here when two parts must agree on it. A list that only one source's contract knows lives with that contract.
Nothing here computes anything.
"""

import datetime as dt
from enum import StrEnum
from typing import NewType

Day = NewType("Day", dt.date)
"""An extract's date, Europe/London: the partition key of every daily table."""


class Source(StrEnum):
    """Who delivers: the name of the folder under the landing area."""

    PRISON_EXTRACT = "prison_extract"
    POLICE_RECORDS = "police_records"
    CHILDRENS_SERVICES = "childrens_services"
    CASEWORK_FEEDBACK = "casework_feedback"


class Cadence(StrEnum):
    """When a table's bytes are made."""

    DAILY = "daily"
    """One partition a day."""
    VERSIONED = "versioned"
    """One version per delivery; the partition key is the delivery's date, and only where one arrived."""
    MADE_APART = "made apart"
    """Made outside the daily job; each is kept under its name, and settings choose the one in use."""
    ALL_DAYS = "all days"
    """All days together, unpartitioned."""


class GateStatus(StrEnum):
    """What the gate of a table's day says. Only RELEASED may be read."""

    RELEASED = "released"
    FAILED = "failed"
    """Its own suite failed, or its delivery is blocked."""
    HELD = "held"
    """Something it would be made from is not released."""
    STALE = "stale"
    """Made from inputs that have been superseded since."""
    WAITING = "waiting"
    """Its delivery has not arrived yet."""
    NO_DELIVERY = "no delivery"
    """A source that need not deliver every day did not deliver on this one."""
    MISSING = "missing"
    """Never made."""


class Severity(StrEnum):
    """What a failed expectation does: CRITICAL holds the table's day, the others are shown."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"


class Zone(StrEnum):
    """Where a scored pair falls between the two match-weight thresholds."""

    ACCEPT = "accept"
    REVIEW = "review"
    REJECT = "reject"


class DecidedBy(StrEnum):
    """Who stands behind a decision: a person's decision outlives every model and rule."""

    MODEL = "model"
    POLICY = "policy"
    RULING = "ruling"


class EligibilityDecision(StrEnum):
    """What the policy says of one child; unknown is never "no"."""

    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not_eligible"
    REVIEW = "review"


class SuitabilityOutcome(StrEnum):
    """Whether and how a family may be approached. None of them means silence."""

    CLEAR = "clear"
    CLEAR_WITH_CONDITIONS = "clear_with_conditions"
    HOLD = "hold"
    DO_NOT_APPROACH = "do_not_approach"


class RecipientKind(StrEnum):
    """Who is told."""

    NEIGHBOURHOOD_TEAM = "neighbourhood_team"
    ALLOCATED_TEAM = "allocated_team"
    SAFEGUARDING_TEAM = "safeguarding_team"


class RulingKind(StrEnum):
    """What a person decided about."""

    ACCEPT_LINK = "accept_link"
    REJECT_LINK = "reject_link"
    REOPEN_LINK = "reopen_link"
    """The family met was not this person's: no link of the reception stands until a person accepts one."""
    ACCEPT_CHILD = "accept_child"
    REJECT_CHILD = "reject_child"
    RELEASE_HOLD = "release_hold"
    CONFIRM_HOLD = "confirm_hold"


class WithdrawalReason(StrEnum):
    """Why a family is no longer to be approached."""

    RELEASED = "released"
    NOT_IN_CUSTODY = "not_in_custody"
    """Found out of custody immediately before sending."""
    LINK_REJECTED = "link_rejected"
    LINK_REOPENED = "link_reopened"
    NO_LONGER_DUE = "no_longer_due"
    """A correction of the same day no longer finds the family."""


RECEPTION_REASONS = frozenset(
    (
        *("N", "V", "I", "26", "25", "27", "29"),  # remand, convicted unsentenced, imprisonment, extended, IPP, life
        *("G", "J", "K", "W"),  # life, young offender institution
        *("L", "B", "Y", "24"),  # recalls
        *("ETB", "ETRLR", "ETRRIE", "RECA", "H"),  # temporary release breach, recapture, home leave failure
        *("C", "F", "E", "T"),  # civil, fine default, immigration, from a foreign prison
        *("A", "U", "O"),  # late return, psychiatric
    )
)
"""Reasons of an ADM movement that make it a reception; transfers and stopovers (INT TRNCRT TRNTAP S Z Q) do not.

Source: movement reasons in the prison service's public repositories.
"""

RECALL_REASONS = frozenset(("L", "B", "Y", "24"))
"""Reasons of a reception that begin a custody episode even inside an open one."""

CONTACT_EVENTS = frozenset(("phone_contact", "visit_made", "offer_made"))
"""Casework events that say an officer reached the family; an offer is made to somebody."""
