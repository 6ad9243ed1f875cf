"""Benchmarks are tried here without anything being measured: what they ask for can be made, and nothing real is lost."""

import datetime as dt

import pytest

from benchmarks import measured, world
from paramount_assets import clock
from paramount_assets.settings import Settings


@pytest.fixture
def asked(monkeypatch) -> list[tuple[str, ...]]:
    """The commands that would have been run."""
    commands: list[tuple[str, ...]] = []

    def paramount(name, _data, *arguments):
        commands.append(arguments)
        return measured.Step(name, 0.0, 0.0, 0, 0)

    monkeypatch.setattr(measured, "paramount", paramount)
    monkeypatch.setattr(world, "paramount", paramount)
    return commands


def test_what_is_no_made_up_world_is_never_overwritten(tmp_path, asked):
    (tmp_path / "landing").mkdir()
    with pytest.raises(SystemExit, match="holds what is no made-up world"):
        measured.data_folder(None, tmp_path, "--preset", "tiny")
    assert (tmp_path / "landing").exists()
    assert not asked


def test_a_world_of_five_years_ends_before_today(tmp_path, asked, monkeypatch):
    monkeypatch.setattr("sys.argv", ["world", "--folder", str(tmp_path / "worlds")])
    world.main()
    long = dict(zip(world.FIVE_YEARS[::2], world.FIVE_YEARS[1::2], strict=True))
    first = dt.date.fromisoformat(long["--from"])
    assert Settings().first_day <= first
    assert first + dt.timedelta(days=int(long["--days"])) <= clock.today()
    assert [words[words.index("--residents") + 1] for words in asked[:4]] == ["1000000", "2500000", "2500000", "60000"]
