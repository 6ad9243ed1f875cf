"""A measure against what it usually is."""

import pytest

from paramount_assets.quality import Drift, drift
from paramount_assets.vocabulary import Severity

WHY = "Prisons do not suddenly receive ten times as many people."
COUNT = Drift("row_count", WHY, min_ratio=0.5, max_ratio=2)
SHARE = Drift("share", WHY, max_change=0.1)


def found(expectation, value, earlier):
    days = [{expectation.measure: each} for each in earlier]
    return drift([expectation], {expectation.measure: value}, days)[0]


@pytest.mark.parametrize(
    ("value", "observed", "passed"),
    [(100, 1.0, None), (199, 1.99, True), (200, 2.0, True), (201, 2.01, False), (49, 0.49, False)],
)
def test_a_count_is_compared_as_a_multiple_of_the_median(value, observed, passed):
    outcome = found(COUNT, value, [10, 100, 100, 100, 100, 100, 9000])
    assert outcome.passed == (passed is not False)
    assert outcome.observed == (None if value == 100 else pytest.approx(observed))


@pytest.mark.parametrize(("value", "passed"), [(0.55, True), (0.39, False), (0.61, False)])
def test_a_share_is_compared_by_its_change(value, passed):
    assert found(SHARE, value, [0.5] * 7).passed == passed


def test_an_outcome_is_a_warning_whatever_it_finds():
    outcome = found(COUNT, 9000, [100] * 7)
    assert (outcome.severity, outcome.passed, outcome.broken) == (Severity.WARNING, False, False)
    assert outcome.sentence == "expect_measure_to_be_near_its_usual(row_count, min_ratio=0.5, max_ratio=2): observed 90"


def test_with_fewer_than_seven_days_nothing_is_usual():
    assert found(COUNT, 9000, [100] * 6).passed


def test_days_on_which_a_measure_was_unknown_do_not_count():
    assert found(SHARE, 0.9, [0.5] * 6 + [None]).passed
    assert found(SHARE, None, [0.5] * 7).passed


def test_a_small_difference_is_not_unusual_however_many_times_it_is():
    assert found(COUNT, 22, [3] * 7).passed
    assert not found(COUNT, 23, [3] * 7).passed


def test_a_usual_of_nothing_has_no_multiple():
    assert found(COUNT, 500, [0] * 7).passed
