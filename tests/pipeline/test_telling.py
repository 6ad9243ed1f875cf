"""A run tells nobody unless it was asked to; one that was asked to tells each family once."""

import pytest

from tests.four_days import claims, ledger_of
from tests.pipeline.conftest import DAYS, FAMILIES

pytestmark = pytest.mark.slow

RUN = ("backfill", "--from", str(DAYS[0]), "--to", str(DAYS[1]), "--only", "notifications", "--replay")


@pytest.fixture(autouse=True)
def _made_up(six_days):
    """Replaying is for worlds that say they are made up."""
    six_days.settings.world_folder.mkdir()
    (six_days.settings.world_folder / "world.json").write_text('{"seed": 1}')


def test_a_run_that_was_not_asked_to_notify_leaves_the_ledger_without_claims(six_days, command):
    code, said = command(*RUN)
    assert code == 0
    assert "Nobody was told" in said
    assert claims(six_days.settings) == []
    assert not six_days.settings.outbox_folder.exists()


def test_a_run_that_was_asked_to_notify_claims_once_however_often_it_is_asked(six_days, command):
    code, said = command(*RUN, "--notify")
    assert code == 0
    assert "2 notified" in said
    claimed = claims(six_days.settings)
    assert {record for record, *_ in claimed} == FAMILIES[0].source_records | FAMILIES[1].source_records
    told = ledger_of(six_days.settings).outbox
    again = command(*RUN, "--notify")
    assert again[0] == 0
    assert "notified" not in again[1]
    assert claims(six_days.settings) == claimed
    assert ledger_of(six_days.settings).outbox.equals(told)


def test_what_a_closed_gate_holds_is_not_told(six_days, command):
    held = ("backfill", "--from", str(DAYS[2]), "--to", str(DAYS[2]), "--only", "notifications", "--replay", "--notify")
    assert command(*held)[0] == 3
    assert claims(six_days.settings) == []
