"""The prison's extracts over two years: on time, late, wrong at first, and none on some days."""

import datetime as dt

import polars as pl
import pytest

from paramount_assets.synthetic.contacts import CONTACT_COLUMNS
from paramount_assets.synthetic.extracts import hold_over, nil_days, prison_extracts
from paramount_assets.synthetic.prison import MOVEMENT_COLUMNS

FIRST_DAY, DAYS = dt.date(2024, 11, 1), 730
NIL = nil_days(FIRST_DAY, DAYS, 7)


def _rows(columns: list[str], count: int, **given: object) -> pl.DataFrame:
    return pl.DataFrame(dict.fromkeys(columns, pl.Series(["x"] * count)) | given).select([*columns, *(set(given) - set(columns))])


@pytest.fixture(scope="module")
def extracts():
    on = [FIRST_DAY + dt.timedelta(days=at) for at in range(DAYS) for _ in range(10)]
    numbers = [str(at) for at in range(len(on))]
    movements = _rows(MOVEMENT_COLUMNS, len(on), prisoner_number=numbers, extract_date=on, date_of_birth=["1988-02-29"] * len(on))
    contacts = _rows(CONTACT_COLUMNS, len(on), prisoner_number=numbers, known_from=[None, dt.date(2025, 6, 1)] * (len(on) // 2))
    contacts = contacts.with_columns(pl.col("known_from").cast(pl.Date))
    return list(prison_extracts(hold_over(movements, NIL), contacts, (FIRST_DAY, DAYS), 7))


def test_one_day_in_sixty_has_no_movements_and_neither_has_christmas():
    assert {dt.date(2024, 12, 25), dt.date(2025, 12, 25)} <= NIL
    assert 6 <= len(NIL) <= 24
    assert {FIRST_DAY, FIRST_DAY + dt.timedelta(days=DAYS - 1)}.isdisjoint(NIL)


def test_a_world_of_one_or_two_days_has_no_nil_day_even_at_christmas():
    assert not nil_days(dt.date(2025, 12, 25), 1, 7)
    assert not nil_days(dt.date(2025, 12, 24), 2, 7)


def test_the_movements_of_nil_days_come_in_the_next_extract_and_none_is_lost(extracts):
    standing = {delivery.day: delivery.files["movements.csv"] for delivery in extracts}
    assert {day for day, rows in standing.items() if rows.is_empty()} == NIL
    assert len(standing[dt.date(2024, 12, 26)]) == 20
    assert sum(len(rows) for rows in standing.values()) == DAYS * 10


def test_one_day_in_twenty_was_wrong_at_first_and_its_correction_is_right(extracts):
    corrected = [delivery for delivery in extracts if delivery.version == 2]
    assert 20 <= len(corrected) <= 60
    first = {delivery.day: delivery.files["movements.csv"] for delivery in extracts if delivery.version == 1}
    kinds = set()
    for delivery in corrected:
        right, wrong = delivery.files["movements.csv"], first[delivery.day]
        assert not right.equals(wrong)
        kinds.add("cut" if len(wrong) < len(right) else "birth dates")
        if len(wrong) < len(right):
            assert wrong.equals(right.head(len(wrong)))
            assert 7 <= len(wrong) <= 9 or len(right) > 10
        else:
            differ = (wrong["date_of_birth"] != right["date_of_birth"]).sum()
            assert 1 <= differ <= 3
            assert wrong.drop("date_of_birth").equals(right.drop("date_of_birth"))
            assert set(wrong["date_of_birth"]) == {"1988-02-29", "1978-02-28"}
        assert set(delivery.files["contacts.csv"]["prisoner_number"]) <= set(right["prisoner_number"])
    assert kinds == {"cut", "birth dates"}


def test_a_correction_is_produced_the_same_day_and_a_late_extract_a_day_or_two_after(extracts):
    produced = [(d.version, (d.produced_at.date() - d.day).days) for d in extracts if d.produced_at]
    assert {days for version, days in produced if version == 2} == {0}
    assert {days for version, days in produced if version == 1} == {1, 2}
    assert 12 <= sum(version == 1 for version, _ in produced) <= 50


def test_a_contact_is_named_from_its_birth_on(extracts):
    odd = {d.day: sum(int(n) % 2 for n in d.files["contacts.csv"]["prisoner_number"]) for d in extracts}
    assert {count for day, count in odd.items() if day <= dt.date(2025, 6, 1)} == {0}
    assert odd[dt.date(2025, 6, 20)] > 0
