"""A suite: what must hold of one table's day, read from `expectations/<step>/<table>.json`.

*Row expectations* say something of every row, so that what passes on several days at once passes on each of them. *Day
expectations* say something of the day as a whole: they are held against a frame of one row per day whose columns are the suite's
*measures*, counts and shares worked out by DuckDB. *References* say that what a row names stands in a table it was made from, and
*drift expectations* compare a measure with what it usually is. A file that breaks the rules below is refused when it is read, so
that a check which can never fail does not pass for a gate.
"""

import hashlib
import json
import re
import string
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paramount_assets.vocabulary import Severity

ROW_COUNT = "row_count"
"""The measure that every suite must have: an empty frame passes every row expectation."""

BETWEEN = "expect_column_values_to_be_between"
"""The type of nearly every day expectation: a measure has bounds."""

LEAST_DAYS = 7
"""Fewer earlier days than this say nothing of what is usual, unless the suite says otherwise."""

LEAST_DIFFERENCE = 20
"""A count is not unusual for a smaller difference, unless the suite says otherwise."""

_REVEALING = re.compile(r"\b(min|max|any_value|first|last|mode|list|string_agg|array_agg|arg_min|arg_max|histogram)\s*\(", re.I)
_NOT_BY_ROW = {
    "expect_column_values_to_be_unique",
    "expect_column_values_to_be_increasing",
    "expect_column_values_to_be_decreasing",
}


class SuiteInvalid(Exception):
    """A suite file breaks the rules for suites."""


@dataclass(frozen=True)
class Expectation:
    """One expectation.

    `kwargs` are Great Expectations' own; `why` is what a failure would mean in the field. `says` is the sentence that tells of a
    failure, with measures in braces; empty where the expectation's own words do.
    """

    type: str
    kwargs: Mapping[str, Any]
    severity: Severity
    why: str
    says: str = ""

    @property
    def about(self) -> str:
        """The column or columns it is about, or the measure."""
        columns = self.kwargs.get("column") or ", ".join(self.kwargs.get("column_list", []))
        pair = [self.kwargs[k] for k in ("column_A", "column_B") if k in self.kwargs]
        return str(columns or ", ".join(pair))

    @property
    def limits(self) -> str:
        """The thresholds, as `name=value` pairs; never a value out of the data."""
        own = {k: v for k, v in sorted(self.kwargs.items()) if not k.startswith("column")}
        return ", ".join(f"{name}={value}" for name, value in own.items())


@dataclass(frozen=True)
class Reference:
    """What rows name in `columns` stands in `to_columns` of the table `to`, `step/name`, which the table is made from.

    A row that names nothing in one of the columns refers to nothing. `name` is the measure under which the rows are counted that
    refer to what is not there.
    """

    name: str
    columns: tuple[str, ...]
    to: str
    to_columns: tuple[str, ...]
    severity: Severity
    why: str

    @property
    def expectation(self) -> Expectation:
        """That there is no such row, as an expectation of the day."""
        return Expectation(BETWEEN, {"column": self.name, "min_value": 0, "max_value": 0}, self.severity, self.why)


@dataclass(frozen=True)
class Drift:
    """A measure of the day is near its usual: the median of the same measure on the days before. It never holds a day.

    `min_ratio` and `max_ratio` bound it as a multiple of the usual; `max_change`, for shares, bounds the difference. With fewer
    than `least_days` days to compare with there is no usual. A ratio counts only from `least_difference` on.
    """

    measure: str
    why: str
    min_ratio: float | None = None
    max_ratio: float | None = None
    max_change: float | None = None
    least_days: int = LEAST_DAYS
    least_difference: float = LEAST_DIFFERENCE

    @property
    def limits(self) -> str:
        """The bounds, as `name=value` pairs."""
        bounds = {"min_ratio": self.min_ratio, "max_ratio": self.max_ratio, "max_change": self.max_change}
        return ", ".join(f"{name}={bound:g}" for name, bound in bounds.items() if bound is not None)


@dataclass(frozen=True)
class Suite:
    """All that must hold of one table's day. `columns` are the table's, in order; `sha256` is of the file's bytes."""

    table: str
    columns: tuple[str, ...]
    owner: str
    measures: Mapping[str, str]
    row_expectations: tuple[Expectation, ...]
    day_expectations: tuple[Expectation, ...]
    sha256: str
    references: tuple[Reference, ...] = ()
    drift_expectations: tuple[Drift, ...] = ()

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that tell the table's rows apart: its grain, and the order in which its rows are kept."""
        return next(tuple(e.kwargs["column_list"]) for e in self.row_expectations if _is_key(e))


def load_suite(file: Path, table: str) -> Suite:
    """Reads a suite.

    Raises:
        SuiteInvalid: the file is missing, is not JSON, or breaks a rule for suites; the message names the rule.
    """
    try:
        content = file.read_bytes()
        data = json.loads(content)
        suite = Suite(
            table=table,
            columns=tuple(data["columns"]),
            owner=data["owner"],
            measures=data["measures"],
            row_expectations=tuple(_expectation(e) for e in data["row_expectations"]),
            day_expectations=tuple(_expectation(e) for e in data["day_expectations"]),
            sha256=hashlib.sha256(content).hexdigest(),
            references=tuple(_reference(e) for e in data.get("references", [])),
            drift_expectations=tuple(_drift(e) for e in data.get("drift_expectations", [])),
        )
    except FileNotFoundError:
        raise SuiteInvalid(f"{table}: no suite at expectations/{table}.json") from None
    except (json.JSONDecodeError, KeyError, TypeError, ValueError) as fault:
        raise SuiteInvalid(f"{table}: {type(fault).__name__}: {fault}") from None
    _check_rules(suite)
    return suite


