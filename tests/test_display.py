"""What the terminal shows."""

import datetime as dt

import polars as pl
from rich.console import Console

from paramount_assets.display import mornings_grid, outcomes_grid, world_grids
from paramount_assets.morning import COUNTED, Morning
from paramount_assets.synthetic.world import WorldSummary
from paramount_assets.vocabulary import Day, GateStatus


def shown(grid) -> list[str]:
    console = Console(width=80, color_system=None)
    with console.capture() as capture:
        console.print(grid)
    return [line.rstrip() for line in capture.get().splitlines()]


def test_the_days_fit_into_eighty_columns_uncut():
    line = Morning(Day(dt.date(2025, 11, 5)), GateStatus.NO_DELIVERY, "", "", dict.fromkeys(COUNTED, 12_345), 12_345)
    lines = shown(mornings_grid([line]))
    assert "\u2026" not in "".join(lines)
    assert lines[-1].split() == ["2025-11-05", "no", "delivery", *["12345"] * 7]


def test_an_outcome_has_a_line_and_a_month_a_column():
    months = [dt.date(2025, 11, 1), dt.date(2025, 12, 1)]
    uptake = pl.DataFrame({"month": months, "families_told_count": [25, 3], "referred_share": [0.16, None]})
    lines = shown(outcomes_grid({"uptake": uptake}))
    assert lines[1].split() == ["2025-11", "2025-12"]
    assert lines[-2].split() == ["uptake:", "families", "told", "count", "25", "3"]
    assert lines[-1].split() == ["uptake:", "referred", "share", "0.16", "-"]


def test_a_month_that_only_one_table_knows_is_a_dash_in_the_others():
    one, two = (
        pl.DataFrame({"month": [dt.date(2025, 11, 1)], "a": [1]}),
        pl.DataFrame({"month": [dt.date(2025, 12, 1)], "b": [2]}),
    )
    assert [line.split() for line in shown(outcomes_grid({"x": one, "y": two}))[-2:]] == [
        ["x:", "a", "1", "-"],
        ["y:", "b", "-", "2"],
    ]


def test_a_made_up_world_is_shown_with_its_shapes_its_hard_kinds_and_its_noise_by_source():
    noise = {"prison_extract": {"nickname": 1}, "police_records": {"nickname": 20, "wrong_pnc": 5}}
    summary = WorldSummary(
        counts={"residents": 2_500_000},
        households={"two_parents": 3, "alone": 1},
        hard_kinds={"no_fixed_abode": 200},
        noise=noise,
        deliveries={"police_records, full": 1},
        days={"late": 2},
    )
    lines = [line.split() for grid in world_grids(summary) for line in shown(grid)]
    for wanted in (
        ["residents", "2,500,000"], ["two", "parents", "3", "75.0%"], ["no", "fixed", "abode", "200"], ["prison", "police"],
        ["nickname", "1", "20"], ["wrong", "pnc", "-", "5"], ["prison", "extract,", "late", "2"],
    ):  # fmt: skip
        assert wanted in lines


def test_what_a_world_does_not_have_is_not_shown():
    summary = WorldSummary({"residents": 1}, {}, {}, {}, {}, {"late": 0})
    assert [grid.title for grid in world_grids(summary)] == ["A made-up world", "Deliveries"]
