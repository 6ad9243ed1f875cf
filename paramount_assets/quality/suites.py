"""A suite: what must hold of one table's day, read from `expectations/<step>/<table>.json`.

A suite has two kinds of expectations. *Row expectations* say something of every row, so that what passes on several days at
once passes on each of them. *Day expectations* say something of the day as a whole: they are held against a frame of one row
per day whose columns are the suite's *measures*, counts and shares worked out by DuckDB. A file that breaks the rules below is
refused when it is read, so that a check which can never fail does not pass for a gate.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paramount_assets.vocabulary import Severity

ROW_COUNT = "row_count"
"""The measure that every suite must have: an empty frame passes every row expectation."""

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
    """One expectation. `kwargs` are Great Expectations' own; `why` is what a failure would mean in the field."""

    type: str
    kwargs: Mapping[str, Any]
    severity: Severity
    why: str

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
class Suite:
    """All that must hold of one table's day. `columns` are the table's, in order; `sha256` is of the file's bytes."""

    table: str
    columns: tuple[str, ...]
    owner: str
    measures: Mapping[str, str]
    row_expectations: tuple[Expectation, ...]
    day_expectations: tuple[Expectation, ...]
    sha256: str

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
        )
    except FileNotFoundError:
        raise SuiteInvalid(f"{table}: no suite at expectations/{table}.json") from None
    except (json.JSONDecodeError, KeyError, TypeError, ValueError) as fault:
        raise SuiteInvalid(f"{table}: {type(fault).__name__}: {fault}") from None
    _check_rules(suite)
    return suite


def _expectation(entry: Mapping[str, Any]) -> Expectation:
    return Expectation(entry["type"], entry["kwargs"], Severity(entry["severity"]), entry["meta"]["why"])


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
    if revealing := sorted(name for name, sql in suite.measures.items() if _REVEALING.search(sql)):
        raise SuiteInvalid(f"{suite.table}: measures {', '.join(revealing)} could give back a value; use counts and shares")


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
