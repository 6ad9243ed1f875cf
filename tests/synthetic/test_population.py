"""The made-up area as it is on the first day: who there is, where they live, and who is whose family."""

import datetime as dt

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from paramount_assets.settings import Settings
from paramount_assets.synthetic.births import PREGNANCY_DAYS, Births, alive_until, without_dead_fathers
from paramount_assets.synthetic.census import Census
from paramount_assets.synthetic.households import Shape
from paramount_assets.synthetic.kinship import Kin
from paramount_assets.synthetic.places import postcodes_of
from paramount_assets.synthetic.population import Population, populate

ON = dt.date(2025, 11, 3)
DAYS = 400
RESIDENTS = 20_000
SETTINGS = Settings()
REFERENCE = SETTINGS.project_folder("data/reference")
DISTRICTS = SETTINGS.force.districts
SHARED = ["hostel", "refuge", "student_hall", "childrens_home"]


def made(residents: int, seed: int = 3, days: int = DAYS) -> Population:
    return populate(REFERENCE, DISTRICTS, residents, ON, days, seed)


@pytest.fixture(scope="module")
def population() -> Population:
    return made(RESIDENTS)


def living(population: Population) -> pl.DataFrame:
    return population.residents.filter(pl.col("died_on").is_null() | (pl.col("died_on") > ON)).with_columns(
        ((pl.lit(ON) - pl.col("date_of_birth")).dt.total_days() / 365.25).alias("age")
    )


def test_there_are_as_many_residents_as_asked_for(population):
    assert len(population.residents) == RESIDENTS
    assert population.residents["resident_id"].to_list() == list(range(RESIDENTS))


def test_every_shape_of_household_is_present_even_in_the_smallest_area():
    small = made(1_000, seed=11)
    assert set(small.households["shape"].unique()) == {shape.value for shape in Shape}
    assert len(small.residents) == 1_000


def test_an_area_too_small_for_every_shape_is_refused():
    with pytest.raises(ValueError, match="at least 1000"):
        made(999)


def test_a_district_without_census_figures_is_refused():
    unknown = DISTRICTS[0].model_copy(update={"la_code": "E06009999"})
    with pytest.raises(ValueError, match="census_2021_districts"):
        populate(REFERENCE, (unknown,), 2_000, ON, 1, 1)


def test_the_same_seed_gives_the_same_frames_and_another_seed_others():
    first, again, other = made(1_500, seed=5), made(1_500, seed=5), made(1_500, seed=6)
    for name in ("residents", "households", "homes", "lives", "ties", "unborn"):
        assert_frame_equal(getattr(first, name), getattr(again, name))
    assert not first.residents.equals(other.residents)


def test_ages_are_those_of_the_census(population):
    ages = living(population)["age"]
    for lower, upper, share in (
        Census.read(REFERENCE).ages.filter(area="Thames Valley").select("lower", "upper", "share").iter_rows()
    ):
        assert ages.is_between(lower, upper + 1, closed="left").mean() == pytest.approx(share, abs=0.012), lower
    assert (ages < 15).mean() == pytest.approx(0.18, abs=0.02)
    assert (ages >= 65).mean() == pytest.approx(0.172, abs=0.02)


def test_household_compositions_are_about_those_of_the_census(population):
    private = population.households.filter(~pl.col("shape").is_in(SHARED))
    census = dict(Census.read(REFERENCE).households.select("composition", "share").iter_rows())
    made_of = {
        "one_person": ["alone"],
        "couple_without_children": ["couple"],
        "couple_with_dependent_children": ["two_parents", "step_family"],
        "lone_parent_with_dependent_children": ["lone_parent"],
        "all_children_grown_up": ["adult_children"],
        "other_without_dependent_children": ["flat_share"],
    }
    for composition, shapes in made_of.items():
        assert private["shape"].is_in(shapes).mean() == pytest.approx(census[composition], abs=0.02), composition
    people = population.residents.filter(~pl.col("shape").is_in(SHARED))
    assert len(people) / len(private) == pytest.approx(2.38, abs=0.06)


def test_homes_stand_on_real_postcodes_of_their_own_district(population):
    real = postcodes_of(frozenset(district.la_code for district in DISTRICTS))
    assert population.homes.join(real, on=["postcode", "la_code"], how="anti").is_empty()
    assert population.homes.select("address_line", "postcode").is_unique().all()
    assert population.homes["uprn"].is_unique().all()


def test_districts_are_in_proportion_to_their_population(population):
    assert (population.homes["la_code"] == "E06000060").mean() == pytest.approx(552_900 / 2_512_800, abs=0.02)


