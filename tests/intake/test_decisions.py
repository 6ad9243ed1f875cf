"""The day that a person's decision belongs to."""

import datetime as dt

import polars as pl
import pytest

from paramount_assets.intake.decisions import rulings_of
from paramount_assets.vocabulary import Day

DAY = Day(dt.date(2025, 11, 5))


def recorded(*moments):
    return pl.DataFrame(
        {
            "ruling_id": [str(n) for n in range(len(moments))],
            "recorded_at": [dt.datetime.fromisoformat(moment) for moment in moments],
            "decided_by": ["reviewer"] * len(moments),
            "ruling_kind": ["accept_link"] * len(moments),
            "reception_id": ["R1"] * len(moments),
            "subject_id": ["P1"] * len(moments),
            "reason": ["seen"] * len(moments),
        }
    )


@pytest.mark.parametrize(
    ("moment", "is_of_the_day"),
    [
        ("2025-11-04T05:59:59", False),
        ("2025-11-04T06:00:00", True),
        ("2025-11-05T05:59:59", True),
    ],
)
def test_a_ruling_belongs_to_the_first_day_whose_cut_off_is_after_it(moment, is_of_the_day):
    assert rulings_of(recorded(moment), DAY)["is_of_the_day"].to_list() == [is_of_the_day]


def test_a_ruling_recorded_at_the_cut_off_is_not_known_yet():
    assert rulings_of(recorded("2025-11-05T06:00:00"), DAY).is_empty()


def test_a_ruling_stands_on_every_later_day():
    later = [
        rulings_of(recorded("2025-11-04T12:00:00"), Day(dt.date(2025, 11, n)))["is_of_the_day"].to_list() for n in (4, 5, 6, 30)
    ]
    assert later == [[], [True], [False], [False]]


def test_who_decided_and_why_stay_in_the_ledger():
    assert rulings_of(recorded("2025-11-04T12:00:00"), DAY).columns == [
        "ruling_id", "recorded_at", "is_of_the_day", "ruling_kind", "reception_id", "subject_id"
    ]  # fmt: skip


def test_every_ruling_belongs_to_exactly_one_day():
    moments = [f"2025-11-0{day}T{hour:02}:00:00" for day in (4, 5) for hour in range(24)]
    days = [Day(dt.date(2025, 11, n)) for n in (4, 5, 6)]
    together = pl.concat([rulings_of(recorded(*moments), day).filter("is_of_the_day") for day in days])
    assert together["ruling_id"].sort().to_list() == sorted(str(n) for n in range(48))
