"""The command `paramount`. It parses, calls and prints; what it does is known elsewhere.

Exit codes: 0 all is well, 1 something broke, 2 the command was given wrongly, 3 a gate is closed or something was altered,
4 a delivery has not arrived.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import duckdb
import typer
from rich.console import Console
from rich.progress import Progress, TextColumn, TimeElapsedColumn
from typer.core import TyperGroup

from paramount_assets import clock, display, evaluation, worlds
from paramount_assets.chain import Selection, SelectionUnknown, catalogue_of
from paramount_assets.lake import CatalogueInvalid, LakeBusy, Landing, Made, Releases, SqlInvalid, Store, TableMismatch
from paramount_assets.lake.verification import altered
from paramount_assets.ledger import KeyUnusable, LedgerExport, LedgerRefused, export, has_ledger, open_ledger, verify_chain
from paramount_assets.morning import Morning, mornings, released_outcomes, side_faults
from paramount_assets.publication import PublicationBroken
from paramount_assets.publication import publish as build_published
from paramount_assets.quality import SuiteInvalid
from paramount_assets.requests import RequestHeld, RequestWaits, request_children
from paramount_assets.settings import Settings, SettingsInvalid
from paramount_assets.synthetic.deliver import DeliveryExistsError, FileFormat
from paramount_assets.synthetic.presets import PRESETS, Plan, PlanRefused, PresetName, density_of
from paramount_assets.vocabulary import Day, GateStatus, Source

WELL, BROKE, WRONG_USE, GATE_CLOSED, WAITING = range(5)

_EXIT_CODES: Mapping[type[Exception], int] = {
    SettingsInvalid: WRONG_USE,
    SelectionUnknown: WRONG_USE,
    worlds.NotMadeUp: WRONG_USE,
    worlds.WorldImpossible: WRONG_USE,
    PlanRefused: WRONG_USE,
    evaluation.AnswerKeyMissing: WRONG_USE,
    evaluation.NothingToMeasure: WRONG_USE,
    DeliveryExistsError: WRONG_USE,
    RequestHeld: GATE_CLOSED,
    RequestWaits: WAITING,
    CatalogueInvalid: BROKE,
    SqlInvalid: BROKE,
    SuiteInvalid: BROKE,
    TableMismatch: BROKE,
    LakeBusy: BROKE,
    LedgerRefused: BROKE,
    KeyUnusable: BROKE,
    PublicationBroken: BROKE,
    duckdb.IOException: BROKE,
    OSError: BROKE,
}
"""The faults that a person can mend, and how the command ends on them: one plain line, no traceback."""


class PlainFaults(TyperGroup):
    """Commands that end on a known fault with one plain line."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - typer's own context, which it does not make public
        """Runs the command that was asked for."""
        try:
            return super().invoke(ctx)
        except tuple(_EXIT_CODES) as fault:
            _say_fault(f"{fault.strerror}: {fault.filename}" if isinstance(fault, OSError) and fault.strerror else str(fault))
            code = next(code for kind, code in _EXIT_CODES.items() if isinstance(fault, kind))
        raise typer.Exit(code)


