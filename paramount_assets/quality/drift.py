"""Drift: a measure of the day against what it usually is. A warning, never a gate: what is unusual need not be wrong.

The usual is the median of the same measure on earlier days, as their gate records kept it, so that no byte of a table is read.
"""

import statistics
from collections.abc import Mapping, Sequence

from paramount_assets.quality.records import ExpectationOutcome
from paramount_assets.quality.suites import Drift
from paramount_assets.vocabulary import Severity

Measures = Mapping[str, float | None]


def drift(expectations: Sequence[Drift], measures: Measures, earlier: Sequence[Measures]) -> tuple[ExpectationOutcome, ...]:
    """One outcome for each expectation: observed is the multiple of the usual, or for a share the change.

    Args:
        expectations: the suite's.
        measures: of the day; one that is null is not compared.
        earlier: of the days before; those that lack a measure, or have it null, do not count for it.
    """
    return tuple(_outcome(e, _observed(e, measures.get(e.measure), _usual(e, earlier))) for e in expectations)


def _usual(expectation: Drift, earlier: Sequence[Measures]) -> float | None:
    known = [value for day in earlier if (value := day.get(expectation.measure)) is not None]
    return statistics.median(known) if len(known) >= expectation.least_days else None


def _observed(expectation: Drift, value: float | None, usual: float | None) -> float | None:
    if value is None or usual is None:
        return None
    if expectation.max_change is not None:
        return value - usual
    is_too_small = abs(value - usual) < expectation.least_difference
    return None if usual == 0 or is_too_small else value / usual


def _outcome(expectation: Drift, observed: float | None) -> ExpectationOutcome:
    return ExpectationOutcome(
        expectation="expect_measure_to_be_near_its_usual",
        about=expectation.measure,
        limits=expectation.limits,
        severity=Severity.WARNING,
        why=expectation.why,
        passed=observed is None or _is_near(expectation, observed),
        broken=False,
        observed=observed,
    )


def _is_near(expectation: Drift, observed: float) -> bool:
    if expectation.max_change is not None:
        return abs(observed) <= expectation.max_change
    lowest, highest = expectation.min_ratio, expectation.max_ratio
    return (lowest is None or observed >= lowest) and (highest is None or observed <= highest)
