"""Links by zone."""

import polars as pl
import pytest

from paramount_assets.evaluation import links
from paramount_assets.vocabulary import Source
from tests.evaluation.made import FATHER, RECEPTION, STRANGER, Tables, receptions, records, truth

POLICE = Source.POLICE_RECORDS
HIS, DUPLICATE, ANOTHERS = "P1", "P2", "P9"
WORLD = truth(source_records=records((POLICE, HIS, FATHER), (POLICE, DUPLICATE, FATHER), (POLICE, ANOTHERS, STRANGER)))


def outcome(*, accepted=(), review=(), scored=(), delivered=(HIS, DUPLICATE, ANOTHERS)) -> dict:
    def pairs(ids) -> list[dict]:
        return [{"reception_id": RECEPTION, "person_id": p} for p in ids]

    made = Tables(
        {
            "person_links": pairs(accepted),
            "review_pairs": pairs(review),
            "scored_pairs": pairs([*accepted, *review, *scored]),
            "police_persons": [{"person_id": p} for p in delivered],
        }
    )
    return links.police_outcomes(WORLD, made, receptions()).row(0, named=True)


@pytest.mark.parametrize(
    ("zones", "zone"),
    [
        ({"accepted": [HIS]}, links.RIGHT),
        ({"accepted": [DUPLICATE]}, links.RIGHT),
        ({"accepted": [HIS, DUPLICATE]}, links.RIGHT),
        ({"accepted": [HIS, ANOTHERS]}, links.WRONG),
        ({"accepted": [ANOTHERS]}, links.WRONG),
        ({"review": [ANOTHERS, HIS]}, links.IN_REVIEW),
        ({"review": [ANOTHERS], "scored": [HIS]}, links.BELOW_REVIEW),
        ({"review": [ANOTHERS]}, links.NOT_A_CANDIDATE),
        ({}, links.NOT_A_CANDIDATE),
    ],
)
def test_a_reception_stands_in_one_zone(zones, zone):
    assert outcome(**zones)["zone"] == zone


def test_a_record_that_has_not_been_delivered_yet_is_none():
    unknown = outcome(delivered=[ANOTHERS])
    assert (unknown["has_record"], unknown["zone"]) == (False, None)


def test_somebody_without_a_record_who_is_linked_is_a_false_accept():
    frame = pl.DataFrame([outcome(accepted=[ANOTHERS], delivered=[ANOTHERS])])
    assert [(line.key, line.figure.count) for line in links.unknown_section(frame).lines] == [
        ("in_review", 0),
        ("accepted_wrong", 1),
    ]


def test_the_lines_of_the_zones_add_up_to_those_who_have_a_record():
    frame = pl.DataFrame([outcome(accepted=[HIS]), outcome(review=[HIS]), outcome(accepted=[ANOTHERS]), outcome(delivered=[])])
    section = links.police_section(frame)
    assert {line.figure.of for line in section.lines} == {3}
    assert sum(line.figure.count for line in section.lines) == 3


@pytest.mark.parametrize(("linked", "right", "wrong"), [("C1/1", True, False), ("C1/2", False, True), (None, False, False)])
def test_a_link_to_a_family_member_is_right_where_the_member_is_the_person_received(linked, right, wrong):
    services = Source.CHILDRENS_SERVICES
    world = truth(source_records=records((services, "C1/1", FATHER), (services, "C1/2", STRANGER)))
    named = [{"child_id": "C1", "member_number": n} for n in (1, 2)]
    pair = [dict(zip(("child_id", "member_number"), (linked[:2], int(linked[3:])), strict=True))] if linked else []
    made = Tables({"known_family_members": named, "family_links": [{"reception_id": RECEPTION} | p for p in pair]})
    found = links.family_outcomes(world, made, receptions()).row(0, named=True)
    assert (found["has_record"], found["is_right"], found["is_wrong"]) == (True, right, wrong)
