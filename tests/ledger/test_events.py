import pytest
import sqlalchemy as sa

from paramount_assets.ledger import claim, verify_chain
from paramount_assets.ledger.schema import chain_head, events
from tests.ledger.made import WINDOW, day, due, morning


@pytest.fixture
def audited(ledger):
    for number in (1, 2, 3):
        claim(ledger, due(f"A000{number}AA", records=(f"police_records:P{number}",)), day(number), morning(number), WINDOW)
    return ledger


def alter(ledger, statement):
    with ledger.engine.begin() as connection:
        connection.execute(statement)


def test_an_untouched_chain_holds(ledger, audited):
    assert verify_chain(audited) is None


def test_the_chain_of_a_new_ledger_holds(ledger):
    assert verify_chain(ledger) is None


@pytest.mark.parametrize(
    "change", [{"detail": "{}"}, {"actor": "somebody"}, {"notification_ref": None}, {"recorded_at": morning(9)}]
)
def test_an_altered_event_is_named(audited, change):
    alter(audited, events.update().where(events.c.event_number == 5).values(change))
    assert verify_chain(audited) == 5


def test_a_removed_event_is_named(audited):
    alter(audited, events.delete().where(events.c.event_number == 4))
    assert verify_chain(audited) == 4


def test_events_cut_off_the_end_are_noticed(audited):
    with audited.reading() as connection:
        last = connection.execute(sa.select(sa.func.max(events.c.event_number))).scalar_one()
    alter(audited, events.delete().where(events.c.event_number == last))
    assert verify_chain(audited) == last


def test_a_missing_head_is_noticed(audited):
    alter(audited, chain_head.delete())
    assert verify_chain(audited) is not None


def test_no_event_holds_a_prison_number_or_an_address(audited):
    with audited.reading() as connection:
        texts = [str(tuple(row)) for row in connection.execute(sa.select(events))]
    assert texts
    assert not any(value in text for text in texts for value in ("A000", "MADE UP", "OX1", "P1"))
