"""Taking back: a person released, or found to be the wrong one, before the family is reached.

What may not be told of any more is kept even when nothing had been told, so that an earlier day claimed afterwards stays quiet.
A case that rests on a second parent's custody too goes on, and its team is told that something changed.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import asdict, dataclass, field

import sqlalchemy as sa

from paramount_assets.ledger import cases, events, outbox
from paramount_assets.ledger.cases import CaseState, CaseStep, Parent
from paramount_assets.ledger.outbox import EntryKind
from paramount_assets.ledger.schema import case_parents, claims, take_ups, withdrawals
from paramount_assets.ledger.store import Ledger
from paramount_assets.vocabulary import Day, WithdrawalReason

_OUT_OF_CUSTODY = (WithdrawalReason.RELEASED, WithdrawalReason.NOT_IN_CUSTODY)


@dataclass(frozen=True)
class Withdrawal:
    """What may not be told of any more: a prisoner's custody episode that ended, or a reception whose link was taken back."""

    reason_code: WithdrawalReason
    prisoner_number: str | None = field(default=None, repr=False)
    episode_id: str | None = field(default=None, repr=False)
    reception_id: str | None = None


def withdraw(ledger: Ledger, withdrawal: Withdrawal, day: Day, at: dt.datetime) -> int:
    """Takes back what a withdrawal of the day concerns, in one transaction. A second time it finds nothing to do.

    What was taken up on a later day stays: a person received again, or a link that a later decision accepted.

    Returns:
        How many cases were withdrawn.
    """
    with ledger.writing() as connection:
        _keep(connection, withdrawal, day, at)
        concerned = [p for p in _parents(connection, withdrawal) if _is_older(connection, p, withdrawal, day)]
        return sum(_end(connection, parent, withdrawal.reason_code, day, at) for parent in concerned)


def withdraw_no_longer_due(
    ledger: Ledger, looked_at: Collection[str], standing: Collection[tuple[str, str]], day: Day, at: dt.datetime
) -> int:
    """Takes back what the day does not find due any more, though it looked at the reception, or had found it due before.

    Args:
        ledger: the ledger.
        looked_at: the receptions that the day looked at.
        standing: notification_ref and prisoner_number of everything that the day's families belong to.
        day: the day, whose notifications were all claimed.
        at: the present moment.

    Returns:
        How many cases were withdrawn.
    """
    with ledger.writing() as connection:
        known = set(connection.execute(sa.select(take_ups.c.reception_id).distinct()).scalars())
        spoken_of = sa.or_(take_ups.c.reception_id.in_(known.intersection(looked_at)), take_ups.c.day == day)
        taken_up = sa.select(take_ups.c.notification_ref).where(spoken_of)
        parents = cases.standing_parents(connection, case_parents.c.notification_ref.in_(taken_up))
        gone = [p for p in parents if (p.notification_ref, p.prisoner_number) not in standing]
        return sum(_end_if_gone(connection, parent, spoken_of, day, at) for parent in gone)


def standing_episodes(ledger: Ledger, prisoner_number: str) -> list[str]:
    """The custody episodes of a person that cases rest on and that have not ended."""
    with ledger.reading() as connection:
        found = cases.standing_parents(connection, case_parents.c.prisoner_number == prisoner_number)
    return sorted({parent.episode_id for parent in found})


def _keep(connection: sa.Connection, withdrawal: Withdrawal, day: Day, at: dt.datetime) -> None:
    row = asdict(withdrawal) | {"day": day}
    same = sa.and_(*(withdrawals.c[name].is_not_distinct_from(value) for name, value in row.items()))
    if connection.execute(sa.select(withdrawals.c.withdrawal_number).where(same).limit(1)).first() is None:
        connection.execute(withdrawals.insert().values(row | {"recorded_at": at}))
        events.append(connection, at, "withdrawal_recorded", reason=withdrawal.reason_code)


def _parents(connection: sa.Connection, withdrawal: Withdrawal) -> list[Parent]:
    if withdrawal.episode_id is not None:
        of_prisoner = case_parents.c.prisoner_number == withdrawal.prisoner_number
        return cases.standing_parents(connection, of_prisoner, case_parents.c.episode_id == withdrawal.episode_id)
    of_reception = sa.exists().where(
        take_ups.c.notification_ref == case_parents.c.notification_ref,
        take_ups.c.prisoner_number == case_parents.c.prisoner_number,
        take_ups.c.episode_id == case_parents.c.episode_id,
        take_ups.c.reception_id == withdrawal.reception_id,
    )
    return cases.standing_parents(connection, of_reception)


def _is_older(connection: sa.Connection, parent: Parent, withdrawal: Withdrawal, day: Day) -> bool:
    """Whether the case rests on what was known before: of an ended custody up to the day, of a link before the day."""
    newest = cases.newest_day(connection, cases.of_parent(parent))
    if newest is None:
        return False
    return newest <= day if withdrawal.episode_id is not None else newest < day


def _end_if_gone(connection: sa.Connection, parent: Parent, spoken_of: sa.ColumnElement[bool], day: Day, at: dt.datetime) -> bool:
    """Ends the custody in the case unless a later day has spoken; says whether that withdrew the case."""
    of_parent = cases.of_parent(parent)
    chosen = sa.select(take_ups.c.reception_id).where(of_parent, spoken_of).distinct().order_by(take_ups.c.reception_id)
    receptions = connection.execute(chosen).scalars().all()
    newest = cases.newest_day(connection, of_parent)
    if not receptions or newest is None or newest > day:
        return False
    for reception_id in receptions:
        _keep(connection, Withdrawal(WithdrawalReason.NO_LONGER_DUE, reception_id=reception_id), day, at)
    return _end(connection, parent, WithdrawalReason.NO_LONGER_DUE, day, at)


def _end(connection: sa.Connection, parent: Parent, reason: WithdrawalReason, day: Day, at: dt.datetime) -> bool:
    """Ends one custody in one case; says whether that withdrew the case."""
    of_case = case_parents.c.notification_ref == parent.notification_ref
    same = sa.and_(*(case_parents.c[name] == value for name, value in asdict(parent).items()))
    connection.execute(case_parents.update().where(same).values(ended_on=day, ended_because=reason))
    events.append(connection, at, "parent_ended", parent.notification_ref, reason=reason)
    case = cases.find(connection, parent.notification_ref)
    if case is None or case.state not in (CaseState.DUE, CaseState.TOLD, CaseState.CONTACTED):
        return False
    if cases.standing_parents(connection, of_case):
        _give_up_claims(connection, parent)
        if case.state is not CaseState.DUE:
            outbox.queue(connection, case, EntryKind.AMEND, case.message, day, at)
        return False
    if case.state is CaseState.CONTACTED and reason in _OUT_OF_CUSTODY:
        outbox.recall(connection, case, at)
    else:
        outbox.take_back(connection, case, day, at)
    if case.state is CaseState.CONTACTED:
        cases.take_step(connection, case, CaseStep.CLOSE, at, reason)
        return False
    _give_up_claims(connection, parent)
    cases.take_step(connection, case, CaseStep.WITHDRAW, at, reason)
    return True


def _give_up_claims(connection: sa.Connection, parent: Parent) -> None:
    """What is withdrawn does not count as told, so its records may be claimed again."""
    of_parent = sa.and_(*(claims.c[name] == value for name, value in asdict(parent).items()))
    connection.execute(claims.delete().where(of_parent))
