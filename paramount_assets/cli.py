"""The command `paramount`. It parses, calls and prints; what it does is known elsewhere.

Exit codes: 0 all is well, 1 something broke, 2 the command was given wrongly, 3 a gate is closed or something was altered,
4 a delivery has not arrived.
"""

import datetime as dt
import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, TextColumn, TimeElapsedColumn
from rich.table import Table as Grid

from paramount_assets import worlds
from paramount_assets.chain import Selection, SelectionUnknown, catalogue_of
from paramount_assets.lake import LakeBusy, Landing, Made, Releases, Store
from paramount_assets.lake.verification import altered
from paramount_assets.ledger import LedgerRefused, export, open_ledger, verify_chain
from paramount_assets.morning import COUNTED, Morning, mornings
from paramount_assets.publication import publish as build_published
from paramount_assets.settings import Settings
from paramount_assets.vocabulary import Day, GateStatus, Source

WELL, BROKE, WRONG_USE, GATE_CLOSED, WAITING = range(5)

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
_out = Console(highlight=False)
_err = Console(stderr=True, highlight=False)

From = Annotated[dt.datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")]
To = Annotated[dt.datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day, included.")]
Notify = Annotated[bool, typer.Option("--notify", help="Tell what is due when the run is done. Without it nobody is told.")]
Replay = Annotated[bool, typer.Option("--replay", help="Made-up worlds only: tell each day as if it were 06:30 on that day.")]
Only = Annotated[list[str] | None, typer.Option(help="Only this step or step/table. May be repeated.")]
Without = Annotated[list[str] | None, typer.Option(help="Leave out this step or step/table. May be repeated.")]


def main() -> None:
    """Runs the command; a known fault becomes one plain line and an exit code."""
    try:
        app()
    except (LakeBusy, LedgerRefused, SelectionUnknown, worlds.NotMadeUp) as fault:
        _err.print(f"[red]{fault}[/red]")
        sys.exit(WRONG_USE if isinstance(fault, SelectionUnknown | worlds.NotMadeUp) else BROKE)


@app.callback()
def about() -> None:
    """Finds the children left behind when a parent goes to prison, and gets help offered to them."""


@app.command()
def simulate(
    residents: Annotated[int, typer.Option(min=500, help="Residents of the force's area.")] = 5000,
    first: Annotated[dt.datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")] = dt.datetime(2025, 11, 3),  # noqa: DTZ001 - a day
    last: Annotated[dt.datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day, included.")] = dt.datetime(
        2025, 11, 16
    ),  # noqa: DTZ001 - a day
    density: Annotated[float, typer.Option(min=0.0, help="Receptions as a multiple of life; 1 is life.")] = 1.0,
    seed: Annotated[int, typer.Option(help="The same seed makes the same world.")] = 7,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Remove an earlier made-up world first, and all that was made of it.")
    ] = False,
    answers: Annotated[
        bool, typer.Option("--answers", help="Instead land what officers and charity answer to what was told.")
    ] = False,
) -> None:
    """Make up a world and land what its prisons, police and children's services would deliver."""
    settings = Settings()
    if answers:
        with open_ledger(settings) as ledger:
            count = worlds.answer(settings, export(ledger))
        _out.print(f"{count} made-up casework events landed.")
        return
    summary = worlds.make(settings, residents, Day(first.date()), Day(last.date()), density, seed, fresh=fresh)
    if density != 1.0:
        _out.print(
            f"[yellow]Made up, and denser than life: {density:g} times as many receptions as the area really has.[/yellow]"
        )
    grid = Grid(title="A made-up world", title_justify="left", show_header=False)
    for name, value in summary:
        grid.add_row(name, value)
    _out.print(grid)


@app.command()
def run(
    date: Annotated[dt.datetime, typer.Option(formats=["%Y-%m-%d"], help="The extract's date.")],
    notify: Notify = False,
    replay: Replay = False,
) -> None:
    """Run one day through the whole chain, and the tables over all days after it."""
    _run(Day(date.date()), Day(date.date()), Selection(), notify=notify, replay=replay)


@app.command()
def backfill(
    first: From, last: To, only: Only = None, without: Without = None, notify: Notify = False, replay: Replay = False
) -> None:
    """Run a range of days in one run. A bad day is held and its neighbours go on."""
    if last < first:
        raise typer.BadParameter("the last day is before the first")
    selection = Selection(tuple(only or ()), tuple(without or ()))
    _run(Day(first.date()), Day(last.date()), selection, notify=notify, replay=replay)


@app.command()
def status(
    first: Annotated[dt.datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")] = None,
    last: Annotated[dt.datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day, included.")] = None,
) -> None:
    """Show for each day whether it arrived, was gated, linked and told, and what to do if not."""
    settings = Settings()
    catalogue = catalogue_of(settings)
    arrived = Landing(settings.landing_folder).dates(Source.PRISON_EXTRACT)
    releases = Releases(Store(settings.lake_folder), catalogue)
    with open_ledger(settings) as ledger:
        told = export(ledger)
    days = _days_shown(arrived, first, last)
    lines = mornings(days, catalogue, releases, set(arrived), told)
    _out.print(_mornings_grid(lines))
    _out.print(f"{told.cases.height} families told of or about to be, {told.claims.height} children's records claimed.")
    raise typer.Exit(_status_code(lines))


@app.command()
def publish() -> None:
    """Build the analysts' DuckDB file beside the old one and swap it in."""
    settings = Settings()
    with open_ledger(settings) as ledger:
        published = build_published(
            settings.published_file, catalogue_of(settings), Store(settings.lake_folder), ledger.pseudonyms.of_identifier
        )
    _out.print(f"{len(published.rows)} tables, {sum(published.rows.values()):,} rows: {published.file}")


@app.command()
def verify() -> None:
    """Look for anything in lake or ledger that was altered by hand."""
    settings = Settings()
    faults = list(altered(Store(settings.lake_folder), catalogue_of(settings)))
    with open_ledger(settings) as ledger:
        broken = verify_chain(ledger)
    faults += [f"audit event {broken} has been altered"] if broken is not None else []
    for fault in faults:
        _out.print(f"[red]{fault}[/red]")
    _out.print(
        f"{len(faults)} altered"
        if faults
        else "Nothing was altered: every file is what its name says, every event follows the last."
    )
    raise typer.Exit(GATE_CLOSED if faults else WELL)


def _run(first: Day, last: Day, selection: Selection, *, notify: bool, replay: bool) -> None:
    from paramount_assets.pipeline import run_days, run_totals  # noqa: PLC0415 - Dagster takes seconds to import
    from paramount_assets.telling import tell  # noqa: PLC0415

    settings = Settings()
    if replay:
        worlds.refuse_unless_made_up(settings)
    tables = selection.of(catalogue_of(settings))
    days = (last - first).days + 1
    with Progress(TextColumn("{task.description}"), TimeElapsedColumn(), console=_err, transient=True) as progress:
        shown = progress.add_task(f"{len(tables)} tables, {days} days")
        count = 0

        def listen(made: Made) -> None:
            nonlocal count
            count += 1
            progress.update(shown, description=f"{count} made, {made.table.key} {made.day} {made.status}")

        outcome = run_days(settings, tables, first, last, notify=notify, listener=listen)
        told = tell(settings, first, last, notify=notify, replay=replay)
        outcome += run_totals(settings, tables, listener=listen)
    for made in outcome.faults:
        if made.status is not GateStatus.HELD:
            _err.print(f"[red]{made.table.key} {made.day}: {made.status}: {made.because}[/red]")
    released = sum(made.status is GateStatus.RELEASED for made in outcome.made)
    held = sum(made.status is GateStatus.HELD for made in outcome.made)
    _out.print(f"{released} table-days released, {held} held, {len(outcome.faults) - held} failed or waiting. {told}")
    if outcome.faults:
        raise typer.Exit(WAITING if outcome.only_waits else GATE_CLOSED)
    if not outcome.is_complete:
        raise typer.Exit(BROKE)


def _days_shown(arrived: list[Day], first: dt.datetime | None, last: dt.datetime | None) -> list[Day]:
    start = first.date() if first else (arrived[-14:] or [None])[0]
    end = last.date() if last else (arrived[-1:] or [None])[0]
    if start is None or end is None:
        return []
    return [Day(start + dt.timedelta(days=n)) for n in range((end - start).days + 1)]


def _mornings_grid(lines: list[Morning]) -> Grid:
    grid = Grid(title="Days, newest last", title_justify="left")
    for heading in ("day", "gate", *(name.replace("_", " ") for name in COUNTED), "told", "what holds it", "next"):
        grid.add_column(heading)
    for line in lines:
        counts = ["-" if rows is None else str(rows) for rows in line.rows.values()]
        holds = f"{line.where}: {line.because}" if line.where else ""
        colour = "green" if line.status is GateStatus.RELEASED else "red"
        grid.add_row(str(line.day), f"[{colour}]{line.status}[/{colour}]", *counts, str(line.told), holds, line.next_action)
    return grid


def _status_code(lines: list[Morning]) -> int:
    if any(line.status not in (GateStatus.RELEASED, GateStatus.WAITING) for line in lines):
        return GATE_CLOSED
    return WAITING if any(line.status is GateStatus.WAITING for line in lines) else WELL
