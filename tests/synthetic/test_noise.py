import datetime as dt

import numpy as np
import polars as pl
import pytest

from paramount_assets.synthetic.identifiers import pnc_numbers
from paramount_assets.synthetic.names import feminine, nicknames
from paramount_assets.synthetic.noise import (
    RATES,
    Cause,
    Scribe,
    other_form_of_address,
    other_form_of_pnc,
    other_form_of_postcode,
    swapped_day_and_month,
    typing_slip,
    wrong_number,
    wrong_year,
)
from paramount_assets.synthetic.recording import record_identity, record_numbers
from paramount_assets.synthetic.streams import numbers_apart, stream


@pytest.mark.parametrize("draw", range(0, 400, 7))
def test_a_typing_slip_changes_a_name_by_one_letter_at_most(draw):
    slipped = typing_slip("Harrison", draw)
    assert abs(len(slipped) - len("Harrison")) <= 1
    assert slipped[0] == "H"


def test_a_name_of_two_letters_has_no_typing_slip():
    assert typing_slip("Ng", 3) == "Ng"


def test_day_and_month_change_places_where_that_is_a_date():
    assert swapped_day_and_month(dt.date(1990, 3, 11), 0) == dt.date(1990, 11, 3)
    assert swapped_day_and_month(dt.date(1990, 3, 31), 0) == dt.date(1990, 3, 30)


def test_a_wrong_year_is_always_an_earlier_one():
    assert all(wrong_year(dt.date(2024, 2, 29), draw) < dt.date(2024, 2, 29) for draw in range(8))


@pytest.mark.parametrize("draw", range(20))
def test_every_written_form_of_a_pnc_number_keeps_serial_and_letter(draw):
    form = other_form_of_pnc("2012/0394773H", draw)
    assert form.replace(" ", "").endswith("394773H")
    assert form.startswith(("12", "2012"))


@pytest.mark.parametrize("draw", range(20))
def test_a_wrong_pnc_number_differs_in_one_digit_of_its_serial(draw):
    wrong = wrong_number("2012/0394773H", draw)
    assert sum(a != b for a, b in zip(wrong, "2012/0394773H", strict=True)) == 1
    assert wrong.startswith("2012/")


@pytest.mark.parametrize("draw", range(6))
def test_another_form_of_a_postcode_or_an_address_holds_the_same_words(draw):
    assert other_form_of_postcode("OX4 1AB", draw).replace(" ", "").upper() == "OX41AB"
    assert other_form_of_address("12 Mill Lane", draw).replace(",", "").upper() == "12 MILL LANE"


def test_every_cause_has_a_reason_and_shares_between_none_and_all():
    assert set(RATES) == set(Cause) - {Cause.PLAIN_LETTERS}  # not by chance: old systems hold no accents
    assert all(rate.because and 0 <= share <= 1 for rate in RATES.values() for share in rate[:3])


def test_a_scribe_remembers_every_record_it_hit():
    ids = pl.Series([f"P{number}" for number in range(2_000)])
    scribe = Scribe(5, "police", ids)
    hit = scribe.hits(Cause.TYPING_SLIP)
    assert scribe.causes()["record_id"].to_list() == sorted(ids.filter(pl.Series(hit)).to_list())


def test_a_further_cause_does_not_shift_the_others():
    ids = pl.Series([f"P{number}" for number in range(500)])
    alone, beside = Scribe(5, "police", ids), Scribe(5, "police", ids)
    beside.hits(Cause.NICKNAME)
    assert np.array_equal(alone.hits(Cause.TYPING_SLIP), beside.hits(Cause.TYPING_SLIP))


def test_a_stage_s_draws_depend_on_its_name_and_the_seed_only():
    assert stream(1, "a").random() == stream(1, "a").random()
    assert len({stream(1, "a").random(), stream(1, "b").random(), stream(2, "a").random()}) == 3


def test_different_numbers_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="do not fit"):
        numbers_apart(stream(1, "n"), 0, 5, 6)


def test_about_three_in_four_pnc_numbers_are_recorded_in_prison_and_a_few_of_them_wrongly():
    true = pl.DataFrame({"pnc": pnc_numbers(np.full(3_000, 2012), np.arange(3_000)), "cro": [None] * 3_000})
    scribe = Scribe(5, "prison", pl.Series([str(at) for at in range(3_000)]))
    recorded = record_numbers(true, scribe)["pnc"]
    assert recorded.is_not_null().mean() == pytest.approx(0.75, abs=0.03)
    digits = recorded.str.extract(r"(\d+) ?[A-Z]$").str.tail(5).cast(pl.Int64)
    wrong = (digits != pl.Series(range(3_000))).sum()
    assert 0.015 < wrong / recorded.len() < 0.04


def test_a_slip_never_makes_a_birth_later_than_the_newest_one():
    born = [dt.date(2025, 1, 10), dt.date(2025, 11, 1), dt.date(2025, 2, 11)] * 400
    true = pl.DataFrame({"date_of_birth": born}).with_columns(
        *[pl.lit(name).alias(column) for column, name in (("last_name", "Hill"), ("first_name", "Ann"))],
        *[pl.lit(None, dtype=pl.String).alias(column) for column in ("middle_names", "maiden_name")],
    )
    recorded = record_identity(true, Scribe(5, "police", pl.Series([str(at) for at in range(1_200)])))
    assert recorded["date_of_birth"].max() <= dt.date(2025, 11, 1)
    assert (recorded["date_of_birth"] != pl.Series(born)).sum() > 10


def test_polish_surnames_have_a_form_for_women():
    assert [feminine(name) for name in ("Kowalski", "Nowak", "Zawadzki")] == ["Kowalska", "Nowak", "Zawadzka"]


def test_nicknames_are_of_names_that_are_drawn():
    assert "Bill" in nicknames()["William"]
