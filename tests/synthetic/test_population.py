import datetime as dt

import polars as pl
import pytest

from paramount_assets.settings import Settings
from paramount_assets.synthetic.households import Shape
from paramount_assets.synthetic.places import postcodes_of
from paramount_assets.synthetic.population import populate

ON = dt.date(2025, 11, 3)
DISTRICTS = Settings().force.districts


@pytest.fixture(scope="module")
def population():
    return populate(DISTRICTS, 4_000, ON, 3)


def test_there_are_as_many_residents_as_asked_for(population):
    assert len(population.residents) == 4_000
    assert population.residents["resident_id"].n_unique() == 4_000


def test_every_shape_of_household_is_present_even_in_a_small_area():
    small = populate(DISTRICTS, 700, ON, 11)
    assert set(small.households["shape"].unique()) == {shape.value for shape in Shape}


def test_an_area_too_small_for_every_shape_is_refused():
    with pytest.raises(ValueError, match="at least 500"):
        populate(DISTRICTS, 100, ON, 1)


def test_homes_stand_on_real_postcodes_of_their_own_district(population):
    real = postcodes_of(frozenset(district.la_code for district in DISTRICTS))
    assert population.homes.join(real, on=["postcode", "la_code"], how="anti").is_empty()
    assert population.homes.select("address_line", "postcode").is_unique().all()


def test_districts_are_in_proportion_to_their_population(population):
    share = (population.homes["la_code"] == "E06000060").mean()
    assert share == pytest.approx(552_900 / 2_512_800, abs=0.03)


def test_a_child_is_under_eighteen_and_at_least_sixteen_years_younger_than_its_parents(population):
    people = population.residents
    children = people.filter(pl.col("role") == "child")
    assert ((pl.Series([ON]) - children["date_of_birth"]).dt.total_days() <= 18 * 365.25).all()
    births = people.select(pl.col("resident_id").alias("parent_id"), pl.col("date_of_birth").alias("parent_born"))
    for side in ("mother_id", "father_id"):
        apart = children.join(births, left_on=side, right_on="parent_id", how="inner").select(
            (pl.col("date_of_birth") - pl.col("parent_born")).dt.total_days()
        )
        assert apart.to_series().min() >= 15.5 * 365.25


def test_separated_parents_live_at_two_homes(population):
    former = population.ties.filter(pl.col("tie") == "ex_partner")
    homes = population.residents.select("resident_id", "home_id")
    placed = former.join(homes, left_on="from_id", right_on="resident_id").join(
        homes, left_on="to_id", right_on="resident_id", suffix="_other"
    )
    assert len(placed) > 20
    assert (placed["home_id"] != placed["home_id_other"]).all()


def test_there_are_twins_and_fathers_and_sons_of_one_name_in_one_household(population):
    people = population.residents
    own = people.filter(pl.col("role").is_in(["child", "grown"]))
    assert own.filter(pl.struct("household_id", "role", "date_of_birth").is_duplicated()).height >= 4
    men = people.filter(pl.col("sex") == "M").select("household_id", "first_name", "last_name", "resident_id")
    same = men.join(men, on=["household_id", "first_name", "last_name"]).filter(
        pl.col("resident_id") < pl.col("resident_id_right")
    )
    assert len(same) >= 4


def test_a_refuge_is_one_home_of_several_families(population):
    refuge = population.households.filter(pl.col("shape") == "refuge")
    assert len(refuge) >= 4
    assert refuge["home_id"].n_unique() == 1


def test_everybody_lives_at_exactly_one_home_on_the_day_and_nowhere_before_birth(population):
    now = population.lives.filter(pl.col("to_date").is_null())
    assert sorted(now["resident_id"]) == list(range(4_000))
    joined = population.lives.join(population.residents.select("resident_id", "date_of_birth"), on="resident_id")
    assert (joined["from_date"] >= joined["date_of_birth"]).all()
    assert (population.lives.drop_nulls("to_date").select(pl.col("from_date") <= pl.col("to_date"))).to_series().all()


def test_children_not_yet_born_are_expected_after_the_day(population):
    assert len(population.unborn) > 0
    assert (population.unborn["expected_date_of_birth"] > ON).all()
