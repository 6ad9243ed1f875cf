"""Intervals against published and exactly known values."""

import math
from fractions import Fraction

import pytest

from paramount_assets.evaluation.figures import ErrorRate, Share
from paramount_assets.evaluation.intervals import upper_bound, wilson


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        # Newcombe (1998), Statistics in Medicine 17, table I: score method without continuity correction
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilsons_interval_is_the_published_one(count, of, low, high):
    assert wilson(count, of) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_an_interval_stays_between_nothing_and_everything():
    assert wilson(0, 7)[0] == 0.0
    assert wilson(7, 7)[1] == 1.0
    assert wilson(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize("of", [1, 10, 59, 4666, 1_000_000])
def test_no_error_at_all_bounds_the_rate_exactly(of):
    assert upper_bound(0, of) == pytest.approx(1 - 0.05 ** (1 / of), rel=1e-9)


@pytest.mark.parametrize(("errors", "of", "at_most"), [(1, 10, 0.394), (2, 10, 0.507), (5, 10, 0.778), (1, 20, 0.216)])
def test_the_bound_of_errors_is_that_of_the_tables_of_the_binomial_distribution(errors, of, at_most):
    """Upper ends of the two-sided 90 % intervals of Clopper and Pearson (1934), three figures."""
    assert upper_bound(errors, of) == pytest.approx(at_most, abs=5e-4)


@pytest.mark.parametrize(("errors", "of"), [(1, 10), (3, 40), (10, 100), (37, 512)])
def test_at_the_bound_so_few_errors_have_a_chance_of_one_in_twenty(errors, of):
    rate = Fraction(upper_bound(errors, of))
    chance = sum(math.comb(of, k) * rate**k * (1 - rate) ** (of - k) for k in range(errors + 1))
    assert float(chance) == pytest.approx(0.05, rel=1e-9)


def test_the_bound_of_many_errors_of_very_many_is_that_of_the_normal_distribution():
    assert upper_bound(10_000, 1_000_000) == pytest.approx(0.01 + 1.645 * math.sqrt(0.01 * 0.99 / 1_000_000), rel=2e-4)


def test_where_everything_failed_or_nothing_was_tried_the_bound_is_one():
    assert upper_bound(5, 5) == 1.0
    assert upper_bound(0, 0) == 1.0


def test_of_nothing_there_is_no_share():
    assert Share(0, 0).share is None
    assert ErrorRate(0, 0).share is None
    assert Share(1, 4).share == 0.25
