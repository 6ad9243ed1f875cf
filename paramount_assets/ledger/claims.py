"""Claiming: the one place that decides whether a family that is due is told of, and it decides in one transaction.

The source records of the children are claimed for the prisoner, the custody episode and the kind of recipient together with the
outbox entry, so a crash leaves both or neither, and whoever comes second finds the first one's claim. For each kind of recipient:

- claimed before for this prisoner and episode: nothing new does nothing, something new amends the case;
- a case of the family still stands from another parent: it is escalated, never kept quiet;
- the family was told of within the repeat window: amended, not visited a second time;
- otherwise a new case, under a reference that is the same whenever it is worked out again.
"""

import datetime as dt
import json
from dataclasses import dataclass, replace
from enum import StrEnum

import sqlalchemy as sa

from paramount_assets.ledger import cases, events, outbox
from paramount_assets.ledger.cases import Case, CaseState, CaseStep, Parent
from paramount_assets.ledger.families import DueFamily, Message
from paramount_assets.ledger.keys import Pseudonyms
from paramount_assets.ledger.outbox import EntryKind
from paramount_assets.ledger.schema import case_parents, claims, rulings, take_ups, withdrawals
from paramount_assets.ledger.store import Ledger
from paramount_assets.vocabulary import Day, RulingKind

REFERENCE_LENGTH = 10
"""Characters of a reference after its letter: 50 bits, few enough to be read over the telephone."""


class ClaimOutcome(StrEnum):
    """What came of a family that was due."""

    NOTIFIED = "notified"
    AMENDED = "amended"
    ESCALATED = "escalated"
    UNCHANGED = "unchanged"
    """Nothing that the team has not been told already."""
    SUPERSEDED = "superseded"
    """A later day has spoken about the reception already; kept, without a message."""
    BARRED = "barred"
    """Taken back since, or stopped by an officer and not taken up again by a person's decision."""


@dataclass(frozen=True)
class Claimed:
    """What came of one family, and the case it belongs to; None where it was barred."""

    outcome: ClaimOutcome
    notification_ref: str | None


