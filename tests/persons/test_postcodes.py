import polars as pl

from paramount_assets.persons.postcodes import DIRECTORY_SCHEMA, directory, located


def test_the_directory_knows_area_and_place_of_a_postcode():
    found = located(pl.Series(["OX1 4AR", "OX1 4ZZ", None, "OX1 4AR"])).row(0, named=True)
    assert found == {"postcode": "OX1 4AR", "la_code": "E07000178", "easting": found["easting"], "northing": found["northing"]}
    assert 445_000 < found["easting"] < 457_000
    assert 200_000 < found["northing"] < 212_000


def test_a_postcode_that_does_not_exist_is_not_found():
    assert located(pl.Series(["OX1 4ZZ", "QQ1 1AA"])).is_empty()


def test_every_postcode_stands_once_and_in_canonical_form():
    oxford = directory("O")
    assert oxford.schema == DIRECTORY_SCHEMA
    assert oxford["postcode"].is_unique().all()
    assert oxford["postcode"].str.contains(r"^[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}$").all()


def test_no_letters_give_an_empty_directory():
    assert directory("").schema == DIRECTORY_SCHEMA
    assert directory("Q").is_empty()
