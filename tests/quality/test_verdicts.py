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
    def make(*rows, measures=None, days=(), **sections):
        file = tmp_path / "people.json"
        content = {
            "columns": ["person_id", "gender"],
            "owner": "data-team",
            "measures": {"row_count": "count(*)"} | (measures or {}),
            "row_expectations": [e | WHY for e in (KEY, *rows)],
            "day_expectations": [WHY | e for e in (COUNT, *days)],
        } | sections
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


def bound(measure: str, severity: str = "critical", **bounds) -> dict:
    kwargs = {"column": measure, **bounds}
    return {"type": "expect_column_values_to_be_between", "kwargs": kwargs, "severity": severity}


def test_bounds_that_are_kept_are_asked_about_in_one_question(suite_with, monkeypatch):
    asked = []
    real = validation.validate
    monkeypatch.setattr(validation, "validate", lambda frame, asks: asked.append(len(asks)) or real(frame, asks))
    measures = {f"count_{n}": "count(*)" for n in range(9)}
    suite = suite_with(measures=measures, days=[bound(name, max_value=5) for name in measures])
    days = {"2025-11-03": people("M"), "2025-11-04": people("F", "M")}
    assert all(verdict.passed for verdict in judge(days, suite).values())
    assert asked == [1, 1], "the key of the rows, and all ten bounds"


def test_a_bound_that_is_not_kept_is_found_among_those_that_are(suite_with):
    suite = suite_with(measures={"men": "count(*) filter (where gender = 'M')"}, days=[bound("men", max_value=1)])
    verdicts = judge({"2025-11-03": people("M"), "2025-11-04": people("M", "M")}, suite)
    assert {day: [(o.about, o.passed) for o in v.outcomes[1:]] for day, v in verdicts.items()} == {
        "2025-11-03": [("row_count", True), ("men", True)],
        "2025-11-04": [("row_count", True), ("men", False)],
    }


def test_a_bound_that_only_seems_to_be_kept_is_not_taken_for_kept(suite_with, monkeypatch):
    monkeypatch.setattr("paramount_assets.quality.verdicts._seems_kept", lambda *_: True)
    suite = suite_with(days=[bound("row_count", max_value=1)])
    assert not judge({"2025-11-03": people("M", "F")}, suite)["2025-11-03"].passed


def test_a_measure_that_is_unknown_on_a_small_day_breaks_no_bound(suite_with):
    suite = suite_with(measures={"share": "case when count(*) >= 20 then 1 end"}, days=[bound("share", max_value=0.5)])
    verdicts = judge({"2025-11-03": people("M"), "2025-11-04": people(*["M"] * 20)}, suite)
    assert [v.passed for v in verdicts.values()] == [True, False]
    assert verdicts["2025-11-03"].measures == {"row_count": 1.0, "share": None}


def test_a_measure_may_ask_for_the_day_and_a_table_without_days_has_none(suite_with):
    suite = suite_with(measures={"days": "count(*) filter (where getvariable('day') = date '2025-11-04')"})
    days = {"2025-11-03": people("M"), "2025-11-04": people("M"), "all": people("M")}
    assert [v.measures["days"] for v in judge(days, suite).values()] == [0, 1, 0]


def test_a_failure_may_be_told_in_a_sentence_with_the_days_figures(suite_with):
    says = {"meta": {"why": "Too many at once cannot be right.", "says": "{row_count} people where {usual} are usual"}}
    suite = suite_with(measures={"usual": "1234.5"}, days=[bound("row_count", max_value=1) | says])
    verdict = judge({"2025-11-03": people("M", "F")}, suite)["2025-11-03"]
    assert verdict.because == "2 people where 1,234.50 are usual"


@pytest.mark.parametrize(
    ("sections", "message"),
    [
        (
            {"days": [bound("row_count", min_value=0) | {"meta": {"why": "x", "says": "{who}"}}]},
            "says who, which are no measures",
        ),
        ({"drift_expectations": [{"measure": "who", "max_ratio": 2, "severity": "warning"} | WHY]}, "drift of who, which is no"),
        ({"drift_expectations": [{"measure": "row_count", "severity": "warning"} | WHY]}, "needs bounds of its ratio or a max"),
        (
            {"drift_expectations": [{"measure": "row_count", "max_ratio": 2, "max_change": 1, "severity": "warning"} | WHY]},
            "and not both",
        ),
        ({"drift_expectations": [{"measure": "row_count", "max_ratio": 2, "severity": "critical"} | WHY]}, "is not a warning"),
        ({"drift_expectations": [{"measure": "row_count", "most": 2, "severity": "warning"} | WHY]}, "most"),
    ],
)
def test_a_section_that_cannot_be_relied_on_is_refused(suite_with, sections, message):
    with pytest.raises(SuiteInvalid, match=message):
        suite_with(**sections)


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
