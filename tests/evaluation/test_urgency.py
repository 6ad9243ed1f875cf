"""Whether the urgent flag is right."""

import datetime as dt

import polars as pl
import pytest

from paramount_assets.evaluation.truth import Truth
from paramount_assets.evaluation.urgency import urgency_section
from tests.evaluation.made import CHILD, FATHER, MOTHER, RECEPTION, truth

RECEIVED_ON = dt.date(2025, 11, 3)


def listed(*, is_urgent: bool) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "reception_id": [RECEPTION],
            "prisoner_id": [FATHER],
            "child_id": [CHILD],
            "received_on": [RECEIVED_ON],
            "decision": ["eligible"],
            "is_urgent": [is_urgent],
        }
    )


def inside(*spells: tuple[int, dt.datetime, dt.datetime | None]) -> Truth:
    own = [(FATHER, dt.datetime.fromisoformat("2025-11-03T15:00"), None), *spells]
    schema = {"resident_id": pl.Int64, "admitted_at": pl.Datetime("us"), "released_at": pl.Datetime("us")}
    return truth(spells=pl.DataFrame(own, schema, orient="row"))


@pytest.mark.parametrize(
    ("mother_inside", "is_alone"),
    [
        ((), False),
        (((MOTHER, dt.datetime.fromisoformat("2025-10-01T00:00"), None),), True),
        (((MOTHER, dt.datetime.fromisoformat("2025-10-01T00:00"), dt.datetime.fromisoformat("2025-11-03T09:00")),), False),
        (((MOTHER, dt.datetime.fromisoformat("2025-11-04T09:00"), None),), False),
    ],
    ids=["at home", "inside", "released on the day", "received the day after"],
)
def test_a_child_is_alone_where_no_adult_of_its_home_is_outside(mother_inside, is_alone):
    section = urgency_section(listed(is_urgent=True), inside(*mother_inside))
    flagged_alone = {line.key: (line.figure.count, line.figure.of) for line in section.lines}
    assert flagged_alone == {"alone_flagged": (int(is_alone), int(is_alone)), "flagged_alone": (int(is_alone), 1)}


def test_a_child_left_alone_and_not_flagged_is_seen():
    section = urgency_section(listed(is_urgent=False), inside((MOTHER, dt.datetime.fromisoformat("2025-10-01T00:00"), None)))
    assert (section.lines[0].figure.count, section.lines[0].figure.of) == (0, 1)


def test_without_the_spells_of_custody_nothing_is_said():
    assert urgency_section(listed(is_urgent=True), truth()) is None
