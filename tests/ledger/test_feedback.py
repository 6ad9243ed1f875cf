import polars as pl

from paramount_assets.ledger import EntryState, claim, entries, export, outbox, take_up_feedback, verify_chain
from tests.ledger.made import FATHER, MOTHER, WINDOW, day, due, every_case, morning
from tests.ledger.reports import reported


def told(ledger, *families):
    for family in families or (due(),):
        claim(ledger, family, day(1), morning(1), WINDOW)
    with ledger.writing() as connection:
        outbox.assign(connection, every_case(connection), day(1), morning(1))
        for file in outbox.files_to_write(connection):
            outbox.mark_handed(connection, outbox.entries_of(connection, file), morning(1))


def test_a_contact_is_taken_up_once_however_often_it_is_delivered(ledger):
    told(ledger)
    event = reported(ledger, "visit_made", morning(2))
    assert [take_up_feedback(ledger, event, morning(n)).contacted for n in (3, 4)] == [1, 0]
    assert export(ledger).cases["contacted_at"].to_list() == [morning(3)]


def test_a_wrong_household_stops_the_case_and_reopens_the_link_of_every_parent(ledger):
    told(ledger, due(), due(FATHER, received=1))
    event = reported(ledger, "wrong_household", morning(2))
    assert [take_up_feedback(ledger, event, morning(3)).stopped for _ in range(2)] == [1, 0]
    exported = export(ledger)
    assert exported.cases["state"].to_list() == ["stopped"]
    assert exported.rulings["ruling_kind"].to_list() == ["reopen_link"] * 2
    assert sorted(exported.rulings["reception_id"]) == sorted(f"R{who}1" for who in (MOTHER, FATHER))
    assert exported.rulings["subject_id"].to_list() == [None, None]
    assert verify_chain(ledger) is None


def test_a_wrong_household_recalls_what_is_still_waiting(ledger):
    told(ledger)
    claim(ledger, due(is_urgent=True), day(2), morning(2), WINDOW)
    take_up_feedback(ledger, reported(ledger, "wrong_household", morning(2)), morning(3))
    assert [e.entry_state for e in entries(ledger)] == [EntryState.HANDED, EntryState.RECALLED]


def test_events_of_one_delivery_are_taken_up_in_the_order_they_happened(ledger):
    told(ledger)
    visit = reported(ledger, "visit_made", morning(2), event_id="E2")
    wrong = reported(ledger, "wrong_household", morning(3), event_id="E1")
    counts = take_up_feedback(ledger, pl.concat([wrong, visit]), morning(4))
    assert (counts.contacted, counts.stopped) == (1, 1)


def test_an_event_with_an_unknown_reference_is_counted_and_can_be_taken_up_later(ledger):
    told(ledger)
    event = reported(ledger, "visit_made", morning(2), reference="N-UNKNOWN")
    assert [take_up_feedback(ledger, event, morning(3)).unmatched for _ in range(2)] == [1, 1]


def test_what_says_nothing_about_contact_changes_nothing(ledger):
    told(ledger)
    take_up_feedback(ledger, reported(ledger, "visit_attempted", morning(2)), morning(3))
    assert export(ledger).cases["state"].to_list() == ["told"]
