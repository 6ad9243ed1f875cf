import datetime as dt
import re
from pathlib import Path

import polars as pl
import pytest

from paramount_assets.settings import Settings
from paramount_assets.suitability import outcomes
from paramount_assets.suitability.checks import CHECKS
from paramount_assets.vocabulary import Day, Source
from tests.frames import rows_of

TODAY = Day(dt.date(2025, 11, 5))
FORCE = Settings().force
FINDINGS_SQL = Path(__file__).parents[2] / "dbt_like_sql" / "suitability" / "findings.sql"

MOTHER = {
    "reception_id": "R1",
    "home_id": "H1",
    "subject_id": "police_records:M",
    "is_adult": True,
    "is_prisoner": False,
    "is_in_custody": False,
}


def family(*members: dict) -> pl.DataFrame:
    children = [
        {"reception_id": "R1", "family_id": "F1", "home_id": "H1", "la_code": "E07000178", "child_ref": child}
        for child in ("C1", "C2")
    ]
    return outcomes.families(
        rows_of("eligibility/eligible_children", *children), rows_of("households/household_members", *members)
    )


def judged(*codes: str, members=(MOTHER,), rulings=(), allocated_team=None) -> dict:
    found = [{"reception_id": "R1", "family_id": "F1", "check_code": code, "allocated_team": allocated_team} for code in codes]
    made = outcomes.judge(
        family(*members), rows_of("suitability/findings", *found), rows_of("intake/rulings", *rulings), FORCE, TODAY
    )
    return made.row(0, named=True)


def ruling(kind: str, minute=0) -> dict:
    at = dt.datetime.fromisoformat(f"2025-11-04T12:{minute:02d}")
    return {"ruling_id": f"U{minute}", "recorded_at": at, "ruling_kind": kind, "reception_id": "R1", "subject_id": "F1"}


def test_a_family_without_concern_goes_to_the_team_of_its_area():
    made = judged()
    assert (made["outcome"], made["reason_codes"], made["condition_codes"]) == ("clear", "no_concern_found", None)
    assert (made["recipient_kinds"], made["owner"], made["act_by"]) == ("neighbourhood_team", "oxfordshire", dt.date(2025, 11, 7))
    assert (made["is_urgent"], made["child_count"]) == (False, 2)


def test_a_warning_is_a_condition_and_no_bar():
    made = judged("violence_marker_at_home", "firearms_marker_at_home")
    assert made["outcome"] == "clear_with_conditions"
    assert made["condition_codes"] == "firearms_marker_at_home;violence_marker_at_home"
    assert made["recipient_kinds"] == "neighbourhood_team"


@pytest.mark.parametrize("code", ["no_contact_order", "no_contact_alert", "refuge", "sensitive_address", "restricted_record"])
def test_what_a_person_must_judge_is_held_with_an_owner_and_a_clock_and_told_to_nobody(code):
    made = judged(code, "violence_marker_at_home")
    assert (made["outcome"], made["reason_codes"]) == ("hold", f"{code};violence_marker_at_home")
    assert (made["recipient_kinds"], made["owner"], made["act_by"]) == (None, "central-queue", dt.date(2025, 11, 7))


def test_a_child_who_is_a_victim_of_the_prisoner_is_told_of_to_safeguarding_alone():
    made = judged("child_is_victim_of_prisoner", "no_contact_order")
    assert (made["outcome"], made["recipient_kinds"], made["owner"]) == (
        "do_not_approach",
        "safeguarding_team",
        "safeguarding-hub",
    )


def test_a_child_at_risk_goes_to_safeguarding_even_while_the_family_is_held():
    assert judged("risk_to_children_alert")["recipient_kinds"] == "safeguarding_team"


def test_of_a_looked_after_child_the_allocated_team_is_told_in_place_of_a_call():
    made = judged("looked_after_child", allocated_team="west team")
    assert (made["outcome"], made["recipient_kinds"]) == ("do_not_approach", "allocated_team")
    assert (made["owner"], made["allocated_team"]) == ("west team", "west team")


