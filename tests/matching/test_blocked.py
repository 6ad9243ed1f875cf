"""What Splink is given of a reference: all that a rule brings together with somebody, and nothing is scored otherwise."""

import datetime as dt

import polars as pl
import pytest

from paramount_assets.matching.linker import Session, blocked
from paramount_assets.matching.rarity import rarities
from paramount_assets.matching.records import ID, keyed, prepared
from paramount_assets.matching.score import score
from tests.matching.people import crowd, documented_model, people, person

RECEIVED = person("R", postcodes=["OX4 1AB"], pnc_number="2011/0004827K", cro_number="004827/11K")
STRANGER = {"last_name": "PIKE", "first_name": "ADA", "date_of_birth": dt.date(1950, 5, 5), "postcodes": ["MK9 2CD"]}


@pytest.mark.parametrize(
    "shared",
    [
        {"pnc_number": "2011/0004827K"},
        {"cro_number": "004827/11K"},
        {name: RECEIVED[name] for name in ("last_name", "date_of_birth")},
        {name: RECEIVED[name] for name in ("first_name", "date_of_birth")},
        {"last_name": RECEIVED["first_name"], "first_name": RECEIVED["last_name"], "date_of_birth": RECEIVED["date_of_birth"]},
        {"postcodes": ["MK9 2CD", "OX4 1AB"], "date_of_birth": RECEIVED["date_of_birth"]},
    ],
    ids=["pnc", "cro", "surname and birth date", "forename and birth date", "names swapped", "a former home and birth date"],
)
def test_somebody_whom_a_single_rule_finds_is_among_the_candidates(shared):
    reference = keyed(people(person("P", **STRANGER | shared), person("Q", **STRANGER)), "key")
    assert blocked(keyed(people(RECEIVED), "key"), reference)[ID].to_list() == ["P"]


@pytest.mark.slow
def test_the_weights_are_those_of_the_whole_reference():
    received, reference, model = people(*crowd(40)), people(*crowd(400)), documented_model()
    ours, theirs = prepared(received, "key"), prepared(reference, "key")
    settings = model.settings | {"probability_two_random_records_match": model.prior(theirs.height)}
    session = Session(ours, theirs, settings, rarities(theirs, model.typical_shares))
    whole = session.linker.inference.predict_between(session.left, session.right, threshold_match_weight=-100.0)
    expected = (
        pl.DataFrame(pl.from_arrow(whole.as_pyarrow_table()))
        .select(f"{ID}_l", f"{ID}_r", "match_weight")
        .sort(f"{ID}_l", f"{ID}_r")
    )
    found = score(received, reference, model, -100.0, "key", "key").select("left_id", "right_id", "match_weight")
    assert found.height >= 40
    assert found.rows() == expected.rows()
