"""What the chain made of the world: released tables of the days that were run, and the receptions among them.

Only what is released is read. A day of which one of the tables read here is not released counts as held, whatever else it made.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from paramount_assets.evaluation.truth import RECEPTION, Truth
from paramount_assets.lake import Catalogue, Releases, Store, Table, schema_of
from paramount_assets.vocabulary import GateStatus

READ = (
    "receptions", "cleaned_persons", "cleaned_contacts", "scored_pairs", "person_links", "review_pairs", "family_links",
    "children", "decisions", "eligible_children", "family_checks", "notifications",
)  # fmt: skip
"""The daily tables without which a day says nothing."""

RECEIVED = "received"
"""Why a reception was looked at, on its own day."""


@dataclass(frozen=True)
class Days:
    """Days of the world by what became of them. The ones not run lie before the first or after the last that was."""

    evaluated: tuple[str, ...]
    held: tuple[str, ...]
    not_run: tuple[str, ...]


@dataclass(frozen=True)
class Released:
    """The released tables of the days evaluated."""

    days: Days
    _catalogue: Catalogue
    _store: Store
    _releases: Releases

    @staticmethod
    def of(catalogue: Catalogue, store: Store, world_days: Iterable[str]) -> "Released":
        """Asks the gates of the world's days."""
        releases = Releases(store, catalogue)
        return Released(_days(catalogue, releases, sorted(world_days)), catalogue, store, releases)

    def rows(self, name: str, columns: Sequence[str]) -> pl.DataFrame:
        """A daily table's rows of all days evaluated, with `as_of`, the day."""
        table = self._catalogue[name]
        frames = [
            pl.read_parquet(self._file(table, day), columns=list(columns)).with_columns(as_of=pl.lit(dt.date.fromisoformat(day)))
            for day in self.days.evaluated
        ]
        empty = pl.DataFrame(schema=schema_of(columns) | {"as_of": pl.Date()})
        return pl.concat([empty, *(frame.select(empty.columns) for frame in frames)])

    def versions(self, name: str) -> pl.DataFrame:
        """Which version of a table each day evaluated reads: as_of, version; null where there was none yet."""
        records = [self._releases.version(self._catalogue[name], day) for day in self.days.evaluated]
        return pl.DataFrame(
            {"as_of": self.days.evaluated, "version": [record.day if record else None for record in records]},
            {"as_of": pl.String, "version": pl.String},
        ).with_columns(pl.col("as_of").str.to_date())

    def version_rows(self, name: str, columns: Sequence[str], where: pl.Expr) -> pl.DataFrame:
        """The rows of a versioned table that are asked for, of every version that a day evaluated reads, with `version`.

        Each file is filtered while it is read, so that a million police records are never held.
        """
        table = self._catalogue[name]
        frames = []
        for version in self.versions(name)["version"].drop_nulls().unique().sort():
            asked = pl.scan_parquet(self._file(table, version)).filter(where).select(columns)
            frames.append(asked.with_columns(version=pl.lit(version)).collect())
        return pl.concat([pl.DataFrame(schema=schema_of(columns) | {"version": pl.String()}), *frames])

    def _file(self, table: Table, day: str) -> Path:
        return self._store.frame_file(table.key, day, str(self._releases.released(table, day).sha256))


def _days(catalogue: Catalogue, releases: Releases, days: list[str]) -> Days:
    states = {day: [releases.state(catalogue[name], day).status for name in READ] for day in days}
    was_run = [day for day in days if any(status is not GateStatus.MISSING for status in states[day])]
    covered = [day for day in days if was_run and was_run[0] <= day <= was_run[-1]]
    evaluated = tuple(day for day in covered if all(status is GateStatus.RELEASED for status in states[day]))
    return Days(
        evaluated=evaluated,
        held=tuple(day for day in covered if day not in evaluated),
        not_run=tuple(day for day in days if day not in covered),
    )


def looked_at(truth: Truth, released: Released) -> pl.DataFrame:
    """One row per true reception of the days that were run.

    Columns: `resident_id` of the person received, the columns of `RECEPTION`, `extract_date`, `received_on`, `is_held` (its day
    is held), `reception_id` (null where the chain has no such reception), `own_look` (the day of its own tables) and
    `newest_look` (the last day that looked at it, whose tables stand).
    """
    covered = [dt.date.fromisoformat(day) for day in (*released.days.evaluated, *released.days.held)]
    held = [dt.date.fromisoformat(day) for day in released.days.held]
    known = released.rows("receptions", ["reception_id", *RECEPTION]).unique(RECEPTION, keep="first", maintain_order=True)
    looks = released.rows("cleaned_persons", ["reception_id", "looked_at_because"])
    own = pl.col("as_of").filter(pl.col("looked_at_because") == RECEIVED).min()
    dates = looks.group_by("reception_id").agg(own_look=own, newest_look=pl.col("as_of").max())
    return (
        truth.receptions.filter(pl.col("extract_date").is_in(covered))
        .with_columns(received_on=pl.col("received_at").dt.date(), is_held=pl.col("extract_date").is_in(held))
        .join(known.drop("as_of"), on=RECEPTION, how="left", maintain_order="left")
        .join(dates, on="reception_id", how="left", maintain_order="left")
        .drop("received_at")
    )
