"""A small made-up world through the chain, measured: the whole must fit together."""

import datetime as dt
import json
from collections.abc import Iterable
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from paramount_assets import cli
from paramount_assets.chain import catalogue_of
from paramount_assets.evaluation import Evaluation, NothingToMeasure, as_json, evaluate
from paramount_assets.evaluation.truth import Truth
from paramount_assets.lake import LakeRun, Table
from paramount_assets.ledger import LedgerExport, export, open_ledger
from paramount_assets.settings import Settings
from paramount_assets.synthetic.answer_key import read_answer_key
from paramount_assets.synthetic.world import simulate
from paramount_assets.telling import tell
from paramount_assets.vocabulary import Cadence, Day

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
DAYS = [Day(dt.date(2025, 11, 3) + dt.timedelta(days=n)) for n in range(3)]
NOT_RUN = Day(dt.date(2025, 11, 6))


def told(settings: Settings) -> LedgerExport:
    with open_ledger(settings) as ledger:
        return export(ledger)


def run(settings: Settings, tables: Iterable[Table]) -> None:
    with LakeRun(catalogue_of(settings), settings, lambda: told(settings)) as lake:
        for table in tables:
            list(lake.make(table, [None] if table.cadence is Cadence.MADE_APART else DAYS))


@pytest.fixture(scope="module")
def settings(tmp_path_factory) -> Settings:
    """Three of four days run and told."""
    settings = Settings(root=ROOT, data=tmp_path_factory.mktemp("measured"))
    simulate(settings, residents=1_500, first_day=DAYS[0], days=4, density=2500.0, seed=7)
    run(settings, [t for t in catalogue_of(settings) if t.cadence is not Cadence.ALL_DAYS])
    tell(settings, DAYS[0], DAYS[-1], notify=True, replay=True)
    return settings


@pytest.fixture(scope="module")
def measured(settings) -> Evaluation:
    return evaluate(settings, catalogue_of(settings), told(settings))


def figures(evaluation: Evaluation, section: str) -> dict[str, tuple[int, int]]:
    lines = next(s.lines for s in evaluation.sections if s.key == section)
    return {line.key: (line.figure.count, line.figure.of) for line in lines}


def test_only_the_days_that_were_run_count(measured):
    assert measured.days.evaluated == tuple(str(day) for day in DAYS)
    assert measured.days.not_run == (str(NOT_RUN),)


def test_every_reception_is_in_one_zone_and_every_child_in_one_place(settings, measured):
    received = read_answer_key(settings.world_folder, "receptions").filter(pl.col("extract_date").is_in(DAYS)).height
    zones, unknown = figures(measured, "police_links"), figures(measured, "police_links_without_record")
    assert measured.receptions == received
    assert sum(count for count, _ in zones.values()) == zones["accepted_right"][1]
    assert zones["accepted_right"][1] + unknown["accepted_wrong"][1] == received
    children = figures(measured, "children")
    assert children["found"][0] + children["in_review"][0] + children["missed"][0] == children["found"][1]
    assert sum(count for key, (count, _) in children.items() if key != "found") == children["found"][1]
    missed = figures(measured, "missed")
    assert sum(count for count, _ in missed.values()) == children["missed"][0]


def test_there_is_something_to_see(measured):
    children = figures(measured, "children")
    assert children["told"][0] > 0
    assert children["missed"][0] > 0
    assert figures(measured, "doors_told")["wrong_door"][1] > 0


def test_no_two_homes_of_the_world_are_taken_for_one(settings):
    homes = Truth.read(settings.world_folder).homes
    assert homes["door"].n_unique() == homes.height


def test_whom_nobody_told_is_found_and_not_told(settings, measured):
    untold = evaluate(settings, catalogue_of(settings), LedgerExport.empty())
    assert figures(untold, "children")["told"][0] == 0
    assert figures(untold, "children")["missed"] == figures(measured, "children")["missed"]


def test_the_same_lake_and_ledger_give_the_same_bytes(settings, measured):
    assert as_json(measured) == as_json(evaluate(settings, catalogue_of(settings), told(settings)))


def test_no_value_of_a_person_gets_into_the_report(settings, measured):
    people = read_answer_key(settings.world_folder, "people")
    homes = read_answer_key(settings.world_folder, "homes")
    records = read_answer_key(settings.world_folder, "source_records").filter(~pl.col("record_id").str.contains(r"^\d{1,3}$"))
    values = [*people["last_name"], *homes["postcode"], *homes["address_line"], *records["record_id"]]
    text = as_json(measured)
    values = [value for value in values if value not in {"White", "Black"}]  # surnames that are ethnic groups too
    assert not [value for value in values if value and f'"{value}"' in text]


def test_a_held_day_is_held_and_its_children_are_missed_for_that(settings, measured):
    pointer = settings.lake_folder / "households" / "children" / str(DAYS[1]) / "gate.json"
    before = pointer.read_text()
    pointer.write_text("not a gate record")
    try:
        held = evaluate(settings, catalogue_of(settings), told(settings))
    finally:
        pointer.write_text(before)
    assert held.days.held == (str(DAYS[1]),)
    assert figures(held, "missed")["day_held"][0] > 0
    assert figures(held, "children")["found"][1] == figures(measured, "children")["found"][1]


def test_a_world_of_which_nothing_was_run_is_refused(tmp_path):
    settings = Settings(root=ROOT, data=tmp_path)
    simulate(settings, residents=1_500, first_day=DAYS[0], days=1, density=2500.0, seed=7)
    with pytest.raises(NothingToMeasure):
        evaluate(settings, catalogue_of(settings), LedgerExport.empty())


def test_the_command_prints_the_figures_and_writes_the_json(settings, measured, monkeypatch, tmp_path):
    monkeypatch.setenv("PARAMOUNT_ROOT", str(ROOT))
    monkeypatch.setenv("PARAMOUNT_DATA", str(settings.data))
    file = tmp_path / "figures.json"
    result = CliRunner().invoke(cli.app, ["evaluate", "--json", str(file)])
    assert result.exit_code == 0
    assert "Wrong doors" in result.stdout
    assert json.loads(file.read_text()) == json.loads(as_json(measured))
