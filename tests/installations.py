"""Roots of installations apart from this project's own, for tests that run the chain through Dagster."""

from pathlib import Path

from paramount_assets.chain import catalogue_of
from paramount_assets.lake import Releases, Store, sha256_of
from paramount_assets.lake.release import State
from paramount_assets.settings import Settings

PROJECT = Path(__file__).parents[1]


def make_root(folder: Path) -> Path:
    """A root with the project's SQL and suites, whose Dagster keeps everything in the root's own data folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("dbt_like_sql", "expectations"):
        (folder / name).symlink_to(PROJECT / name, target_is_directory=True)
    configured = (PROJECT / "dagster.yaml").read_text(encoding="utf-8")
    assert "base_dir: data/dagster" in configured
    (folder / "dagster.yaml").write_text(configured.replace("base_dir: data", f"base_dir: {folder}/data"), encoding="utf-8")
    return folder


def states(settings: Settings) -> dict[tuple[str, str], State]:
    """The gate of every table's day that was ever made, asked afresh."""
    catalogue = catalogue_of(settings)
    releases = Releases(Store(settings.lake_folder), catalogue)
    return {(t.key, day): releases.state(t, day) for t in catalogue for day in releases.days(t)}


def files_of(folder: Path) -> dict[str, str]:
    """Every file under a folder with the sha256 of its bytes."""
    return {str(f.relative_to(folder)): sha256_of(f) for f in sorted(folder.rglob("*")) if f.is_file()}
