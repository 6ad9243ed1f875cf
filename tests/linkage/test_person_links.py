import polars as pl
import pytest

from paramount_assets.lake import conform
from paramount_assets.linkage.assets import person_links, review_pairs, scored_pairs
from paramount_assets.matching.model import ModelAltered, ModelMissing
from paramount_assets.quality import load_suite
from paramount_assets.settings import Settings
from tests.linkage.frames import police, received, rulings

pytestmark = pytest.mark.slow

RECEIVED = received({"reception_id": "R1"})
KNOWN = police({"person_id": "P1"})
NONE = rulings()


def suite_columns(table):
    return load_suite(Settings().root / "expectations" / "linkage" / f"{table}.json", f"linkage/{table}").columns


def linked(pairs, today=NONE, before=NONE, persons=RECEIVED):
    links = person_links(pairs, persons, pl.concat([before, today]))
    return {row["person_id"]: row["decided_by"] for row in links.to_dicts()}


def reviewed(pairs, today=NONE, before=NONE, persons=RECEIVED):
    pairs = review_pairs(pairs, persons, pl.concat([before, today]))
    return {row["person_id"]: row["reason_code"] for row in pairs.to_dicts()}


@pytest.fixture(scope="module")
def sure(model):
    return scored_pairs(RECEIVED, KNOWN, model)


@pytest.mark.parametrize(("persons", "known"), [(RECEIVED, KNOWN), (RECEIVED.head(0), KNOWN), (RECEIVED, KNOWN.head(0))])
def test_the_tables_have_the_columns_that_their_suites_list(persons, known, model):
    pairs = scored_pairs(persons, known, model)
    conform(pairs, suite_columns("scored_pairs"))
    conform(person_links(pairs, persons, NONE), suite_columns("person_links"))
    conform(review_pairs(pairs, persons, NONE), suite_columns("review_pairs"))


def test_a_person_known_well_is_linked_by_the_model(sure):
    assert linked(sure) == {"P1": "model"}
    assert reviewed(sure) == {}


def test_a_person_whose_record_says_deceased_is_put_to_a_reviewer(model):
    pairs = scored_pairs(RECEIVED, police({"person_id": "P1", "is_deceased": True}), model)
    assert linked(pairs) == {}
    assert reviewed(pairs) == {"P1": "recorded_as_deceased"}


def test_a_record_that_does_not_say_whether_its_person_died_is_taken_for_living(model):
    pairs = scored_pairs(RECEIVED, police({"person_id": "P1", "is_deceased": None}), model)
    assert pairs["is_deceased"].to_list() == [False]


def test_two_records_of_one_person_are_put_to_a_reviewer(model):
    pairs = scored_pairs(RECEIVED, police({"person_id": "P1"}, {"person_id": "P2", "pnc_number": None}), model)
    assert linked(pairs) == {}
    assert set(reviewed(pairs)) == {"P1", "P2"}


def test_the_same_day_gives_the_same_links_whatever_the_order_of_its_rows(model):
    persons, known = received({"reception_id": "R1"}, {"reception_id": "R0"}), police({"person_id": "P1"}, {"person_id": "P0"})
    assert scored_pairs(persons, known, model).equals(scored_pairs(persons.reverse(), known.reverse(), model))


def test_a_rejected_link_is_neither_linked_nor_reviewed_again(sure):
    ruling = rulings(("reject_link", "R1", "P1"))
    assert linked(sure, today=ruling) == reviewed(sure, today=ruling) == {}


def test_a_rejection_of_an_earlier_day_holds_on_every_later_day(sure):
    ruling = rulings(("reject_link", "R1", "P1")).with_columns(is_of_the_day=pl.lit(value=False))
    assert linked(sure, before=ruling) == reviewed(sure, before=ruling) == {}


def test_an_accepted_link_stands_and_says_that_a_person_decided(sure):
    assert linked(sure.head(0), today=rulings(("accept_link", "R1", "P9"))) == {"P9": "ruling"}
    assert linked(sure, before=rulings(("accept_link", "R1", "P1"))) == {"P1": "ruling"}


def test_of_two_rulings_on_one_pair_the_later_stands(sure):
    first, then = ("reject_link", "R1", "P1"), ("accept_link", "R1", "P1")
    assert linked(sure, today=rulings(first, then)) == {"P1": "ruling"}
    assert linked(sure, today=rulings(then, first)) == {}


def test_a_reopening_undoes_an_earlier_acceptance_and_a_later_one_stands_again(sure):
    accept, reopen = ("accept_link", "R1", "P1"), ("reopen_link", "R1", None)
    assert linked(sure, today=rulings(accept, reopen)) == {}
    assert reviewed(sure, today=rulings(accept, reopen)) == {"P1": "reopened_by_ruling"}
    assert linked(sure, today=rulings(accept, reopen, accept)) == {"P1": "ruling"}


def test_a_reopening_keeps_the_model_from_linking_again(sure):
    reopen = rulings(("reopen_link", "R1", "P1"))
    assert linked(sure, before=reopen) == {}
    assert reviewed(sure, before=reopen) == {"P1": "reopened_by_ruling"}


def test_a_reopening_does_not_bring_back_what_was_rejected(sure):
    both = rulings(("reject_link", "R1", "P1"), ("reopen_link", "R1", None))
    assert linked(sure, today=both) == reviewed(sure, today=both) == {}


def test_a_ruling_on_a_reception_that_the_day_does_not_look_at_makes_no_link(sure):
    assert linked(sure, before=rulings(("accept_link", "R9", "P9"))) == {"P1": "model"}


def test_rulings_about_children_and_holds_do_not_touch_links(sure):
    assert linked(sure, today=rulings(("reject_child", "R1", "P1"), ("release_hold", "R1", "P1"))) == {"P1": "model"}


def test_without_its_model_nothing_is_scored(tmp_path):
    with pytest.raises(ModelMissing):
        scored_pairs(RECEIVED, KNOWN, tmp_path / "none")


def test_with_an_altered_model_nothing_is_scored(model, tmp_path):
    for file in model.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "model.json").write_text("{}")
    with pytest.raises(ModelAltered):
        scored_pairs(RECEIVED, KNOWN, tmp_path)


def test_the_parts_of_every_weight_are_kept_for_the_reviewer(sure):
    weights = sure.select(pl.col("name_weight", "birth_date_weight", "location_weight", "identifier_weight", "gender_weight"))
    assert all(weight > 0 for weight in weights.row(0))
