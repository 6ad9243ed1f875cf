import pytest

from paramount_assets.ledger import (
    CaseState,
    ClaimOutcome,
    EntryKind,
    EntryState,
    Ruling,
    Withdrawal,
    claim,
    entries,
    export,
    outbox,
    record_ruling,
    take_up_feedback,
    withdraw,
    withdraw_no_longer_due,
)
from paramount_assets.vocabulary import RecipientKind, RulingKind, WithdrawalReason
from tests.ledger.made import FATHER, MOTHER, WINDOW, day, due, every_case, ledger_in, morning
from tests.ledger.reports import reported


def claimed(ledger, family, number):
    return claim(ledger, family, day(number), morning(number), WINDOW)


def outcomes(ledger, *families_and_days):
    return [claimed(ledger, family, number).outcome for family, number in families_and_days]


def hand_all(ledger, number):
    with ledger.writing() as connection:
        outbox.assign(connection, every_case(connection), day(number), morning(number))
        for file in outbox.files_to_write(connection):
            outbox.mark_handed(connection, outbox.entries_of(connection, file), morning(number))


def standing(ledger):
    return [(e.entry_kind, e.entry_state) for e in entries(ledger) if e.entry_state is not EntryState.RECALLED]


def states(ledger):
    return export(ledger).cases["state"].to_list()


def released(prisoner, episode):
    return Withdrawal(WithdrawalReason.RELEASED, prisoner, f"{prisoner}@{day(episode)}")


def unlinked(prisoner, received):
    return Withdrawal(WithdrawalReason.LINK_REJECTED, reception_id=f"R{prisoner}{received}")


def test_a_new_family_is_claimed_and_notified_together(ledger):
    assert outcomes(ledger, (due(records=("police_records:P1", "childrens_services:C1")), 1)) == [ClaimOutcome.NOTIFIED]
    exported = export(ledger)
    assert exported.claims["source_record"].to_list() == ["childrens_services:C1", "police_records:P1"]
    assert exported.outbox["entry_kind"].to_list() == ["notify"]
    assert exported.cases["state"].to_list() == ["due"]


def test_the_same_day_again_leaves_no_trace(ledger):
    claimed(ledger, due(), 1)
    before = export(ledger)
    assert outcomes(ledger, (due(), 1), (due(), 1)) == [ClaimOutcome.UNCHANGED] * 2
    after = export(ledger)
    assert after.outbox.equals(before.outbox)
    assert after.claims.equals(before.claims)


def test_an_unchanged_family_looked_at_again_gets_no_message(ledger):
    assert outcomes(ledger, (due(), 1), (due(), 9)) == [ClaimOutcome.NOTIFIED, ClaimOutcome.UNCHANGED]
    assert len(entries(ledger)) == 1


def test_a_child_found_later_amends_the_case_and_is_claimed(ledger):
    claimed(ledger, due(), 1)
    hand_all(ledger, 1)
    assert claimed(ledger, due(records=("police_records:P1", "police_records:P2")), 5).outcome is ClaimOutcome.AMENDED
    assert standing(ledger) == [(EntryKind.NOTIFY, EntryState.HANDED), (EntryKind.AMEND, EntryState.PENDING)]
    assert export(ledger).claims.height == 2
    assert export(ledger).cases["child_count"].to_list() == [2]


def test_a_further_record_of_the_same_child_is_claimed_without_a_message(ledger):
    claimed(ledger, due(), 1)
    both = due(records=("childrens_services:C1", "police_records:P1"), child_count=1)
    assert claimed(ledger, both, 5).outcome is ClaimOutcome.UNCHANGED
    assert export(ledger).claims.height == 2


def test_what_changes_before_anybody_was_told_is_told_as_a_notification(ledger):
    claimed(ledger, due(), 1)
    claimed(ledger, due(is_urgent=True), 2)
    assert standing(ledger) == [(EntryKind.NOTIFY, EntryState.PENDING)]
    assert [e.message.is_urgent for e in entries(ledger)] == [False, True]


def test_an_earlier_day_run_late_does_not_undo_what_a_later_day_said(ledger):
    claimed(ledger, due(is_urgent=True), 5)
    assert outcomes(ledger, (due(), 1), (due(), 1)) == [ClaimOutcome.SUPERSEDED] * 2
    assert len(entries(ledger)) == 1


def test_a_day_corrected_twice_back_to_what_it_said_first_is_told_each_time(ledger):
    claimed(ledger, due(), 1)
    hand_all(ledger, 1)
    assert outcomes(ledger, (due(is_urgent=True), 1), (due(), 1)) == [ClaimOutcome.AMENDED] * 2


