"""Which receptions a day looks at, and the persons received in standard form.

A day looks at its own receptions. When a reference delivery lands, a local authority answers about a reception, or a ruling names
one, earlier receptions of people who are still in custody are looked at again in the new day's tables; the old day never changes.
"""

from dataclasses import dataclass

import polars as pl

from paramount_assets.persons.identifiers import cro_number, pnc_number
from paramount_assets.persons.standardise import (
    PLACEHOLDER_POSTCODES,
    located_homes,
    standard_birth_date,
    standard_name,
)
from paramount_assets.vocabulary import Day

RECEIVED, REFERENCE, RULING = "received", "reference", "ruling"
"""Why a reception is looked at: the values of `looked_at_because`, the first that holds."""

_NO_FIXED_ABODE = [postcode.replace(" ", "") for postcode in PLACEHOLDER_POSTCODES]

COLUMNS = (
    "reception_id", "looked_at_because", "received_at", "received_on", "prisoner_number", "booking_id", "last_name",
    "first_name", "middle_names", "date_of_birth", "gender", "ethnicity_code", "pnc_number", "cro_number", "address_line",
    "postcode", "postcodes", "la_code", "home_id", "legal_status", "alert_codes", "no_fixed_abode", "number_of_children",
)  # fmt: skip
"""Columns of `cleaned`, in order."""


@dataclass(frozen=True)
class LookBack:
    """What earlier days hold, and why the day may look at it.

    `receptions` and `movements` are those of the earlier days, with `as_of`. `reference_landed` says that a delivery came which
    may be about anybody; `answered` are the references of the receptions that an authority was asked about and answered on the
    day. `look_again_days` bounds how far back both reach. A ruling reaches as far as the receptions that are handed in.
    """

    receptions: pl.DataFrame
    movements: pl.DataFrame
    reference_landed: bool
    answered: pl.Series
    look_again_days: int


def looked_at(day: Day, receptions: pl.DataFrame, movements: pl.DataFrame, rulings: pl.DataFrame, back: LookBack) -> pl.DataFrame:
    """One row per reception that the day looks at, with `looked_at_because`; a reception of the day itself comes as received."""
    named = rulings.filter("is_of_the_day")["reception_id"].drop_nulls().unique().implode()
    recent = (pl.lit(day) - pl.col("as_of")).dt.total_days() <= back.look_again_days
    because = (
        pl.when((pl.lit(back.reference_landed) | request_ref().is_in(back.answered.implode())) & recent)
        .then(pl.lit(REFERENCE))
        .when(pl.col("reception_id").is_in(named))
        .then(pl.lit(RULING))
    )
    again = (
        still_in_custody(back.receptions, pl.concat([back.movements.drop("as_of"), movements]))
        .with_columns(looked_at_because=because)
        .filter(pl.col("looked_at_because").is_not_null())
        .join(receptions, on="reception_id", how="anti")
        .unique("reception_id", keep="last", maintain_order=True)
        .select(*receptions.columns, "looked_at_because")
    )
    return pl.concat([receptions.with_columns(looked_at_because=pl.lit(RECEIVED)), again])


def request_ref() -> pl.Expr:
    """Under what a local authority is asked about a reception: its booking and the number of its movement."""
    return pl.concat_str("booking_id", pl.lit("-"), "movement_sequence")


def still_in_custody(receptions: pl.DataFrame, movements: pl.DataFrame) -> pl.DataFrame:
    """The receptions, in the order of `as_of`, after which none of the movements releases the person."""
    last_release = (
        movements.filter(pl.col("movement_type_code") == "REL")
        .group_by("prisoner_number")
        .agg(released_at=pl.col("movement_at").max())
    )
    return (
        receptions.join(last_release, on="prisoner_number", how="left")
        .filter(pl.col("released_at").is_null() | (pl.col("released_at") <= pl.col("received_at")))
        .drop("released_at")
        .sort("as_of", "reception_id")
    )


def cleaned(receptions: pl.DataFrame, day: Day) -> pl.DataFrame:
    """The receptions in standard form: names, birth date, identifiers, home."""
    homeless = pl.col("postcode").fill_null("").str.to_uppercase().str.replace_all(" ", "").is_in(_NO_FIXED_ABODE)
    standard = receptions.with_columns(
        last_name=standard_name("last_name"),
        first_name=standard_name("first_name"),
        middle_names=standard_name("middle_names"),
        date_of_birth=standard_birth_date("date_of_birth"),
        pnc_number=pnc_number("pnc_number", day.year),
        cro_number=cro_number("cro_number"),
        no_fixed_abode=homeless | pl.col("no_fixed_abode"),
    )
    return located_homes(standard).with_columns(postcodes=as_list("postcode")).select(COLUMNS)


def as_list(column: str) -> pl.Expr:
    """The column's value as a list of one, an empty list where it is unknown."""
    return pl.concat_list(column).list.drop_nulls()
