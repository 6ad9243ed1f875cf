"""What a row names must stand in the table it was made from."""

import datetime as dt
import json
from pathlib import Path
from typing import Annotated

import polars as pl
import pytest

from paramount_assets.lake import Catalogue, CatalogueInvalid, Earlier, LakeRun, table
from paramount_assets.lake.references import count_orphans
from paramount_assets.quality import Reference, SuiteInvalid, load_suite
from paramount_assets.vocabulary import Day, GateStatus, Severity
from tests.lake import toy

DAY = Day(dt.date(2025, 11, 3))
WHY = {"meta": {"why": "Nobody is told of a person whom no record knows."}}
NAMED = Reference("orphans", ("line_number",), "toy/arrivals", ("line_number",), Severity.CRITICAL, "why")


@table("toy", behind=("arrivals",))
def beside(day: Day) -> pl.DataFrame:
    """One row per number that is named."""
    return pl.DataFrame({"line_number": [1, 2, 3]})


@table("toy")
def looking_back(people: pl.DataFrame, before: Annotated[pl.DataFrame, Earlier("arrivals", days=2)]) -> pl.DataFrame:
    """One row per person."""
    return people


def reference_to(to: str, **overrides) -> dict:
    return {"name": "orphans", "columns": ["line_number"], "to": to, "severity": "critical"} | WHY | overrides


def catalogue(folder: Path, name: str, *references: dict) -> Catalogue:
    toy.catalogue(folder)
    suite = json.loads((folder / "toy" / "people.json").read_text())
    (folder / "toy" / f"{name}.json").write_text(json.dumps(suite | {"references": list(references)}))
    further = {"beside": beside, "looking_back": looking_back}
    tables = [getattr(toy, each) for each in toy.TABLES] + ([further[name]] if name in further else [])
    return Catalogue(tables, folder)


def numbers(*values) -> pl.DataFrame:
    return pl.DataFrame({"line_number": values}, {"line_number": pl.Int64})


def test_rows_that_name_what_is_not_there_are_counted_and_rows_that_name_nothing_are_not():
    assert count_orphans(numbers(1, 2, 3, 3, None), [NAMED], {"arrivals": numbers(1, 2, 2)}) == {"orphans": 2}


def test_what_is_named_may_stand_in_a_file(tmp_path):
    numbers(1, 2).write_parquet(tmp_path / "arrivals.parquet")
    assert count_orphans(numbers(1, 9), [NAMED], {"arrivals": tmp_path / "arrivals.parquet"}) == {"orphans": 1}


def test_columns_may_be_called_otherwise_where_they_are_named():
    reference = Reference("orphans", ("a", "b"), "toy/arrivals", ("c", "d"), Severity.CRITICAL, "why")
    frame = pl.DataFrame({"a": [1, 1], "b": ["x", "y"]})
    assert count_orphans(frame, [reference], {"arrivals": pl.DataFrame({"c": [1], "d": ["x"], "e": [0]})}) == {"orphans": 1}


@pytest.mark.parametrize(
    ("name", "to", "says"),
    [
        ("people", "toy/reference", "people: orphans refers to toy/reference, which it is not made from"),
        ("people", "other/arrivals", "people: orphans refers to other/arrivals, which it is not made from"),
        ("looking_back", "toy/arrivals", "looking_back: orphans refers to toy/arrivals, which it is not made from"),
        ("weighed", "toy/nowhere", "weighed: orphans refers to toy/nowhere, which it is not made from"),
    ],
)
def test_a_reference_to_a_table_that_the_own_is_not_made_from_is_refused(tmp_path, name, to, says):
    with pytest.raises(CatalogueInvalid, match=says):
        catalogue(tmp_path, name, reference_to(to))


def test_a_reference_to_a_column_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(CatalogueInvalid, match="refers to person_id, not a column of toy/arrivals"):
        catalogue(tmp_path, "people", reference_to("toy/arrivals", to_columns=["person_id"]))


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        (reference_to("toy/arrivals", columns=["person_id"]), "orphans is of person_id, not a column of the table"),
        (reference_to("toy/arrivals", to_columns=["line_number", "line_number"]), "other columns than those it refers to"),
        (reference_to("toy/arrivals", name="row_count"), "two measures or references are called row_count"),
    ],
)
def test_a_reference_that_says_nothing_is_refused(tmp_path, entry, says):
    with pytest.raises(SuiteInvalid, match=says):
        catalogue(tmp_path, "people", entry)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arrivals", "severity", "status"),
    [
        ([1, 2, 3], "critical", GateStatus.RELEASED),
        ([1, 2], "critical", GateStatus.FAILED),
        ([1, 2], "warning", GateStatus.RELEASED),
    ],
)
def test_a_broken_reference_is_an_outcome_like_any_other(tmp_path, arrivals, severity, status):
    toy.Delivered().arrivals[str(DAY)] = arrivals
    chain = catalogue(tmp_path / "expectations", "beside", reference_to("toy/arrivals", severity=severity))
    with LakeRun(chain, toy.settings(tmp_path), toy.no_ledger) as lake:
        made = [m for name in ("arrivals", "beside") for m in lake.make(chain[name], [DAY])][1]
    outcome = next(o for o in made.record.outcomes if o.about == "orphans")
    assert made.status is status
    assert (outcome.observed or 0, outcome.passed) == (3 - len(arrivals), len(arrivals) == 3)
    if status is GateStatus.FAILED:
        assert made.because == "expect_column_values_to_be_between(orphans, max_value=0, min_value=0): observed 1"


def test_a_table_behind_a_closed_gate_is_held_and_one_behind_other_bytes_is_stale(tmp_path):
    delivered = toy.Delivered()
    delivered.arrivals[str(DAY)] = toy.blocked()
    chain = catalogue(tmp_path / "expectations", "beside")

    def run() -> GateStatus:
        with LakeRun(chain, toy.settings(tmp_path), toy.no_ledger, toy.judge) as lake:
            made = [m for name in ("arrivals", "beside") for m in lake.make(chain[name], [DAY])]
        return made[1].status

    assert run() is GateStatus.HELD
    delivered.arrivals[str(DAY)] = [1]
    assert run() is GateStatus.RELEASED
    delivered.arrivals[str(DAY)] = [2]
    with LakeRun(chain, toy.settings(tmp_path), toy.no_ledger, toy.judge) as lake:
        list(lake.make(chain["arrivals"], [DAY]))
        assert lake.releases.state(chain["beside"], str(DAY)).status is GateStatus.STALE


def test_a_suite_without_references_reads_as_before(tmp_path):
    toy.catalogue(tmp_path)
    assert load_suite(tmp_path / "toy" / "people.json", "toy/people").references == ()
