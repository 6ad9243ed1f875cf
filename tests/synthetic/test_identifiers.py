"""The examples are those of the public repositories; the generator's arithmetic is checked against them, not against itself."""

import re

import numpy as np
import pytest

from paramount_assets.synthetic.identifiers import apart_within_years, cro_numbers, phone_numbers, pnc_numbers, prison_numbers
from paramount_assets.synthetic.streams import stream


@pytest.mark.parametrize(
    ("year", "serial", "pnc"),
    [
        (2012, 394773, "2012/0394773H"),
        (2003, 11999, "2003/0011999M"),
        (1981, 34, "1981/0000034U"),
        (2002, 73319, "2002/0073319Z"),
        (2000, 223, "2000/0000223R"),
        (1979, 163001, "1979/0163001B"),
    ],
)
def test_a_pnc_number_gets_the_check_letter_of_its_year_and_serial(year, serial, pnc):
    assert pnc_numbers(np.array([year]), np.array([serial]))[0] == pnc


@pytest.mark.parametrize(
    ("year", "serial", "cro"), [(1991, 65656, "065656/91H"), (1985 - 100 + 80, 85227, "085227/65L"), (2012, 29906, "029906/12J")]
)
def test_a_cro_number_gets_the_check_letter_of_its_year_and_serial(year, serial, cro):
    assert cro_numbers(np.array([year]), np.array([serial]))[0] == cro


def test_no_two_people_have_one_cro_number_however_many_there_are():
    rng = stream(1, "cro")
    years, serials = rng.integers(2000, 2003, size=200_000), rng.permutation(3_000_000)[:200_000]
    numbers = cro_numbers(years, apart_within_years(years, serials))
    assert cro_numbers(years, serials % 10**6).is_duplicated().any()
    assert numbers.is_unique().all()


def test_prison_numbers_differ_and_have_the_service_s_form():
    numbers = prison_numbers(5_000, stream(1, "numbers"))
    assert len(set(numbers)) == 5_000
    assert all(re.fullmatch(r"[A-Z]\d{4}[A-Z]{2}", number) for number in numbers)


def test_telephone_numbers_belong_to_nobody():
    numbers = phone_numbers(stream(1, "phones").random(1_000))
    assert all(re.fullmatch(r"07700900\d{3}", number) for number in numbers)
