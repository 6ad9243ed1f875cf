"""The file channel: one file a day for each team, one short row for each family, and no name in it.

Custody is confirmed once more immediately before. Entries are assigned to the day's files first; a file is written whole or not
at all, and marked in the same transaction, so after a crash the same file is written again and marked once.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Callable
from pathlib import Path

from paramount_assets import durably
from paramount_assets.ledger import Entry, EntryKind, Ledger, Withdrawal, outbox, withdraw
from paramount_assets.settings import Settings
from paramount_assets.spreadsheets import csv_bytes
from paramount_assets.vocabulary import Day, WithdrawalReason

FILE_NAME = "notifications.csv"

COLUMNS = ("notification_ref", "kind", "is_urgent", "child_count", "address_line", "postcode", "condition_codes")
"""All that a team is told of a family."""


def hand_over(
    ledger: Ledger, settings: Settings, day: Day, at: dt.datetime, still_in_custody: Callable[[str], bool | None]
) -> int:
    """Hands everything that is waiting to the teams, as files under the outbox folder.

    Args:
        ledger: the ledger.
        settings: say where the outbox folder is.
        day: the day whose files are written.
        at: the present moment, local time.
        still_in_custody: whether a prisoner, by number, is in custody now. Who is not is withdrawn instead of told; while it is
            not known (None), as when a correction has closed the gate of the movements, the message waits.

    Returns:
        How many entries were handed over for the first time.
    """
    confirmed = _confirm_custody(ledger, day, at, still_in_custody)
    with ledger.writing() as connection:
        outbox.assign(connection, confirmed, day, at)
    with ledger.reading() as connection:
        files = outbox.files_to_write(connection)
    return sum(_write(ledger, settings.outbox_folder, file, at) for file in files)


def _confirm_custody(ledger: Ledger, day: Day, at: dt.datetime, still_in_custody: Callable[[str], bool | None]) -> set[str]:
    """Withdraws what rests on a custody that has ended; returns the references of the cases that rest on one that goes on."""
    with ledger.reading() as connection:
        waiting = outbox.parents_waiting(connection)
    in_custody = {parent.prisoner_number: still_in_custody(parent.prisoner_number) for parent in waiting}
    for prisoner_number, episode_id in sorted({(p.prisoner_number, p.episode_id) for p in waiting}):
        if in_custody[prisoner_number] is False:
            withdraw(ledger, Withdrawal(WithdrawalReason.NOT_IN_CUSTODY, prisoner_number, episode_id), day, at)
    return {parent.notification_ref for parent in waiting if in_custody[parent.prisoner_number]}


def _write(ledger: Ledger, folder: Path, file: outbox.TeamFile, at: dt.datetime) -> int:
    with ledger.writing() as connection:
        entries = outbox.entries_of(connection, file)
        path = folder / file.handed_on.isoformat() / folder_of(file.team) / FILE_NAME
        durably.write(path, _csv(entries))
        return outbox.mark_handed(connection, entries, at)


def folder_of(team: str) -> str:
    """The team's folder. A team's name may come from another authority's data, so it is never taken as a path."""
    plain = re.sub(r"[^a-z0-9]+", "-", team.lower()).strip("-")
    return plain if plain == team else f"{plain or 'team'}-{hashlib.sha256(team.encode()).hexdigest()[:8]}"


def _csv(entries: list[Entry]) -> bytes:
    return csv_bytes(COLUMNS, map(_row, entries))


def _row(entry: Entry) -> list[str]:
    """A withdrawal repeats nothing about the family: the reference is enough to find it."""
    told, is_withdrawal = entry.message, entry.entry_kind is EntryKind.WITHDRAW
    about_family = [told.address_line, told.postcode, told.condition_codes]
    return [
        entry.notification_ref,
        entry.entry_kind,
        "Y" if told.is_urgent else "N",
        str(told.child_count),
        *("" if is_withdrawal or value is None else value for value in about_family),
    ]
