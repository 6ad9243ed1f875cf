"""Children's services of two authorities: whom each knows, what it learns, and what the one that is asked answers."""

import dataclasses
import datetime as dt

import polars as pl
import pytest

from paramount_assets.settings import Settings
from paramount_assets.synthetic.custody import imprison
from paramount_assets.synthetic.noise import Cause, Rates
from paramount_assets.synthetic.population import Population, populate
from paramount_assets.synthetic.services import keep_children
from paramount_assets.synthetic.services_answers import list_answers
from paramount_assets.synthetic.services_families import list_family_members, list_plans
from tests.synthetic.area import only
from tests.synthetic.conftest import FIRST_DAY, PROJECT

REFERENCE = PROJECT / "data" / "reference"
SPAN = (FIRST_DAY, 200)
LAST_DAY = FIRST_DAY + dt.timedelta(days=199)
FORCE = Settings().force
BULK, ANSWERING = FORCE.services
RATES = Rates.read(REFERENCE)


@pytest.fixture(scope="module")
def population() -> Population:
    """An area in which every third family came from the other end of it two years ago, and some go there in the span."""
    made = populate(REFERENCE, FORCE.districts, 12_000, *SPAN, 5)
    homes = made.homes.select("home_id", "la_code")
    far = {
        code: homes.filter(pl.col("la_code").is_in(each.districts))["home_id"][0]
        for code, each in (("bulk", BULK), ("answer", ANSWERING))
    }
    on = pl.col("la_code").is_in(BULK.districts)
    other = pl.when(on).then(far["answer"]).otherwise(far["bulk"])
    household = made.residents.select("resident_id", "household_id", "home_id")
    lives = household.join(homes, on="home_id").with_columns(other.alias("other"))
    came, leaves = dt.date(2023, 6, 1), dt.date(2025, 12, 1)
    third = pl.col("household_id") % 3
    parts = [
        lives.filter(third == 0).select("resident_id", home_id="other", from_date=dt.date(2015, 1, 1), to_date=came),
        lives.select(
            "resident_id",
            "home_id",
            pl.when(third == 0).then(came).otherwise(dt.date(2015, 1, 1)).alias("from_date"),
            pl.when(third == 1).then(leaves).alias("to_date"),
        ),
        lives.filter(third == 1).select("resident_id", home_id="other", from_date=leaves, to_date=pl.lit(None, dtype=pl.Date)),
    ]
    return dataclasses.replace(made, lives=pl.concat(parts, how="vertical_relaxed"))


@pytest.fixture(scope="module")
def custody(population):
    return imprison(population, *SPAN, 150.0, 5)


@pytest.fixture(scope="module")
def services(population, custody) -> dict[str, pl.DataFrame]:
    children, _ = keep_children(population, custody, SPAN, FORCE.services, RATES, 5)
    members, _ = list_family_members(population, children, SPAN, RATES, 5)
    return {"children.csv": children, "family_members.csv": members, "plans.csv": list_plans(children, SPAN, 5)}


@pytest.fixture(scope="module")
def children(services) -> pl.DataFrame:
    return services["children.csv"]


def test_only_the_two_authorities_that_deliver_know_children(children):
    assert set(children["la_code"]) == {BULK.la_code, ANSWERING.la_code}


def test_a_family_that_moved_is_known_to_both_under_different_ids_and_family_numbers(children, services):
    known = children.group_by("resident_id").agg(pl.col("child_id").n_unique(), pl.col("la_code").n_unique())
    assert (known["child_id"] == known["la_code"]).all()
    both = known.filter(pl.col("la_code") == 2)
    assert len(both) > 20
    families = services["family_members.csv"].join(children.select("child_id", "la_code").unique(), on="child_id")
    assert families.group_by("family_id").agg(pl.col("la_code").n_unique())["la_code"].max() == 1


def test_two_authorities_write_down_one_child_with_slips_of_their_own(children):
    first = children.unique("child_id", keep="first")
    sides = first.filter(la_code=BULK.la_code).join(first.filter(la_code=ANSWERING.la_code), on="resident_id")
    same = (sides["last_name"] == sides["last_name_right"]) & (sides["first_name"] == sides["first_name_right"])
    assert 0 < (~same.fill_null(value=False)).sum() < len(sides) / 2


def test_each_authority_believes_the_child_inside_its_own_districts_unless_the_address_is_an_old_one(children, population):
    homes = population.homes.select("address_line", "postcode", home_district="la_code")
    district_of = {district: authority.la_code for authority in FORCE.services for district in authority.districts}
    found = children.join(homes, on=["address_line", "postcode"]).unique("child_id", keep="last")
    inside = found["home_district"].replace_strict(district_of, default=None) == found["la_code"]
    assert inside.fill_null(value=False).mean() > 0.85


