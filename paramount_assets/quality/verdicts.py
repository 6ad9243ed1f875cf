"""Judging the days of a table by its suite.

Days are judged together, which is what makes a backfill affordable: row expectations on all rows at once, with the day as a
further column, and day expectations on a frame of one row per day. What passes together passes on each day; only an
expectation that fails, or is broken, is put to each day by itself. Bounds of measures that seem to be kept are asked about
together too, in one question for all of them; the answer, and not what it seems, decides.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from paramount_assets.engine import in_memory
from paramount_assets.quality import validation
from paramount_assets.quality.records import ExpectationOutcome
from paramount_assets.quality.suites import BETWEEN, Expectation, Suite
from paramount_assets.quality.validation import DAY_COLUMN, PASSED, Finding
from paramount_assets.vocabulary import Severity

_GREATER = Expectation(
    "expect_column_pair_values_a_to_be_greater_than_b",
    {"column_A": "greater", "column_B": "lesser", "or_equal": True},
    Severity.CRITICAL,
    "Every bound of a measure is kept.",
)

Counts = Mapping[str, Mapping[str, int]]
"""By day: measures that the frame alone does not show, such as the rows that refer to what is not there."""

Judge = Callable[[Mapping[str, pl.DataFrame], Suite, Counts], dict[str, "Verdict"]]
"""Judges frames, keyed by day, by a suite."""


@dataclass(frozen=True)
class Verdict:
    """What the suite found on one day."""

    outcomes: tuple[ExpectationOutcome, ...]
    measures: Mapping[str, float | None] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """No critical expectation failed, and none was broken: a check that did not run has shown nothing."""
        return not any(o.broken or (not o.passed and o.severity is Severity.CRITICAL) for o in self.outcomes)

    @property
    def because(self) -> str | None:
        """The failed critical and the broken expectations in one line, with counts and measures only."""
        faults = [o for o in self.outcomes if o.broken or (not o.passed and o.severity is Severity.CRITICAL)]
        return "; ".join(o.sentence for o in faults) or None

    def and_also(self, outcomes: tuple[ExpectationOutcome, ...]) -> "Verdict":
        """The verdict with further outcomes."""
        return replace(self, outcomes=self.outcomes + outcomes)


def judge(frames: Mapping[str, pl.DataFrame], suite: Suite, counts: Counts | None = None) -> dict[str, Verdict]:
    """Judges each day's frame.

    Args:
        frames: one frame per day, keyed by ISO date (or another key for a table without days), each with the suite's columns.
        suite: the table's suite.
        counts: for each day the suite's references, each with the rows that refer to what is not there.

    Returns:
        A verdict for every key of `frames`.
    """
    rows = {day: frame.select(_columns_used(suite)) for day, frame in frames.items()}
    measured = _measure(frames, suite.measures, counts or {})
    of_the_day = [*suite.day_expectations, *(r.expectation for r in suite.references if counts is not None)]
    by_day: dict[str, list[ExpectationOutcome]] = {day: [] for day in frames}
    for expectations, tables, find in ((suite.row_expectations, rows, _findings), (of_the_day, measured, _day_findings)):
        found = find(tables, expectations)
        for day, table in tables.items():
            by_day[day] += [_outcome(e, f, table) for e, f in zip(expectations, found[day], strict=True)]
    return {day: Verdict(tuple(outcomes), measured[day].row(0, named=True)) for day, outcomes in by_day.items()}


def _columns_used(suite: Suite) -> list[str]:
    used = {name.strip() for e in suite.row_expectations for name in e.about.split(",")}
    return [c for c in suite.columns if c in used]


def _measure(frames: Mapping[str, pl.DataFrame], measures: Mapping[str, str], counts: Counts) -> dict[str, pl.DataFrame]:
    columns = ", ".join(f"({sql})::double as {name}" for name, sql in measures.items())
    result = {}
    with in_memory() as connection:
        for day, frame in frames.items():
            connection.register("day_rows", frame)
            connection.execute("set variable day = try_cast($day as date)", {"day": day})
            measured = connection.sql(f"select {columns} from day_rows").pl()  # noqa: S608 - from a reviewed suite file
            counted = [pl.lit(count, pl.Float64).alias(name) for name, count in counts.get(day, {}).items()]
            result[day] = measured.fill_nan(None).with_columns(counted)
            connection.unregister("day_rows")
    return result


def _day_findings(measured: Mapping[str, pl.DataFrame], expectations: Sequence[Expectation]) -> dict[str, list[Finding]]:
    """As `_findings`, with the bounds that seem to be kept on every day asked about in one question."""
    calm = [i for i, e in enumerate(expectations) if _seems_kept(e, measured)]
    if not _are_kept([expectations[i] for i in calm], measured):
        calm = []
    others = [i for i in range(len(expectations)) if i not in calm]
    found = _findings(measured, [expectations[i] for i in others])
    result = {day: [PASSED] * len(expectations) for day in measured}
    for day in measured:
        for i, finding in zip(others, found[day], strict=True):
            result[day][i] = finding
    return result


def _seems_kept(expectation: Expectation, measured: Mapping[str, pl.DataFrame]) -> bool:
    """It bounds a measure from nowhere else than its suite, and no day looks as if it were outside."""
    if expectation.type != BETWEEN or not set(expectation.kwargs) <= {"column", "min_value", "max_value"}:
        return False
    name = expectation.kwargs["column"]
    return all(name in day.columns for day in measured.values()) and all(
        greater >= lesser for greater, lesser in _pairs(expectation, measured)
    )


def _are_kept(expectations: Sequence[Expectation], measured: Mapping[str, pl.DataFrame]) -> bool:
    """Great Expectations' answer for all of them at once."""
    pairs = [pair for expectation in expectations for pair in _pairs(expectation, measured)]
    if not pairs:
        return False
    frame = pl.DataFrame(pairs, {"greater": pl.Float64, "lesser": pl.Float64}, orient="row")
    return all(finding.passed for finding in validation.validate(frame, [_GREATER]))