def test_communities_follow_the_ethnic_groups_of_the_district(population):
    placed = population.residents.join(population.homes, on="home_id")
    asian = pl.col("ethnicity_code").str.starts_with("A")
    assert placed.filter(la_code="E06000039").select(asian.mean()).item() == pytest.approx(0.467, abs=0.08)
    assert placed.filter(la_code="E07000181").select(asian.mean()).item() < 0.06


def test_students_live_in_halls_of_oxford_and_reading(population):
    students = population.residents.filter(shape="student_hall").join(population.homes, on="home_id")
    assert set(students["la_code"]) <= {"E07000178", "E06000038"}
    assert students["address_line"].str.contains(" Hall, ").all()
    assert 5 <= len(students) / students["home_id"].n_unique() <= 8


def test_a_refuge_is_one_home_of_several_families_and_a_childrens_home_has_no_adults(population):
    refuge = population.households.filter(shape="refuge")
    assert len(refuge) >= 4 * refuge["home_id"].n_unique()
    inside = population.residents.filter(shape="childrens_home")
    assert inside["role"].unique().to_list() == ["child"]
    assert inside["mother_id"].is_not_null().mean() > 0.4


@pytest.mark.parametrize("side", ["mother_id", "father_id"])
def test_a_parent_is_at_least_sixteen_years_older(population, side):
    people = population.residents
    parents = people.select(pl.col("resident_id").alias(side), pl.col("date_of_birth").alias("parent_born"))
    apart = people.join(parents, on=side).select((pl.col("date_of_birth") - pl.col("parent_born")).dt.total_days()).to_series()
    assert apart.min() >= 16 * 365.25
    assert apart.max() <= (48 if side == "mother_id" else 66) * 365.25


def test_children_of_one_mother_are_twins_or_born_nine_months_apart(population):
    born = population.residents.select("resident_id", "mother_id", "twin_id", "date_of_birth")
    late = population.unborn.select("mother_id", pl.col("born_on").alias("date_of_birth"))
    children = pl.concat([born, late], how="diagonal").drop_nulls("mother_id").sort("mother_id", "date_of_birth")
    days = children.select(pl.col("date_of_birth").diff().over("mother_id").dt.total_days().alias("days"), "twin_id")
    assert days.filter(pl.col("days").is_between(1, 269)).is_empty()
    same_day = days.filter(days=0)
    assert len(same_day) > 20
    assert same_day["twin_id"].is_not_null().all()


def test_twins_are_each_others_and_many_are_grown_up(population):
    people = population.residents.drop_nulls("twin_id")
    back = people.join(population.residents, left_on="twin_id", right_on="resident_id", suffix="_of_twin")
    assert (back["twin_id_of_twin"] == back["resident_id"]).all()
    assert (back["date_of_birth_of_twin"] == back["date_of_birth"]).all()
    adults = living(population).filter(pl.col("age") >= 18)
    assert adults["twin_id"].is_not_null().sum() >= RESIDENTS * 3_000 / 725_000


def test_no_two_children_of_a_parent_bear_one_forename(population):
    for side in ("mother_id", "father_id"):
        children = population.residents.drop_nulls(side)
        assert children.select(side, "first_name").is_unique().all()


def test_fathers_and_sons_of_one_name_live_together_and_apart(population):
    men = population.residents.filter(sex="M")
    fathers = men.select(pl.col("resident_id").alias("father_id"), "first_name", "last_name", pl.col("home_id").alias("his_home"))
    juniors = men.join(fathers, on=["father_id", "first_name", "last_name"])
    assert juniors.select((pl.col("home_id") == pl.col("his_home")).sum()).item() > 20
    assert juniors.select((pl.col("home_id") != pl.col("his_home")).sum()).item() > 20
    adults = set(living(population).filter(pl.col("age") >= 18)["resident_id"])
    assert len(adults & ({*juniors["resident_id"]} | {*juniors["father_id"]})) >= RESIDENTS * 3_000 / 725_000


def test_about_a_quarter_of_children_have_a_parent_at_another_home(population):
    children = population.residents.filter(role="child")
    homes = population.residents.select("resident_id", pl.col("household_id").alias("at"))
    apart = pl.Series([False] * len(children))
    for side in ("mother_id", "father_id"):
        parent = children.select(pl.col(side).alias("resident_id"), "household_id").join(
            homes, on="resident_id", how="left", maintain_order="left"
        )
        apart |= parent.select(pl.col("at").ne(pl.col("household_id")).fill_null(value=False)).to_series()
    assert 0.2 < apart.mean() < 0.35