@dataclass(frozen=True)
class _Claim:
    connection: sa.Connection
    pseudonyms: Pseudonyms
    due: DueFamily
    day: Day
    at: dt.datetime
    repeat_window_days: int

    def decide(self) -> Claimed:
        if self._is_withdrawn():
            return Claimed(ClaimOutcome.BARRED, None)
        if (own := self._own_case()) is not None:
            return self._take_up_again(own)
        if (other := self._case_of_the_family()) is not None:
            return self._join(other)
        return self._notify()

    def _is_withdrawn(self) -> bool:
        """An episode that ended bars its own day too; what was taken back of a reception bars the days before."""
        of_custody = sa.and_(
            withdrawals.c.prisoner_number == self.due.prisoner_number, withdrawals.c.episode_id == self.due.episode_id
        )
        ended = sa.and_(of_custody, withdrawals.c.day >= self.day)
        taken_back = sa.and_(withdrawals.c.reception_id == self.due.reception_id, withdrawals.c.day > self.day)
        chosen = sa.select(withdrawals.c.withdrawal_number).where(sa.or_(ended, taken_back)).limit(1)
        return self.connection.execute(chosen).first() is not None

    def _own_case(self) -> Case | None:
        """The case that claimed one of the records for this custody, by its reception where its episode was redrawn since."""
        same_custody = sa.or_(claims.c.episode_id == self.due.episode_id, claims.c.reception_id == self.due.reception_id)
        of_prisoner = claims.c.prisoner_number == self.due.prisoner_number
        found = self._sharing_records(of_prisoner, same_custody)
        return min(found, key=lambda case: case.state is CaseState.STOPPED, default=None)

    def _case_of_the_family(self) -> Case | None:
        return next((case for case in self._sharing_records() if self._still_counts(case)), None)

    def _sharing_records(self, *conditions: sa.ColumnElement[bool]) -> list[Case]:
        of_recipient = claims.c.recipient_kind == self.due.message.recipient_kind
        return cases.sharing_records(self.connection, self.due.source_records, of_recipient, *conditions)

    def _still_counts(self, case: Case) -> bool:
        if case.state in (CaseState.WITHDRAWN, CaseState.STOPPED):
            return False
        told_at = case.told_at or case.contacted_at
        if told_at is None or self.day <= told_at.date() + dt.timedelta(days=self.repeat_window_days):
            return True
        return bool(self._other_parents(case))

    def _other_parents(self, case: Case) -> list[Parent]:
        """Other people in custody the case rests on."""
        of_case = case_parents.c.notification_ref == case.notification_ref
        is_another = case_parents.c.prisoner_number != self.due.prisoner_number
        return cases.standing_parents(self.connection, of_case, is_another)

    def _take_up_again(self, case: Case) -> Claimed:
        if case.state is CaseState.STOPPED:
            return self._renew(case) if self._accepted_since(case) else Claimed(ClaimOutcome.BARRED, None)
        newest = cases.newest_day(self.connection, *self._of_reception(case))
        if newest is not None and newest > self.day:
            self._record(case.notification_ref, ClaimOutcome.SUPERSEDED)
            return Claimed(ClaimOutcome.SUPERSEDED, case.notification_ref)
        self._claim_records(case.notification_ref)
        if case.state is not CaseState.CLOSED and self._known_message(case) == self.due.message.sha256:
            self._record(case.notification_ref, ClaimOutcome.UNCHANGED)
            return Claimed(ClaimOutcome.UNCHANGED, case.notification_ref)
        return self._tell_change(case, EntryKind.AMEND)

    def _accepted_since(self, case: Case) -> bool:
        kinds = (RulingKind.ACCEPT_LINK, RulingKind.ACCEPT_CHILD)
        of_reception = (rulings.c.reception_id == self.due.reception_id, rulings.c.ruling_kind.in_(kinds))
        chosen = sa.select(rulings.c.ruling_id).where(*of_reception, rulings.c.recorded_at >= case.stopped_at).limit(1)
        return self.connection.execute(chosen).first() is not None

    def _of_reception(self, case: Case) -> tuple[sa.ColumnElement[bool], ...]:
        return (
            take_ups.c.notification_ref == case.notification_ref,
            take_ups.c.reception_id == self.due.reception_id,
        )

    def _known_message(self, case: Case) -> str:
        """What was last taken up about these children of this reception; what stands about the case, if nothing was."""
        of_family = (*self._of_reception(case), take_ups.c.family_id == self.due.family_id)
        newest_first = (take_ups.c.day.desc(), take_ups.c.take_up_number.desc())
        chosen = sa.select(take_ups.c.message_sha256).where(*of_family).order_by(*newest_first).limit(1)
        return self.connection.execute(chosen).scalar() or case.message.sha256

    def _join(self, case: Case) -> Claimed:
        of_case = case_parents.c.notification_ref == case.notification_ref
        is_own = case_parents.c.prisoner_number == self.due.prisoner_number
        was_theirs = self.connection.execute(sa.select(case_parents.c.episode_id).where(of_case, is_own).limit(1)).first()
        is_second_parent = was_theirs is None or self._other_parents(case)
        self._claim_records(case.notification_ref)
        return self._tell_change(case, EntryKind.ESCALATE if is_second_parent else EntryKind.AMEND)

    def _tell_change(self, case: Case, kind: EntryKind) -> Claimed:
        message = self._message_with(case, kind)
        self._add_parent(case.notification_ref)
        outbox.queue(self.connection, case, kind, message, self.day, self.at)
        cases.restate(self.connection, case, message, self.due.la_code)
        if case.state is CaseState.CLOSED:
            cases.take_step(self.connection, case, CaseStep.RESUME, self.at)
        outcome = ClaimOutcome.ESCALATED if kind is EntryKind.ESCALATE else ClaimOutcome.AMENDED
        self._record(case.notification_ref, outcome)
        return Claimed(outcome, case.notification_ref)

    def _message_with(self, case: Case, kind: EntryKind) -> Message:
        """While another parent is in custody too, what is urgent stays so and children are not counted away."""
        message = self.due.message
        if kind is not EntryKind.ESCALATE and not self._other_parents(case):
            return message
        children = max(message.child_count, case.message.child_count)
        return replace(message, is_urgent=message.is_urgent or case.message.is_urgent, child_count=children)

    def _notify(self) -> Claimed:
        kind = self.due.message.recipient_kind
        parts = [self.due.prisoner_number, self.due.episode_id, kind, min(self.due.source_records)]
        reference = f"N-{self._pseudonym('notification', parts)}"
        case = cases.find(self.connection, reference)
        if case is not None:
            return self._renew(case)
        token = f"S-{self._pseudonym('support', parts)}"
        cases.open_case(self.connection, reference, token, self.due, self.day)
        events.append(self.connection, self.at, "case_opened", reference, children=self.due.message.child_count)
        return self._tell_of(reference)

    def _pseudonym(self, kind: str, parts: list[str]) -> str:
        return self.pseudonyms.of(kind, json.dumps(parts))[:REFERENCE_LENGTH]

    def _renew(self, case: Case) -> Claimed:
        cases.take_step(self.connection, case, CaseStep.RENEW, self.at)
        cases.restate(self.connection, case, self.due.message, self.due.la_code)
        return self._tell_of(case.notification_ref)

    def _tell_of(self, reference: str) -> Claimed:
        self._add_parent(reference)
        self._claim_records(reference)
        case = cases.find(self.connection, reference)
        assert case is not None  # noqa: S101 - made in this transaction
        outbox.queue(self.connection, case, EntryKind.NOTIFY, self.due.message, self.day, self.at)
        self._record(reference, ClaimOutcome.NOTIFIED)
        return Claimed(ClaimOutcome.NOTIFIED, reference)

    def _add_parent(self, reference: str) -> None:
        key = {
            "notification_ref": reference,
            "prisoner_number": self.due.prisoner_number,
            "episode_id": self.due.episode_id,
        }
        same = sa.and_(*(case_parents.c[name] == value for name, value in key.items()))
        stands_again = case_parents.update().where(same).values(ended_on=None, ended_because=None)
        if not self.connection.execute(stands_again).rowcount:
            self.connection.execute(case_parents.insert().values(key))

    def _claim_records(self, reference: str) -> None:
        """Claims what nobody has claimed yet for this prisoner, episode and kind of recipient."""
        key = {
            "prisoner_number": self.due.prisoner_number,
            "episode_id": self.due.episode_id,
            "recipient_kind": self.due.message.recipient_kind,
        }
        same = sa.and_(*(claims.c[name] == value for name, value in key.items()))
        chosen = sa.select(claims.c.source_record).where(same, claims.c.source_record.in_(self.due.source_records))
        unclaimed = sorted(set(self.due.source_records) - set(self.connection.execute(chosen).scalars()))
        if not unclaimed:
            return
        row = key | {
            "notification_ref": reference,
            "reception_id": self.due.reception_id,
            "claimed_on": self.day,
            "claimed_at": self.at,
        }
        self.connection.execute(claims.insert(), [row | {"source_record": record} for record in unclaimed])
        events.append(self.connection, self.at, "records_claimed", reference, records=len(unclaimed))

    def _record(self, reference: str, outcome: ClaimOutcome) -> None:
        """Keeps what the day said, once: a second run of the day that says the same leaves no trace."""
        said = {
            "notification_ref": reference,
            "prisoner_number": self.due.prisoner_number,
            "episode_id": self.due.episode_id,
            "reception_id": self.due.reception_id,
            "family_id": self.due.family_id,
            "day": self.day,
            "message_sha256": self.due.message.sha256,
        }
        if outcome in (ClaimOutcome.UNCHANGED, ClaimOutcome.SUPERSEDED):
            same = sa.and_(*(take_ups.c[name] == value for name, value in said.items()))
            if self.connection.execute(sa.select(take_ups.c.take_up_number).where(same).limit(1)).first():
                return
        self.connection.execute(take_ups.insert().values(said | {"outcome": outcome, "taken_at": self.at}))


def claim(ledger: Ledger, due: DueFamily, day: Day, at: dt.datetime, repeat_window_days: int) -> Claimed:
    """Claims one family and queues what its team is to be told, in one transaction.

    Args:
        ledger: the ledger.
        due: the family, from the released notifications of the day.
        day: the day on which it is due.
        at: the present moment, local time.
        repeat_window_days: how long after it was told a family gets an amendment instead of a second visit.
    """
    with ledger.writing() as connection:
        return _Claim(connection, ledger.pseudonyms, due, day, at, repeat_window_days).decide()