def test_families_of_one_case_that_live_apart_later_are_each_amended_once(ledger):
    claimed(ledger, due(records=("police_records:P1", "police_records:P2")), 1)
    hand_all(ledger, 1)
    here = due(records=("police_records:P1",), family_id="F1")
    there = due(records=("police_records:P2",), family_id="F2", postcode="OX2 2BB")
    assert outcomes(ledger, (here, 5), (there, 5)) == [ClaimOutcome.AMENDED] * 2
    assert outcomes(ledger, (here, 5), (there, 5), (here, 6), (there, 6)) == [ClaimOutcome.UNCHANGED] * 4


def test_a_second_parents_imprisonment_escalates_and_makes_the_case_urgent(ledger):
    claimed(ledger, due(), 1)
    hand_all(ledger, 1)
    both_gone = due(FATHER, received=20, is_urgent=True)
    assert claimed(ledger, both_gone, 20).outcome is ClaimOutcome.ESCALATED
    assert standing(ledger)[-1] == (EntryKind.ESCALATE, EntryState.PENDING)
    assert export(ledger).cases["is_urgent"].to_list() == [True]


def test_a_second_parents_imprisonment_is_never_suppressed_while_the_first_is_in_custody(ledger):
    claimed(ledger, due(), 1)
    hand_all(ledger, 1)
    late = WINDOW + 200
    assert claimed(ledger, due(FATHER, received=late), late).outcome is ClaimOutcome.ESCALATED


def test_what_the_first_parents_reception_says_later_does_not_take_the_urgency_away(ledger):
    claimed(ledger, due(), 1)
    claimed(ledger, due(FATHER, received=2, is_urgent=True), 2)
    claimed(ledger, due(condition_codes="dog_at_home"), 3)
    assert export(ledger).cases["is_urgent"].to_list() == [True]


@pytest.mark.parametrize(("gap", "outcome"), [(WINDOW, ClaimOutcome.AMENDED), (WINDOW + 1, ClaimOutcome.NOTIFIED)])
def test_a_recall_within_the_repeat_window_amends_and_after_it_notifies(ledger, gap, outcome):
    claimed(ledger, due(), 1)
    hand_all(ledger, 1)
    take_up_feedback(ledger, reported(ledger, "visit_made", morning(3)), morning(4))
    withdraw(ledger, released(MOTHER, 1), day(9), morning(9))
    assert claimed(ledger, due(received=1 + gap), 1 + gap).outcome is outcome


def test_a_withdrawn_notification_does_not_count_as_told(ledger):
    claimed(ledger, due(), 1)
    hand_all(ledger, 1)
    withdraw(ledger, released(MOTHER, 1), day(5), morning(5))
    assert claimed(ledger, due(received=10), 10).outcome is ClaimOutcome.NOTIFIED
    assert sorted(states(ledger)) == ["due", "withdrawn"]


def test_each_recipient_of_a_family_is_told_once(ledger):
    social_workers = due(recipient_kind=RecipientKind.ALLOCATED_TEAM, team="children-north")
    assert outcomes(ledger, (due(), 1), (social_workers, 1)) == [ClaimOutcome.NOTIFIED] * 2
    assert outcomes(ledger, (due(), 1), (social_workers, 1)) == [ClaimOutcome.UNCHANGED] * 2


def test_a_family_that_passes_to_another_team_is_taken_back_from_the_first(ledger):
    claimed(ledger, due(), 1)
    hand_all(ledger, 1)
    claimed(ledger, due(team="buckinghamshire", postcode="HP20 1AA"), 5)
    waiting = [(e.entry_kind, e.message.team) for e in entries(ledger) if e.entry_state is EntryState.PENDING]
    assert waiting == [(EntryKind.WITHDRAW, "oxfordshire"), (EntryKind.AMEND, "buckinghamshire")]


def test_references_are_the_same_in_every_ledger_with_the_same_key(ledger, tmp_path_factory):
    with ledger_in(tmp_path_factory.mktemp("other")) as other:
        assert claimed(ledger, due(), 1) == claimed(other, due(), 7)
    assert claimed(ledger, due(), 1).notification_ref[:2] == "N-"


def test_a_release_before_handing_over_recalls_the_notification(ledger):
    claimed(ledger, due(), 1)
    assert withdraw(ledger, released(MOTHER, 1), day(2), morning(2)) == 1
    assert standing(ledger) == []
    assert states(ledger) == ["withdrawn"]
    assert export(ledger).claims.height == 0


def test_a_release_after_handing_over_withdraws_it_once(ledger):
    claimed(ledger, due(), 1)
    hand_all(ledger, 1)
    assert [withdraw(ledger, released(MOTHER, 1), day(2), morning(2)) for _ in range(2)] == [1, 0]
    assert standing(ledger)[-1] == (EntryKind.WITHDRAW, EntryState.PENDING)


