"""Each pair is written down with what scoring would say of it; only what matters is named."""

import polars as pl
import pytest

from paramount_assets.matching.decide import RuledKind, decide, with_rulings
from paramount_assets.matching.score import SCORED_COLUMNS
from paramount_assets.matching.thresholds import PERSON_LINKS

SURE, LIKELY, UNLIKELY = PERSON_LINKS.accept + 5, PERSON_LINKS.accept - 2, PERSON_LINKS.review - 1

TWIN = {"has_same_first_name": False}
SENIOR = {"has_same_birth_date": False, "years_apart": 27}


def pair(right, weight=SURE, left="R", **told):
    usual = {
        "left_id": left,
        "right_id": right,
        "match_weight": weight,
        "has_identifier_agreement": False,
        "has_identifier_contradiction": False,
        "has_same_last_name": True,
        "has_same_first_name": True,
        "has_same_birth_date": True,
        "has_shared_postcode": True,
        "years_apart": 0,
        "is_deceased": False,
    }
    return usual | told


def table(*pairs):
    return pl.DataFrame(list(pairs), schema={**SCORED_COLUMNS, "is_deceased": pl.Boolean()})


def decided(*pairs):
    frame = decide(table(*pairs), PERSON_LINKS)
    return {row["right_id"]: row["reason_code"] or row["zone"] for row in frame.to_dicts()}


def ruled(*rulings):
    return pl.DataFrame(list(rulings), schema=dict.fromkeys(("left_id", "right_id", "ruled"), pl.String), orient="row")


def under_rulings(pairs, *rulings):
    frame = with_rulings(table(*pairs), ruled(*rulings), PERSON_LINKS)
    return {row["right_id"]: row["reason_code"] or (row["zone"], row["is_ruled"]) for row in frame.to_dicts()}


def test_a_pair_falls_into_one_of_three_zones_by_its_weight():
    one_each = (pair("A", SURE, "R1"), pair("B", LIKELY, "R2"), pair("C", UNLIKELY, "R3"))
    assert decided(*one_each) == {"A": "accept", "B": "between_thresholds", "C": "reject"}


def test_a_weight_on_the_line_belongs_to_the_zone_above():
    assert decided(pair("A", PERSON_LINKS.accept)) == {"A": "accept"}
    assert decided(pair("A", PERSON_LINKS.review)) == {"A": "between_thresholds"}


def test_two_people_above_the_upper_weight_are_both_put_to_a_person():
    reason = "several_people_above_upper_weight"
    assert decided(pair("A", SURE + 20), pair("B", SURE)) == {"A": reason, "B": reason}


def test_two_people_above_the_upper_weight_are_not_accepted_even_when_a_number_agrees_with_one():
    found = decided(pair("A", SURE + 20, has_identifier_agreement=True), pair("B", SURE))
    assert set(found.values()) == {"several_people_above_upper_weight"}


def test_a_second_person_below_the_upper_weight_does_not_hold_back_the_first():
    assert decided(pair("A"), pair("B", LIKELY)) == {"A": "accept", "B": "between_thresholds"}


def test_candidates_of_another_reception_do_not_count():
    assert decided(pair("A", left="R1"), pair("B", left="R2")) == {"A": "accept", "B": "accept"}


def test_a_contradicted_identifier_is_never_accepted_however_sure_the_rest():
    assert decided(pair("A", SURE + 40, has_identifier_contradiction=True)) == {"A": "identifier_contradiction"}


def test_a_pnc_number_that_agrees_does_not_outweigh_a_cro_number_that_contradicts():
    told = {"has_identifier_agreement": True, "has_identifier_contradiction": True}
    assert decided(pair("A", SURE + 40, **told)) == {"A": "identifier_contradiction"}


def test_a_person_recorded_as_deceased_is_never_accepted():
    assert decided(pair("A", is_deceased=True)) == {"A": "recorded_as_deceased"}


def test_a_twin_alone_is_never_accepted():
    assert decided(pair("TWIN", **TWIN)) == {"TWIN": "possible_twin"}


def test_a_record_without_forename_may_be_the_twin():
    assert decided(pair("TWIN", has_same_first_name=None)) == {"TWIN": "possible_twin"}


def test_another_forename_is_not_a_twin_when_a_number_agrees():
    assert decided(pair("A", has_identifier_agreement=True, **TWIN)) == {"A": "accept"}


def test_another_forename_is_not_a_twin_at_another_address():
    assert decided(pair("A", has_shared_postcode=False, **TWIN)) == {"A": "accept"}
    assert decided(pair("A", has_shared_postcode=None, **TWIN)) == {"A": "accept"}


def test_of_twins_neither_is_accepted_when_no_number_tells_them_apart():
    found = decided(pair("SELF", SURE + 10), pair("TWIN", LIKELY, **TWIN))
    assert found == {"SELF": "relative_of_same_name_beside", "TWIN": "possible_twin"}


def test_of_twins_the_one_with_the_number_is_accepted_and_the_other_never():
    found = decided(pair("SELF", SURE + 20, has_identifier_agreement=True), pair("TWIN", SURE, **TWIN))
    assert found == {"SELF": "accept", "TWIN": "possible_twin"}