def _expectation(entry: Mapping[str, Any]) -> Expectation:
    meta = entry["meta"]
    return Expectation(entry["type"], entry["kwargs"], Severity(entry["severity"]), meta["why"], meta.get("says", ""))


def _reference(entry: Mapping[str, Any]) -> Reference:
    return Reference(
        name=entry["name"],
        columns=tuple(entry["columns"]),
        to=entry["to"],
        to_columns=tuple(entry.get("to_columns", entry["columns"])),
        severity=Severity(entry["severity"]),
        why=entry["meta"]["why"],
    )


def _drift(entry: Mapping[str, Any]) -> Drift:
    given = {name: value for name, value in entry.items() if name not in ("severity", "meta")}
    if Severity(entry["severity"]) is not Severity.WARNING:
        raise ValueError(f"drift of {entry['measure']} is not a warning: what is unusual need not be wrong")
    return Drift(**given, why=entry["meta"]["why"])


def _is_key(expectation: Expectation) -> bool:
    return expectation.type == "expect_compound_columns_to_be_unique" and expectation.severity is Severity.CRITICAL


def _check_rules(suite: Suite) -> None:
    if not any(_is_key(e) for e in suite.row_expectations):
        raise SuiteInvalid(f"{suite.table}: no critical expect_compound_columns_to_be_unique; a table must say what its rows are")
    for expectation in suite.row_expectations:
        _check_row_expectation(suite, expectation)
    counted = {e.kwargs.get("column") for e in suite.day_expectations}
    if ROW_COUNT not in suite.measures or ROW_COUNT not in counted:
        raise SuiteInvalid(f"{suite.table}: no expectation on {ROW_COUNT}; an empty frame would pass")
    if unknown := sorted(str(c) for c in counted - set(suite.measures)):
        raise SuiteInvalid(f"{suite.table}: day expectations on {', '.join(unknown)}, which are no measures")
    for expectation in suite.day_expectations:
        _check_sentence(suite, expectation)
    _check_references(suite)
    _check_drift(suite)
    if revealing := sorted(name for name, sql in suite.measures.items() if _REVEALING.search(sql)):
        raise SuiteInvalid(f"{suite.table}: measures {', '.join(revealing)} could give back a value; use counts and shares")


def _check_sentence(suite: Suite, expectation: Expectation) -> None:
    named = {name for _, name, _, _ in string.Formatter().parse(expectation.says) if name is not None}
    if unknown := sorted(named - set(suite.measures)):
        raise SuiteInvalid(f"{suite.table}: {expectation.about} says {', '.join(unknown)}, which are no measures")


def _check_references(suite: Suite) -> None:
    for reference in suite.references:
        if unknown := sorted(set(reference.columns) - set(suite.columns)):
            raise SuiteInvalid(f"{suite.table}: {reference.name} is of {', '.join(unknown)}, not a column of the table")
        if len(reference.columns) != len(reference.to_columns) or not reference.columns:
            raise SuiteInvalid(f"{suite.table}: {reference.name} has other columns than those it refers to")
    names = [*suite.measures, *(r.name for r in suite.references)]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise SuiteInvalid(f"{suite.table}: two measures or references are called {', '.join(twice)}")


def _check_drift(suite: Suite) -> None:
    for drift in suite.drift_expectations:
        if drift.measure not in suite.measures:
            raise SuiteInvalid(f"{suite.table}: drift of {drift.measure}, which is no measure")
        by_ratio = drift.min_ratio is not None or drift.max_ratio is not None
        if by_ratio == (drift.max_change is not None):
            raise SuiteInvalid(f"{suite.table}: drift of {drift.measure} needs bounds of its ratio or a max_change, and not both")


def _check_row_expectation(suite: Suite, expectation: Expectation) -> None:
    if "mostly" in expectation.kwargs or expectation.type in _NOT_BY_ROW:
        raise SuiteInvalid(
            f"{suite.table}: {expectation.type}({expectation.about}) cannot be judged on several days at once; "
            "measure a share per day, or list the key in expect_compound_columns_to_be_unique"
        )
    if (fault := _regex_fault(expectation.kwargs.get("regex", ""))) is not None:
        raise SuiteInvalid(f"{suite.table}: {expectation.type}({expectation.about}) {fault}")
    named = [c.strip() for c in expectation.about.split(",")]
    if unknown := sorted(set(named) - set(suite.columns)):
        raise SuiteInvalid(f"{suite.table}: {expectation.type} on {', '.join(unknown)}, not a column of the table")


def _regex_fault(regex: str) -> str | None:
    try:
        groups = re.compile(regex).groups
    except re.error:
        return "is given no regular expression"
    return "has a capturing group, which pandas warns of; write (?:...) instead" if groups else None
