"""The measurement as JSON for machines and as grids for a terminal. Counts, shares and codes only."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from rich import box
from rich.console import Group as Stack
from rich.console import RenderableType
from rich.table import Table as Grid
from rich.text import Text

from paramount_assets.evaluation.figures import ErrorRate, Figure, Group, Line, Section
from paramount_assets.evaluation.measure import Evaluation

FORMAT = 1
"""Raised when a key is renamed or comes to mean something else; new keys may come without."""


def as_json(evaluation: Evaluation) -> str:
    """Every figure under stable keys, sorted, with a final newline. The same measurement gives the same bytes."""
    return json.dumps(as_record(evaluation), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def as_record(evaluation: Evaluation) -> dict[str, Any]:
    """The same as plain values."""
    return {
        "format": FORMAT,
        "world": evaluation.world,
        "model": evaluation.model,
        "days": {
            "evaluated": list(evaluation.days.evaluated),
            "held": list(evaluation.days.held),
            "not_run": list(evaluation.days.not_run),
        },
        "receptions": evaluation.receptions,
        "figures": {section.key: {"of": section.of, "lines": _lines(section.lines)} for section in evaluation.sections},
        "groups": _grouped(evaluation.groups),
    }


def _grouped(groups: Iterable[Group]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for group in groups:
        found.setdefault(group.dimension, {})[group.group] = _lines(group.lines)
    return found


def _lines(lines: Iterable[Line]) -> dict[str, dict[str, Any]]:
    return {line.key: _figure(line.figure) for line in lines}


def _figure(figure: Figure) -> dict[str, Any]:
    known = {"count": figure.count, "of": figure.of, "share": _rounded(figure.share)}
    if isinstance(figure, ErrorRate):
        return known | {"at_most": _rounded(figure.upper)}
    return known | {"interval": [_rounded(end) for end in figure.interval]}


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 6)


def as_grids(evaluation: Evaluation) -> RenderableType:
    """Children found, missed and wrong doors first; then why, then links, then groups."""
    return Stack(_heading(evaluation), *_spaced(_section_grid(section) for section in evaluation.sections), *_group_grids(evaluation))


def _heading(evaluation: Evaluation) -> Text:
    days = evaluation.days
    made = f"Measured against the truth of a made-up world: {evaluation.receptions:,} receptions, {len(days.evaluated)} days, model {evaluation.model}."
    heading = Text(made)
    if days.held:
        heading.append(f" Held: {', '.join(days.held)}; their children count as missed.", style="red")
    if days.not_run:
        heading.append(f" Not run, and not counted: {len(days.not_run)} days.", style="yellow")
    return heading


def _spaced(grids: Iterable[Grid]) -> Iterator[RenderableType]:
    for grid in grids:
        yield ""
        yield grid


def _section_grid(section: Section) -> Grid:
    grid = _grid(section.title, section.of)
    grid.add_column("", min_width=40)
    for heading in ("n", "of", "share", "95 %"):
        grid.add_column(heading, justify="right", no_wrap=True)
    for line in section.lines:
        grid.add_row(line.about, f"{line.figure.count:,}", f"{line.figure.of:,}", _percent(line.figure.share), _range(line.figure))
    return grid


def _grid(title: str, of: str) -> Grid:
    heading = Text(title, style="bold")
    heading.append(f"\nof {of}", style="not bold")
    return Grid(title=heading, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)


def _group_grids(evaluation: Evaluation) -> Iterator[RenderableType]:
    dimensions = list(dict.fromkeys(group.dimension for group in evaluation.groups))
    for dimension in dimensions:
        grid = _grid(f"By {dimension.replace('_', ' ')}", "receptions with a police record; of children in live areas; small groups left out")
        grid.add_column("", no_wrap=True)
        headings = {line.key: line.about for group in evaluation.groups for line in group.lines}
        for about in headings.values():
            grid.add_column(about, justify="right")
        for group in (g for g in evaluation.groups if g.dimension == dimension):
            shown = {line.key: line.figure for line in group.lines}
            cells = [_cell(shown.get(key)) for key in headings]
            grid.add_row(group.group.replace("_", " "), *cells)
        yield from _spaced([grid])


def _cell(figure: Figure | None) -> str:
    return "-" if figure is None else f"{_percent(figure.share)} of {figure.of:,}"


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f} %"


def _range(figure: Figure) -> str:
    if not figure.of:
        return "-"
    if isinstance(figure, ErrorRate):
        return f"at most {100 * figure.upper:.1f} %"
    low, high = figure.interval
    return f"{100 * low:.1f} to {100 * high:.1f} %"
