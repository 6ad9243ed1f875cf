"""The force's person records and their home addresses in standard form."""

import polars as pl

from paramount_assets.persons.identifiers import cro_number, pnc_number
from paramount_assets.persons.standardise import located_homes, standard_birth_date, standard_name
from paramount_assets.vocabulary import Day


def homes(addresses: pl.DataFrame) -> pl.DataFrame:
    """One row per person, home address and the date since when; work, care-of and other addresses are no homes.

    An address whose type is not recorded counts as a home: unknown is never "no".
    """
    home = addresses.filter(pl.col("address_type").is_null() | (pl.col("address_type") == "home"))
    return located_homes(home).select(
        "person_id", "home_id", "address_id", "address_line", "postcode", "la_code", "from_date", "to_date", "last_confirmed_on"
    )


def persons(records: pl.DataFrame, known_homes: pl.DataFrame, day: Day) -> pl.DataFrame:
    """One row per police person with the newest home that holds on the day and every home postcode there ever was."""
    standard = records.select(
        "person_id",
        standard_name("last_name"),
        standard_name("first_name"),
        standard_name("middle_names"),
        standard_birth_date("date_of_birth"),
        "gender",
        "ethnicity_code",
        pnc_number("pnc_id", day.year).alias("pnc_number"),
        cro_number("cro_number"),
        "is_deceased",
    )
    postcodes = known_homes.group_by("person_id").agg(pl.col("postcode").drop_nulls().unique().sort().alias("postcodes"))
    return (
        standard.join(_current_home(known_homes, day), on="person_id", how="left")
        .join(postcodes, on="person_id", how="left")
        .with_columns(pl.col("postcodes").fill_null([]))
        .select(
            "person_id", "last_name", "first_name", "middle_names", "date_of_birth", "gender", "ethnicity_code", "pnc_number",
            "cro_number", "address_line", "postcode", "postcodes", "la_code", "home_id", "is_deceased",
        )
    )  # fmt: skip


def _current_home(known_homes: pl.DataFrame, day: Day) -> pl.DataFrame:
    begun = pl.col("from_date").is_null() | (pl.col("from_date") <= day)
    not_ended = pl.col("to_date").is_null() | (pl.col("to_date") > day)
    return (
        known_homes.filter(begun & not_ended)
        .sort("person_id", "from_date", "last_confirmed_on", "address_id", nulls_last=False)
        .unique("person_id", keep="last", maintain_order=True)
        .select("person_id", "address_line", "postcode", "la_code", "home_id")
    )