def test_a_release_after_contact_closes_the_case_without_a_message(ledger):
    claimed(ledger, due(), 1)
    hand_all(ledger, 1)
    take_up_feedback(ledger, reported(ledger, "phone_contact", morning(2)), morning(3))
    assert withdraw(ledger, released(MOTHER, 1), day(4), morning(4)) == 0
    assert states(ledger) == ["closed"]
    assert len(entries(ledger)) == 1


def test_a_case_goes_on_while_the_other_parent_is_in_custody(ledger):
    claimed(ledger, due(), 1)
    claimed(ledger, due(FATHER, received=2), 2)
    hand_all(ledger, 2)
    assert withdraw(ledger, released(MOTHER, 1), day(5), morning(5)) == 0
    assert states(ledger) == ["told"]
    assert standing(ledger)[-1] == (EntryKind.AMEND, EntryState.PENDING)
    assert withdraw(ledger, released(FATHER, 2), day(6), morning(6)) == 1


def test_a_release_known_before_the_reception_is_claimed_keeps_it_quiet(ledger):
    withdraw(ledger, released(MOTHER, 1), day(4), morning(4))
    assert outcomes(ledger, (due(), 1), (due(), 4)) == [ClaimOutcome.BARRED] * 2
    assert entries(ledger) == []


def test_a_release_does_not_withdraw_the_custody_that_began_after_it(ledger):
    claimed(ledger, due(received=10), 10)
    assert withdraw(ledger, released(MOTHER, 1), day(5), morning(5)) == 0
    assert states(ledger) == ["due"]


def test_a_link_taken_back_withdraws_and_a_later_acceptance_notifies_again(ledger):
    claimed(ledger, due(), 1)
    hand_all(ledger, 1)
    assert withdraw(ledger, unlinked(MOTHER, 1), day(3), morning(3)) == 1
    assert outcomes(ledger, (due(), 1), (due(), 5)) == [ClaimOutcome.BARRED, ClaimOutcome.NOTIFIED]
    assert withdraw(ledger, unlinked(MOTHER, 1), day(3), morning(3)) == 0
    assert states(ledger) == ["due"]


def test_what_the_day_of_the_ruling_still_finds_due_stays(ledger):
    claimed(ledger, due(), 1)
    claimed(ledger, due(), 3)
    assert withdraw(ledger, unlinked(MOTHER, 1), day(3), morning(3)) == 0


def test_what_a_corrected_day_does_not_find_any_more_is_taken_back_and_comes_back_with_the_next_correction(ledger):
    claimed(ledger, due(), 1)
    assert withdraw_no_longer_due(ledger, [], set(), day(1), morning(1)) == 1
    assert claimed(ledger, due(), 1).outcome is ClaimOutcome.NOTIFIED
    assert states(ledger) == ["due"]


def test_what_a_later_look_does_not_find_any_more_is_taken_back_for_good(ledger):
    family = due()
    reference = claimed(ledger, family, 1).notification_ref
    assert withdraw_no_longer_due(ledger, ["R-another"], set(), day(5), morning(5)) == 0
    assert withdraw_no_longer_due(ledger, [family.reception_id], {(reference, MOTHER)}, day(5), morning(5)) == 0
    assert withdraw_no_longer_due(ledger, [family.reception_id], set(), day(5), morning(5)) == 1
    assert claimed(ledger, family, 1).outcome is ClaimOutcome.BARRED


def test_an_earlier_look_does_not_take_back_what_a_later_day_found(ledger):
    family = due()
    claimed(ledger, family, 5)
    assert withdraw_no_longer_due(ledger, [family.reception_id], set(), day(3), morning(3)) == 0


def test_a_wrong_household_is_not_told_of_again_until_a_person_accepts_it(ledger):
    claimed(ledger, due(), 1)
    hand_all(ledger, 1)
    take_up_feedback(ledger, reported(ledger, "wrong_household", morning(3)), morning(4))
    changed = due(is_urgent=True)
    assert claimed(ledger, changed, 6).outcome is ClaimOutcome.BARRED
    accepted = Ruling(RulingKind.ACCEPT_LINK, changed.reception_id, "P9", "unit reviewer", "seen the custody record")
    record_ruling(ledger, accepted, morning(7))
    assert claimed(ledger, changed, 8).outcome is ClaimOutcome.NOTIFIED
    assert states(ledger) == [CaseState.DUE]


def test_an_episode_drawn_otherwise_since_is_still_the_same_case(ledger):
    claimed(ledger, due(received=4), 4)
    assert claimed(ledger, due(received=4, episode=2), 4).outcome is ClaimOutcome.UNCHANGED
    assert len(entries(ledger)) == 1
