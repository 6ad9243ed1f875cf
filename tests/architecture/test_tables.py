"""What every table must have, whatever step it is of."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from paramount_assets.chain import STEPS, catalogue_of
from paramount_assets.engine import in_memory
from paramount_assets.lake import dictionary
from paramount_assets.lake.table import How
from paramount_assets.settings import Settings
from paramount_assets.vocabulary import Cadence, Severity

ROOT = Path(__file__).parents[2]
CATALOGUE = catalogue_of(Settings(root=ROOT))
TABLES = list(CATALOGUE)


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.key)
def test_a_table_says_what_its_rows_are(table):
    assert re.match(r"One (row|file) per ", table.description), table.description


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.key)
def test_a_table_has_a_suite_with_an_owner_and_reasons(table):
    suite = CATALOGUE.suite(table)
    assert re.fullmatch(r"[a-z-]+", suite.owner)
    reasons = [e.why for e in (*suite.row_expectations, *suite.day_expectations, *suite.references, *suite.drift_expectations)]
    assert all(len(why) > 20 for why in reasons)


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.key)
def test_a_suite_can_hold_its_table(table):
    suite = CATALOGUE.suite(table)
    assert any(e.severity is Severity.CRITICAL for e in suite.row_expectations)


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.key)
def test_every_measure_can_be_worked_out_on_a_day_without_rows(table):
    with in_memory() as connection:
        connection.register("day_rows", CATALOGUE.empty(table))
        connection.execute("set variable day = date '2025-11-03'")
        for sql in CATALOGUE.suite(table).measures.values():
            assert len(connection.sql(f"select ({sql})::double from day_rows").fetchall()) == 1  # noqa: S608


def test_what_leads_to_a_door_refers_only_to_what_was_received_checked_and_decided():
    held = {t.key: {r.to for r in CATALOGUE.suite(t).references if r.severity is Severity.CRITICAL} for t in TABLES}
    assert held["prison/receptions"] == {"prison/movements"}
    assert held["linkage/person_links"] == {"persons/cleaned_persons"}
    assert held["eligibility/decisions"] == {"households/children"}
    assert held["eligibility/eligible_children"] == {"eligibility/decisions", "households/children"}
    assert held["suitability/family_checks"] == {"eligibility/eligible_children"}
    assert held["notifications/notifications"] == {
        "suitability/family_checks",
        "eligibility/eligible_children",
        "persons/cleaned_persons",
    }


def test_nothing_reads_a_later_step():
    for table in TABLES:
        for read in table.reads:
            assert STEPS.index(CATALOGUE[read.table].step) <= STEPS.index(table.step), f"{table.key} reads {read.table}"


def test_a_window_is_never_of_the_table_itself():
    assert not [t.key for t in TABLES for r in t.reads if r.how is How.EARLIER and r.table == t.name]


def test_only_casework_and_outcomes_read_what_was_told_or_fed_back():
    readers = {t.step for t in TABLES for r in t.reads if CATALOGUE[r.table].name in {"feedback", "cases", "deliveries"}}
    assert readers <= {"casework", "outcomes"}


def test_every_word_of_the_dictionary_is_a_column_of_some_table():
    used = {c for t in TABLES for c in CATALOGUE.suite(t).columns}
    assert set(dictionary()) == used


def test_every_suite_and_every_sql_file_belongs_to_a_table():
    keys = {t.key for t in TABLES}
    suites = {str(f.relative_to(ROOT / "expectations").with_suffix("")) for f in (ROOT / "expectations").rglob("*.json")}
    files = {str(f.relative_to(ROOT / "dbt_like_sql").with_suffix("")) for f in (ROOT / "dbt_like_sql").rglob("*.sql")}
    assert suites == keys
    assert files == {t.key for t in TABLES if t.sql_file is not None}


def test_tables_of_personal_rows_alone_are_not_published():
    unpublished = {t.key for t in TABLES if not t.is_published}
    assert {"prison/raw_extract", "prison/movements", "persons/cleaned_persons", "persons/police_persons"} <= unpublished


def test_versioned_tables_are_what_references_deliver():
    assert {t.step for t in TABLES if t.cadence is Cadence.VERSIONED} == {"intake", "persons"}


def test_importing_the_package_reads_no_clock_and_opens_no_file_of_the_project(tmp_path):
    code = "import paramount_assets.chain, paramount_assets.lake, paramount_assets.ledger, paramount_assets.quality"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path)