def test_separated_parents_live_at_two_homes(population):
    former = population.ties.filter(tie="ex_partner")
    homes = population.residents.select("resident_id", "home_id")
    placed = former.join(homes, left_on="from_id", right_on="resident_id").join(
        homes, left_on="to_id", right_on="resident_id", suffix="_other"
    )
    assert len(placed) > 200
    assert (placed["home_id"] != placed["home_id_other"]).mean() > 0.99


def test_there_are_half_siblings_of_one_mother(population):
    children = population.residents.filter(role="child").drop_nulls(["mother_id", "father_id"])
    fathers = children.group_by("mother_id").agg(pl.col("father_id").n_unique().alias("fathers"))
    assert (fathers["fathers"] > 1).sum() > 20


def test_a_child_lives_with_the_woman_or_man_of_its_household_or_in_care(population):
    children = population.residents.filter((pl.col("role") == "child") & (pl.col("shape") != "childrens_home"))
    adults = population.residents.filter(pl.col("role").is_in(["woman", "man"]))["household_id"]
    assert children["household_id"].is_in(adults.implode()).all()
    own = children.filter(pl.col("shape").is_in(["two_parents", "lone_parent", "step_family", "refuge", "three_generations"]))
    homes = population.residents.select(pl.col("resident_id").alias("parent_id"), pl.col("household_id").alias("at"))
    with_mother, with_father = (
        own.join(homes, left_on=side, right_on="parent_id", how="left").select(pl.col("at") == pl.col("household_id")).to_series()
        for side in ("mother_id", "father_id")
    )
    assert with_mother.sum() + with_father.sum() > len(own)
    assert with_mother.mean() > 0.95


def test_the_old_die_and_the_young_hardly_ever(population):
    people = population.residents.with_columns(((pl.lit(ON) - pl.col("date_of_birth")).dt.total_days() / 365.25).alias("age"))
    inside = people.filter(pl.col("died_on") > ON)
    assert (inside["died_on"] < ON + dt.timedelta(days=DAYS)).all()
    assert len(inside) / RESIDENTS / DAYS * 365.25 == pytest.approx(0.009, abs=0.003)
    assert inside["age"].median() > 70
    assert people.filter(pl.col("died_on") <= ON)["age"].median() > 70


def test_the_only_adult_with_children_does_not_die(population):
    lone = population.residents.filter((pl.col("shape") == "lone_parent") & pl.col("role").is_in(["woman", "man"]))
    assert lone["died_on"].is_null().all()


def test_nobody_has_a_child_after_death():
    kin = Kin(
        mother=np.array([-1, -1, 0]),
        father=np.array([-1, -1, 1]),
        woman_of_household=np.array([0]),
        man_of_household=np.array([1]),
    )
    until = alive_until(kin, np.array([-9_000, -9_000, 20_000]))
    assert until.tolist()[:2] == [20_001, 20_001 - PREGNANCY_DAYS]
    births = Births(*(np.array(column) for column in ([0, 0], [1, 1], [20_500, 20_100], [20_500, 20_100], [True, False])))
    assert without_dead_fathers(births, np.array([30_000, 20_000, 30_000])).father.tolist() == [-1, 1]


def test_parents_lived_when_their_children_were_conceived(population):
    death = population.residents.select("resident_id", pl.col("died_on").alias("parent_died_on"))
    born = pl.concat(
        [population.residents.select("mother_id", "father_id", born="date_of_birth"),
         population.unborn.select("mother_id", "father_id", born="born_on")]
    )  # fmt: skip
    for side, before in (("mother_id", 0), ("father_id", PREGNANCY_DAYS)):
        parents = born.join(death, left_on=side, right_on="resident_id")
        assert not (parents["parent_died_on"] < parents["born"] - dt.timedelta(days=before)).any()


def test_births_in_the_span_have_about_the_national_rate_and_a_name(population):
    unborn = population.unborn
    assert (unborn["born_on"] > ON).all()
    assert (unborn["expected_date_of_birth"] > ON).all()
    inside = unborn.filter(pl.col("born_on") < ON + dt.timedelta(days=DAYS))
    assert len(inside) / RESIDENTS / DAYS * 365.25 == pytest.approx(0.0105, abs=0.002)
    assert (
        unborn.select("first_name", "last_name", "sex", "community", "ethnicity_code").null_count().sum_horizontal().item() == 0
    )
    assert unborn["unborn_id"].min() == RESIDENTS
    mothers = unborn.join(population.residents, left_on="mother_id", right_on="resident_id", suffix="_of_mother")
    assert mothers["died_on"].is_null().all()
    assert (mothers["sex_of_mother"] == "F").all()
