"""Tables as Dagster assets, and nothing else is one.

Dagster displays the gate and never decides it: each day's outcome becomes an asset check on that day's partition. A run of one
day fails when its gate closes; in a range the bad day shows a failed check and its neighbours go on. A reference delivery that
fails never ends a run, because the version before it still serves.
"""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import dagster as dg

from paramount_assets import clock
from paramount_assets.lake.catalogue import Catalogue
from paramount_assets.lake.dictionary import dictionary
from paramount_assets.lake.lineage import column_lineage
from paramount_assets.lake.run import Made
from paramount_assets.lake.table import How, Table
from paramount_assets.quality import Suite
from paramount_assets.vocabulary import Cadence, Day, GateStatus

GATE = "gate"
"""The name of every table's asset check."""


def asset_of(table: Table, catalogue: Catalogue, partitions: dg.PartitionsDefinition[str]) -> dg.AssetsDefinition:
    """The asset of a table: its key, what it reads, its columns, and a check that shows its gate."""
    key = dg.AssetKey([table.step, table.name])
    has_days = table.cadence in (Cadence.DAILY, Cadence.VERSIONED)
    suite = catalogue.suite(table)
    with _unfinished_features():
        return _asset(table, catalogue, key, suite, partitions if has_days else None)


@contextmanager
def _unfinished_features() -> Iterator[None]:
    """Dagster calls both features unfinished each time they are used; that they work as needed here is tested."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Parameter `backfill_policy` of function `asset` is currently in beta")
        warnings.filterwarnings("ignore", "Specifying a partitions_def on an AssetCheckSpec is currently in preview")
        yield


def _asset(
    table: Table, catalogue: Catalogue, key: dg.AssetKey, suite: Suite, partitions: dg.PartitionsDefinition[str] | None
) -> dg.AssetsDefinition:
    @dg.asset(
        key=key,
        deps=[dg.AssetKey([catalogue[name].step, name]) for name in _upstream(table)],
        partitions_def=partitions,
        backfill_policy=dg.BackfillPolicy.single_run() if partitions else None,
        group_name=table.step,
        description=table.description,
        owners=[f"team:{suite.owner}"],
        kinds=set(table.kinds),
        tags={"cadence": table.cadence.replace(" ", "_")},
        metadata={"dagster/column_schema": _column_schema(suite.columns)},
        required_resource_keys={"lake"},
        check_specs=[
            dg.AssetCheckSpec(
                GATE,
                asset=key,
                partitions_def=partitions,
                description="Released when its suite passed and all it was made from is still released.",
            )
        ],
    )
    def asset(context: dg.AssetExecutionContext) -> Iterator[Any]:
        days = [clock.day_of(d) for d in context.partition_keys] if partitions else [None]
        faults = []
        for made in context.resources.lake.make(table, days):
            partition = made.day if partitions else None
            metadata = _metadata(made)
            context.add_asset_metadata(metadata, key, partition)
            if made.status is not GateStatus.NO_DELIVERY:
                passed = made.status is GateStatus.RELEASED
                yield dg.AssetCheckEvaluation(
                    key, GATE, passed, metadata, severity=_severity(made), partition=partition, blocking=_stops(table, days)
                )
            faults += [made] if made.is_fault else []
        yield dg.Output(None, output_name=f"{table.step}__{table.name}_{GATE}")
        if faults and _stops(table, days):
            raise dg.Failure(f"{table.key} {faults[0].day}: {faults[0].status}: {faults[0].because}", allow_retries=False)
        yield dg.MaterializeResult(metadata=_lineage(table, catalogue))

    return asset


def _stops(table: Table, days: Sequence[Day | None]) -> bool:
    """A closed gate ends a run of one day. It does not in a range, nor for a version: the one before still serves."""
    return len(days) == 1 and table.cadence is not Cadence.VERSIONED


def _upstream(table: Table) -> list[str]:
    return sorted({read.table for read in table.reads if read.how is not How.PREVIOUS})


def _severity(made: Made) -> dg.AssetCheckSeverity:
    return dg.AssetCheckSeverity.ERROR if made.is_fault else dg.AssetCheckSeverity.WARN


def _column_schema(columns: Sequence[str]) -> dg.TableSchema:
    words = [dictionary()[name] for name in columns]
    return dg.TableSchema([dg.TableColumn(c.name, c.type, c.about, tags={"holds": str(c.holds)}) for c in words])


def _metadata(made: Made) -> dict[str, Any]:
    record = made.record
    metadata: dict[str, Any] = {"gate": str(made.status)}
    if made.because:
        metadata["because"] = made.because
    if record is not None and made.status is GateStatus.RELEASED:
        metadata |= {"dagster/row_count": record.rows, "sha256": record.sha256}
        metadata |= {
            "inputs": dg.MetadataValue.json([{"table": p.table, "day": p.day, "sha256": p.sha256} for p in record.inputs])
        }
        metadata |= {"warnings": [f"{o.sentence}; {o.why}" for o in record.warnings]}
        metadata |= {"notes": list(record.notes)} if record.notes else {}
    return metadata


def _lineage(table: Table, catalogue: Catalogue) -> dict[str, Any]:
    if table.sql_file is None:
        return {}
    upstream = tuple((catalogue[n].key, (*catalogue.suite(catalogue[n]).columns, "as_of")) for n in _upstream(table))
    columns = column_lineage(table.sql_file, upstream)
    deps = {
        column: [dg.TableColumnDep(dg.AssetKey(key.split("/")), name) for key, name in pairs] for column, pairs in columns.items()
    }
    return {"dagster/column_lineage": dg.TableColumnLineage(deps)}
