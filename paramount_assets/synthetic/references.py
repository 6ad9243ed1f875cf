"""The deliveries of the reference sources, week by week, and day by day where an authority answers requests.

The force sends its records in full and then what changed; every authority of children's services is a feed of its own. Frames
come in with the contract's columns as text, and recorded_on.
"""

import datetime as dt
from collections.abc import Iterator, Mapping

import polars as pl

from paramount_assets.settings import ServicesFeed
from paramount_assets.synthetic.deliver import Delivery
from paramount_assets.synthetic.police import NAME_COLUMNS, PERSON_COLUMNS
from paramount_assets.synthetic.police_addresses import ADDRESS_COLUMNS
from paramount_assets.synthetic.police_ties import ASSOCIATION_COLUMNS, MARKER_COLUMNS
from paramount_assets.synthetic.services import CHILD_COLUMNS
from paramount_assets.synthetic.services_answers import ASKED_COLUMNS
from paramount_assets.synthetic.services_families import MEMBER_COLUMNS, PLAN_COLUMNS
from paramount_assets.vocabulary import Source

EVERY_DAYS = 7
"""The force sends what changed, and a bulk authority everything again, so many days after the delivery before."""

POLICE_FILES = {
    # The contract's columns and the key of each file.
    "persons.csv": (PERSON_COLUMNS, ["person_id"]),
    "person_names.csv": (NAME_COLUMNS, ["person_id", "name_number"]),
    "person_addresses.csv": (ADDRESS_COLUMNS, ["person_id", "address_id", "from_date"]),
    "associations.csv": (ASSOCIATION_COLUMNS, ["person_id", "related_person_id", "relationship_code", "from_date"]),
    "markers.csv": (MARKER_COLUMNS, ["marker_id"]),
}
SERVICES_FILES = {
    "children.csv": (CHILD_COLUMNS, ["child_id"]),
    "family_members.csv": (MEMBER_COLUMNS, ["child_id", "member_number"]),
    "plans.csv": (PLAN_COLUMNS, ["child_id", "plan_type", "from_date"]),
}

Frames = Mapping[str, pl.DataFrame]


def police_full(rows: Frames, first_day: dt.date) -> Delivery:
    """All that the force recorded before the first day, sorted by the keys."""
    before = {name: rows[name].filter(pl.col("recorded_on") < first_day) for name in POLICE_FILES}
    files = {name: _latest(before[name], key).select(columns) for name, (columns, key) in POLICE_FILES.items()}
    return Delivery(Source.POLICE_RECORDS, first_day, "full", files)


def police_deltas(rows: Frames, merged: pl.DataFrame, span: tuple[dt.date, int]) -> Iterator[Delivery]:
    """What was recorded from one delivery to the next, and records that were merged into others, as deleted rows.

    Args:
        rows: by file.
        merged: rows of persons.csv as they were, on the day of the deletion.
        span: first day and number of days.
    """
    first_day, days = span
    kept = {name: rows[name].with_columns(pl.lit("N").alias("deleted")) for name in POLICE_FILES}
    deleted = merged.with_columns(pl.lit("Y").alias("deleted")).select(kept["persons.csv"].columns)
    kept["persons.csv"] = pl.concat([kept["persons.csv"], deleted])
    weeks = {name: _by_week(frame, first_day) for name, frame in kept.items()}
    for week in range(1, (days - 1) // EVERY_DAYS + 1):
        files = {}
        for name, (columns, key) in POLICE_FILES.items():
            changed = weeks[name].get((week,), kept[name].clear())
            files[name] = _latest(changed, key).select(*columns, "deleted")
        yield Delivery(Source.POLICE_RECORDS, first_day + dt.timedelta(days=EVERY_DAYS * week), "delta", files)


def _by_week(rows: pl.DataFrame, first_day: dt.date) -> dict[tuple[object, ...], pl.DataFrame]:
    """Rows recorded in the span, by the number of the delivery that brings them."""
    later = rows.filter(pl.col("recorded_on") >= first_day)
    week = (pl.col("recorded_on") - first_day).dt.total_days() // EVERY_DAYS + 1
    return later.with_columns(week.alias("week")).partition_by("week", as_dict=True, include_key=False)


def _latest(rows: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """The row of each key that was recorded last, in the order of the key."""
    return rows.sort(*key, "recorded_on", maintain_order=True).unique(key, keep="last", maintain_order=True)


def services_feeds(
    authorities: tuple[ServicesFeed, ...], rows: Frames, answers: Frames, span: tuple[dt.date, int]
) -> Iterator[Delivery]:
    """Every feed of every authority; feeds of one date are versions of one delivery.

    Args:
        authorities: those that deliver.
        rows: by file; the children of all authorities.
        answers: by authority, as `services_answers.list_answers` makes them.
        span: first day and number of days.
    """
    first_day, days = span
    nobody = pl.DataFrame(schema=dict.fromkeys(ASKED_COLUMNS, pl.String))
    states = {a.la_code: _States(a, rows) for a in authorities}
    asked = {
        code: answer.select("answered_on", *ASKED_COLUMNS).partition_by("answered_on", as_dict=True, include_key=False)
        for code, answer in answers.items()
    }
    for at in range(days):
        day = first_day + dt.timedelta(days=at)
        version = 0
        for authority in authorities:
            state = states[authority.la_code]
            if authority.delivers == "bulk" and at % EVERY_DAYS == 0:
                version += 1
                files, kind = state.on(day), "full"
            elif authority.delivers == "answer" and at > 0:
                version += 1
                answered = asked[authority.la_code].get((day,), nobody)
                files, kind = state.answer(day, answered), "answer"
            else:
                continue
            yield Delivery(Source.CHILDRENS_SERVICES, day, kind, files, version=version, feed=authority.la_code)


class _States:
    """What one authority held on any day: rows in the order of their keys, each with the day on which it was replaced."""

    def __init__(self, authority: ServicesFeed, rows: Frames) -> None:
        own = rows["children.csv"].filter(pl.col("la_code") == authority.la_code).select("child_id").unique()
        self._rows = {
            name: rows[name]
            .join(own, on="child_id", how="semi")
            .sort(*key, "recorded_on", maintain_order=True)
            .with_columns(pl.col("recorded_on").shift(-1).over(key).alias("replaced_on"))
            for name, (_, key) in SERVICES_FILES.items()
        }
        self._nothing = {name: rows[name].select(columns).clear() for name, (columns, _) in SERVICES_FILES.items()}

    def on(self, day: dt.date) -> dict[str, pl.DataFrame]:
        """All that was recorded before the day."""
        return {name: self._held(self._rows[name], day).select(columns) for name, (columns, _) in SERVICES_FILES.items()}

    def answer(self, day: dt.date, answered: pl.DataFrame) -> dict[str, pl.DataFrame]:
        """What was held about the children answered, and who was asked about."""
        children = answered["child_id"].drop_nulls().unique()
        files = {"persons_asked.csv": answered}
        for name, (columns, _) in SERVICES_FILES.items():
            if children.is_empty():
                files[name] = self._nothing[name]
            else:
                of_them = self._rows[name].filter(pl.col("child_id").is_in(children.implode()))
                files[name] = self._held(of_them, day).select(columns)
        return files

    @staticmethod
    def _held(rows: pl.DataFrame, day: dt.date) -> pl.DataFrame:
        is_replaced = (pl.col("replaced_on") < day).fill_null(value=False)
        return rows.filter((pl.col("recorded_on") < day) & ~is_replaced)
