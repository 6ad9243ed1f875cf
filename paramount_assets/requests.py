"""What local authorities are asked about a day's receptions: one file for each that answers instead of delivering in bulk.

Only released tables are read, and only what an authority needs to look a person up leaves. Each file is a disclosure: it and the
audit event that logs it come about in one step.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from paramount_assets import durably
from paramount_assets.chain import catalogue_of
from paramount_assets.lake import Catalogue, Landing, Releases, Store
from paramount_assets.ledger import Ledger, log_disclosure, open_ledger
from paramount_assets.settings import Force, Settings
from paramount_assets.spreadsheets import csv_bytes
from paramount_assets.vocabulary import Day, GateStatus, Source

COLUMNS = (
    "request_ref", "last_name", "first_name", "middle_names", "date_of_birth", "gender", "address_line", "postcode",
)  # fmt: skip
"""All that an authority is told of a person: whom to look for, not why the person is in prison."""

PURPOSE = "children_request"
"""What the disclosure is logged as."""


class RequestHeld(Exception):
    """The day's receptions are not released, so nobody may be asked about them."""


class RequestWaits(Exception):
    """The day's prison extract has not arrived."""


@dataclass(frozen=True)
class Request:
    """One authority's file. `is_new` is False where the same had been written before."""

    la_code: str
    file: Path
    person_count: int
    is_new: bool


def request_children(settings: Settings, day: Day, at: dt.datetime) -> list[Request]:
    """Writes what each authority that answers is asked about the persons newly received on a day.

    Args:
        settings: the installation.
        day: the day of the extract.
        at: the present moment, local time.

    Raises:
        RequestWaits: the day's extract has not arrived.
        RequestHeld: the day's receptions are not released.
    """
    persons = _newly_received(settings, day)
    content = csv_bytes(COLUMNS, ([str(value or "") for value in row] for row in persons.iter_rows()))
    asked = [feed for feed in settings.force.services if feed.delivers == "answer"]
    with open_ledger(settings) as ledger:
        return [_write(settings, ledger, feed.la_code, day, content, persons.height, at) for feed in asked]


def _newly_received(settings: Settings, day: Day) -> pl.DataFrame:
    """The persons received on the day, whom the force may ask about, in the order of their references."""
    catalogue, store = catalogue_of(settings), Store(settings.lake_folder)
    releases = Releases(store, catalogue)
    persons, receptions = (
        _released(name, day, settings, catalogue, releases, store) for name in ("cleaned_persons", "receptions")
    )
    number = receptions.select("reception_id", "movement_sequence")
    received = persons.filter(looked_at_because="received").join(number, on="reception_id")
    return (
        received.filter(_is_of_area(settings.force))
        .with_columns(request_ref=pl.concat_str("booking_id", pl.lit("-"), "movement_sequence"))
        .select(COLUMNS)
        .sort("request_ref")
    )


def _is_of_area(force: Force) -> pl.Expr:
    """An extract cut to the area holds only people of the area, with or without a home; of a national one only a home tells."""
    if force.prison_extract_covers == "area":
        return pl.lit(value=True)
    return pl.col("la_code").is_in([district.la_code for district in force.districts]).fill_null(value=False)


def _released(name: str, day: Day, settings: Settings, catalogue: Catalogue, releases: Releases, store: Store) -> pl.DataFrame:
    table = catalogue[name]
    state = releases.state(table, day.isoformat())
    if state.status is GateStatus.RELEASED and state.record is not None:
        return store.frame(table.key, state.record.day, str(state.record.sha256))
    if day not in Landing(settings.landing_folder).dates(Source.PRISON_EXTRACT):
        raise RequestWaits(f"{Source.PRISON_EXTRACT} {day}: nothing has landed, so nobody can be asked about")
    reason = state.because or state.status
    raise RequestHeld(f"{table.key} {day}: {reason}; nobody is asked about until it is released, see paramount status")


def _write(
    settings: Settings, ledger: Ledger, la_code: str, day: Day, content: bytes, person_count: int, at: dt.datetime
) -> Request:
    """The event is part of the transaction in which the file is written: after a crash both are made good by asking again."""
    path = settings.requests_folder / day.isoformat() / f"{la_code}.csv"
    sha256 = hashlib.sha256(content).hexdigest()
    with ledger.writing() as connection:
        is_new = log_disclosure(connection, at, PURPOSE, recipient=la_code, day=day, persons=person_count, sha256=sha256)
        durably.write(path, content)
    return Request(la_code, path, person_count, is_new)
