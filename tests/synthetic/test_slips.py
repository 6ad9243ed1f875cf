import datetime as dt

import numpy as np
import polars as pl
import pytest

from paramount_assets.synthetic.slips import (
    changed,
    dropped_part,
    first_of_january,
    keyboard_slip,
    merged_part,
    other_form_of_address,
    other_form_of_pnc,
    other_form_of_postcode,
    phonetic_spelling,
    placeholder_birth_date,
    swapped_day_and_month,
    typing_slip,
    wrong_day,
    wrong_number,
    wrong_year,
)
from paramount_assets.synthetic.streams import stream

DRAWS = range(0, 4_000, 77)


@pytest.mark.parametrize("draw", DRAWS)
def test_a_typing_slip_changes_a_name_by_one_letter_at_most(draw):
    slipped = typing_slip("Harrison", draw)
    assert abs(len(slipped) - len("Harrison")) <= 1
    assert slipped[0] == "H"


def test_a_name_of_two_letters_has_no_typing_slip():
    assert typing_slip("Ng", 3) == "Ng"


@pytest.mark.parametrize("draw", DRAWS)
def test_a_keyboard_slip_puts_one_neighbouring_letter_and_keeps_capitals(draw):
    slipped = keyboard_slip("Harrison", draw)
    differing = [(a, b) for a, b in zip("Harrison", slipped, strict=True) if a != b]
    assert len(differing) == 1
    assert slipped.istitle()


def test_a_blank_is_never_hit_on_the_neighbouring_key():
    assert {keyboard_slip("A B", draw)[1] for draw in DRAWS} == {" "}


@pytest.mark.parametrize(
    ("name", "spellings"),
    [("Stephen", {"Steven"}), ("Catherine", {"Katherine", "Kathryn"}), ("Smith", {"Smyth"}), ("Reid", {"Reed", "Read"})],
)
def test_names_known_to_sound_alike_are_written_as_each_other(name, spellings):
    assert {phonetic_spelling(name, draw) for draw in DRAWS} == spellings


def test_other_names_are_spelled_by_their_sounds():
    assert {"Jenifer", "Jennyfer"} <= {phonetic_spelling("Jennifer", draw) for draw in DRAWS}
    assert {phonetic_spelling("Randolph", draw) for draw in DRAWS} >= {"Randolf"}
    assert {phonetic_spelling("Frederick", draw) for draw in DRAWS} >= {"Frederik"}


@pytest.mark.parametrize("draw", DRAWS)
def test_the_first_letter_survives_a_phonetic_spelling_by_sounds(draw):
    assert phonetic_spelling("Kowalczyk", draw)[0] == "K"


def test_a_double_name_loses_one_part_or_becomes_one_word():
    assert {dropped_part("Silva Costa", draw) for draw in DRAWS} == {"Silva", "Costa"}
    assert merged_part("Silva-Costa", 0) == "Silvacosta"
    assert merged_part("O'Brien", 0) == "Obrien"


def test_day_and_month_change_places_where_that_is_a_date():
    assert swapped_day_and_month(dt.date(1990, 3, 11), 0) == dt.date(1990, 11, 3)
    assert swapped_day_and_month(dt.date(1990, 3, 31), 0) == dt.date(1990, 3, 31)


@pytest.mark.parametrize("day", range(1, 29))
def test_a_wrong_day_stays_in_its_month_and_is_another_day(day):
    born = dt.date(1990, 2, day)
    wrong = [wrong_day(born, draw) for draw in range(8)]
    assert all((date.year, date.month) == (1990, 2) and date != born for date in wrong)


def test_a_wrong_year_is_always_an_earlier_one():
    assert all(wrong_year(dt.date(2024, 2, 29), draw) < dt.date(2024, 2, 29) for draw in range(8))


def test_first_of_january_is_of_the_year_or_of_one_just_before():
    assert {first_of_january(dt.date(1988, 7, 4), draw) for draw in range(8)} == {dt.date(y, 1, 1) for y in (1986, 1987, 1988)}


def test_placeholders_are_those_seen_in_production():
    assert {placeholder_birth_date(dt.date(1988, 7, 4), draw) for draw in range(4)} == {dt.date(1900, 1, 1), dt.date(1970, 1, 1)}


@pytest.mark.parametrize("draw", range(20))
def test_every_written_form_of_a_pnc_number_keeps_serial_and_letter(draw):
    form = other_form_of_pnc("2012/0394773H", draw)
    assert form.replace(" ", "").endswith("394773H")
    assert form.startswith(("12", "2012"))


@pytest.mark.parametrize("draw", DRAWS)
@pytest.mark.parametrize(("number", "serial"), [("2012/0394773H", slice(5, 12)), ("065656/91H", slice(0, 6))])
def test_a_mistyped_number_differs_in_one_digit_of_its_serial_and_its_letter_no_longer_fits(draw, number, serial):
    wrong = wrong_number(number, draw)
    assert sum(a != b for a, b in zip(wrong, number, strict=True)) == 1
    assert wrong[serial] != number[serial]
    assert (int(wrong[serial]) - int(number[serial])) % 23 != 0


@pytest.mark.parametrize("draw", range(6))
def test_another_form_of_a_postcode_or_an_address_holds_the_same_words(draw):
    assert other_form_of_postcode("OX4 1AB", draw).replace(" ", "").upper() == "OX41AB"
    assert other_form_of_address("12 Mill Lane", draw).replace(",", "").upper() == "12 MILL LANE"


def test_a_change_touches_only_the_rows_that_are_hit_and_says_which_differ():
    values = pl.Series(["Hill", None, "Ng", "Wood"])
    new, differs = changed(values, np.array([True, True, True, False]), typing_slip, stream(1, "slips"))
    assert differs.tolist() == [new[0] != "Hill", False, False, False]
    assert new.to_list()[1:] == [None, "Ng", "Wood"]
    assert values.to_list() == ["Hill", None, "Ng", "Wood"]
