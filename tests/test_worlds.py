"""Made-up worlds and real deliveries never meet."""

import datetime as dt
import json

import pytest

from paramount_assets import worlds
from paramount_assets.ledger import LedgerExport, read_or_make_key
from paramount_assets.settings import Settings
from paramount_assets.vocabulary import Day
from paramount_assets.worlds import NotMadeUp, WorldImpossible

FIRST, LAST = Day(dt.date(2025, 11, 3)), Day(dt.date(2025, 11, 4))


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(root=tmp_path)


@pytest.fixture
def made(settings, monkeypatch) -> list[dict]:
    """What the made-up world was asked for; instead of a world one file lands."""
    asked = []

    def simulate(settings, **given):
        asked.append(given)
        settings.landing_folder.mkdir(parents=True)
        (settings.landing_folder / "delivery").touch()
        return worlds.WorldSummary(500, {"couple": 1}, 2, 3, 4, 5, 6, {"slip": 7}, 8)

    monkeypatch.setattr(worlds, "simulate", simulate)
    return asked


def make(settings: Settings, *, fresh: bool = False, seed: int = 7) -> dict[str, str]:
    return dict(worlds.make(settings, 500, FIRST, LAST, 1.0, seed, fresh=fresh))


def test_a_world_is_asked_for_in_days_and_described_in_counts(settings, made):
    described = make(settings)
    assert made == [{"residents": 500, "first_day": FIRST, "days": 2, "density": 1.0, "seed": 7}]
    assert described["households: couple"] == "1"
    assert described["police persons"] == "5"
    assert json.loads((settings.world_folder / "world.json").read_text()) == {"seed": 7}


@pytest.mark.parametrize("folder", ["landing", "lake", "ledger"])
def test_nothing_is_made_beside_what_is_not_known_to_be_made_up(settings, made, folder):
    (settings.data_folder / folder).mkdir(parents=True)
    for fresh in (False, True):
        with pytest.raises(NotMadeUp, match=f"{folder} here are not known to be made up"):
            make(settings, fresh=fresh)
    assert not made
    assert [f.name for f in settings.data_folder.iterdir()] == [folder]


def test_an_earlier_world_is_replaced_only_when_asked(settings, made):
    make(settings)
    settings.lake_folder.mkdir()
    with pytest.raises(NotMadeUp, match="--fresh"):
        make(settings)
    make(settings, fresh=True)
    assert not settings.lake_folder.exists()
    assert len(made) == 2


def test_the_references_of_a_world_come_from_its_seed(settings, made):
    def reference() -> str:
        return read_or_make_key(settings.ledger_folder).of("kind", "value")

    make(settings, seed=1)
    first = reference()
    make(settings, seed=2, fresh=True)
    second = reference()
    make(settings, seed=1, fresh=True)
    assert first == reference() != second


def test_a_world_that_cannot_be_made_leaves_nothing_behind(settings):
    with pytest.raises(WorldImpossible, match="at least 1000 residents"):
        worlds.make(settings, 100, FIRST, LAST, 1.0, 7, fresh=False)
    assert not list(settings.data_folder.iterdir())


def test_nobody_answers_and_nothing_is_replayed_without_a_made_up_world(settings):
    with pytest.raises(NotMadeUp, match="paramount simulate"):
        worlds.answer(settings, LedgerExport.empty())
    with pytest.raises(NotMadeUp, match="paramount simulate"):
        worlds.refuse_unless_made_up(settings)
