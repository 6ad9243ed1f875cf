"""Running the chain through Dagster in this process, and telling what is due afterwards.

Telling is no table: after a run that was asked to notify, the ledger claims what its days have released. What may be read, and
so a command's exit code, comes from the gates and not from what Dagster says of the run.
"""

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import dagster as dg

from paramount_assets.chain import catalogue_of
from paramount_assets.lake import Catalogue, LakeRun, Made, Table
from paramount_assets.lake.assets import asset_of
from paramount_assets.ledger import LedgerExport, export, open_ledger
from paramount_assets.partitions import daily_partitions
from paramount_assets.settings import Settings
from paramount_assets.vocabulary import Cadence, Day, GateStatus

DAYS = "days"
"""The job of all tables that have days, and of what those need that has none."""

TOTALS = "totals"
"""The job of the tables over all days."""

NOTIFY_TAG = "paramount/notify"
"""Tags a run after which what is due is told. Without it nothing is."""

Listener = Callable[[Made], None]


@dataclass
class Outcome:
    """What became of a run: every table's day in the order in which it was made."""

    made: list[Made] = field(default_factory=list)
    is_complete: bool = True
    """Dagster got through the run; a closed gate of a single day also ends a run early."""
    broken_by: list[str] = field(default_factory=list)
    """The tables at which Dagster stopped, each with the kind of the fault."""

    def __add__(self, other: "Outcome") -> "Outcome":
        """What became of two runs, one after the other."""
        return Outcome(self.made + other.made, self.is_complete and other.is_complete, self.broken_by + other.broken_by)

    @property
    def faults(self) -> list[Made]:
        """Table-days that are not released although they should be."""
        return [m for m in self.made if m.is_fault]

    @property
    def only_waits(self) -> bool:
        """Nothing is wrong but that a delivery has not arrived: the days that are held wait for it."""
        waiting = {m.day for m in self.made if m.status is GateStatus.WAITING}
        return bool(self.faults) and all(
            m.status is GateStatus.WAITING or (m.status is GateStatus.HELD and m.day in waiting) for m in self.faults
        )


def definitions_of(settings: Settings, opened: LakeRun | None = None) -> dg.Definitions:
    """Every table as an asset, the two jobs over them, and the lake as the one resource.

    Args:
        settings: the installation.
        opened: the lake, where it is open already; else each run opens it.
    """
    catalogue = catalogue_of(settings)
    partitions = daily_partitions(settings)

    @dg.resource
    def lake(_context: dg.InitResourceContext) -> Iterator[LakeRun]:
        with LakeRun(catalogue, settings, lambda: _ledger_export(settings)) as run:
            yield run

    return dg.Definitions(
        assets=[asset_of(table, catalogue, partitions) for table in catalogue],
        jobs=list(jobs_of(catalogue)),
        resources={"lake": lake if opened is None else opened},
        executor=dg.in_process_executor,
    )


@functools.cache
def jobs_of(catalogue: Catalogue) -> tuple[Any, Any]:
    """The job of all tables with days, and the job of those over all days."""
    totals = dg.AssetSelection.assets(*(dg.AssetKey(t.key.split("/")) for t in catalogue if t.cadence is Cadence.ALL_DAYS))
    return dg.define_asset_job(DAYS, dg.AssetSelection.all() - totals), dg.define_asset_job(TOTALS, totals)


def run_days(
    settings: Settings, tables: Sequence[Table], first: Day, last: Day, *, notify: bool, listener: Listener | None = None
) -> Outcome:
    """Makes tables' days in one Dagster run; tables over all days are left to `run_totals`.

    Args:
        settings: the installation.
        tables: which tables; what they read is not made along with them.
        first: the first day.
        last: the last day, included.
        notify: only tags the run; `telling.tell` does the telling.
        listener: is told of each table's day as soon as it is made.

    Raises:
        LakeBusy: another run is writing the lake.
    """
    tags = {
        "dagster/asset_partition_range_start": first.isoformat(),
        "dagster/asset_partition_range_end": last.isoformat(),
        NOTIFY_TAG: str(notify).lower(),
    }
    return _run(settings, DAYS, [t for t in tables if t.cadence is not Cadence.ALL_DAYS], tags, listener)


def run_totals(settings: Settings, tables: Sequence[Table], listener: Listener | None = None) -> Outcome:
    """Makes those of the tables that are over all days, in one Dagster run. They show what the ledger knows by then.

    Raises:
        LakeBusy: another run is writing the lake.
    """
    return _run(settings, TOTALS, [t for t in tables if t.cadence is Cadence.ALL_DAYS], {}, listener)


def _run(settings: Settings, job: str, tables: Sequence[Table], tags: dict[str, str], listener: Listener | None) -> Outcome:
    outcome = Outcome()

    def hear(made: Made) -> None:
        outcome.made.append(made)
        if listener is not None:
            listener(made)

    if not tables:
        return outcome
    lake = LakeRun(catalogue_of(settings), settings, lambda: _ledger_export(settings), listener=hear)
    with lake as opened, dg.DagsterInstance.from_config(str(settings.dagster_folder)) as instance:
        result = (
            definitions_of(settings, opened)
            .resolve_job_def(job)
            .execute_in_process(
                instance=instance,
                tags=tags,
                run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
                asset_selection=[dg.AssetKey(t.key.split("/")) for t in tables],
                raise_on_error=False,
            )
        )
    outcome.is_complete = result.success
    failures = result.filter_events(lambda event: event.is_step_failure)
    outcome.broken_by = [f"{str(e.step_key).replace('__', '/')}: {_root_of(e.step_failure_data.error)}" for e in failures]
    return outcome


def _root_of(error: Any) -> str:  # noqa: ANN401 - dagster's own record of an exception
    """The kind of the fault at the bottom; its message may hold a value and stays in Dagster's log."""
    while error.cause is not None:
        error = error.cause
    return str(error.cls_name)


def _ledger_export(settings: Settings) -> LedgerExport:
    with open_ledger(settings) as ledger:
        return export(ledger)
