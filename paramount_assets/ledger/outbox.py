"""The outbox: what each team is to receive, and when it was handed over.

An entry is first assigned to a day's file, then the file is written, then the entry is marked as handed. A crash in between
leaves it assigned, so the same file is written again and nothing slips into another day's. An assigned entry counts as sent.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import asdict, dataclass
from enum import StrEnum

import sqlalchemy as sa

from paramount_assets.ledger import cases, events
from paramount_assets.ledger.cases import Case, CaseState, CaseStep
from paramount_assets.ledger.families import Message
from paramount_assets.ledger.schema import case_parents, outbox
from paramount_assets.ledger.store import Ledger
from paramount_assets.vocabulary import Day


class EntryKind(StrEnum):
    """What an entry asks of the team, the most telling one first."""

    NOTIFY = "notify"
    """A family to approach."""
    ESCALATE = "escalate"
    """Another parent of a family that was told of has gone to prison."""
    AMEND = "amend"
    """Something has changed about a family that was told of."""
    WITHDRAW = "withdraw"
    """Do not approach the family any more."""


class EntryState(StrEnum):
    """Where an entry stands."""

    PENDING = "pending"
    ASSIGNED = "assigned"
    """It belongs to a day's file, which may have been written."""
    HANDED = "handed"
    RECALLED = "recalled"
    """Taken back, or replaced by a newer one, before it was handed over."""


_SENT = (EntryState.ASSIGNED, EntryState.HANDED)
_MESSAGES = (EntryKind.NOTIFY, EntryKind.ESCALATE, EntryKind.AMEND)


@dataclass(frozen=True)
class Entry:
    """One entry of the outbox."""

    entry_number: int
    notification_ref: str
    entry_kind: EntryKind
    entry_state: EntryState
    message: Message


@dataclass(frozen=True)
class TeamFile:
    """One day's file for one team."""

    handed_on: Day
    team: str


def queue(connection: sa.Connection, case: Case, kind: EntryKind, message: Message, day: Day, at: dt.datetime) -> None:
    """Queues a message about a case.

    A message still waiting is replaced, and the new one is then of the more telling kind: a family nobody was told of is
    notified, not amended. Where the family passes to another team, the team that was told is asked not to approach any more.
    """
    kinds = [kind, *recall(connection, case, at)]
    if message.team != case.message.team and _was_sent(connection, case):
        _insert(connection, case, EntryKind.WITHDRAW, case.message, day, at)
    _insert(connection, case, min(kinds, key=list(EntryKind).index), message, day, at)


def take_back(connection: sa.Connection, case: Case, day: Day, at: dt.datetime) -> None:
    """Recalls what is waiting about a case, and asks a team that was told not to approach the family any more."""
    recall(connection, case, at)
    if _was_sent(connection, case):
        _insert(connection, case, EntryKind.WITHDRAW, case.message, day, at)


def recall(connection: sa.Connection, case: Case, at: dt.datetime) -> list[EntryKind]:
    """Recalls the messages about a case that are still waiting, and says of which kinds they were."""
    waiting = [e for e in _entries(connection, outbox.c.notification_ref == case.notification_ref) if _is_waiting(e)]
    for entry in waiting:
        chosen = outbox.update().where(outbox.c.entry_number == entry.entry_number)
        connection.execute(chosen.values(entry_state=EntryState.RECALLED))
        events.append(connection, at, "entry_recalled", case.notification_ref, entry=entry.entry_number)
    return [entry.entry_kind for entry in waiting]


def parents_waiting(connection: sa.Connection) -> list[cases.Parent]:
    """The custody episodes behind all messages that are waiting."""
    waiting = sa.select(outbox.c.notification_ref).where(
        outbox.c.entry_state == EntryState.PENDING, outbox.c.entry_kind.in_(_MESSAGES)
    )
    return cases.standing_parents(connection, case_parents.c.notification_ref.in_(waiting))


