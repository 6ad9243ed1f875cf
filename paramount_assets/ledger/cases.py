"""A case: one family that a recipient is, or was, to be told of, and the steps that it may take from each state."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from paramount_assets.ledger import events
from paramount_assets.ledger.families import DueFamily, Message
from paramount_assets.ledger.schema import case_parents, cases, claims, take_ups
from paramount_assets.vocabulary import Day


class CaseState(StrEnum):
    """Where a case stands."""

    DUE = "due"
    """In the outbox, not handed to a team yet."""
    TOLD = "told"
    """Handed to a team; nobody has reached the family yet."""
    CONTACTED = "contacted"
    """An officer has reached the family."""
    WITHDRAWN = "withdrawn"
    """Taken back before contact; it does not count as told."""
    STOPPED = "stopped"
    """An officer found the wrong household; only a person's decision takes it up again."""
    CLOSED = "closed"
    """Every custody it rests on ended after the family had been reached."""


class CaseStep(StrEnum):
    """What can happen to a case."""

    TELL = "tell"
    CONTACT = "contact"
    WITHDRAW = "withdraw"
    STOP = "stop"
    CLOSE = "close"
    RENEW = "renew"
    """Due again from the beginning."""
    RESUME = "resume"
    """Something new about a family that was reached before."""


STEPS: Mapping[CaseState, Mapping[CaseStep, CaseState]] = MappingProxyType(
    {
        CaseState.DUE: {
            CaseStep.TELL: CaseState.TOLD,
            # a crash between a team's file and its mark leaves a family that was reached before it counts as told
            CaseStep.CONTACT: CaseState.CONTACTED,
            CaseStep.WITHDRAW: CaseState.WITHDRAWN,
            CaseStep.STOP: CaseState.STOPPED,
        },
        CaseState.TOLD: {
            CaseStep.CONTACT: CaseState.CONTACTED,
            CaseStep.WITHDRAW: CaseState.WITHDRAWN,
            CaseStep.STOP: CaseState.STOPPED,
        },
        CaseState.CONTACTED: {CaseStep.CLOSE: CaseState.CLOSED, CaseStep.STOP: CaseState.STOPPED},
        CaseState.WITHDRAWN: {CaseStep.RENEW: CaseState.DUE},
        CaseState.STOPPED: {CaseStep.RENEW: CaseState.DUE},
        CaseState.CLOSED: {
            CaseStep.RENEW: CaseState.DUE,
            CaseStep.RESUME: CaseState.CONTACTED,
            CaseStep.STOP: CaseState.STOPPED,
        },
    }
)
"""The state after each step, by the state before it; a step that is not listed may not be taken."""

STAMPS = MappingProxyType(
    {CaseStep.TELL: "told_at", CaseStep.CONTACT: "contacted_at", CaseStep.STOP: "stopped_at"},
)
"""The column that a step sets to the moment it is taken."""


class StepRefused(Exception):
    """The case may not take this step from the state it is in."""


@dataclass(frozen=True)
class Case:
    """One row of the ledger's cases."""

    notification_ref: str
    state: CaseState
    opened_on: dt.date
    told_at: dt.datetime | None
    contacted_at: dt.datetime | None
    stopped_at: dt.datetime | None
    message: Message


@dataclass(frozen=True)
class Parent:
    """One custody episode that a case rests on."""

    notification_ref: str
    prisoner_number: str
    episode_id: str


def can_take(state: CaseState, step: CaseStep) -> bool:
    """Whether the step may be taken from the state."""
    return step in STEPS[state]


def check_step(state: CaseState, step: CaseStep) -> CaseState:
    """The state after the step.

    Raises:
        StepRefused: the step may not be taken from the state.
    """
    if not can_take(state, step):
        raise StepRefused(f"a case that is {state} cannot {step}")
    return STEPS[state][step]


def find(connection: sa.Connection, notification_ref: str) -> Case | None:
    """The case with the reference, None where there is none."""
    found = select_cases(connection, cases.c.notification_ref == notification_ref)
    return found[0] if found else None


