"""Six days of deliveries through Dagster, the third of them bad; each test gets a copy of what came of it."""

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from paramount_assets.chain import Selection, catalogue_of
from paramount_assets.pipeline import Outcome, run_days
from paramount_assets.settings import Settings
from paramount_assets.vocabulary import Cadence, Day
from tests.deliveries import (
    edit_manifest,
    feedback_event,
    write_childrens_services,
    write_feedback,
    write_police_records,
    write_prison_extract,
)
from tests.families import Family, police_files, received, services_files
from tests.installations import make_root

DAYS = tuple(Day(dt.date(2025, 11, n)) for n in range(3, 9))
BAD = DAYS[2]
FAMILIES = tuple(Family(n) for n in range(6))


@dataclass(frozen=True)
class SixDays:
    """An installation in which six days were run in one range, and what came of that run."""

    settings: Settings
    outcome: Outcome

    def run(self, *only: str, first: Day, last: Day | None = None) -> Outcome:
        """Runs some tables through Dagster."""
        tables = Selection(only=only).of(catalogue_of(self.settings))
        return run_days(self.settings, tables, first, last or first, notify=False)


def deliver(landing: Path) -> None:
    """One father a day; the third day's movements and feedback are not what their manifests say."""
    write_police_records(landing, DAYS[0], **police_files(FAMILIES))
    write_childrens_services(landing, DAYS[0], **services_files(FAMILIES))
    for family, day in zip(FAMILIES, DAYS, strict=True):
        folder = write_prison_extract(landing, day, [received(family, family.father, day)])
        if day == BAD:
            edit_manifest(folder, "movements.csv", sha256="0" * 64)
            edit_manifest(write_feedback(landing, day, [feedback_event()]), "events.csv", rows=2)


def settings_of(root: Path) -> Settings:
    return Settings(root=root, first_day=DAYS[0], lock_wait_seconds=5.0)


@pytest.fixture(scope="session")
def once(tmp_path_factory) -> SixDays:
    root = make_root(tmp_path_factory.mktemp("six_days") / "root")
    settings = settings_of(root)
    deliver(settings.landing_folder)
    tables = [t for t in catalogue_of(settings) if t.cadence is not Cadence.ALL_DAYS]
    return SixDays(settings, run_days(settings, tables, DAYS[0], DAYS[-1], notify=False))


@pytest.fixture
def six_days(once, tmp_path) -> SixDays:
    """A copy to change."""
    settings = settings_of(make_root(tmp_path / "root"))
    shutil.copytree(once.settings.data_folder, settings.data_folder)
    return SixDays(settings, once.outcome)


@pytest.fixture
def command(six_days, monkeypatch) -> Iterator[Callable[..., tuple[int, str]]]:
    """The command `paramount` in the copy: its exit code and what it says."""
    from typer.testing import CliRunner  # noqa: PLC0415

    from paramount_assets.cli import app  # noqa: PLC0415

    monkeypatch.setenv("PARAMOUNT_ROOT", str(six_days.settings.root))
    monkeypatch.setenv("PARAMOUNT_FIRST_DAY", str(DAYS[0]))

    def call(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, arguments)
        return result.exit_code, result.output

    return call
