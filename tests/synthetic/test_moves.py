"""Who lives where on every day, before the span and in it."""

import datetime as dt

import polars as pl
import pytest

from paramount_assets.settings import Settings
from paramount_assets.synthetic.population import Population, populate

ON = dt.date(2025, 11, 3)
DAYS = 500
LAST = ON + dt.timedelta(days=DAYS - 1)
SHARED = ["hostel", "refuge", "student_hall", "childrens_home"]


@pytest.fixture(scope="module")
def population() -> Population:
    settings = Settings()
    return populate(settings.project_folder("data/reference"), settings.force.districts, 15_000, ON, DAYS, 8)


def lived(population: Population, day: dt.date) -> pl.DataFrame:
    """Who lived where on the day, with what is known of each."""
    holds = (pl.col("from_date") <= day) & (pl.col("to_date").is_null() | (pl.col("to_date") > day))
    return population.lives.filter(holds).join(population.residents.drop("home_id"), on="resident_id")


def test_everybody_has_a_home_and_the_last_row_is_open(population):
    assert population.lives["resident_id"].n_unique() == 15_000
    assert population.lives["to_date"].is_null().sum() == 15_000


def test_one_row_follows_the_other_without_gap_or_overlap(population):
    ordered = population.lives.sort("resident_id", "from_date")
    after = ordered.with_columns(pl.col("to_date").shift(1).over("resident_id").alias("left_on"))
    later = after.filter(pl.int_range(pl.len()).over("resident_id") > 0)
    assert (later["left_on"] == later["from_date"]).fill_null(value=False).all()
    assert (ordered.drop_nulls("to_date").select(pl.col("from_date") < pl.col("to_date"))).to_series().all()


def test_nobody_lives_anywhere_before_birth(population):
    born = population.lives.join(population.residents, on="resident_id")
    assert (born["from_date"] >= born["date_of_birth"]).all()


def test_homes_go_back_five_years_but_for_students_who_came_with_the_term(population):
    first = population.lives.group_by("resident_id").agg(pl.col("from_date").min()).join(population.residents, on="resident_id")
    needed = pl.max_horizontal("date_of_birth", pl.lit(ON - dt.timedelta(days=5 * 365)))
    late = first.filter(pl.col("from_date") > needed)
    assert set(late["shape"]) == {"student_hall"}


def test_the_home_of_the_first_day_is_the_residents_home(population):
    now = lived(population, ON).join(
        population.residents.select("resident_id", pl.col("home_id").alias("home")), on="resident_id"
    )
    assert len(now) == 15_000
    assert (now["home_id"] == now["home"]).all()


def test_people_move_before_the_span_and_in_it(population):
    moves = population.lives.filter(pl.col("from_date") > ON)
    assert (moves["from_date"] <= LAST).all()
    assert 0.05 < moves["resident_id"].n_unique() / 15_000 < 0.35
    homes = population.lives.group_by("resident_id").len()
    assert (homes["len"] >= 3).mean() > 0.1


@pytest.mark.parametrize("day", [ON, LAST])
def test_a_private_home_has_one_household_and_those_who_went_back_to_it(population, day):
    private = lived(population, day).filter(~pl.col("shape").is_in(SHARED))
    households = private.group_by("home_id").agg(pl.col("household_id").n_unique())
    assert (households["household_id"] == 1).mean() > 0.99


@pytest.mark.parametrize("day", [ON - dt.timedelta(days=900), ON - dt.timedelta(days=100), ON, LAST])
def test_a_child_lives_with_an_adult_or_in_a_childrens_home(population, day):
    there = lived(population, day).with_columns((pl.col("date_of_birth") < day - dt.timedelta(days=16 * 365)).alias("is_adult"))
    children = there.filter((pl.col("role") == "child") & ~pl.col("is_adult") & (pl.col("shape") != "childrens_home"))
    adults = there.filter("is_adult")["home_id"].unique()
    assert children["home_id"].is_in(adults.implode()).mean() > 0.995


def together(population: Population, day: dt.date) -> set[int]:
    """The children who live at one home with their father on the day."""
    homes = lived(population, day)
    fathers = homes.select(pl.col("resident_id").alias("father_id"), "home_id")
    return set(homes.filter(role="child").join(fathers, on=["father_id", "home_id"])["resident_id"])


def test_some_parents_left_their_child_before_the_span_and_some_leave_in_it(population):
    before, now, later = (together(population, day) for day in (ON - dt.timedelta(days=700), ON, LAST))
    assert len(before - now) > 20
    assert 10 < len(now - later) < len(now) / 10


def test_families_in_a_refuge_lived_with_the_father_before(population):
    children = population.residents.filter((pl.col("shape") == "refuge") & pl.col("father_id").is_not_null())
    fathers = population.lives.select(pl.col("resident_id").alias("father_id"), "home_id")
    homes = population.lives.select("resident_id", "home_id").join(children.select("resident_id", "father_id"), on="resident_id")
    shared = homes.join(fathers, on=["father_id", "home_id"])["resident_id"].n_unique()
    assert shared > 0.5 * len(children)


def test_some_families_moved_from_one_district_to_another(population):
    placed = population.lives.join(population.homes.select("home_id", "la_code"), on="home_id").sort("resident_id", "from_date")
    assert placed.group_by("resident_id").agg(pl.col("la_code").n_unique())["la_code"].max() > 1
