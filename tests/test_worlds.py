"""Made-up worlds and real deliveries never meet."""

import datetime as dt
import json

import pytest

from paramount_assets import worlds
from paramount_assets.ledger import LedgerExport, read_or_make_key
from paramount_assets.settings import Settings
from paramount_assets.synthetic.presets import Plan, PlanRefused
from paramount_assets.vocabulary import Day
from paramount_assets.worlds import NotMadeUp, WorldImpossible

FIRST = Day(dt.date(2025, 11, 3))
SUMMARY = worlds.WorldSummary({"residents": 500}, {"couple": 1}, {}, {"police_records": {"nickname": 7}}, {}, {"late": 0})


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
        return SUMMARY

    monkeypatch.setattr(worlds, "simulate", simulate)
    return asked


def make(settings: Settings, *, fresh: bool = False, seed: int = 7, **more: object) -> worlds.WorldSummary:
    plan = Plan(**{"preset": "tiny", "residents": 500, "first_day": FIRST, "days": 2, "density": 1.0, "seed": seed} | more)
    return worlds.make(settings, plan, fresh=fresh)


def test_a_world_is_asked_for_by_its_plan_and_described_in_counts(settings, made):
    assert make(settings, noise=2.0, file_format="parquet") is SUMMARY
    assert made[0].pop("progress") is None
    asked = {"residents": 500, "first_day": FIRST, "days": 2, "density": 1.0, "seed": 7}
    assert made == [asked | {"noise": 2.0, "oversample": False, "file_format": "parquet"}]


def test_the_world_says_that_it_is_made_up_and_from_what(settings, made):
    make(settings, oversample=True)
    assert json.loads((settings.world_folder / "world.json").read_text()) == {
        "preset": "tiny", "residents": 500, "first_day": "2025-11-03", "days": 2, "density": 1.0, "seed": 7, "noise": 1.0,
        "oversample": True, "file_format": "csv",
    }  # fmt: skip


def test_nonsense_is_refused_before_anything_is_removed(settings, made):
    make(settings)
    with pytest.raises(PlanRefused, match="from 1 to 3,653 days"):
        make(settings, fresh=True, days=0)
    assert settings.landing_folder.exists()


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
    with pytest.raises(WorldImpossible, match="a made-up world needs at least"):
        make(settings, residents=100)
    assert not list(settings.data_folder.iterdir())


@pytest.mark.parametrize("fault", [KeyboardInterrupt, OSError])
def test_a_world_that_was_broken_off_leaves_nothing_behind(settings, monkeypatch, fault):
    def simulate(settings, **_given):
        (settings.landing_folder / "prison_extract").mkdir(parents=True)
        raise fault

    monkeypatch.setattr(worlds, "simulate", simulate)
    with pytest.raises(fault):
        make(settings)
    assert not list(settings.data_folder.iterdir())


def test_nobody_answers_and_nothing_is_replayed_without_a_made_up_world(settings):
    with pytest.raises(NotMadeUp, match="paramount simulate"):
        worlds.answer(settings, LedgerExport.empty())
    with pytest.raises(NotMadeUp, match="paramount simulate"):
        worlds.refuse_unless_made_up(settings)