def assign(connection: sa.Connection, confirmed: Collection[str], day: Day, at: dt.datetime) -> None:
    """Fixes what belongs to the day's files: every withdrawal that waits, and the messages about the confirmed cases."""
    may_go = sa.or_(outbox.c.entry_kind == EntryKind.WITHDRAW, outbox.c.notification_ref.in_(confirmed))
    waiting = outbox.update().where(outbox.c.entry_state == EntryState.PENDING, may_go)
    assigned = connection.execute(waiting.values(entry_state=EntryState.ASSIGNED, handed_on=day)).rowcount
    if assigned:
        events.append(connection, at, "entries_assigned", entries=assigned)


def files_to_write(connection: sa.Connection) -> list[TeamFile]:
    """The files that hold an entry not yet marked as handed, in the order of their days."""
    columns = (outbox.c.handed_on, outbox.c.team)
    chosen = sa.select(*columns).where(outbox.c.entry_state == EntryState.ASSIGNED).distinct().order_by(*columns)
    return [TeamFile(Day(row.handed_on), row.team) for row in connection.execute(chosen)]


def entries_of(connection: sa.Connection, file: TeamFile) -> list[Entry]:
    """All entries of a file, those handed before included, in the order they were queued."""
    return _entries(connection, outbox.c.handed_on == file.handed_on, outbox.c.team == file.team)


def mark_handed(connection: sa.Connection, entries: list[Entry], at: dt.datetime) -> int:
    """Marks the entries that are not yet marked, and says how many those were."""
    handed = [entry for entry in entries if entry.entry_state is EntryState.ASSIGNED]
    for entry in handed:
        chosen = outbox.update().where(outbox.c.entry_number == entry.entry_number)
        connection.execute(chosen.values(entry_state=EntryState.HANDED, handed_at=at))
        team = entry.message.team
        events.append(connection, at, "entry_handed", entry.notification_ref, entry=entry.entry_number, recipient=team)
        case = cases.find(connection, entry.notification_ref)
        if case is not None and case.state is CaseState.DUE and entry.entry_kind in _MESSAGES:
            cases.take_step(connection, case, CaseStep.TELL, at)
    return len(handed)


def entries(ledger: Ledger) -> list[Entry]:
    """All entries, in the order they were queued."""
    with ledger.reading() as connection:
        return _entries(connection)


def _is_waiting(entry: Entry) -> bool:
    return entry.entry_state is EntryState.PENDING and entry.entry_kind in _MESSAGES


def _was_sent(connection: sa.Connection, case: Case) -> bool:
    """Whether the last thing that stands towards the case's team is a message, not a withdrawal."""
    of_team = (outbox.c.notification_ref == case.notification_ref, outbox.c.team == case.message.team)
    standing = _entries(connection, *of_team, outbox.c.entry_state != EntryState.RECALLED)
    return bool(standing) and standing[-1].entry_kind in _MESSAGES and standing[-1].entry_state in _SENT


def _insert(connection: sa.Connection, case: Case, kind: EntryKind, message: Message, day: Day, at: dt.datetime) -> None:
    row = {
        "notification_ref": case.notification_ref,
        "entry_kind": kind,
        "entry_state": EntryState.PENDING,
        "due_on": day,
        "created_at": at,
    }
    number = connection.execute(outbox.insert().values(row | asdict(message)).returning(outbox.c.entry_number)).scalar_one()
    events.append(connection, at, "entry_queued", case.notification_ref, entry=number, kind=kind)


def _entries(connection: sa.Connection, *conditions: sa.ColumnElement[bool]) -> list[Entry]:
    rows = connection.execute(sa.select(outbox).where(*conditions).order_by(outbox.c.entry_number))
    return [_entry(row) for row in rows.mappings()]


def _entry(row: sa.RowMapping) -> Entry:
    return Entry(
        entry_number=row["entry_number"],
        notification_ref=row["notification_ref"],
        entry_kind=EntryKind(row["entry_kind"]),
        entry_state=EntryState(row["entry_state"]),
        message=Message.from_row(row),
    )
