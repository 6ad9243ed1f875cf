import datetime as dt

import polars as pl
import pytest

from paramount_assets.eligibility.policy import decide, rules
from paramount_assets.settings import Settings
from paramount_assets.vocabulary import Day
from tests.frames import rows_of

TODAY = Day(dt.date(2025, 11, 5))
POLICY = rules(Settings().force, TODAY)
OXFORD, READING = "E07000178", "E06000038"

CHILD = {
    "reception_id": "R1",
    "child_ref": "C1",
    "evidence_kinds": "association;contact",
    "is_confirmed": True,
    "date_of_birth": dt.date(2015, 2, 1),
    "age_years": 10,
    "is_deceased": False,
    "home_id": "H1",
    "la_code": OXFORD,
}
"""A child to whom nothing stands against the offer."""


def decided(*rulings: dict, legal_status="SENTENCED", **values) -> tuple[str, str, str]:
    children = rows_of("households/children", CHILD | values).with_columns(legal_status=pl.lit(legal_status))
    made = decide(children, rows_of("intake/rulings", *rulings), POLICY)
    return made.select("decision", "reason_codes", "decided_by").row(0)


def ruling(kind: str, minute=0, subject="C1") -> dict:
    at = dt.datetime.fromisoformat(f"2025-11-04T12:{minute:02d}")
    return {"ruling_id": f"U{minute}", "recorded_at": at, "ruling_kind": kind, "reception_id": "R1", "subject_id": subject}


def test_a_child_to_whom_nothing_applies_is_eligible():
    assert decided() == ("eligible", "meets_policy", "policy")


@pytest.mark.parametrize(
    ("values", "decision", "reason"),
    [
        ({"is_deceased": True}, "not_eligible", "child_is_deceased"),
        ({"age_years": 18}, "not_eligible", "no_longer_a_child"),
        ({"la_code": READING}, "not_eligible", "child_lives_outside_rollout"),
        ({"la_code": "E09000001"}, "not_eligible", "child_lives_outside_rollout"),
        ({"home_id": None}, "review", "home_unknown"),
        ({"la_code": None, "home_id": None}, "review", "home_unknown"),
        ({"age_years": None, "date_of_birth": None}, "review", "birth_date_unknown"),
        ({"age_years": None, "date_of_birth": None, "expected_date_of_birth": dt.date(2026, 2, 1)}, "review", "unborn"),
        ({"evidence_kinds": "household_only", "is_confirmed": False}, "review", "only_lives_in_the_household"),
        ({"evidence_kinds": "association", "is_confirmed": False}, "review", "relation_unconfirmed"),
        ({"legal_status": "IMMIGRATION_DETAINEE"}, "eligible", "held_without_criminal_charge"),
    ],
)
def test_each_rule_says_its_reason(values, decision, reason):
    assert decided(**values) == (decision, reason, "policy")


def test_a_child_is_no_child_from_the_eighteenth_birthday_on_and_is_one_the_day_before():
    assert decided(age_years=17)[0] == "eligible"
    assert decided(age_years=18)[0] == "not_eligible"


def test_a_no_outweighs_a_question_and_every_reason_is_said():
    made = decided(la_code=READING, is_confirmed=False, evidence_kinds="association", legal_status="CIVIL_PRISONER")
    assert made == ("not_eligible", "child_lives_outside_rollout;relation_unconfirmed;held_without_criminal_charge", "policy")


def test_an_area_is_live_from_its_first_day_on():
    first = dt.date(2023, 9, 1)
    assert _decided_on(first) == "eligible"
    assert _decided_on(first - dt.timedelta(days=1)) == "not_eligible"


def _decided_on(day: dt.date) -> str:
    child = rows_of("households/children", CHILD | {"la_code": "E06000042"}).with_columns(legal_status=pl.lit("REMAND"))
    return decide(child, rows_of("intake/rulings"), rules(Settings().force, Day(day)))["decision"].item()


def test_a_person_settles_what_a_person_can_know():
    made = decided(ruling("accept_child"), is_confirmed=False, evidence_kinds="association")
    assert made == ("eligible", "accepted_by_a_person;relation_unconfirmed", "ruling")
    assert decided(ruling("reject_child")) == ("not_eligible", "rejected_by_a_person", "ruling")


def test_no_acceptance_gives_a_child_a_home_or_makes_an_adult_a_child():
    assert decided(ruling("accept_child"), home_id=None)[0] == "review"
    assert decided(ruling("accept_child"), age_years=30)[0] == "not_eligible"


def test_the_last_word_of_a_person_stands_and_only_about_the_child_it_names():
    assert decided(ruling("accept_child", 1), ruling("reject_child", 2))[0] == "not_eligible"
    assert decided(ruling("reject_child", 1), ruling("accept_child", 2))[0] == "eligible"
    assert decided(ruling("reject_child", subject="C2")) == ("eligible", "meets_policy", "policy")


def test_every_rule_has_a_code_of_its_own_a_reason_a_source_and_an_owner():
    assert len({rule.code for rule in POLICY}) == len(POLICY)
    assert all(rule.because.endswith(".") and rule.source and rule.owner for rule in POLICY)
