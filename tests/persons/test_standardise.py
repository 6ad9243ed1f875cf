import datetime as dt

import polars as pl
import pytest

from paramount_assets.persons.standardise import (
    located_homes,
    short_id,
    standard_address,
    standard_birth_date,
    standard_name,
    standard_postcode,
)


def one(expression, value, dtype=pl.String):
    return pl.DataFrame({"value": [value]}, schema={"value": dtype}).select(expression("value")).item()


@pytest.mark.parametrize(
    ("written", "standard"),
    [
        ("Smith-Jones", "SMITH JONES"),
        ("O'Brien", "OBRIEN"),
        ("D\u2019Arcy", "DARCY"),
        ("Mc Donald", "MCDONALD"),
        ("Zoë", "ZOE"),
        ("Łukasz Ørsted", "LUKASZ ORSTED"),
        ("José P. García", "JOSE GARCIA"),
        ("  anna   maria ", "ANNA MARIA"),
        ("=cmd()", "CMD"),
    ],
)
def test_names_have_one_form(written, standard):
    assert one(standard_name, written) == standard


@pytest.mark.parametrize("written", ["MIG_ERROR_", "NO_SHOW_", "DUPLICATE_", "Not Entered", "J", " - ", "", None])
def test_a_placeholder_is_no_name(written):
    assert one(standard_name, written) is None


def test_a_marker_before_a_name_leaves_the_name():
    assert one(standard_name, "DUPLICATE_Smith") == "SMITH"


@pytest.mark.parametrize("placeholder", [dt.date(1970, 1, 1), dt.date(1900, 1, 1), None])
def test_a_placeholder_is_no_birth_date(placeholder):
    assert one(standard_birth_date, placeholder, pl.Date) is None


@pytest.mark.parametrize("slip", [dt.date(1815, 3, 2), dt.date(1899, 12, 31)])
def test_a_birth_date_of_nobody_who_lives_is_unknown(slip):
    assert one(standard_birth_date, slip, pl.Date) is None


@pytest.mark.parametrize("date", [dt.date(1970, 1, 2), dt.date(1900, 1, 2)])
def test_other_birth_dates_are_kept(date):
    assert one(standard_birth_date, date, pl.Date) == date


@pytest.mark.parametrize("written", ["OX4 1EJ", "ox41ej", " OX 4 1 EJ", "OX4-1EJ"])
def test_postcodes_have_one_form(written):
    assert one(standard_postcode, written) == "OX4 1EJ"


@pytest.mark.parametrize("written", ["NF1 1NF", "nf11fa", "OX4", "4OX 1EJ", "unknown", "", None])
def test_what_is_no_postcode_is_unknown(written):
    assert one(standard_postcode, written) is None


@pytest.mark.parametrize(
    ("written", "standard"),
    [
        ("Flat 2,  14 St. John's Rd.", "FLAT 2 14 ST JOHNS ROAD"),
        ("1 High St", "1 HIGH STREET"),
        ("1 high street", "1 HIGH STREET"),
        ("5 Oak Ave, Botley", "5 OAK AVENUE BOTLEY"),
        ("Apt 3, 9 Mill Terr", "APARTMENT 3 9 MILL TERRACE"),
        (" - ", None),
        (None, None),
    ],
)
def test_an_address_line_has_one_form(written, standard):
    assert one(standard_address, written) == standard


def test_a_home_is_an_address_line_at_a_postcode_that_exists():
    homes = located_homes(
        pl.DataFrame(
            {
                "address_line": ["1 High St.", "1 HIGH STREET", "1 High St", None],
                "postcode": ["OX1 4AR", "ox14ar", "OX1 4ZZ", "OX1 4AR"],
            }
        )
    )
    assert homes["postcode"].to_list() == ["OX1 4AR", "OX1 4AR", None, "OX1 4AR"]
    assert homes["la_code"].to_list() == ["E07000178", "E07000178", None, "E07000178"]
    assert homes["home_id"][0] == homes["home_id"][1]
    assert homes["home_id"][2:].to_list() == [None, None]


def test_an_id_is_its_prefix_and_fifteen_hexadecimal_digits():
    ids = pl.DataFrame({"a": ["x", None], "b": ["y", "y"]}).select(short_id("H", "a", "b")).to_series().to_list()
    assert len(ids[0]) == 16
    assert ids[0].startswith("H")
    assert ids[1] is None
