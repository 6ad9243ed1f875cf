"""One small made-up world, run through the chain, told and published once for all tests of this folder."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from paramount_assets.chain import catalogue_of
from paramount_assets.lake import Catalogue, LakeRun, Store, Table
from paramount_assets.ledger import Ledger, LedgerExport, export, open_ledger
from paramount_assets.publication import Published, publish
from paramount_assets.settings import Settings
from paramount_assets.synthetic.answer_key import read_answer_key
from paramount_assets.synthetic.feedback import answer_notifications
from paramount_assets.synthetic.world import simulate
from paramount_assets.telling import tell
from paramount_assets.vocabulary import Cadence, Day, Source

ROOT = Path(__file__).parents[2]
FIRST_DAY = Day(dt.date(2025, 11, 3))
DAYS = [Day(FIRST_DAY + dt.timedelta(days=n)) for n in range(3)]
FEEDBACK_DAYS = [Day(FIRST_DAY + dt.timedelta(days=n)) for n in range(12)]


@dataclass(frozen=True)
class Installation:
    settings: Settings

    @property
    def catalogue(self) -> Catalogue:
        return catalogue_of(self.settings)

    @property
    def store(self) -> Store:
        return Store(self.settings.lake_folder)

    def ledger(self) -> Ledger:
        return open_ledger(self.settings)

    def publish(self) -> Published:
        with self.ledger() as ledger:
            return publish(self.settings.published_file, self.catalogue, self.store, ledger.pseudonyms.of_identifier)

    def landed(self, source: Source, name: str) -> pl.DataFrame:
        files = sorted((self.settings.landing_folder / source).glob(f"*/v1/{name}"))
        return pl.concat((pl.read_csv(f, infer_schema=False) for f in files), how="diagonal")

    def key(self, name: str) -> pl.DataFrame:
        return read_answer_key(self.settings.world_folder, name)


def run(settings: Settings, tables: Iterable[Table], days: list[Day]) -> None:
    """Makes tables' days."""

    def told() -> LedgerExport:
        with open_ledger(settings) as ledger:
            return export(ledger)

    with LakeRun(catalogue_of(settings), settings, told) as lake:
        for table in tables:
            keys = [None] if table.cadence in (Cadence.ALL_DAYS, Cadence.MADE_APART) else days
            faults = [(m.table.key, m.day, m.because) for m in lake.make(table, keys) if m.is_fault]
            assert not faults


def answer(settings: Settings) -> None:
    """Lets officers and charity of the made-up world report."""
    with open_ledger(settings) as ledger:
        told = export(ledger)
    about = told.claims.group_by("notification_ref").agg(
        pl.col("prisoner_number").min(), pl.col("source_record").sort().str.join(";").alias("source_records")
    )
    handed = told.cases.drop_nulls("told_at").rename({"told_at": "handed_at"}).join(about, on="notification_ref")
    answer_notifications(settings, handed, seed=7)


@pytest.fixture(scope="session")
def installation(tmp_path_factory) -> Installation:
    settings = Settings(root=ROOT, data=tmp_path_factory.mktemp("published"))
    simulate(settings, residents=1_000, first_day=FIRST_DAY, days=len(DAYS), density=3200.0, seed=7)
    catalogue = catalogue_of(settings)
    run(settings, [t for t in catalogue if t.cadence is not Cadence.ALL_DAYS], DAYS)
    tell(settings, DAYS[0], DAYS[-1], notify=True, replay=True)
    answer(settings)
    run(settings, [catalogue["feedback"]], FEEDBACK_DAYS)
    run(settings, [t for t in catalogue if t.cadence is Cadence.ALL_DAYS], [])
    made = Installation(settings)
    made.publish()
    return made


@pytest.fixture(scope="session")
def published(installation) -> Path:
    return installation.settings.published_file