def test_a_twin_whose_record_bears_the_number_is_not_accepted_beside_the_right_forename():
    found = decided(pair("SELF", SURE), pair("TWIN", SURE + 20, has_identifier_agreement=True, **TWIN))
    assert found == {"SELF": "relative_of_same_name_beside", "TWIN": "possible_twin"}


def test_the_right_one_of_twins_is_accepted_when_the_other_is_below_review():
    assert decided(pair("SELF"), pair("TWIN", UNLIKELY, **TWIN)) == {"SELF": "accept", "TWIN": "reject"}


def test_a_father_and_son_of_one_name_at_one_address_are_never_linked_automatically():
    found = decided(pair("SELF", SURE + 10), pair("FATHER", LIKELY, **SENIOR))
    assert found == {"SELF": "relative_of_same_name_beside", "FATHER": "possible_junior_or_senior"}


def test_a_father_is_not_accepted_for_his_son_even_when_a_number_agrees():
    assert decided(pair("FATHER", has_identifier_agreement=True, **SENIOR)) == {"FATHER": "possible_junior_or_senior"}


def test_the_son_himself_is_accepted_beside_his_father_when_a_number_agrees():
    found = decided(pair("SELF", SURE + 20, has_identifier_agreement=True), pair("FATHER", SURE, **SENIOR))
    assert found == {"SELF": "accept", "FATHER": "possible_junior_or_senior"}


def test_the_son_himself_is_accepted_when_his_father_is_below_review():
    assert decided(pair("SELF"), pair("FATHER", UNLIKELY, **SENIOR)) == {"SELF": "accept", "FATHER": "reject"}


def test_a_birth_year_a_few_years_off_is_not_another_generation():
    assert decided(pair("A", has_same_birth_date=False, years_apart=3)) == {"A": "accept"}


def test_a_number_is_not_enough_where_neither_forename_nor_birth_date_agrees():
    told = {"has_identifier_agreement": True, "has_same_first_name": False, "has_same_birth_date": None, "years_apart": None}
    assert decided(pair("BROTHER", SURE + 10, **told)) == {"BROTHER": "forename_and_birth_date_unconfirmed"}


def test_a_number_and_the_forename_are_enough_where_the_birth_date_is_unknown():
    told = {"has_identifier_agreement": True, "has_same_birth_date": None, "years_apart": None}
    assert decided(pair("A", **told)) == {"A": "accept"}


def test_names_and_home_are_not_enough_where_the_birth_date_is_unknown():
    assert decided(pair("FATHER", has_same_birth_date=None, years_apart=None)) == {"FATHER": "birth_date_unknown"}


def test_the_strongest_of_several_reasons_is_told():
    told = {"has_identifier_contradiction": True, "is_deceased": True, **TWIN}
    assert decided(pair("A", LIKELY, **told)) == {"A": "identifier_contradiction"}


def test_no_pairs_give_no_decisions():
    assert decide(table(), PERSON_LINKS).is_empty()
    assert with_rulings(table(), ruled(), PERSON_LINKS).is_empty()


def test_a_link_that_a_person_accepted_stands_whatever_it_weighs_and_whatever_the_rules_say():
    pairs = [pair("A", UNLIKELY, has_identifier_contradiction=True, is_deceased=True)]
    assert under_rulings(pairs, ("R", "A", RuledKind.ACCEPT)) == {"A": ("accept", True)}


def test_a_link_that_a_person_accepted_stands_even_if_it_was_never_scored():
    assert under_rulings([], ("R", "A", RuledKind.ACCEPT)) == {"A": ("accept", True)}


def test_a_link_that_a_person_rejected_is_gone_however_much_it_weighs():
    assert under_rulings([pair("A", SURE + 40)], ("R", "A", RuledKind.REJECT)) == {}


@pytest.mark.parametrize("beside", [{}, TWIN, SENIOR], ids=["many-match", "twin", "father"])
def test_a_rejected_person_no_longer_stands_in_the_way_of_the_right_one(beside):
    pairs = [pair("SELF", SURE), pair("OTHER", SURE, **beside)]
    assert under_rulings(pairs, ("R", "OTHER", RuledKind.REJECT)) == {"SELF": ("accept", False)}


def test_beside_a_person_that_was_accepted_by_ruling_nobody_is_accepted_automatically():
    found = under_rulings([pair("A", UNLIKELY), pair("B", SURE)], ("R", "A", RuledKind.ACCEPT))
    assert found == {"A": ("accept", True), "B": "other_person_accepted_by_ruling"}


def test_after_a_reopening_nothing_of_the_reception_is_accepted_automatically():
    found = under_rulings([pair("A"), pair("B", UNLIKELY)], ("R", None, RuledKind.REOPEN))
    assert found == {"A": "reopened_by_ruling", "B": ("reject", False)}


def test_a_reopened_pair_is_looked_at_again_even_if_it_weighs_little():
    assert under_rulings([pair("A", UNLIKELY)], ("R", "A", RuledKind.REOPEN)) == {"A": "reopened_by_ruling"}


def test_a_reopening_of_one_reception_leaves_others_alone():
    found = under_rulings([pair("A", left="R1"), pair("B", left="R2")], ("R1", None, RuledKind.REOPEN))
    assert found == {"A": "reopened_by_ruling", "B": ("accept", False)}
