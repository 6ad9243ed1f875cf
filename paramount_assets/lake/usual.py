"""What was usual: the measures of a table that the gate records of the days before have kept."""

from collections.abc import Mapping

from paramount_assets import clock
from paramount_assets.lake.release import Releases, window
from paramount_assets.lake.table import Table
from paramount_assets.quality import Suite, Verdict, drift
from paramount_assets.vocabulary import Cadence

WINDOW = 28
"""How many days before a day, or versions before a version, say what is usual."""


def with_drift(table: Table, suite: Suite, releases: Releases, verdicts: Mapping[str, Verdict]) -> dict[str, Verdict]:
    """The verdicts with the outcomes of the suite's drift expectations.

    Args:
        table: the table.
        suite: of the table.
        releases: where the records of earlier days are found.
        verdicts: of the days judged together; of two of them the earlier counts among the days before the later.
    """
    if not suite.drift_expectations:
        return dict(verdicts)
    kept = _kept_measures(table, releases, verdicts)
    return {
        day: verdict.and_also(drift(suite.drift_expectations, verdict.measures, [kept[d] for d in _before(table, day, kept)]))
        for day, verdict in verdicts.items()
    }


def _kept_measures(table: Table, releases: Releases, verdicts: Mapping[str, Verdict]) -> dict[str, Mapping[str, float | None]]:
    """By day, of the days judged now and all those before them that may count."""
    days = {before for day in verdicts for before in _before(table, day, releases.days(table))}
    records = {day: record for day in days - set(verdicts) if (record := releases.passed(table, day)) is not None}
    fresh = {day: verdict.measures for day, verdict in verdicts.items() if verdict.passed}
    return {day: record.measures for day, record in records.items()} | fresh


def _before(table: Table, day: str, known: Mapping[str, object] | list[str]) -> list[str]:
    """The known days that say what is usual on a day."""
    if table.cadence is Cadence.DAILY:
        return [d for d in window(clock.day_of(day), WINDOW) if d in known]
    return sorted(d for d in known if d < day)[-WINDOW:] if table.cadence is Cadence.VERSIONED else []
