"""Dagster's storage with kept engines holds what Dagster's own would, in files that its own reads."""

import dagster as dg
import pytest
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage

from paramount_assets.dagster_storage import SqliteStorage
from tests.installations import PROJECT, make_root

pytestmark = pytest.mark.slow


@dg.asset
def made():
    return dg.MaterializeResult(metadata={"rows": 3})


def test_the_project_uses_it(tmp_path):
    assert "class: SqliteStorage" in (PROJECT / "dagster.yaml").read_text()
    with dg.DagsterInstance.from_config(str(make_root(tmp_path / "root"))) as instance:
        assert isinstance(instance.event_log_storage, type(SqliteStorage(str(tmp_path / "other")).event_log_storage))


def test_what_it_holds_is_read_by_dagsters_own_storage(tmp_path):
    root = make_root(tmp_path / "root")
    with dg.DagsterInstance.from_config(str(root)) as instance:
        run = dg.materialize([made], instance=instance, run_config={"execution": {"config": {}}})
    storage = DagsterSqliteStorage(str(root / "data" / "dagster"))
    with dg.DagsterInstance.ephemeral() as other:
        storage.register_instance(other)
        events = storage.event_log_storage.get_logs_for_run(run.run_id)
        assert storage.run_storage.get_runs()[0].is_success
        assert storage.event_log_storage.get_asset_records([made.key])[0].asset_entry.last_run_id == run.run_id
    kinds = [event.dagster_event_type for event in events if event.is_dagster_event]
    assert dg.DagsterEventType.ASSET_MATERIALIZATION in kinds
