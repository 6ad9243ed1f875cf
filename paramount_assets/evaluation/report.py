"""The measurement as JSON for machines and as grids for a terminal. Counts, shares and codes only."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from rich import box
from rich.console import Group as Stack
from rich.console import RenderableType
from rich.table import Table as Grid
from rich.text import Text

from paramount_assets.evaluation.figures import FEWEST, ErrorRate, Figure, Group, Line, Section
from paramount_assets.evaluation.groups import HARD_KIND
from paramount_assets.evaluation.measure import Evaluation

FORMAT = 1
"""Raised when a key is renamed or comes to mean something else; new keys may come without."""

_LABEL = 40
_ALWAYS = ("found", "missed", "accepted_right")
"""Shares that are shown even where there are none; the other lines of nothing stand in the JSON alone."""


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


def as_grids(evaluation: Evaluation, *, with_groups: bool = False) -> RenderableType:
    """Children found, missed and wrong doors first; then why, then links, then groups. Eighty columns wide.

    Args:
        evaluation: the measurement.
        with_groups: all groups; else only the hard kinds.
    """
    sections = (section for section in evaluation.sections if any(line.figure.of for line in section.lines))
    dimensions = list(dict.fromkeys(group.dimension for group in evaluation.groups))
    shown = dimensions if with_groups else [d for d in dimensions if d == HARD_KIND]
    grids = [_section_grid(section) for section in sections]
    grids += [_group_grid(d, [g for g in evaluation.groups if g.dimension == d]) for d in shown]
    return Stack(_heading(evaluation), *_spaced(grids))


def _heading(evaluation: Evaluation) -> Text:
    days = evaluation.days
    heading = Text("Measured against the truth of a made-up world", style="bold")
    counts = f"{evaluation.receptions:,} receptions, {len(days.evaluated)} days, model {evaluation.model}"
    heading.append(f"\n{counts}", style="not bold")
    if days.held:
        heading.append(f"\nheld, so that their children are missed: {', '.join(days.held)}", style="not bold red")
    if days.not_run:
        heading.append(f"\nnot run, and not counted: {len(days.not_run)} days", style="not bold yellow")
    return heading


def _spaced(grids: Iterable[Grid]) -> Iterator[RenderableType]:
    for grid in grids:
        yield ""
        yield grid


def _section_grid(section: Section) -> Grid:
    grid = _grid(section.title, section.of)
    grid.add_column("", width=_LABEL, no_wrap=True)
    for heading, width in (("n", 6), ("of", 6), ("share", 7), ("95 %", 16)):
        grid.add_column(heading, justify="right", no_wrap=True, width=width)
    for line in _shown(section):
        grid.add_row(line.about, *_cells(line.figure))
    return grid


def _shown(section: Section) -> list[Line]:
    """Lines of none are left out, unless there are no others: that none of three was found is a figure, too."""
    lines = section.lines
    shown = [line for line in lines if line.figure.count or isinstance(line.figure, ErrorRate) or line.key in _ALWAYS]
    return shown or [line for line in lines if line.figure.of]


def _grid(title: str, of: str) -> Grid:
    heading = Text(title, style="bold")
    heading.append(f"\nof {of}", style="not bold")
    return Grid(title=heading, title_justify="left", box=box.SIMPLE_HEAD, padding=0, show_edge=False)


def _cells(figure: Figure) -> tuple[str, ...]:
    return (f"{figure.count:,}", f"{figure.of:,}", _percent(figure.share), _range(figure))


def _group_grid(dimension: str, groups: list[Group]) -> Grid:
    grid = _grid(
        f"By {dimension.replace('_', ' ')}", f"receptions with a police record, and children; groups of {FEWEST} or more"
    )
    grid.add_column("", width=_LABEL - 14, no_wrap=True)
    for heading in ("n", "linked", "review", "wrong", "children", "found", "missed"):
        grid.add_column(heading, justify="right", no_wrap=True, width=9 if heading == "children" else 7)
    for group in groups:
        grid.add_row(group.group.replace("_", " "), *_group_cells({line.key: line.figure for line in group.lines}))
    return grid


def _group_cells(figures: dict[str, Figure]) -> list[str]:
    links, children = figures.get("linked"), figures.get("children_found")
    return [
        f"{links.of:,}" if links else "-",
        *(_percent(figures[key].share) if links else "-" for key in ("linked", "link_in_review", "link_wrong")),
        f"{children.of:,}" if children else "-",
        *(_percent(figures[key].share) if children else "-" for key in ("children_found", "children_missed")),
    ]


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f} %"


def _range(figure: Figure) -> str:
    if not figure.of:
        return "-"
    if isinstance(figure, ErrorRate):
        return f"at most {100 * figure.upper:.1f} %"
    low, high = figure.interval
    return f"{100 * low:.1f} to {100 * high:.1f} %"
