"""What officers report reaches the ledger at once: a family that was reached, and a household that was the wrong one."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import polars as pl
import sqlalchemy as sa

from paramount_assets.ledger import cases, outbox, rulings
from paramount_assets.ledger.cases import Case, CaseState, CaseStep
from paramount_assets.ledger.rulings import Ruling
from paramount_assets.ledger.schema import case_parents, feedback_events, take_ups
from paramount_assets.ledger.store import Ledger
from paramount_assets.vocabulary import CONTACT_EVENTS, RulingKind

WRONG_HOUSEHOLD = "wrong_household"
"""The family met was not the prisoner's: the case stops at once and the link is opened again."""


@dataclass(frozen=True)
class FeedbackCounts:
    """How many events were taken up for the first time; `unmatched` quote a reference that the ledger does not know."""

    contacted: int = 0
    stopped: int = 0
    unmatched: int = 0


def take_up_feedback(ledger: Ledger, feedback: pl.DataFrame, at: dt.datetime) -> FeedbackCounts:
    """Takes up the officers' events that bear on a case, each once, in the order they happened.

    Args:
        ledger: the ledger.
        feedback: rows of `intake/feedback`; other events than contacts and wrong households are left alone.
        at: the present moment, local time.
    """
    bearing = feedback.filter(
        pl.col("event_type").is_in([*CONTACT_EVENTS, WRONG_HOUSEHOLD]), pl.col("notification_ref").is_not_null()
    )
    steps = [_take_up(ledger, event, at) for event in bearing.sort("event_at", "event_id").iter_rows(named=True)]
    return FeedbackCounts(
        contacted=steps.count(CaseStep.CONTACT), stopped=steps.count(CaseStep.STOP), unmatched=steps.count("unmatched")
    )


def _take_up(ledger: Ledger, event: dict[str, Any], at: dt.datetime) -> str | None:
    with ledger.writing() as connection:
        case = cases.find(connection, event["notification_ref"])
        if case is None:
            return "unmatched"
        if not _is_new(connection, event, at):
            return None
        if event["event_type"] == WRONG_HOUSEHOLD:
            _reopen_links(connection, ledger, case, event, at)
            return _step(connection, case, CaseStep.STOP, at)
        return _step(connection, case, CaseStep.CONTACT, at)


def _is_new(connection: sa.Connection, event: dict[str, Any], at: dt.datetime) -> bool:
    same = feedback_events.c.event_id == event["event_id"]
    if connection.execute(sa.select(feedback_events.c.event_id).where(same)).first():
        return False
    row = {name: event[name] for name in ("event_id", "notification_ref", "event_type")}
    connection.execute(feedback_events.insert().values(row | {"taken_at": at}))
    return True


def _step(connection: sa.Connection, case: Case, step: CaseStep, at: dt.datetime) -> CaseStep | None:
    if not cases.can_take(case.state, step):
        return None
    if step is CaseStep.STOP or case.state is CaseState.DUE:
        outbox.recall(connection, case, at)
    cases.take_step(connection, case, step, at)
    return step


def _reopen_links(connection: sa.Connection, ledger: Ledger, case: Case, event: dict[str, Any], at: dt.datetime) -> None:
    standing = cases.standing_parents(connection, case_parents.c.notification_ref == case.notification_ref)
    of_standing = sa.or_(sa.false(), *(cases.of_parent(parent) for parent in standing))
    receptions = sa.select(take_ups.c.reception_id).where(of_standing).distinct().order_by(take_ups.c.reception_id)
    for reception_id in connection.execute(receptions).scalars().all():
        decided_by = event["reported_by"] or event["organisation"]
        ruling = Ruling(RulingKind.REOPEN_LINK, reception_id, None, decided_by, f"{WRONG_HOUSEHOLD} reported")
        rulings.record(connection, ledger.pseudonyms, ruling, at)
