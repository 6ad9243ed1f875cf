"""Judging days by a suite, through Great Expectations itself."""

import json

import polars as pl
import pytest

from paramount_assets.quality import SuiteInvalid, judge, load_suite, validation

KEY = {"type": "expect_compound_columns_to_be_unique", "kwargs": {"column_list": ["person_id"]}, "severity": "critical"}
COUNT = {"type": "expect_column_values_to_be_between", "kwargs": {"column": "row_count", "min_value": 1}, "severity": "critical"}
WHY = {"meta": {"why": "Nobody can be told of a person who is not there."}}


@pytest.fixture
def suite_with(tmp_path):
    def make(*rows, measures=None, days=()):
        file = tmp_path / "people.json"
        content = {
            "columns": ["person_id", "gender"],
            "owner": "data-team",
            "measures": {"row_count": "count(*)"} | (measures or {}),
            "row_expectations": [e | WHY for e in (KEY, *rows)],
            "day_expectations": [e | WHY for e in (COUNT, *days)],
        }
        file.write_text(json.dumps(content))
        return load_suite(file, "persons/people")

    return make


def people(*genders: str | None) -> pl.DataFrame:
    return pl.DataFrame(
        {"person_id": [f"P{n}" for n in range(len(genders))], "gender": genders}, schema_overrides={"gender": pl.String}
    )


def in_set(severity: str = "critical", values: tuple[str, ...] = ("M", "F")) -> dict:
    return {
        "type": "expect_column_values_to_be_in_set",
        "kwargs": {"column": "gender", "value_set": list(values)},
        "severity": severity,
    }


def test_the_same_key_on_two_days_is_no_duplicate(suite_with):
    verdicts = judge({"2025-11-03": people("M"), "2025-11-04": people("F")}, suite_with())
    assert all(v.passed for v in verdicts.values())


def test_only_the_bad_day_of_a_chunk_fails_and_its_count_is_its_own(suite_with):
    days = {"2025-11-03": people("M"), "2025-11-04": people("X", "X", "F"), "2025-11-05": people("F")}
    verdicts = judge(days, suite_with(in_set()))
    assert [v.passed for v in verdicts.values()] == [True, False, True]
    assert verdicts["2025-11-04"].because == "expect_column_values_to_be_in_set(gender, value_set=['M', 'F']): observed 2"


def test_an_empty_day_among_full_ones_fails(suite_with):
    verdicts = judge({"2025-11-03": people("M"), "2025-11-04": people()}, suite_with())
    assert [v.passed for v in verdicts.values()] == [True, False]


def test_a_check_that_cannot_run_holds_the_day_whatever_its_severity(suite_with):
    broken = {"type": "expect_column_values_to_be_between", "kwargs": {"column": "gender", "min_value": 1}, "severity": "info"}
    verdict = judge({"2025-11-03": people("M")}, suite_with(broken))["2025-11-03"]
    assert not verdict.passed
    assert verdict.because == "expect_column_values_to_be_between(gender) could not be checked"


def test_a_warning_is_shown_and_holds_nothing(suite_with):
    verdict = judge({"2025-11-03": people("X")}, suite_with(in_set("warning")))["2025-11-03"]
    assert verdict.passed
    assert [o.passed for o in verdict.outcomes if o.expectation == "expect_column_values_to_be_in_set"] == [False]


def test_a_share_is_judged_by_day(suite_with):
    share = {
        "type": "expect_column_values_to_be_between",
        "kwargs": {"column": "share", "max_value": 0.5},
        "severity": "critical",
    }
    suite = suite_with(measures={"share": "avg((gender is null)::int)"}, days=(share,))
    verdicts = judge({"2025-11-03": people("M", None), "2025-11-04": people(None, None, "F")}, suite)
    assert [v.passed for v in verdicts.values()] == [True, False]
    observed = [o.observed for o in verdicts["2025-11-04"].outcomes if o.about == "share"]
    assert observed == [pytest.approx(2 / 3)]


def test_days_judged_together_say_what_days_judged_alone_say(suite_with):
    days = {"a": people("M", "F"), "b": people("X"), "c": people(), "d": people(None, "F")}
    suite = suite_with(
        in_set(), {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "gender"}, "severity": "warning"}
    )
    alone = {day: judge({day: frame}, suite)[day] for day, frame in days.items()}
    assert judge(days, suite) == alone


def test_no_value_of_a_row_is_in_any_outcome(suite_with):
    verdict = judge({"2025-11-03": people("Secretname", "M")}, suite_with(in_set()))["2025-11-03"]
    assert "Secretname" not in repr(verdict)


def test_good_days_are_judged_in_one_go(suite_with, monkeypatch):
    calls = []
    real = validation.validate
    monkeypatch.setattr(validation, "validate", lambda *a: calls.append(1) or real(*a))
    judge({f"2025-11-{n:02}": people("M") for n in range(1, 29)}, suite_with(in_set()))
    assert len(calls) == 2


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (in_set() | {"kwargs": {"column": "gender", "value_set": ["M"], "mostly": 0.9}}, "cannot be judged on several days"),
        (
            {"type": "expect_column_values_to_be_unique", "kwargs": {"column": "gender"}, "severity": "critical"},
            "cannot be judged",
        ),
        ({"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "sex"}, "severity": "critical"}, "not a column"),
        (
            {
                "type": "expect_column_values_to_match_regex",
                "kwargs": {"column": "gender", "regex": "^(M|F)$"},
                "severity": "critical",
            },
            "capturing group",
        ),
        (
            {"type": "expect_column_values_to_match_regex", "kwargs": {"column": "gender", "regex": "("}, "severity": "critical"},
            "no regular expression",
        ),
    ],
)
def test_a_row_expectation_that_cannot_be_relied_on_is_refused(suite_with, row, message):
    with pytest.raises(SuiteInvalid, match=message):
        suite_with(row)


def test_a_measure_that_could_give_back_a_value_is_refused(suite_with):
    with pytest.raises(SuiteInvalid, match="could give back a value"):
        suite_with(measures={"first_gender": "min(gender)"})


def test_a_suite_without_an_expectation_on_the_row_count_is_refused(tmp_path):
    file = tmp_path / "s.json"
    file.write_text(
        json.dumps(
            {"columns": ["person_id"], "owner": "x", "measures": {}, "row_expectations": [KEY | WHY], "day_expectations": []}
        )
    )
    with pytest.raises(SuiteInvalid, match="an empty frame would pass"):
        load_suite(file, "persons/people")


def test_a_table_without_a_suite_is_refused(tmp_path):
    with pytest.raises(SuiteInvalid, match=r"no suite at expectations/persons/people\.json"):
        load_suite(tmp_path / "none.json", "persons/people")