def test_a_family_that_comes_in_the_span_is_known_to_the_authority_from_then_on_only(children, population):
    newcomers = population.residents.filter(pl.col("household_id") % 3 == 1)
    first = children.unique("child_id", keep="first").join(newcomers.select("resident_id"), on="resident_id", how="semi")
    came_later = first.filter(pl.col("address_from_date") == dt.date(2025, 12, 1))
    assert len(came_later) > 5
    assert (came_later["recorded_on"] > dt.date(2025, 12, 1)).all()


def test_a_birth_in_the_span_turns_an_unborn_record_into_a_born_one(children, population):
    unborn = population.unborn.select(pl.col("unborn_id").alias("resident_id"), "born_on")
    records = children.join(unborn, on="resident_id").sort("child_id", "recorded_on")
    before = records.filter(pl.col("first_name").is_null())
    assert len(before) > 3
    assert before["date_of_birth"].null_count() == len(before)
    assert (before["recorded_on"] < before["born_on"]).all()
    after = records.filter(pl.col("first_name").is_not_null())
    assert (after["recorded_on"] >= after["born_on"]).all()
    both = before.join(after, on="child_id")
    assert len(both) > 3
    assert both["expected_date_of_birth"].equals(both["expected_date_of_birth_right"].alias("expected_date_of_birth"))
    assert both["date_of_birth_right"].null_count() < len(both)


def test_a_move_that_was_learnt_of_comes_as_a_later_row_of_the_same_record(population, custody):
    here = population.homes.filter(pl.col("la_code").is_in(BULK.districts))["home_id"]
    inside = population.residents.filter(pl.col("home_id").is_in(here.implode()))
    to = dt.date(2026, 1, 1)
    lives = pl.concat(
        [
            inside.select("resident_id", "home_id", from_date=dt.date(2015, 1, 1), to_date=to),
            inside.select("resident_id", home_id=pl.lit(here[-1]), from_date=to, to_date=pl.lit(None, dtype=pl.Date)),
        ],
        how="vertical_relaxed",
    )
    children, _ = keep_children(dataclasses.replace(population, lives=lives), custody, SPAN, (BULK,), RATES, 5)
    moved = children.filter(pl.col("address_from_date") == to)
    share = moved["child_id"].n_unique() / children["child_id"].n_unique()
    assert 0.6 < share < 0.95
    assert (moved["recorded_on"] > to).all()
    assert moved["school_urn"].null_count() < len(moved)


def test_no_row_is_written_down_after_the_span_and_no_two_of_one_child_on_one_day(children):
    assert (children["recorded_on"] <= LAST_DAY).all()
    assert children.select("child_id", "recorded_on").is_unique().all()


def test_children_in_care_are_looked_after_and_some_plans_start_and_end_in_the_span(services):
    plans = services["plans.csv"]
    in_care = services["children.csv"].filter(pl.col("shape").is_in(["foster", "childrens_home"]))["child_id"].unique()
    assert set(in_care) <= set(plans.filter(plan_type="looked_after")["child_id"])
    started = plans.filter(pl.col("from_date") >= FIRST_DAY)
    assert len(started) > 5
    assert (started["recorded_on"] >= started["from_date"]).all()
    ended = plans.filter(pl.col("to_date") >= FIRST_DAY)
    assert set(ended["child_id"]) <= set(started.filter(pl.col("to_date").is_null())["child_id"])


@pytest.fixture(scope="module")
def answers(population, custody, services) -> pl.DataFrame:
    return list_answers(ANSWERING, population, custody, services, 5)


def test_everybody_received_is_asked_about_and_answered_on_the_day_after_the_extract(answers, custody):
    received = custody.movements.filter("is_reception").select(
        pl.concat_str("booking_id", pl.lit("-"), "movement_sequence").alias("request_ref"), "extract_date"
    )
    joined = answers.unique("request_ref").join(received, on="request_ref")
    assert set(answers["request_ref"]) == set(received["request_ref"])
    assert (joined["answered_on"] - joined["extract_date"]).unique().to_list() == [dt.timedelta(days=1)]


def test_nearly_all_are_answered_with_the_children_of_whose_families_they_are(answers, custody, services):
    right = _rightly_held(custody, services)
    given = answers.filter(pl.col("child_id").is_not_null() & ~pl.col("is_wrong_person")).select("request_ref", "child_id")
    assert given.join(right, on=["request_ref", "child_id"], how="anti").is_empty()
    assert 0.85 < given["request_ref"].n_unique() / right["request_ref"].n_unique() < 1.0


def _rightly_held(custody, services) -> pl.DataFrame:
    own = services["children.csv"].filter(la_code=ANSWERING.la_code).select("child_id").unique()
    held = services["family_members.csv"].join(own, on="child_id", how="semi").select("resident_id", "child_id", "recorded_on")
    received = custody.movements.filter("is_reception").select(
        "resident_id", "extract_date", pl.concat_str("booking_id", pl.lit("-"), "movement_sequence").alias("request_ref")
    )
    return received.join(held, on="resident_id").filter(pl.col("recorded_on") <= pl.col("extract_date"))


