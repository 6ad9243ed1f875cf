"""Great Expectations, kept in one room: nothing else imports it, because importing it takes seconds and its results can leak.

Results are asked for in the one format that can be kept free of values (`SUMMARY` with no partial lists) and only counts are
taken out of them. A check that could not run does not raise in Great Expectations, it just fails: it is told apart here.
"""

import functools
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from paramount_assets.quality.suites import Expectation

DAY_COLUMN = "gate_day"
"""The column that tells the days of a chunk apart; it is put first into every uniqueness key."""

_VALUE_FREE = {"result_format": "SUMMARY", "partial_unexpected_count": 0}


@dataclass(frozen=True)
class Finding:
    """What one expectation found. `unexpected_count` counts rows; None where the check counts none."""

    passed: bool
    broken: bool
    unexpected_count: int | None


PASSED = Finding(passed=True, broken=False, unexpected_count=0)
"""What an expectation found that every row keeps."""


def validate(frame: pl.DataFrame, expectations: Sequence[Expectation]) -> list[Finding]:
    """Holds a frame against expectations, in their order.

    Args:
        frame: rows; with a column `gate_day` where an expectation is a uniqueness key.
        expectations: any of Great Expectations' column expectations.
    """
    from great_expectations.core import ExpectationSuite  # noqa: PLC0415 - seconds to import, so only when needed

    configured = [_configured(e, position) for position, e in enumerate(expectations)]
    suite = ExpectationSuite(name="gate", expectations=configured)
    batch = _batch_definition().get_batch({"dataframe": frame.to_pandas()})
    result = batch.validate(suite, result_format=_VALUE_FREE)
    found = {r.expectation_config.meta["position"]: _finding(r) for r in result.results}
    return [found[position] for position in range(len(expectations))]


def _configured(expectation: Expectation, position: int) -> dict[str, Any]:
    kwargs = dict(expectation.kwargs)
    if expectation.type == "expect_compound_columns_to_be_unique":
        kwargs["column_list"] = [DAY_COLUMN, *kwargs["column_list"]]
    return {
        "type": expectation.type,
        "kwargs": kwargs,
        "severity": str(expectation.severity),
        "meta": {"position": position},
    }


def _finding(result: Any) -> Finding:  # noqa: ANN401 - great_expectations' result, read here only
    broken = any(info.get("raised_exception") for info in _exception_infos(result.exception_info or {}))
    return Finding(
        passed=bool(result.success) and not broken,
        broken=broken,
        unexpected_count=result.result.get("unexpected_count"),
    )


def _exception_infos(info: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Great Expectations gives the information either flat or keyed by the metric that failed."""
    yield from [info] if "raised_exception" in info else [i for i in info.values() if isinstance(i, Mapping)]


@functools.cache
def _batch_definition() -> Any:  # noqa: ANN401 - great_expectations' object, used here only
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx  # noqa: PLC0415 - seconds to import, so only when needed
    from great_expectations.data_context.types.base import ProgressBarsConfig  # noqa: PLC0415

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    source = context.data_sources.add_pandas("paramount")
    return source.add_dataframe_asset("rows").add_batch_definition_whole_dataframe("chunk")
