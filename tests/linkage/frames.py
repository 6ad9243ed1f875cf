"""Small frames as the steps before linkage hand them on; only what linkage reads is told."""

import datetime as dt
from typing import Any

import polars as pl

PERSON = pl.Schema(
    {
        "last_name": pl.String(),
        "first_name": pl.String(),
        "date_of_birth": pl.Date(),
        "gender": pl.String(),
        "pnc_number": pl.String(),
        "cro_number": pl.String(),
        "postcodes": pl.List(pl.String()),
    }
)

OAKLEY = {
    "last_name": "OAKLEY",
    "first_name": "MARCUS",
    "date_of_birth": dt.date(1987, 3, 12),
    "gender": "M",
    "pnc_number": "2011/0004827K",
    "cro_number": None,
    "postcodes": ["OX4 1AB"],
}
"""One man, known well."""


def received(*rows: dict[str, Any]) -> pl.DataFrame:
    """`cleaned_persons`, one row per dict."""
    schema = {"reception_id": pl.String(), "received_on": pl.Date(), "prisoner_number": pl.String(), **PERSON}
    return pl.DataFrame([OAKLEY | row for row in rows], schema=schema)


def police(*rows: dict[str, Any]) -> pl.DataFrame:
    """`police_persons`, one row per dict."""
    schema = {"person_id": pl.String(), **PERSON, "is_deceased": pl.Boolean()}
    return pl.DataFrame([OAKLEY | {"is_deceased": False} | row for row in rows], schema=schema)


def members(*rows: dict[str, Any]) -> pl.DataFrame:
    """`known_family_members`, one row per dict."""
    schema = {
        "child_id": pl.String(),
        "member_number": pl.Int64(),
        "services_family_id": pl.String(),
        "last_name": pl.String(),
        "first_name": pl.String(),
        "date_of_birth": pl.Date(),
        "relationship_code": pl.String(),
        "postcodes": pl.List(pl.String()),
    }
    known = {name: OAKLEY[name] for name in ("last_name", "first_name", "date_of_birth", "postcodes")}
    usual = known | {"member_number": 1, "services_family_id": "F1", "relationship_code": "father"}
    return pl.DataFrame([usual | row for row in rows], schema=schema)


def rulings(*rows: tuple[str, str, str | None]) -> pl.DataFrame:
    """`rulings`, one row per (kind, reception, subject), recorded one minute after the other."""
    start = dt.datetime(2025, 11, 5, 10)  # noqa: DTZ001 - every time here is naive local
    schema = {
        "ruling_id": pl.String(),
        "recorded_at": pl.Datetime("us"),
        "is_of_the_day": pl.Boolean(),
        "ruling_kind": pl.String(),
        "reception_id": pl.String(),
        "subject_id": pl.String(),
    }
    told = [(f"D{n}", start + dt.timedelta(minutes=n), True, *row) for n, row in enumerate(rows)]
    return pl.DataFrame(told, schema=schema, orient="row")
