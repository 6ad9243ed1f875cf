"""The census tables say where each figure comes from and add up."""

import polars as pl
import pytest

from paramount_assets.settings import Settings
from paramount_assets.synthetic.census import AREA, Census
from paramount_assets.synthetic.households import SHAPES_OF_COMPOSITION
from paramount_assets.synthetic.names import COMMUNITIES


@pytest.fixture(scope="module")
def census() -> Census:
    return Census.read(Settings().project_folder("data/reference"))


def test_every_figure_has_a_source_or_is_said_to_be_assumed(census):
    for table in (census.districts, census.ages, census.households, census.ethnicity):
        assert (table["source"].str.len_chars() > 0).all()
        assert table["source"].str.contains("assumed|Census 2021").all()


def test_the_districts_of_the_force_are_those_of_the_census(census):
    districts = Settings().force.districts
    assert census.of(districts)["la_code"].to_list() == [district.la_code for district in districts]
    assert census.districts["usual_residents"].sum() == 2_512_800


def test_shares_add_up(census):
    by_district = census.ethnicity.group_by("la_code").agg(pl.col("share").sum())
    assert len(by_district) == 13
    assert by_district["share"].to_list() == pytest.approx([1.0] * 13, abs=0.002)
    for level in ("broad", "split"):
        named = ["one_person"] if level == "split" else []
        of_level = (pl.col("level") == level) | pl.col("composition").is_in(named)
        assert census.households.filter(of_level)["share"].sum() == pytest.approx(1.0, abs=0.002)
    assert census.ages.filter(area=AREA)["share"].sum() == pytest.approx(1.0, abs=0.001)
    for shapes in SHAPES_OF_COMPOSITION.values():
        assert sum(shapes.values()) == pytest.approx(1.0)


def test_communities_share_each_broad_group_out(census):
    for group in census.ethnicity["ethnic_group"].unique():
        of_group = [community for community in COMMUNITIES.values() if community.ethnic_group == group]
        assert sum(community.share for community in of_group) == pytest.approx(1.0)
        assert sum(community.slough_share for community in of_group) == pytest.approx(1.0)
        assert all(sum(community.ethnicity_codes.values()) == pytest.approx(1.0) for community in of_group)


def test_age_bands_follow_each_other(census):
    edges, shares = census.age_bands()
    assert len(edges) == len(shares) + 1
    bands = census.ages.filter(area=AREA).sort("lower")
    assert (bands["lower"][1:] == bands["upper"][:-1] + 1).all()
