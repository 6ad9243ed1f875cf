"""Killed processes and two writers at once, with real processes on one file."""

import multiprocessing
import os
import signal

import pytest
import sqlalchemy as sa

from paramount_assets.ledger import ClaimOutcome, claim, export, verify_chain
from tests.ledger.made import WINDOW, day, due, ledger_in, morning

SPAWN = multiprocessing.get_context("spawn")
FAMILY = due(records=("police_records:P1", "police_records:P2"))


def die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def claim_and_die(folder, moment, matching):
    ledger = ledger_in(folder)
    if moment == "commit":
        sa.event.listen(ledger.engine, "commit", die)
    else:
        sa.event.listen(ledger.engine, moment, lambda *told: die() if told[2].startswith(matching) else None)
    claim(ledger, FAMILY, day(1), morning(1), WINDOW)


def claim_with_others(folder, gate, outcomes):
    with ledger_in(folder) as ledger:
        gate.wait()
        outcomes.put(claim(ledger, FAMILY, day(1), morning(1), WINDOW).outcome)


def run(target, *arguments):
    process = SPAWN.Process(target=target, args=arguments)
    process.start()
    process.join(60)
    return process.exitcode


@pytest.mark.slow
@pytest.mark.parametrize(
    ("moment", "matching"),
    [
        ("commit", ""),
        ("after_cursor_execute", "INSERT INTO cases"),
        ("after_cursor_execute", "INSERT INTO claims"),
        ("before_cursor_execute", "INSERT INTO outbox"),
        ("after_cursor_execute", "INSERT INTO outbox"),
    ],
)
def test_a_kill_leaves_neither_claim_nor_outbox_entry_and_a_second_run_leaves_both(tmp_path, moment, matching):
    with ledger_in(tmp_path) as ledger:
        assert run(claim_and_die, tmp_path, moment, matching) == -signal.SIGKILL
        left = export(ledger)
        assert (left.cases.height, left.claims.height, left.outbox.height) == (0, 0, 0)
        assert claim(ledger, FAMILY, day(1), morning(1), WINDOW).outcome is ClaimOutcome.NOTIFIED
        after = export(ledger)
        assert (after.cases.height, after.claims.height, after.outbox.height) == (1, 2, 1)
        assert verify_chain(ledger) is None


@pytest.mark.slow
def test_of_processes_that_claim_one_family_at_once_one_notifies_and_the_others_find_it_done(tmp_path):
    gate, outcomes = SPAWN.Barrier(3), SPAWN.Queue()
    processes = [SPAWN.Process(target=claim_with_others, args=(tmp_path, gate, outcomes)) for _ in range(3)]
    with ledger_in(tmp_path) as ledger:
        for process in processes:
            process.start()
        found = sorted(outcomes.get(timeout=60) for _ in processes)
        for process in processes:
            process.join(60)
        assert found == [ClaimOutcome.NOTIFIED, ClaimOutcome.UNCHANGED, ClaimOutcome.UNCHANGED]
        assert export(ledger).outbox.height == 1
        assert export(ledger).claims.height == 2
        assert verify_chain(ledger) is None
