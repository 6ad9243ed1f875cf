import pytest

from paramount_assets.ledger import STEPS, CaseState, CaseStep, StepRefused
from paramount_assets.ledger.cases import can_take, check_step


def test_every_state_says_which_steps_it_allows():
    assert set(STEPS) == set(CaseState)


def test_every_state_can_be_reached_and_none_is_a_dead_end():
    reached = {after for steps in STEPS.values() for after in steps.values()}
    assert reached == set(CaseState)
    assert all(STEPS.values())


def test_only_a_withdrawn_stopped_or_closed_case_may_be_due_again():
    assert {state for state in CaseState if can_take(state, CaseStep.RENEW)} == {
        CaseState.WITHDRAWN,
        CaseState.STOPPED,
        CaseState.CLOSED,
    }


def test_a_family_that_was_reached_cannot_be_withdrawn():
    with pytest.raises(StepRefused, match="a case that is contacted cannot withdraw"):
        check_step(CaseState.CONTACTED, CaseStep.WITHDRAW)
