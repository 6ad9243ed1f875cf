import datetime as dt

import pytest

from paramount_assets.lake import conform
from paramount_assets.linkage.assets import family_links
from paramount_assets.quality import load_suite
from paramount_assets.settings import Settings
from tests.linkage.frames import members, received

pytestmark = pytest.mark.slow

RECEIVED = received({"reception_id": "R1"})


def children_found(known, model):
    links = family_links(RECEIVED, known, model)
    return sorted(links["child_id"].to_list())


@pytest.mark.parametrize("known", [members({"child_id": "C1"}), members()])
def test_the_table_has_the_columns_that_its_suite_lists(known, model):
    suite = load_suite(Settings().root / "expectations" / "linkage" / "family_links.json", "linkage/family_links")
    conform(family_links(RECEIVED, known, model), suite.columns)


def test_a_father_at_the_child_s_home_is_found(model):
    assert children_found(members({"child_id": "C1"}), model) == ["C1"]


def test_a_father_of_three_is_one_person_and_all_three_are_found(model):
    known = members({"child_id": "C1"}, {"child_id": "C2"}, {"child_id": "C3", "services_family_id": "F2", "postcodes": []})
    assert children_found(known, model) == ["C1", "C2", "C3"]


def test_two_fathers_who_may_both_be_meant_are_not_linked(model):
    other = {"last_name": "OAKLEIGH", "first_name": "MARCUS"}
    assert children_found(members({"child_id": "C1"}, {"child_id": "C2", "services_family_id": "F2", **other}), model) == []


def test_a_namesake_with_another_birth_date_is_not_the_father(model):
    assert children_found(members({"child_id": "C1", "date_of_birth": dt.date(1961, 8, 30)}), model) == []


def test_records_without_a_birth_date_are_one_person_only_within_a_family(model):
    undated = {"date_of_birth": None}
    known = members({"child_id": "C1", **undated}, {"child_id": "C2", "services_family_id": "F2", **undated})
    assert family_links(RECEIVED, known, model).is_empty()
