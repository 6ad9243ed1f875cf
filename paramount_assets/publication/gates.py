"""The gates as tables for analysts and auditors: counts, thresholds and reasons, never a value of a row."""

import polars as pl

from paramount_assets.lake import Catalogue, Releases, Store
from paramount_assets.quality import GateRecord

GATE_TABLES: dict[str, tuple[str, dict[str, str]]] = {
    "gates": (
        "One row per table and day: what its gate says now.",
        {
            "table_key": "step/table.",
            "day": "Day of the table; 'all' for a table without days.",
            "status": "released, failed, held or stale.",
            "because": "Why it is not released.",
            "row_count": "Rows of its bytes.",
            "sha256": "Hash and name of its bytes.",
            "suite_sha256": "Hash of the suite that judged it.",
            "warning_count": "Expectations that failed without holding the day.",
            "made_at": "When the record was written.",
        },
    ),
    "expectations": (
        "One row per table, day and expectation: what the suite found when the bytes that stand were judged.",
        {
            "table_key": "step/table.",
            "day": "Day of the table; 'all' for a table without days.",
            "expectation": "Type of the expectation.",
            "about": "Columns or measure it is about.",
            "limits": "Thresholds.",
            "severity": "critical holds the day, warning and info are shown.",
            "why": "What a failure would mean in the field.",
            "passed": "It held.",
            "broken": "It could not be checked, which counts as failed.",
            "observed": "The measure, or the count of rows that broke it.",
        },
    ),
}
"""What each table of gates is, and its columns in order with what they mean."""


def gate_frames(catalogue: Catalogue, store: Store, releases: Releases) -> dict[str, pl.DataFrame]:
    """Both tables, over all days of all tables."""
    gates, expectations = [], []
    for table in catalogue:
        for day in store.days(table.key):
            state = releases.state(table, day)
            if state.record is not None:
                gates.append(_gate_row(state.record, str(state.status), state.because))
                expectations += _expectation_rows(state.record)
    schemas: dict[str, dict[str, type[pl.DataType]]] = {
        "gates": dict.fromkeys(GATE_TABLES["gates"][1], pl.String) | {"row_count": pl.Int64, "warning_count": pl.Int64},
        "expectations": dict.fromkeys(GATE_TABLES["expectations"][1], pl.String)
        | {"passed": pl.Boolean, "broken": pl.Boolean, "observed": pl.Float64},
    }
    rows = {"gates": gates, "expectations": expectations}
    return {name: pl.DataFrame(rows[name], schemas[name], orient="row") for name in schemas}


def _gate_row(record: GateRecord, status: str, because: str | None) -> tuple[object, ...]:
    return (
        record.table,
        record.day,
        status,
        because,
        record.rows,
        record.sha256,
        record.suite_sha256,
        len(record.warnings),
        record.made_at,
    )


def _expectation_rows(record: GateRecord) -> list[tuple[object, ...]]:
    return [
        (record.table, record.day, o.expectation, o.about, o.limits, str(o.severity), o.why, o.passed, o.broken, o.observed)
        for o in record.outcomes
    ]
