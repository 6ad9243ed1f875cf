"""Which delivery comes when: the daily extract, the force's records in full and then what changed, children's services twice."""

import datetime as dt
from collections.abc import Iterator

import polars as pl

from paramount_assets.synthetic.contacts import contacts_of_the_day
from paramount_assets.synthetic.deliver import Delivery
from paramount_assets.synthetic.police import NAME_COLUMNS, PERSON_COLUMNS
from paramount_assets.synthetic.police_addresses import ADDRESS_COLUMNS
from paramount_assets.synthetic.police_ties import ASSOCIATION_COLUMNS, MARKER_COLUMNS
from paramount_assets.synthetic.prison import MOVEMENT_COLUMNS
from paramount_assets.synthetic.services import CHILD_COLUMNS, MEMBER_COLUMNS, PLAN_COLUMNS
from paramount_assets.synthetic.sources import Sources
from paramount_assets.vocabulary import Source

REFERENCE_EVERY_DAYS = 7
"""The force sends what changed, and children's services everything again, so many days after the first delivery."""


def plan_deliveries(sources: Sources, first_day: dt.date, days: int) -> Iterator[Delivery]:
    """Every delivery of the span except feedback."""
    yield _police(sources, first_day, None)
    yield _services(sources, first_day)
    for at in range(days):
        day = first_day + dt.timedelta(days=at)
        if at and at % REFERENCE_EVERY_DAYS == 0:
            yield _police(sources, day, day - dt.timedelta(days=REFERENCE_EVERY_DAYS))
        if at == REFERENCE_EVERY_DAYS:
            yield _services(sources, day)
        movements = sources.movements.filter(pl.col("extract_date") == day).select(MOVEMENT_COLUMNS)
        contacts = contacts_of_the_day(sources.contacts, movements)
        yield Delivery(Source.PRISON_EXTRACT, day, "full", {"movements.csv": movements, "contacts.csv": contacts})


_POLICE_FILES = {
    # The contract's columns and the key of each file.
    "persons.csv": (PERSON_COLUMNS, ["person_id"]),
    "person_names.csv": (NAME_COLUMNS, ["person_id", "name_number"]),
    "person_addresses.csv": (ADDRESS_COLUMNS, ["person_id", "address_id", "from_date"]),
    "associations.csv": (ASSOCIATION_COLUMNS, ["person_id", "related_person_id", "relationship_code", "from_date"]),
    "markers.csv": (MARKER_COLUMNS, ["marker_id"]),
}


def _police(sources: Sources, day: dt.date, since: dt.date | None) -> Delivery:
    """Everything recorded before the day, or what changed since the delivery before: the last row of each key."""
    files = {}
    for name, (columns, key) in _POLICE_FILES.items():
        rows = _recorded(sources.police[name], day, since)
        if since is not None:
            rows = rows.with_columns(pl.lit("N").alias("deleted"))
            if name == "persons.csv":
                merged = _recorded(sources.merged, day, since).with_columns(pl.lit("Y").alias("deleted"))
                rows = pl.concat([rows, merged.select(rows.columns)])
        latest = rows.sort(*key, "recorded_on", maintain_order=True).unique(key, keep="last", maintain_order=True)
        files[name] = latest.select(*columns, *([] if since is None else ["deleted"]))
    return Delivery(Source.POLICE_RECORDS, day, "full" if since is None else "delta", files)


def _recorded(rows: pl.DataFrame, day: dt.date, since: dt.date | None) -> pl.DataFrame:
    """Rows that the delivery of the day holds."""
    before = rows.filter(pl.col("recorded_on") < day)
    return before if since is None else before.filter(pl.col("recorded_on") >= since)


def _services(sources: Sources, day: dt.date) -> Delivery:
    columns = {"children.csv": CHILD_COLUMNS, "family_members.csv": MEMBER_COLUMNS, "plans.csv": PLAN_COLUMNS}
    files = {
        name: _recorded(sources.services[name], day, None).select(wanted).sort(wanted[:2], maintain_order=True)
        for name, wanted in columns.items()
    }
    return Delivery(Source.CHILDRENS_SERVICES, day, "full", files)
