"""What happens to people in custody, over years: shares against their published figures, and what can never be."""

import datetime as dt

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paramount_assets.synthetic.custody import KINDS, Custody, imprison
from paramount_assets.synthetic.movements import ARRIVALS, FAILED_RETURNS, RECEPTION_REASONS, STOPOVERS
from paramount_assets.synthetic.population import Population
from tests.synthetic.neighbourhood import FIRST_DAY, neighbourhood

DAYS = 3 * 365
DENSITY = 40.0
RECALLS = ["L", "B", "Y", "24"]
BEGINS = dt.datetime.combine(FIRST_DAY, dt.time(6)) - dt.timedelta(days=1)


@pytest.fixture(scope="module")
def population() -> Population:
    return neighbourhood(2_000, DAYS)


@pytest.fixture(scope="module")
def custody(population) -> Custody:
    return imprison(population, FIRST_DAY, DAYS, DENSITY, 3)


@pytest.fixture(scope="module")
def received(population, custody) -> pl.DataFrame:
    """The receptions with who the person is and their age in years."""
    receptions = custody.movements.filter("is_reception").join(population.residents, on="resident_id", how="left")
    age = (pl.col("movement_at").dt.date() - pl.col("date_of_birth")).dt.total_days() / 365.25
    return receptions.with_columns(age.alias("age"))


def _first(received: pl.DataFrame) -> pl.DataFrame:
    return received.filter(~pl.col("movement_reason_code").is_in(RECALLS))


def test_two_in_three_first_receptions_are_on_remand(received):
    assert 0.62 < (_first(received)["movement_reason_code"] == "N").mean() < 0.72


def test_three_in_ten_receptions_are_recalls(received):
    assert 0.27 < received["movement_reason_code"].is_in(RECALLS).mean() < 0.33


def test_seven_to_nine_in_a_hundred_received_are_women(received):
    assert 0.06 < (received["sex"] == "F").mean() < 0.10


def test_between_the_counted_and_the_estimated_share_are_parents(population, received):
    children = population.residents.filter(pl.col("role") == "child")
    parents = set(children["mother_id"].drop_nulls()) | set(children["father_id"].drop_nulls())
    assert 0.53 < received["resident_id"].is_in(list(parents)).mean() < 0.78


def test_the_mean_age_is_in_the_thirties_and_some_are_young_adults(received):
    assert 31 < received["age"].mean() < 38
    assert 0.01 < (received["age"] < 21).mean() < 0.15


def test_about_one_in_eight_is_a_foreign_national_and_immigration_detainees_are(received):
    assert 0.08 < (received["community"] == "polish").mean() < 0.16
    detained = received.filter(pl.col("movement_reason_code") == "E").unique("resident_id")
    assert (detained["community"] == "polish").mean() > 0.6


def test_receptions_come_at_the_rate_asked_for(population, received):
    expected = 8.5 / 2_500_000 * len(population.residents) * DENSITY * DAYS
    assert 0.9 < len(received) / expected < 1.15


def test_every_reason_of_a_reception_can_happen():
    assert {kind.reason for kind in KINDS} | set(FAILED_RETURNS) == RECEPTION_REASONS
    assert sum(kind.share for kind in KINDS) == pytest.approx(1.0, abs=0.01)


def test_every_reason_that_is_common_enough_happens(custody):
    reasons = set(custody.movements["movement_reason_code"])
    assert {kind.reason for kind in KINDS if kind.share >= 0.002} <= reasons
    assert set(ARRIVALS) | set(STOPOVERS) | {"U", "A", "H"} <= reasons
    assert set(custody.movements["movement_type_code"]) == {"ADM", "REL", "TRN", "CRT", "TAP"}


def test_arrivals_from_another_prison_and_stopovers_are_no_receptions(custody):
    arrived = custody.movements.filter(pl.col("movement_reason_code").is_in([*ARRIVALS, *STOPOVERS]))
    assert not arrived["is_reception"].any()


def test_a_transfer_leads_to_another_prison(custody):
    at = custody.movements.filter(~pl.col("prison_id").is_in(["OUT", "TRN"])).sort("spell_id", "movement_sequence")
    before = pl.col("prison_id").shift(1).over("spell_id")
    arrived = at.with_columns(before.alias("before")).filter(pl.col("movement_reason_code").is_in(list(ARRIVALS)))
    assert len(arrived) > 100
    assert (arrived["before"].is_null() | (arrived["before"] != arrived["prison_id"])).all()


def test_people_come_back_over_the_years_under_the_same_prison_number_and_a_new_booking(custody):
    stays = custody.spells.group_by("resident_id").agg(pl.col("prisoner_number").n_unique(), pl.len().alias("stays"))
    assert (stays["stays"] > 2).any()
    assert (stays["prisoner_number"] == 1).all()
    assert custody.spells["prisoner_number"].n_unique() == len(stays)
    again = custody.spells.filter("is_new" & ~pl.col("reason").is_in(RECALLS))
    assert again["booking_id"].is_unique().all()


def test_a_recall_takes_up_the_booking_of_an_earlier_sentence(custody):
    taken_up = custody.spells.group_by("booking_id").agg(
        pl.col("reason").sort_by("admitted_at").slice(1).alias("later"), pl.col("resident_id").n_unique()
    )
    later = taken_up["later"].explode().drop_nulls()
    assert len(later) > 100
    assert set(later) <= set(RECALLS)
    assert (taken_up["resident_id"] == 1).all()