def _pairs(expectation: Expectation, measured: Mapping[str, pl.DataFrame]) -> Iterator[tuple[float, float]]:
    """For each day and bound two numbers, the first of which must not be the smaller one; an unknown measure has no bounds."""
    name, lowest, highest = (expectation.kwargs.get(key) for key in ("column", "min_value", "max_value"))
    values = [value for day in measured.values() if (value := day[str(name)].item()) is not None]
    for value in values:
        yield from [(value, lowest)] if lowest is not None else []
        yield from [(highest, value)] if highest is not None else []


def _findings(frames: Mapping[str, pl.DataFrame], expectations: Sequence[Expectation]) -> dict[str, list[Finding]]:
    if not expectations or not frames:
        return {day: [] for day in frames}
    together = validation.validate(_stacked(frames), expectations)
    unclear = [i for i, finding in enumerate(together) if not finding.passed]
    result = {day: [PASSED] * len(expectations) for day in frames}
    if unclear:
        for day, frame in frames.items():
            alone = validation.validate(_stacked({day: frame}), [expectations[i] for i in unclear])
            for i, finding in zip(unclear, alone, strict=True):
                result[day][i] = finding
    return result


def _stacked(frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    return pl.concat([frame.with_columns(pl.lit(day).alias(DAY_COLUMN)) for day, frame in frames.items()])


def _outcome(expectation: Expectation, finding: Finding, table: pl.DataFrame) -> ExpectationOutcome:
    column = expectation.kwargs.get("column")
    is_measure = table.height == 1 and column in table.columns and table.schema[str(column)] == pl.Float64
    observed = table[str(column)].item() if is_measure else finding.unexpected_count
    return ExpectationOutcome(
        expectation=expectation.type,
        about=expectation.about,
        limits=expectation.limits,
        severity=expectation.severity,
        why=expectation.why,
        passed=finding.passed,
        broken=finding.broken,
        observed=None if observed is None else float(observed),
        says=_sentence(expectation, table) if expectation.says and not finding.passed else "",
    )


def _sentence(expectation: Expectation, measures: pl.DataFrame) -> str:
    """The suite's sentence with the day's measures in place of their names."""
    return expectation.says.format(**{name: _figure(value) for name, value in measures.row(0, named=True).items()})


def _figure(value: float | None) -> str:
    if value is None:
        return "none"
    return f"{value:,.0f}" if value == round(value) else f"{value:,.2f}"
