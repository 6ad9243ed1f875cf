"""How figures look in a terminal of eighty columns. Counts and shares only."""

from collections.abc import Iterable, Mapping, Sequence

import polars as pl
from rich import box
from rich.table import Table as Grid
from rich.text import Text

from paramount_assets.morning import COUNTED, Morning
from paramount_assets.vocabulary import GateStatus


def _grid(title: str) -> Grid:
    return Grid(title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=0, show_edge=False)


def world_grid(counts: Iterable[tuple[str, str]]) -> Grid:
    """What a made-up world holds."""
    grid = _grid("A made-up world")
    grid.show_header = False
    grid.add_column("what", no_wrap=True)
    grid.add_column("count", justify="right")
    for name, value in counts:
        grid.add_row(name, value)
    return grid


def mornings_grid(lines: Sequence[Morning]) -> Grid:
    """One line per day: its gate and what was found."""
    grid = _grid("Days, newest last")
    for heading in ("day", "gate"):
        grid.add_column(heading, no_wrap=True)
    for heading in (*COUNTED.values(), "told"):
        grid.add_column(heading, no_wrap=True, justify="right")
    for line in lines:
        counts = ["-" if rows is None else str(rows) for rows in line.rows.values()]
        colour = "green" if line.status is GateStatus.RELEASED else "red"
        grid.add_row(str(line.day), Text(line.status, style=colour), *counts, str(line.told))
    return grid


def outcomes_grid(outcomes: Mapping[str, pl.DataFrame]) -> Grid:
    """One line per figure, one column per month.

    Args:
        outcomes: tables of the step `outcomes`, one row per month, by name.
    """
    months = sorted({month for frame in outcomes.values() for month in frame["month"]})
    grid = _grid("Outcomes, by month of the reception")
    grid.add_column("", no_wrap=True)
    for month in months:
        grid.add_column(f"{month:%Y-%m}", justify="right")
    for name, frame in outcomes.items():
        rows = {row["month"]: row for row in frame.iter_rows(named=True)}
        for column in (c for c in frame.columns if c != "month"):
            values = [_figure(rows[month][column]) if month in rows else "-" for month in months]
            grid.add_row(f"{name}: {column.replace('_', ' ')}", *values)
    return grid


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")
