import datetime as dt

import polars as pl
import pytest

from paramount_assets.synthetic.faulty_rows import spoil

COLUMNS = ["person_id", "gender", "date_of_birth", "last_name", "address_count"]
COUNT = 40_000


@pytest.fixture(scope="module")
def spoiled() -> tuple[pl.DataFrame, pl.DataFrame]:
    rows = pl.DataFrame(
        {
            "person_id": [f"P{at}" for at in range(COUNT)],
            "gender": ["F"] * COUNT,
            "date_of_birth": [dt.date(1990, 1, 2)] * COUNT,
            "last_name": ["Okafor"] * COUNT,
            "address_count": [3] * COUNT,
            "recorded_on": [dt.date(2025, 11, 2)] * COUNT,
        }
    )
    return spoil(rows, "persons.csv", COLUMNS, 7)


def test_one_row_in_two_thousand_breaks_the_contract_in_one_of_three_ways(spoiled):
    rows, _ = spoiled
    counts = {
        "code": (rows["gender"] == "ZZ").sum(),
        "date": (rows["date_of_birth"] == "31/02/1990").sum(),
        "nul": (rows["last_name"] == "O\0kafor").sum(),
    }
    assert min(counts.values()) > 0
    assert 8 <= sum(counts.values()) <= 36


def test_the_answer_key_is_told_of_exactly_those(spoiled):
    rows, noted = spoiled
    broken = rows.filter(
        (pl.col("gender") == "ZZ") | (pl.col("date_of_birth") == "31/02/1990") | (pl.col("last_name") != "Okafor")
    )
    assert noted.rows() == [("police_records", person_id, "quarantined_row") for person_id in broken["person_id"]]


def test_every_value_of_the_contract_is_text_and_what_else_is_carried_stays(spoiled):
    rows, _ = spoiled
    assert set(rows.select(COLUMNS).dtypes) == {pl.String}
    assert rows["recorded_on"].dtype == pl.Date
    assert rows.row(0)[:5] == ("P0", "F", "1990-01-02", "Okafor", "3")
