"""One small made-up world, made once and read by all tests of this folder."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from paramount_assets.settings import Settings
from paramount_assets.synthetic.answer_key import read_answer_key
from paramount_assets.synthetic.world import WorldSummary, simulate
from paramount_assets.vocabulary import Day, Source

FIRST_DAY = Day(dt.date(2025, 11, 3))
DAYS = 9
RESIDENTS = 2_500
DENSITY = 900.0


PROJECT = Path(__file__).parents[2]


def settings_of(folder: Path) -> Settings:
    """The project's own reference data, a data folder of its own."""
    return Settings(root=PROJECT, data=folder / "data")


def make(folder: Path, seed: int = 7, residents: int = RESIDENTS, density: float = DENSITY) -> WorldSummary:
    settings = settings_of(folder)
    return simulate(settings, residents=residents, first_day=FIRST_DAY, days=DAYS, density=density, seed=seed)


@dataclass(frozen=True)
class World:
    settings: Settings
    summary: WorldSummary

    def folder(self, source: Source, day: dt.date, version: int = 1) -> Path:
        return self.settings.landing_folder / source.value / day.isoformat() / f"v{version}"

    def file(self, source: Source, day: dt.date, name: str) -> pl.DataFrame:
        return pl.read_csv(self.folder(source, day) / name, infer_schema=False)

    def movements(self) -> pl.DataFrame:
        days = [FIRST_DAY + dt.timedelta(days=at) for at in range(DAYS)]
        return pl.concat(
            self.file(Source.PRISON_EXTRACT, day, "movements.csv").with_columns(pl.lit(day).alias("extract_date")) for day in days
        )

    def key(self, name: str) -> pl.DataFrame:
        return read_answer_key(self.settings.world_folder, name)

    def deliveries(self) -> list[Path]:
        return sorted(file.parent for file in self.settings.landing_folder.glob("*/*/v*/manifest.json"))


@pytest.fixture(scope="session")
def world(tmp_path_factory) -> World:
    folder = tmp_path_factory.mktemp("world")
    return World(settings_of(folder), make(folder))
