"""Names by community and custom."""

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from paramount_assets import synthetic
from paramount_assets.settings import Settings
from paramount_assets.synthetic.names import COMMUNITIES, COMMUNITY_NAMES, KINDS, Custom, feminine, name_table, spellings
from paramount_assets.synthetic.population import populate
from paramount_assets.synthetic.streams import stream

LISTS = Path(synthetic.__file__).parent


@pytest.fixture(scope="module")
def residents() -> pl.DataFrame:
    settings = Settings()
    reference = settings.project_folder("data/reference")
    return populate(reference, settings.force.districts, 30_000, dt.date(2025, 11, 3), 1, 4).residents


def with_fathers(residents: pl.DataFrame, community: str) -> pl.DataFrame:
    fathers = residents.select(
        pl.col("resident_id").alias("father_id"),
        *(pl.col(c).alias(f"fathers_{c}") for c in ("first_name", "last_name", "community")),
    )
    return residents.filter(community=community).join(fathers, on="father_id")


def of(residents: pl.DataFrame, community: str) -> pl.DataFrame:
    return residents.filter(community=community)


def test_names_are_drawn_by_their_weights():
    table, count = name_table(), 50_000
    british = np.full(count, COMMUNITY_NAMES.index("british"))
    drawn = table.text(table.draw(british, np.full(count, KINDS.index("surname")), stream(1, "names")))
    assert drawn.mode().to_list() == ["Smith"]
    listed = pl.read_csv(LISTS / "names.csv").filter(pool="british", kind="surname")
    smith = listed.filter(name="Smith")["weight"].sum() / listed["weight"].sum()
    assert (drawn == "Smith").mean() == pytest.approx(smith, rel=0.1)


def test_every_community_has_all_lists():
    table = name_table()
    for community in range(len(COMMUNITIES)):
        for kind in range(len(KINDS)):
            assert len(set(table.draw(np.full(40, community), np.full(40, kind), stream(2, "names")))) > 5


def test_names_have_other_spellings_in_many_communities():
    listed = pl.read_csv(LISTS / "names.csv")
    assert sum(len(others) for others in spellings().values()) >= 150
    assert set(spellings()) <= set(listed["name"])
    pools = set(listed.filter(pl.col("name").is_in(list(spellings())))["pool"])
    assert {"pakistani", "arab", "slavic", "chinese", "african", "somali", "polish", "sikh"} <= pools
    assert all(name not in others for name, others in spellings().items())


def test_sikhs_bear_singh_or_kaur_by_sex(residents):
    sikh = of(residents, "sikh")
    bears = pl.col("last_name").is_in(["Singh", "Kaur"]) | pl.col("middle_names").is_in(["Singh", "Kaur"])
    assert sikh.select(bears.fill_null(value=False).all()).item()
    assert not sikh.filter(sex="M").select((pl.col("last_name") == "Kaur").any()).item()
    assert 0.3 < sikh["last_name"].is_in(["Singh", "Kaur"]).mean() < 0.7


def test_somalis_bear_their_fathers_and_grandfathers_forename(residents):
    somali = with_fathers(residents, "somali").filter(fathers_community="somali")
    assert len(somali) > 3
    assert (somali["middle_names"] == somali["fathers_first_name"]).all()


def test_tamils_bear_their_fathers_forename_last(residents):
    tamil = with_fathers(residents, "tamil")
    assert len(tamil) > 3
    assert (tamil["last_name"] == tamil["fathers_first_name"]).all()


def test_many_arabs_bear_their_fathers_forename_second(residents):
    arab = with_fathers(residents, "arab")
    assert 0.3 < (arab["middle_names"] == arab["fathers_first_name"]).mean() < 0.8


def test_many_chinese_bear_an_english_forename_before_the_given_one(residents):
    listed = pl.read_csv(LISTS / "names.csv")
    british, chinese = (set(listed.filter(pl.col("pool") == pool)["name"]) for pool in ("british", "chinese"))
    bears = pl.col("first_name").is_in(list(british)) & pl.col("middle_names").is_in(list(chinese))
    assert 0.3 < of(residents, "chinese").select(bears.fill_null(value=False).mean()).item() < 0.7


def test_slavic_surnames_have_a_feminine_form(residents):
    polish = of(residents, "polish")
    men = polish.filter(sex="M")["last_name"]
    assert men.str.ends_with("ski").sum() > 10
    assert polish.filter(sex="F")["last_name"].str.ends_with("ska").sum() > 10
    assert polish.filter(sex="F")["last_name"].str.ends_with("ski").sum() == 0
    assert (feminine("Petrov"), feminine("Kovalsky"), feminine("Nowak")) == ("Petrova", "Kovalska", "Nowak")


def test_most_portuguese_bear_two_surnames(residents):
    assert of(residents, "portuguese")["last_name"].str.contains(" ").mean() > 0.5


def test_some_british_children_bear_both_surnames_hyphened(residents):
    children = of(residents, "british").filter(pl.col("role") == "child")
    assert 0.005 < children["last_name"].str.contains("-").mean() < 0.06


def test_married_women_have_a_maiden_name_but_not_where_the_name_is_kept(residents):
    wives = residents.filter((pl.col("role") == "woman") & (pl.col("shape") == "couple"))
    assert 0.5 < wives.filter(community="british")["maiden_name"].is_not_null().mean() < 0.8
    keeps = [name for name, community in COMMUNITIES.items() if Custom.NAME_KEPT_IN_MARRIAGE in community.customs]
    assert wives.filter(pl.col("community").is_in(keeps))["maiden_name"].is_null().all()


def test_mothers_often_bear_another_surname_than_their_children(residents):
    children = residents.filter(role="child").join(
        residents.select(pl.col("resident_id").alias("mother_id"), pl.col("last_name").alias("mothers")), on="mother_id"
    )
    assert 0.15 < (children["last_name"] != children["mothers"]).mean() < 0.6


def test_children_of_the_same_parents_bear_one_surname(residents):
    british = of(residents, "british").drop_nulls(["mother_id", "father_id"]).filter(pl.col("role").is_in(["child", "grown"]))
    unmarried = british.with_columns(pl.coalesce("maiden_name", "last_name").alias("at_birth"))
    names = unmarried.group_by("mother_id", "father_id").agg(pl.col("at_birth").n_unique())
    assert (names["at_birth"] == 1).all()
