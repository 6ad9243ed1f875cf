"""Claiming a day: what the lake says is due, taken to the ledger, which alone decides what is told.

Not a table: a run claims the released notifications of its days only when it was asked to notify. Running it again, or running
days in another order, tells nobody a second time.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

import polars as pl

from paramount_assets.ledger import (
    Claimed,
    ClaimOutcome,
    DueFamily,
    Ledger,
    Message,
    Withdrawal,
    claim,
    standing_episodes,
    withdraw,
    withdraw_no_longer_due,
)
from paramount_assets.notifications.custody import episode_begun, episodes
from paramount_assets.settings import Settings
from paramount_assets.vocabulary import Day, WithdrawalReason


@dataclass(frozen=True)
class DueDay:
    """What the lake has released for a day.

    `movements` are those of all released days up to the day, with `as_of`; `looked_at` are rows of `persons/cleaned_persons` of
    the day.
    """

    day: Day
    notifications: pl.DataFrame
    withdrawals: pl.DataFrame
    movements: pl.DataFrame
    looked_at: pl.DataFrame


@dataclass(frozen=True)
class ClaimCounts:
    """What came of a day: families by outcome, and cases withdrawn."""

    notified: int = 0
    amended: int = 0
    escalated: int = 0
    unchanged: int = 0
    superseded: int = 0
    barred: int = 0
    withdrawn: int = 0


def claim_day(ledger: Ledger, due: DueDay, settings: Settings, at: dt.datetime) -> ClaimCounts:
    """Claims every family due on a day, then takes back what the day withdraws or does not find due any more.

    Args:
        ledger: the ledger.
        due: the day's released tables.
        settings: the force's repeat window is read from them.
        at: the present moment, local time.
    """
    window = settings.force.policy.repeat_window_days
    families = due_families(due.notifications, due.movements)
    claimed = [claim(ledger, family, due.day, at, window) for family in families]
    withdrawn = sum(withdraw(ledger, w, due.day, at) for w in withdrawals_of(ledger, due.withdrawals, due.movements))
    receptions = due.looked_at["reception_id"].to_list()
    withdrawn += withdraw_no_longer_due(ledger, receptions, _standing(families, claimed), due.day, at)
    by_outcome = Counter(each.outcome for each in claimed)
    return ClaimCounts(**{outcome.value: by_outcome[outcome] for outcome in ClaimOutcome}, withdrawn=withdrawn)


def due_families(notifications: pl.DataFrame, movements: pl.DataFrame) -> list[DueFamily]:
    """The families of a day's notifications, each with the custody episode of its reception, in a fixed order.

    Args:
        notifications: rows of `notifications/notifications`.
        movements: as of `episodes`.
    """
    custody = ["prisoner_number", "booking_id", "received_at"]
    begun = episodes(notifications, movements).select(*custody, "episode_id")
    of_episode = notifications.join(begun, on=custody, how="left").sort("reception_id", "family_id", "recipient_kind", "team")
    return [_family(row) for row in of_episode.iter_rows(named=True)]


def withdrawals_of(ledger: Ledger, withdrawals: pl.DataFrame, movements: pl.DataFrame) -> list[Withdrawal]:
    """What a day's withdrawals mean to the ledger: the custody episodes that ended, the receptions that were unlinked.

    Args:
        ledger: is asked which episodes of a released person cases rest on: one may have been drawn otherwise when it was claimed.
        withdrawals: rows of `notifications/withdrawals`.
        movements: as of `episodes`.
    """
    is_release = pl.col("reason_code") == WithdrawalReason.RELEASED
    unlinked = withdrawals.filter(~is_release).select("reason_code", "reception_id").unique().sort(pl.all())
    found = [Withdrawal(WithdrawalReason(reason), reception_id=reception) for reason, reception in unlinked.iter_rows()]
    released = withdrawals.filter(is_release).select("prisoner_number").unique().sort(pl.all())
    known = episodes(released, movements)
    for prisoner_number in released["prisoner_number"]:
        own = known.filter(pl.col("prisoner_number") == prisoner_number)
        still_open = set(own.filter(pl.col("closed_at").is_null())["episode_id"])
        ended = {*own["episode_id"], *standing_episodes(ledger, prisoner_number)} - still_open
        found += [Withdrawal(WithdrawalReason.RELEASED, prisoner_number, episode) for episode in sorted(ended)]
    return found


def _standing(families: list[DueFamily], claimed: list[Claimed]) -> set[tuple[str, str]]:
    return {
        (each.notification_ref, family.prisoner_number)
        for family, each in zip(families, claimed, strict=True)
        if each.notification_ref is not None
    }


def _family(row: dict[str, Any]) -> DueFamily:
    """One row as the ledger takes it. A reception whose movement is not known any more begins its own episode."""
    return DueFamily(
        reception_id=row["reception_id"],
        family_id=row["family_id"],
        prisoner_number=row["prisoner_number"],
        episode_id=row["episode_id"] or episode_begun(row["prisoner_number"], row["received_at"]),
        received_at=row["received_at"],
        source_records=tuple(sorted(set(row["source_records"].split(";")))),
        la_code=row["la_code"],
        message=Message.from_row(row),
    )
