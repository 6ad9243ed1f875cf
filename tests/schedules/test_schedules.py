"""When the chain runs by itself, and whom its runs tell."""

import datetime as dt
import itertools
from pathlib import Path

import dagster as dg
import pytest
from dagster._utils.schedules import schedule_execution_time_iterator

from paramount_assets import schedules
from paramount_assets.clock import LONDON
from paramount_assets.partitions import daily_partitions
from paramount_assets.pipeline import DAYS, NOTIFY_TAG, TOTALS, definitions_of
from paramount_assets.schedules import PARTITION_TAG, schedules_of
from paramount_assets.settings import Settings
from paramount_assets.telling import Told

SETTINGS = Settings(root=Path(__file__).parents[2])
CLOCKS_CHANGE = [dt.date(2026, 3, 29), dt.date(2026, 10, 25)]


@pytest.fixture(scope="module")
def definitions() -> dg.Definitions:
    return dg.Definitions.merge(definitions_of(SETTINGS), schedules_of(SETTINGS))


@pytest.fixture(scope="module")
def every_morning(definitions) -> dg.ScheduleDefinition:
    return definitions.resolve_schedule_def("every_morning")


@pytest.fixture
def told(monkeypatch) -> list[tuple[str, str, bool, bool]]:
    """What was asked to be told; nothing is."""
    asked = []

    def tell(settings, first, last, *, notify, replay):
        assert settings is SETTINGS
        asked.append((str(first), str(last), notify, replay))
        return Told()

    monkeypatch.setattr(schedules, "tell", tell)
    return asked


def fires(schedule: dg.ScheduleDefinition, around: dt.date) -> list[dt.datetime]:
    """When it fires from two days before a day to two days after it, in London."""
    start = dt.datetime.combine(around - dt.timedelta(days=2), dt.time(), LONDON)
    times = schedule_execution_time_iterator(start.timestamp(), schedule.cron_schedule, schedule.execution_timezone)
    end = start + dt.timedelta(days=5)
    return [at.astimezone(LONDON) for at in itertools.takewhile(lambda at: at < end, times)]


@pytest.mark.parametrize("change", CLOCKS_CHANGE, ids=str)
def test_it_fires_once_a_day_at_half_past_six_in_london_also_when_the_clocks_change(every_morning, change):
    days = [change + dt.timedelta(days=n) for n in range(-2, 3)]
    assert [(at.date(), at.time()) for at in fires(every_morning, change)] == [(day, dt.time(6, 30)) for day in days]


@pytest.mark.parametrize("change", CLOCKS_CHANGE, ids=str)
def test_it_asks_for_the_day_it_fires_on_and_that_the_teams_are_told(definitions, every_morning, change):
    for at in fires(every_morning, change):
        context = dg.build_schedule_context(scheduled_execution_time=at, repository_def=definitions.get_repository_def())
        (request,) = every_morning.evaluate_tick(context).run_requests
        assert request.run_key == request.partition_key == at.date().isoformat()
        assert request.tags[NOTIFY_TAG] == "true"
        assert request.tags[PARTITION_TAG] == at.date().isoformat()
    assert every_morning.job_name == DAYS


@pytest.mark.parametrize("change", CLOCKS_CHANGE, ids=str)
def test_days_are_contiguous_and_today_is_one_of_them_when_it_fires(every_morning, change):
    for at in fires(every_morning, change):
        keys = daily_partitions(SETTINGS).get_partition_keys(current_time=at)
        assert keys[-4:] == [(at.date() - dt.timedelta(days=n)).isoformat() for n in (3, 2, 1, 0)]
        assert len(keys) == len(set(keys)) == (at.date() - SETTINGS.first_day).days + 1


@dg.op
def goes_well() -> None: ...


@dg.op
def goes_wrong() -> None:
    raise dg.Failure("a gate closed", allow_retries=False)


def context_after(op: dg.OpDefinition, **tags: str) -> dg.RunStatusSensorContext:
    """What a sensor is given after a run with tags."""
    instance = dg.DagsterInstance.ephemeral()
    job = dg.GraphDefinition("days", node_defs=[op]).to_job(executor_def=dg.in_process_executor)
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    result = job.execute_in_process(
        run_config=quiet,
        instance=instance,
        tags={name.replace("_", "/"): text for name, text in tags.items()},
        raise_on_error=False,
    )
    event = result.get_run_success_event() if result.success else result.get_run_failure_event()
    return dg.build_run_status_sensor_context("tell", event, instance, result.dagster_run)


@pytest.mark.slow
@pytest.mark.parametrize(("ends", "op"), [("success", goes_well), ("failure", goes_wrong)])
class TestAfterARun:
    def test_the_mornings_day_is_told_and_the_totals_are_made_anew(self, definitions, told, ends, op):
        context = context_after(op, paramount_notify="true", dagster_partition="2025-11-05")
        request = definitions.resolve_sensor_def(f"tell_after_{ends}")(context)
        assert told == [("2025-11-05", "2025-11-05", True, False)]
        assert (request.job_name, request.run_key) == (TOTALS, context.dagster_run.run_id)

    @pytest.mark.parametrize("tags", [{}, {"paramount_notify": "false"}], ids=["by hand", "without --notify"])
    def test_nobody_is_told_unless_the_run_was_asked_to(self, definitions, told, ends, op, tags):
        context = context_after(op, dagster_partition="2025-11-05", **tags)
        skipped = definitions.resolve_sensor_def(f"tell_after_{ends}")(context)
        assert told == []
        assert skipped.skip_message == "the run was not asked to notify"

    def test_a_run_without_a_day_tells_nobody(self, definitions, told, ends, op):
        definitions.resolve_sensor_def(f"tell_after_{ends}")(context_after(op, paramount_notify="true"))
        assert told == []


def test_the_sensors_watch_without_being_switched_on(definitions):
    sensors = [definitions.resolve_sensor_def(f"tell_after_{ends}") for ends in ("success", "failure")]
    assert {sensor.default_status for sensor in sensors} == {dg.DefaultSensorStatus.RUNNING}
