import polars as pl
import pytest

from paramount_assets.ledger import EntryKind, EntryState, claim, entries, export, take_up_feedback, verify_chain
from paramount_assets.notifications.claiming import ClaimCounts, DueDay, claim_day, due_families
from paramount_assets.notifications.handover import hand_over
from paramount_assets.vocabulary import Day
from tests.notifications.made import FATHER, MOTHER, at, movements, notification, on, withdrawals

IN = movements(("ADM N", 1))
NOBODY = notification().clear()


def day_of(number, notifications=NOBODY, moved=IN, withdrawn=None, looked_at=None):
    """What the lake released; unless said otherwise the day looked at exactly the receptions that are due."""
    seen = notifications.select("reception_id") if looked_at is None else pl.DataFrame({"reception_id": looked_at})
    return DueDay(Day(on(number)), notifications, withdrawn if withdrawn is not None else withdrawals(), moved, seen)


@pytest.fixture
def claimed(ledger, settings):
    return lambda due: claim_day(ledger, due, settings, at(40))


@pytest.fixture
def handed(ledger, settings):
    return lambda number: hand_over(ledger, settings, Day(on(number)), at(number), lambda _: True)


def test_a_family_is_due_with_the_episode_of_its_reception_and_each_source_record_once():
    (family,) = due_families(notification(source_records="police_records:P2;police_records:P1;police_records:P2"), IN)
    assert family.episode_id == f"{MOTHER}@2025-11-01T10:00:00"
    assert family.source_records == ("police_records:P1", "police_records:P2")


def test_a_reception_whose_movement_is_not_known_begins_its_own_episode():
    (known,) = due_families(notification(), IN)
    (unknown,) = due_families(notification(), IN.clear())
    assert known.episode_id == unknown.episode_id


def test_families_are_due_in_a_fixed_order():
    two = pl.concat([notification(FATHER), notification(MOTHER)])
    assert due_families(two, IN) == due_families(two.reverse(), IN)


def test_a_day_claimed_twice_notifies_once(claimed, ledger):
    assert claimed(day_of(2, notification())) == ClaimCounts(notified=1)
    assert claimed(day_of(2, notification())) == ClaimCounts(unchanged=1)
    assert len(entries(ledger)) == 1


def test_a_late_return_in_the_same_term_is_no_second_notification(claimed):
    moved = movements(("ADM N", 1), ("ADM A", 9))
    claimed(day_of(2, notification(), moved))
    assert claimed(day_of(10, notification(received=9), moved)) == ClaimCounts(unchanged=1)


def test_a_recall_soon_after_amends_instead_of_a_second_visit(claimed, handed, ledger):
    claimed(day_of(2, notification()))
    handed(2)
    again = movements(("ADM N", 1), ("ADM L", 9))
    assert claimed(day_of(10, notification(received=9), again)) == ClaimCounts(amended=1)
    assert [e.entry_kind for e in entries(ledger)] == [EntryKind.NOTIFY, EntryKind.AMEND]


def test_a_release_before_contact_withdraws(claimed, handed, ledger):
    claimed(day_of(2, notification()))
    handed(2)
    moved = movements(("ADM N", 1), ("REL CR", 4))
    assert claimed(day_of(5, moved=moved, withdrawn=withdrawals((MOTHER, None, "released")))) == ClaimCounts(withdrawn=1)
    assert entries(ledger)[-1].entry_kind is EntryKind.WITHDRAW


def test_received_and_released_in_one_extract_nobody_is_told(claimed, handed):
    moved = movements(("ADM N", 1), ("REL CR", 1))
    out = withdrawals((MOTHER, None, "released"))
    assert claimed(day_of(2, notification(), moved, out)) == ClaimCounts(notified=1, withdrawn=1)
    assert claimed(day_of(2, notification(), moved, out)) == ClaimCounts(barred=1)
    assert handed(2) == 0


def test_released_and_recalled_in_one_extract_the_new_custody_stands(claimed, ledger):
    claimed(day_of(2, notification()))
    moved = movements(("ADM N", 1), ("REL CR", 3), ("ADM L", 4))
    out = withdrawals((MOTHER, None, "released"))
    claimed(day_of(5, notification(received=4), moved, out))
    assert export(ledger).cases["state"].to_list() == ["due"]


def test_a_release_withdraws_also_what_was_claimed_under_an_episode_drawn_otherwise_since(claimed, ledger):
    claimed(day_of(10, notification(received=9), movements(("ADM A", 9))))
    whole = movements(("ADM N", 1), ("ADM A", 9))
    claimed(day_of(2, notification(), whole.filter(pl.col("movement_sequence") == 1)))
    claimed(day_of(10, notification(received=9), whole))
    released = movements(("ADM N", 1), ("ADM A", 9), ("REL CR", 12))
    claimed(day_of(13, moved=released, withdrawn=withdrawals((MOTHER, None, "released"))))
    assert export(ledger).cases["state"].to_list() == ["withdrawn"]


def test_a_rejected_link_withdraws_whoever_the_prisoner_was(claimed):
    claimed(day_of(2, notification()))
    rejected = withdrawals((None, f"R{MOTHER}1", "link_rejected"))
    assert claimed(day_of(5, withdrawn=rejected, looked_at=[])) == ClaimCounts(withdrawn=1)


def test_a_family_not_due_any_more_when_its_reception_is_looked_at_again_is_withdrawn(claimed):
    claimed(day_of(2, notification()))
    assert claimed(day_of(5, looked_at=["R-another"])) == ClaimCounts()
    assert claimed(day_of(6, looked_at=[f"R{MOTHER}1"])) == ClaimCounts(withdrawn=1)
    assert claimed(day_of(2, notification())) == ClaimCounts(barred=1)


def test_a_corrected_day_withdraws_what_it_does_not_find_due_any_more(claimed):
    claimed(day_of(2, notification()))
    assert claimed(day_of(2, looked_at=[])) == ClaimCounts(withdrawn=1)


@pytest.mark.parametrize("order", [(2, 5, 8), (8, 5, 2), (5, 2, 8, 5, 2, 8)])
def test_days_claimed_in_any_order_claim_each_record_once_and_notify_once(ledger, settings, order):
    days = {
        2: day_of(2, notification()),
        5: day_of(5, notification(source_records="police_records:P1;police_records:P2", child_count=2)),
        8: day_of(8, notification(FATHER, received=7), pl.concat([IN, movements(("ADM N", 7), prisoner=FATHER)])),
    }
    for number in order:
        claim_day(ledger, days[number], settings, at(40))
    exported = export(ledger)
    assert exported.cases.height == 1
    waiting = [e.entry_kind for e in entries(ledger) if e.entry_state is EntryState.PENDING]
    assert waiting == [EntryKind.NOTIFY]
    assert exported.claims.select("source_record", "prisoner_number").is_unique().all()
    assert verify_chain(ledger) is None


def test_the_ledger_takes_the_repeat_window_from_the_forces_configuration(claimed, handed, ledger, settings):
    claimed(day_of(2, notification()))
    handed(2)
    reference = export(ledger).cases["notification_ref"][0]
    visit = {"event_id": "E1", "notification_ref": reference, "event_type": "visit_made", "event_at": at(3)}
    take_up_feedback(ledger, pl.DataFrame([visit | {"organisation": "police", "reported_by": "officer"}]), at(3))
    window = settings.force.policy.repeat_window_days
    late = 3 + window
    again = movements(("ADM N", 1), ("ADM L", late))
    (family,) = due_families(notification(received=late), again)
    assert claim(ledger, family, Day(on(late)), at(late), window).outcome == "notified"
