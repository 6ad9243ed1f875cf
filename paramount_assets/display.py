"""How figures look in a terminal of eighty columns. Counts and shares only."""

from collections.abc import Mapping, Sequence

import polars as pl
from rich import box
from rich.table import Table as Grid
from rich.text import Text

from paramount_assets.morning import COUNTED, Morning
from paramount_assets.synthetic.world import WorldSummary
from paramount_assets.vocabulary import GateStatus


def _grid(title: str) -> Grid:
    return Grid(title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=0, show_edge=False)


def world_grids(summary: WorldSummary) -> list[Grid]:
    """What a made-up world holds: counts, households, receptions that are hard to link, noise by cause and source, deliveries."""
    grids = [
        _counts_grid("A made-up world", summary.counts),
        _counts_grid("Households", summary.households, with_share=True),
        _counts_grid("Receptions that are hard to link", summary.hard_kinds),
        _noise_grid(summary.noise),
        _counts_grid("Deliveries", summary.deliveries | {f"prison_extract, {kind}": n for kind, n in summary.days.items()}),
    ]
    return [grid for grid in grids if grid.row_count]


def _counts_grid(title: str, counts: Mapping[str, int], *, with_share: bool = False) -> Grid:
    grid = _grid(title)
    grid.show_header = False
    grid.add_column("what", no_wrap=True, min_width=36)
    grid.add_column("count", justify="right", min_width=11)
    total = sum(counts.values())
    for name, count in counts.items():
        share = [f"{count / total:8.1%}"] if with_share else []
        grid.add_row(name.replace("_", " "), f"{count:,}", *share)
    return grid


_SHORT = {"prison_extract": "prison", "police_records": "police", "childrens_services": "services"}


def _noise_grid(noise: Mapping[str, Mapping[str, int]]) -> Grid:
    """One line per cause, one column per source."""
    grid = _grid("Records that differ from the truth, by cause")
    grid.add_column("", no_wrap=True, min_width=36)
    for source in noise:
        grid.add_column(_SHORT.get(source, source), justify="right", min_width=11)
    totals = {cause: sum(counts.get(cause, 0) for counts in noise.values()) for counts in noise.values() for cause in counts}
    for cause in sorted(totals, key=lambda cause: (-totals[cause], cause)):
        grid.add_row(cause.replace("_", " "), *(f"{counts[cause]:,}" if cause in counts else "-" for counts in noise.values()))
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