def test_where_nothing_is_held_one_row_without_a_child_says_so(answers):
    empty = answers.filter(pl.col("child_id").is_null())
    assert len(empty) > 0
    assert empty["request_ref"].is_unique().all()
    full = answers.filter(pl.col("child_id").is_not_null())
    assert empty.join(full, on="request_ref", how="semi").is_empty()


def test_now_and_then_the_children_of_another_person_of_the_same_name_are_answered(population, custody, services):
    names = {"first_name": pl.lit("Anna"), "last_name": pl.lit("Marsh")}
    namesakes = dataclasses.replace(population, residents=population.residents.with_columns(**names))
    answers = list_answers(ANSWERING, namesakes, custody, services, 5)
    wrong = answers.filter("is_wrong_person")
    right = _rightly_held(custody, services)
    assert 0 < wrong["request_ref"].n_unique() < answers["request_ref"].n_unique() * 0.25
    assert wrong.join(right, on=["request_ref", "child_id"], how="semi").is_empty()


def test_an_old_address_has_the_day_from_which_it_was_the_home(population, custody):
    known, scribe = keep_children(population, custody, SPAN, FORCE.services, only(Cause.OLD_ADDRESS), 5)
    noted = scribe.causes().filter(pl.col("cause") == "old_address")["record_id"]
    first = known.unique("child_id", keep="first").filter(pl.col("child_id").is_in(noted.implode()))
    homes = population.homes.select("home_id", "address_line", "postcode")
    lived = first.join(homes, on=["address_line", "postcode"]).join(population.lives, on=["resident_id", "home_id"])
    assert len(lived) > 20
    assert (lived["address_from_date"] == lived["from_date"]).all()
    assert (lived["to_date"] <= lived["recorded_on"]).all()


def test_an_authority_to_which_a_family_moves_hears_of_a_child_after_its_conception(population, custody):
    later = population.unborn.with_columns(pl.col("born_on").dt.offset_by("120d"), pl.col("expected_date_of_birth"))
    known, _ = keep_children(dataclasses.replace(population, unborn=later), custody, SPAN, FORCE.services, RATES, 5)
    unborn = known.join(later.select(pl.col("unborn_id").alias("resident_id"), "born_on"), on="resident_id")
    assert len(unborn) > 5
    assert (unborn["recorded_on"] >= unborn["born_on"].dt.offset_by("-191d")).all()


def test_a_plan_for_an_unborn_child_begins_once_the_pregnancy_is_known(services, children):
    unborn = children.unique("child_id", keep="first").filter(pl.col("date_of_birth").is_null() & pl.col("first_name").is_null())
    plans = services["plans.csv"].join(unborn.select("child_id", pl.col("recorded_on").alias("known_on")), on="child_id")
    assert len(plans) > 0
    assert (plans["from_date"] >= plans["known_on"]).all()


def test_nobody_dead_lives_in_the_household_and_no_dead_child_moves(population, custody):
    residents = population.residents.with_columns(pl.lit(FIRST_DAY - dt.timedelta(days=90)).alias("died_on"))
    dead = dataclasses.replace(population, residents=residents)
    children, _ = keep_children(dead, custody, SPAN, FORCE.services, RATES, 5)
    born = children.filter(pl.col("resident_id").is_in(residents["resident_id"].implode()))
    members, _ = list_family_members(dead, children, SPAN, RATES, 5)
    changed = born.filter(pl.len().over("child_id") > 1)
    assert set(members["same_household"]) == {"N"}
    assert changed.is_empty()


def test_slips_in_a_new_address_are_noted_of_those_alone_of_whose_move_is_learnt(population, custody):
    known, scribe = keep_children(population, custody, SPAN, FORCE.services, only(Cause.MISSING_POSTCODE, rate=0.5), 5)
    noted = scribe.causes().filter(pl.col("cause") == "missing_postcode")["record_id"]
    assert set(noted) & set(known["child_id"]) == set(known.filter(pl.col("postcode").is_null())["child_id"])


def test_a_child_held_at_a_home_that_it_has_left_has_an_old_address(population, custody):
    known, scribe = keep_children(population, custody, SPAN, FORCE.services, only(Cause.OLD_ADDRESS, rate=0.0), 5)
    noted = scribe.causes().filter(pl.col("cause") == "old_address")["record_id"]
    homes = population.homes.select("home_id", "address_line", "postcode")
    first = known.unique("child_id", keep="first").join(homes, on=["address_line", "postcode"])
    left = first.join(population.lives, on=["resident_id", "home_id"]).filter(pl.col("to_date") < FIRST_DAY)
    assert len(left) > 20
    assert set(left["child_id"]) <= set(noted)
    assert len(noted) < len(first) / 2