def sharing_records(connection: sa.Connection, records: Collection[str], *conditions: sa.ColumnElement[bool]) -> list[Case]:
    """Cases that hold a claim on one of the source records, oldest first.

    Args:
        connection: the transaction.
        records: source records of a family's children.
        conditions: further conditions on the claims.
    """
    held = sa.select(claims.c.notification_ref).where(claims.c.source_record.in_(records), *conditions)
    return select_cases(connection, cases.c.notification_ref.in_(held))


def select_cases(connection: sa.Connection, *conditions: sa.ColumnElement[bool]) -> list[Case]:
    """Cases that meet all conditions, oldest first."""
    rows = connection.execute(sa.select(cases).where(*conditions).order_by(cases.c.opened_on, cases.c.notification_ref))
    return [_case(row) for row in rows.mappings()]


def standing_parents(connection: sa.Connection, *conditions: sa.ColumnElement[bool]) -> list[Parent]:
    """The custody episodes that have not ended, of all cases that meet the conditions on `case_parents`."""
    columns = (case_parents.c.notification_ref, case_parents.c.prisoner_number, case_parents.c.episode_id)
    chosen = sa.select(*columns).where(case_parents.c.ended_on.is_(None), *conditions).order_by(*columns)
    return [Parent(*row) for row in connection.execute(chosen)]


def newest_day(connection: sa.Connection, *conditions: sa.ColumnElement[bool]) -> dt.date | None:
    """The newest day taken up among the take-ups that meet the conditions; None where there is none."""
    newest: dt.date | None = connection.execute(sa.select(sa.func.max(take_ups.c.day)).where(*conditions)).scalar_one()
    return newest


def of_parent(parent: Parent) -> sa.ColumnElement[bool]:
    """The take-ups of one custody episode in one case."""
    return sa.and_(
        take_ups.c.notification_ref == parent.notification_ref,
        take_ups.c.prisoner_number == parent.prisoner_number,
        take_ups.c.episode_id == parent.episode_id,
    )


def open_case(connection: sa.Connection, notification_ref: str, support_token: str, due: DueFamily, day: Day) -> None:
    """Makes a case of a family that is due; the caller tells of it in an audit event."""
    row = {
        "notification_ref": notification_ref,
        "support_token": support_token,
        "state": CaseState.DUE,
        "opened_on": day,
        "reception_id": due.reception_id,
        "received_at": due.received_at,
        "la_code": due.la_code,
    }
    connection.execute(cases.insert().values(row | asdict(due.message)))


def restate(connection: sa.Connection, case: Case, message: Message, la_code: str | None) -> None:
    """Puts the newest facts of the family in the case."""
    chosen = cases.update().where(cases.c.notification_ref == case.notification_ref)
    connection.execute(chosen.values(la_code=la_code, **asdict(message)))


def take_step(connection: sa.Connection, case: Case, step: CaseStep, at: dt.datetime, because: str | None = None) -> None:
    """Takes a step and appends its audit event.

    Args:
        connection: the transaction.
        case: the case as it stands in this transaction.
        step: what happens to it.
        at: when.
        because: a reason code for the audit event.

    Raises:
        StepRefused: the step may not be taken from the state the case is in.
    """
    values: dict[str, Any] = {"state": check_step(case.state, step)}
    if step in STAMPS:
        values[STAMPS[step]] = at
    if step is CaseStep.RENEW:
        values |= dict.fromkeys(STAMPS.values())
    connection.execute(cases.update().where(cases.c.notification_ref == case.notification_ref).values(values))
    events.append(connection, at, f"case_{step}", case.notification_ref, state=values["state"], reason=because)


def _case(row: sa.RowMapping) -> Case:
    return Case(
        notification_ref=row["notification_ref"],
        state=CaseState(row["state"]),
        opened_on=row["opened_on"],
        told_at=row["told_at"],
        contacted_at=row["contacted_at"],
        stopped_at=row["stopped_at"],
        message=Message.from_row(row),
    )
