"""What was told, what was decided, and who did it: a transactional database, apart from the lake.

The lake says what is due; only the ledger knows what was told. Every change and its audit event are one transaction. No table
of a step belongs here, and no step is known here.
"""

from paramount_assets.ledger.cases import STEPS, CaseState, CaseStep, Parent, StepRefused
from paramount_assets.ledger.claims import Claimed, ClaimOutcome, claim
from paramount_assets.ledger.events import log_disclosure, verify_chain
from paramount_assets.ledger.export import LedgerExport, export
from paramount_assets.ledger.families import DueFamily, Message
from paramount_assets.ledger.feedback import FeedbackCounts, take_up_feedback
from paramount_assets.ledger.keys import KeyUnusable, Pseudonyms, read_or_make_key, write_key
from paramount_assets.ledger.outbox import Entry, EntryKind, EntryState, TeamFile, entries
from paramount_assets.ledger.rulings import Ruling, RulingIncomplete, record_ruling
from paramount_assets.ledger.store import Ledger, LedgerRefused, has_ledger, open_at, open_ledger
from paramount_assets.ledger.withdrawals import Withdrawal, standing_episodes, withdraw, withdraw_no_longer_due

__all__ = [
    "STEPS",
    "CaseState",
    "CaseStep",
    "ClaimOutcome",
    "Claimed",
    "DueFamily",
    "Entry",
    "EntryKind",
    "EntryState",
    "FeedbackCounts",
    "KeyUnusable",
    "Ledger",
    "LedgerExport",
    "LedgerRefused",
    "Message",
    "Parent",
    "Pseudonyms",
    "Ruling",
    "RulingIncomplete",
    "StepRefused",
    "TeamFile",
    "Withdrawal",
    "claim",
    "entries",
    "export",
    "has_ledger",
    "log_disclosure",
    "open_at",
    "open_ledger",
    "read_or_make_key",
    "record_ruling",
    "standing_episodes",
    "take_up_feedback",
    "verify_chain",
    "withdraw",
    "withdraw_no_longer_due",
    "write_key",
]