def test_a_family_that_asked_not_to_be_contacted_has_an_owner_all_the_same():
    made = judged("asked_not_to_be_contacted")
    assert (made["outcome"], made["recipient_kinds"], made["owner"]) == ("do_not_approach", None, "central-queue")


def test_with_both_parents_in_custody_the_family_is_urgent_the_same_day():
    made = judged(members=[MOTHER | {"is_in_custody": True}])
    assert (made["is_urgent"], made["act_by"]) == (True, TODAY)
    assert made["recipient_kinds"] == "neighbourhood_team;safeguarding_team"


@pytest.mark.parametrize(
    "member", [{"is_prisoner": True}, {"is_adult": False}, {"is_adult": None}, {"home_id": "H2"}, {"reception_id": "R2"}]
)
def test_nobody_else_counts_as_the_adult_at_home(member):
    assert judged(members=[MOTHER | member])["is_urgent"] is True


def test_a_home_of_which_nothing_is_known_is_urgent():
    assert judged(members=[])["is_urgent"] is True


def test_an_urgent_hold_goes_to_safeguarding_alone_the_same_day():
    made = judged("no_contact_order", members=[])
    assert (made["outcome"], made["recipient_kinds"], made["owner"], made["act_by"]) == (
        "hold",
        "safeguarding_team",
        "safeguarding-hub",
        TODAY,
    )


def test_a_person_releases_a_hold_and_the_conditions_stay():
    made = judged("no_contact_order", "violence_marker_at_home", rulings=[ruling("release_hold")])
    assert made["outcome"] == "clear_with_conditions"
    assert made["reason_codes"] == "hold_released_by_a_person;no_contact_order;violence_marker_at_home"


def test_a_person_confirms_a_hold_and_the_last_word_stands():
    assert judged("no_contact_order", rulings=[ruling("confirm_hold")])["outcome"] == "do_not_approach"
    assert judged("no_contact_order", rulings=[ruling("confirm_hold", 1), ruling("release_hold", 2)])["outcome"] == "clear"


def test_no_release_opens_a_family_that_must_not_be_approached():
    assert judged("child_is_victim_of_prisoner", rulings=[ruling("release_hold")])["outcome"] == "do_not_approach"


def test_children_of_two_homes_are_two_families_judged_apart():
    children = rows_of(
        "eligibility/eligible_children",
        {"reception_id": "R1", "family_id": "F1", "home_id": "H1", "child_ref": "C1"},
        {"reception_id": "R1", "family_id": "F2", "home_id": "H2", "child_ref": "C2"},
    )
    found = outcomes.families(children, rows_of("households/household_members", MOTHER)).sort("family_id")
    assert found["is_urgent"].to_list() == [False, True]


def test_services_that_agreed_and_never_answered_hold_the_family():
    found = outcomes.source_findings(family(), FORCE, None)
    assert found["check_code"].to_list() == ["childrens_services_missing"]
    assert outcomes.source_findings(family(), FORCE, TODAY).is_empty()


def test_services_that_are_not_agreed_are_shown_as_skipped():
    sources = FORCE.sources | {Source.CHILDRENS_SERVICES: "not agreed"}
    without = FORCE.model_copy(update={"sources": sources})
    for version in (None, TODAY):
        assert outcomes.source_findings(family(), without, version)["check_code"].to_list() == ["childrens_services_skipped"]
    assert judged("childrens_services_skipped")["outcome"] == "clear_with_conditions"


def test_every_check_that_can_find_something_is_known_and_every_code_is_its_own():
    codes = [check.code for check in CHECKS]
    assert len(set(codes)) == len(codes)
    found = set(re.findall(r"then '([a-z_]+)'", FINDINGS_SQL.read_text()))
    assert found == set(codes) - {"childrens_services_missing", "childrens_services_skipped"}