def test_people_inside_when_the_span_begins_have_been_there_for_long(custody):
    inside = custody.spells.filter(~pl.col("is_new"))
    so_far = inside.select((pl.lit(FIRST_DAY) - pl.col("admitted_at").dt.date()).dt.total_days().alias("days"))["days"]
    assert so_far.median() > 180
    assert so_far.max() > 5 * 365


def test_deaths_in_custody_end_the_stay_on_the_day(population, custody):
    died = custody.movements.filter(pl.col("movement_reason_code").str.starts_with("DEC")).join(
        population.residents, on="resident_id"
    )
    assert len(died) > 0
    assert (died["movement_type_code"] == "REL").all()
    assert (died["movement_at"].dt.date() == died["died_on"]).all()


def test_somebody_is_released_on_the_day_of_the_reception_and_somebody_from_court(custody):
    stay = custody.spells.select((pl.col("released_at") - pl.col("admitted_at")).alias("stay"))["stay"]
    assert (stay < dt.timedelta(hours=6)).any()
    same_minute = custody.movements.group_by("booking_id", "movement_at").len().filter(pl.col("len") > 1)
    assert len(same_minute) > 10


def test_the_partner_of_some_is_received_within_days(population, custody):
    couples = population.residents.filter(pl.col("shape") == "two_parents").group_by("household_id").agg(
        pl.col("resident_id").filter(pl.col("role") == "woman").first().alias("mother"),
        pl.col("resident_id").filter(pl.col("role") == "man").first().alias("father"),
    )  # fmt: skip
    at = custody.spells.select("resident_id", "admitted_at")
    both = couples.join(at, left_on="mother", right_on="resident_id").join(at, left_on="father", right_on="resident_id")
    apart = both.select((pl.col("admitted_at") - pl.col("admitted_at_right")).abs().alias("apart"))["apart"]
    assert (apart < dt.timedelta(days=3)).sum() > 20


def test_the_same_seed_gives_the_same_custody_and_another_seed_another(population):
    first, again, other = (imprison(population, FIRST_DAY, 60, DENSITY, seed) for seed in (5, 5, 6))
    assert first.movements.equals(again.movements)
    assert first.spells.equals(again.spells)
    assert not first.movements.equals(other.movements)


def test_more_receptions_than_adults_are_refused():
    with pytest.raises(ValueError, match="more receptions than there are adults"):
        imprison(neighbourhood(30), FIRST_DAY, 14, 60_000.0, 5)


@pytest.mark.parametrize("density", [0.0, 300.0])
def test_a_span_may_be_a_single_day_with_or_without_receptions(density):
    custody = imprison(neighbourhood(100), FIRST_DAY, 1, density, 2)
    assert set(custody.movements["extract_date"]) <= {FIRST_DAY}
    assert custody.asked.is_empty()


@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 2**16), days=st.sampled_from([1, 9, 40, 500]), density=st.sampled_from([5.0, 100.0]), hard=st.booleans()
)
def test_what_can_never_be_in_any_world(seed, days, density, hard):
    population = _SMALL
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("paramount_assets.synthetic.names.spellings", lambda: {"Mohammed": ["Muhammad"]}, raising=False)
        custody = imprison(population, FIRST_DAY, days, density, seed, oversample=hard)
    spells = custody.spells.join(population.residents, on="resident_id", how="left")
    _assert_nobody_is_inside_twice(custody.spells)
    assert (spells["released_at"].is_null() | (spells["released_at"] > spells["admitted_at"])).all()
    admitted = spells["admitted_at"].dt.date()
    assert (spells["died_on"].is_null() | (admitted < spells["died_on"])).all()
    eighteen = spells["date_of_birth"].dt.offset_by("18y")
    assert (admitted >= eighteen).all()
    _assert_movements_are_in_order(custody.movements)
    assert custody.movements["movement_at"].is_between(BEGINS, BEGINS + dt.timedelta(days=days), closed="left").all()


_SMALL = neighbourhood(300, 200, seed=4)


def _assert_nobody_is_inside_twice(spells: pl.DataFrame) -> None:
    ordered = spells.sort("resident_id", "admitted_at")
    before = ordered.select(
        pl.coalesce("released_at", pl.lit(FIRST_DAY.replace(year=9999))).shift(1).over("resident_id").alias("released_before"),
        "admitted_at",
    ).drop_nulls()
    assert (before["released_before"] < before["admitted_at"]).all()


def _assert_movements_are_in_order(movements: pl.DataFrame) -> None:
    """Numbered without a gap, in time, out before in, and nothing after a release but a recall."""
    ordered = movements.sort("booking_id", "movement_sequence").with_columns(
        pl.col("movement_sequence", "movement_at", "movement_type_code", "in_out_status")
        .shift(1)
        .over("booking_id")
        .name.suffix("_before")
    )
    pairs = ordered.filter(pl.col("movement_at_before").is_not_null())
    assert (pairs["movement_sequence"] == pairs["movement_sequence_before"] + 1).all()
    assert (pairs["movement_at"] >= pairs["movement_at_before"]).all()
    assert (pairs["in_out_status"] != pairs["in_out_status_before"]).all()
    after_release = pairs.filter(pl.col("movement_type_code_before") == "REL")
    assert after_release["movement_reason_code"].is_in(RECALLS).all()


def test_a_sentence_begins_before_it_ends_and_remand_has_none(custody):
    dated = custody.movements.filter(pl.col("release_date").is_not_null())
    assert (dated["sentence_start_date"] <= dated["release_date"]).all()
    assert custody.movements.filter(pl.col("legal_status") == "REMAND")["sentence_start_date"].null_count() == np.sum(
        (custody.movements["legal_status"] == "REMAND").to_numpy()
    )