app = typer.Typer(cls=PlainFaults, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
_out = Console(highlight=False, soft_wrap=True)
_err = Console(stderr=True, highlight=False, soft_wrap=True)


def _day(text: str | dt.date) -> Day:
    try:
        return Day(text) if isinstance(text, dt.date) else clock.day_of(text)
    except ValueError:
        raise typer.BadParameter("a day is written like 2025-11-03") from None


First = Annotated[Day, typer.Option("--from", parser=_day, metavar="DAY", help="First day.")]
Last = Annotated[Day, typer.Option("--to", parser=_day, metavar="DAY", help="Last day, included.")]
Notify = Annotated[bool, typer.Option("--notify", help="Tell what is due when the run is done. Without it nobody is told.")]
Replay = Annotated[bool, typer.Option("--replay", help="Made-up worlds only: tell each day as if it were 06:30 on that day.")]

_WORLD_FROM = Day(dt.date(2025, 11, 3))


def main() -> None:
    """Runs the command."""
    app()


@app.callback()
def about() -> None:
    """Finds the children left behind when a parent goes to prison, and gets help offered to them."""


@app.command()
def simulate(  # noqa: PLR0913 - one for each option
    *,
    preset: Annotated[PresetName, typer.Option(help="The size to start from: residents, days and receptions a day.")] = "demo",
    residents: Annotated[int | None, typer.Option(help="Instead of the preset's: residents of the force's area.")] = None,
    days: Annotated[int | None, typer.Option(help="Instead of the preset's: number of days.")] = None,
    first: First = _WORLD_FROM,
    density: Annotated[
        float | None, typer.Option(help="Instead of the preset's: receptions as a multiple of life; 1 is life.")
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed makes the same world.")] = 7,
    noise: Annotated[float, typer.Option(help="What every rate of noise is multiplied by.")] = 1.0,
    file_format: Annotated[FileFormat, typer.Option("--format", help="What the reference sources land as.")] = "csv",
    fresh: Annotated[bool, typer.Option("--fresh", help="First remove an earlier made-up world, and all made of it.")] = False,
    answers: Annotated[bool, typer.Option("--answers", help="Instead land what is reported on what was told.")] = False,
) -> None:
    """Make up a world and land what its prisons, police and children's services would deliver."""
    settings = Settings.read()
    if answers:
        if fresh:
            raise typer.BadParameter("--answers needs the world that --fresh would remove")
        _out.print(f"{worlds.answer(settings, _told(settings))} made-up casework events landed.")
        return
    size = PRESETS[preset]
    people = size.residents if residents is None else residents
    plan = Plan(
        preset=preset,
        residents=people,
        first_day=first,
        days=size.days if days is None else days,
        density=density_of(size.receptions_a_day, people) if density is None else density,
        seed=seed,
        noise=noise,
        oversample=size.oversample,
        file_format=file_format,
    )
    plan.refuse_nonsense()
    if not settings.first_day <= first <= plan.last_day <= clock.today():
        raise typer.BadParameter(f"days are from {settings.first_day} to today; this world would end on {plan.last_day}")
    with _listening("made-up world") as say:
        summary = worlds.make(settings, plan, fresh=fresh, progress=say)
    for label in plan.labels():
        _out.print(label, style="yellow")
    for grid in display.world_grids(summary):
        _out.print(grid, "")


@app.command()
def run(
    *,
    date: Annotated[Day, typer.Option(parser=_day, metavar="DAY", help="The extract's date.")],
    notify: Notify = False,
    replay: Replay = False,
) -> None:
    """Run one day through the whole chain, and the tables over all days after it."""
    _run(date, date, Selection(), notify=notify, replay=replay)


@app.command()
def backfill(
    *,
    first: First,
    last: Last,
    only: Annotated[list[str] | None, typer.Option(help="Only this step or step/table. May be repeated.")] = None,
    without: Annotated[list[str] | None, typer.Option(help="Leave out this step or step/table. May be repeated.")] = None,
    notify: Notify = False,
    replay: Replay = False,
) -> None:
    """Run a range of days in one run. A bad day is held and its neighbours go on."""
    _run(first, last, Selection(tuple(only or ()), tuple(without or ())), notify=notify, replay=replay)


@app.command()
def status(
    *,
    first: Annotated[Day | None, typer.Option("--from", parser=_day, metavar="DAY", help="First day shown.")] = None,
    last: Annotated[Day | None, typer.Option("--to", parser=_day, metavar="DAY", help="Last day shown.")] = None,
) -> None:
    """Show for each day whether it arrived, was gated, linked and told, and what to do if not."""
    settings = Settings.read()
    catalogue = catalogue_of(settings)
    arrived = Landing(settings.landing_folder).dates(Source.PRISON_EXTRACT)
    days = _days_shown(arrived, first, last)
    if not days:
        _say_fault(f"no prison extract has landed in {settings.landing_folder}")
        raise typer.Exit(WAITING)
    told, store = _told(settings), Store(settings.lake_folder)
    releases = Releases(store, catalogue)
    lines = mornings(days, catalogue, releases, set(arrived), told)
    _out.print(display.mornings_grid(lines))
    for line in (line for line in lines if line.where):
        _out.print(f"{line.day} {line.status}: {line.where}: {line.because}. Next: {line.next_action}.", markup=False)
    faults = side_faults(days, catalogue, releases)
    for fault in faults:
        _out.print(fault, style="red", markup=False)
    _out.print(f"{told.cases.height} cases, {told.claims.height} children's records claimed.")
    if outcomes := released_outcomes(catalogue, releases, store):
        _out.print(display.outcomes_grid(outcomes))
    raise typer.Exit(GATE_CLOSED if faults else _status_code(lines))


class Asked(StrEnum):
    """What others can be asked for."""

    CHILDREN = "children"


@app.command()
def request(
    what: Annotated[Asked, typer.Argument(help="children: what local authorities hold about the persons newly received.")],
    *,
    date: Annotated[Day, typer.Option(parser=_day, metavar="DAY", help="The extract's date.")],
) -> None:
    """Write the files with which local authorities are asked about a day's receptions, and log each as a disclosure."""
    written = request_children(Settings.read(), date, clock.now())
    for each in written:
        persons = "1 person" if each.person_count == 1 else f"{each.person_count} persons"
        new = "" if each.is_new else ", nothing new"
        _out.print(f"{what} {each.la_code}: {persons}{new}: {each.file}", markup=False)
    if not written:
        _out.print("No local authority answers requests: the force's file names none.")


@app.command()
def evaluate(
    *,
    json: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Also write every figure to this file.")] = None,
    groups: Annotated[bool, typer.Option("--groups", help="Also show sex, age, ethnicity and why records differ.")] = False,
) -> None:
    """Measure what was found and told against the truth of a made-up world."""
    settings = Settings.read()
    found = evaluation.evaluate(settings, catalogue_of(settings), _told(settings))
    if json is not None:
        json.write_text(evaluation.as_json(found), encoding="utf-8")
    _out.print(evaluation.as_grids(found, with_groups=groups))


@app.command()
def publish() -> None:
    """Build the analysts' DuckDB file beside the old one and swap it in."""
    settings = Settings.read()
    catalogue, store = catalogue_of(settings), Store(settings.lake_folder)
    with open_ledger(settings) as ledger:
        pseudonym = ledger.pseudonyms.of_identifier
        published = build_published(settings.published_file, catalogue, store, pseudonym, settings.lock_wait_seconds)
    _out.print(f"{len(published.rows)} tables, {sum(published.rows.values()):,} rows: {published.file}")


@app.command()
def verify() -> None:
    """Look for anything in lake or ledger that was altered by hand."""
    settings = Settings.read()
    faults = list(altered(Store(settings.lake_folder), catalogue_of(settings)))
    if has_ledger(settings):
        with open_ledger(settings) as ledger:
            number = verify_chain(ledger)
        faults += [f"audit event {number} has been altered"] if number is not None else []
    for fault in faults:
        _out.print(fault, style="red", markup=False)
    if faults:
        raise typer.Exit(GATE_CLOSED)
    _out.print("Nothing was altered: every file is what its name says, every event follows the last.")


def _run(first: Day, last: Day, selection: Selection, *, notify: bool, replay: bool) -> None:
    from paramount_assets.pipeline import run_days, run_totals  # noqa: PLC0415 - Dagster takes seconds to import
    from paramount_assets.telling import tell  # noqa: PLC0415

    settings = Settings.read()
    _refuse_reversed(first, last)
    if not settings.first_day <= first <= last <= clock.today():
        raise typer.BadParameter(f"days are from {settings.first_day} to today")
    if replay:
        worlds.refuse_unless_made_up(settings)
    tables = selection.of(catalogue_of(settings))
    days = (last - first).days + 1
    with _listening(f"{len(tables)} tables, {days} days") as say:
        count = 0

        def listen(made: Made) -> None:
            nonlocal count
            count += 1
            say(f"{count} made, {made.table.key} {made.day} {made.status}")

        outcome = run_days(settings, tables, first, last, notify=notify, listener=listen)
        told = tell(settings, first, last, notify=notify, replay=replay)
        outcome += run_totals(settings, tables, listener=listen)
    for made in outcome.faults:
        if made.status is not GateStatus.HELD:
            _say_fault(f"{made.table.key} {made.day}: {made.status}: {made.because}")
    released = sum(made.status is GateStatus.RELEASED for made in outcome.made)
    held = sum(made.status is GateStatus.HELD for made in outcome.made)
    _out.print(f"{released} table-days released, {held} held, {len(outcome.faults) - held} failed or waiting. {told}")
    if outcome.faults:
        raise typer.Exit(WAITING if outcome.only_waits else GATE_CLOSED)
    if not outcome.is_complete:
        for table in outcome.broken_by:
            _say_fault(f"broke off at {table}")
        raise typer.Exit(BROKE)


@contextmanager
def _listening(about: str) -> Iterator[Callable[[str], None]]:
    """Shows in a terminal what is being done and for how long; takes one text after the other."""
    columns = (TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=_err, transient=True, disable=not _err.is_terminal) as progress:
        shown = progress.add_task(about)
        yield lambda text: progress.update(shown, description=text)


def _say_fault(text: str) -> None:
    _err.print(text, style="red", markup=False)


def _refuse_reversed(first: Day, last: Day) -> None:
    if last < first:
        raise typer.BadParameter("the last day is before the first")


def _told(settings: Settings) -> LedgerExport:
    """What the ledger holds. None is made here: a made-up world brings a key of its own for it."""
    if not has_ledger(settings):
        return LedgerExport.empty()
    with open_ledger(settings) as ledger:
        return export(ledger)


def _days_shown(arrived: list[Day], first: Day | None, last: Day | None) -> list[Day]:
    """The days asked for, or else the fourteen newest that arrived and what lies between."""
    start = first or next(iter(arrived[-14:]), last)
    end = last or next(iter(arrived[-1:]), first)
    if start is None or end is None:
        return []
    _refuse_reversed(start, end)
    return [Day(start + dt.timedelta(days=n)) for n in range((end - start).days + 1)]


def _status_code(lines: list[Morning]) -> int:
    if any(line.status not in (GateStatus.RELEASED, GateStatus.WAITING) for line in lines):
        return GATE_CLOSED
    return WAITING if any(line.status is GateStatus.WAITING for line in lines) else WELL
