"""The list of checks stands in three places that must agree: the code, the suite and the query."""

import json
from pathlib import Path

from paramount_assets.suitability.checks import CHECKS, CHILDRENS_SERVICES_MISSING, CHILDRENS_SERVICES_SKIPPED

ROOT = Path(__file__).parents[2]
FOUND_BY_THE_QUERY = {c.code for c in CHECKS} - {CHILDRENS_SERVICES_MISSING, CHILDRENS_SERVICES_SKIPPED}


def test_the_suite_admits_what_the_checks_know_and_nothing_else():
    suite = json.loads((ROOT / "expectations/suitability/findings.json").read_text())
    admitted = next(e["kwargs"]["value_set"] for e in suite["row_expectations"] if "value_set" in e["kwargs"])
    assert set(admitted) == FOUND_BY_THE_QUERY


def test_the_query_can_find_every_check():
    query = (ROOT / "dbt_like_sql/suitability/findings.sql").read_text()
    assert {code for code in FOUND_BY_THE_QUERY if f"'{code}'" not in query} == set()
