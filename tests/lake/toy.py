"""A little chain to try the lake's mechanics on: what is delivered stands in a dictionary, and the judge needs no import."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import polars as pl

from paramount_assets.lake import Beside, Catalogue, Day, DeliveryBlocked, Earlier, NotDelivered, Previous, VersionOf, table
from paramount_assets.ledger import LedgerExport
from paramount_assets.quality import Counts, ExpectationOutcome, Suite, Verdict
from paramount_assets.settings import Settings
from paramount_assets.vocabulary import Cadence, Severity

TABLES = (
    *("arrivals", "people", "looked_back", "reference", "cleaned_reference", "counted", "pairs"),
    *("totals", "kept", "chosen", "weighed"),
)
_ARRIVALS: dict[str, object] = {}
_REFERENCE: dict[str, object] = {}


class Delivered:
    """What the toy sources deliver: by ISO day a list of numbers, or a fault to raise."""

    def __init__(self) -> None:
        self.arrivals = _ARRIVALS
        self.reference = _REFERENCE
        self.arrivals.clear()
        self.reference.clear()


def _delivered(source: Mapping[str, object], day: Day) -> pl.DataFrame:
    if str(day) not in source:
        raise NotDelivered(f"{day}: no delivery")
    rows = source[str(day)]
    if isinstance(rows, Exception):
        raise rows
    return _frame(rows)


def _frame(rows: object) -> pl.DataFrame:
    return pl.DataFrame({"line_number": rows}, {"line_number": pl.Int64})


@table("toy")
def arrivals(day: Day) -> pl.DataFrame:
    """One row per arrival."""
    return _delivered(_ARRIVALS, day)


@table("toy")
def people(arrivals: pl.DataFrame) -> pl.DataFrame:
    """One row per person."""
    return arrivals.with_columns(pl.col("line_number") * 10)


@table("toy")
def looked_back(people: pl.DataFrame, before: Annotated[pl.DataFrame, Earlier("people", days=2)]) -> pl.DataFrame:
    """One row per person of the last three days."""
    return pl.concat([people, before.drop("as_of")]).unique()


@table("toy", cadence=Cadence.VERSIONED)
def reference(day: Day, previous: Annotated[pl.DataFrame, Previous()]) -> pl.DataFrame:
    """One row per number ever delivered."""
    return pl.concat([previous, _delivered(_REFERENCE, day)]).unique()


@table("toy", cadence=Cadence.VERSIONED)
def cleaned_reference(reference: pl.DataFrame) -> pl.DataFrame:
    """One row per number, times a hundred."""
    return reference.with_columns(pl.col("line_number") * 100)


@table("toy")
def counted(day: Day, beside: Annotated[pl.DataFrame | None, Beside("reference")]) -> pl.DataFrame:
    """One row for how many numbers the day's own version holds, a negative one where there is none."""
    return _frame([-1 if beside is None else beside.height])


@table("toy")
def pairs(
    day: Day,
    people: pl.DataFrame,
    cleaned_reference: pl.DataFrame,
    version: Annotated[Day | None, VersionOf("cleaned_reference")],
) -> pl.DataFrame:
    """One row per person and reference number; a fresh version adds a row of its own."""
    fresh = _frame([-1] if version == day else [])
    return pl.concat([people, cleaned_reference, fresh]).unique()


@table("toy", cadence=Cadence.ALL_DAYS)
def totals(people: pl.DataFrame) -> pl.DataFrame:
    """One row per day."""
    return people.group_by("as_of").agg(pl.len().cast(pl.Int64).alias("line_number")).drop("as_of").unique()


@table("toy", optional=True)
def kept(day: Day) -> pl.DataFrame:
    """One row per thing that need not be delivered."""
    return _delivered({}, day)


@table("toy", cadence=Cadence.MADE_APART)
def chosen(settings: Settings) -> pl.DataFrame:
    """One row for the model that is chosen."""
    return _frame([len(settings.model)])


@table("toy")
def weighed(people: pl.DataFrame, chosen: pl.DataFrame) -> pl.DataFrame:
    """One row per person, weighed by the model."""
    return people.with_columns(pl.col("line_number") + chosen.item())


def catalogue(folder: Path) -> Catalogue:
    """The toy chain with its suites, written into a folder."""
    key = {"type": "expect_compound_columns_to_be_unique", "kwargs": {"column_list": ["line_number"]}}
    count = {"type": "expect_column_values_to_be_between", "kwargs": {"column": "row_count", "min_value": 0}}
    stamp = {"severity": "critical", "meta": {"why": "It is a toy."}}
    suite = {
        "columns": ["line_number"],
        "owner": "data-team",
        "measures": {"row_count": "count(*)"},
        "row_expectations": [key | stamp],
        "day_expectations": [count | stamp],
    }
    (folder / "toy").mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        (folder / "toy" / f"{name}.json").write_text(json.dumps(suite))
    return Catalogue([globals()[name] for name in TABLES], folder)


def judge(frames: Mapping[str, pl.DataFrame], suite: Suite, counts: Counts) -> dict[str, Verdict]:
    """Passes a day unless it holds a 666 or a multiple of it."""
    return {day: Verdict((_outcome(suite, frame),)) for day, frame in frames.items()}


def _outcome(suite: Suite, frame: pl.DataFrame) -> ExpectationOutcome:
    bad = frame.filter((pl.col("line_number") % 666 == 0) & (pl.col("line_number") != 0)).height
    return ExpectationOutcome("toy", suite.table, "", Severity.CRITICAL, "It is a toy.", bad == 0, broken=False, observed=bad)


def no_ledger() -> LedgerExport:
    """The toy chain asks no ledger."""
    raise AssertionError


def settings(folder: Path, model: str = "older") -> Settings:
    """Settings whose data lie in a folder."""
    return Settings(root=folder, data=folder, lock_wait_seconds=0.2, model=model)


def blocked() -> DeliveryBlocked:
    """A fault of a delivery."""
    return DeliveryBlocked("toy v1: arrivals.csv: does not match its manifest")
