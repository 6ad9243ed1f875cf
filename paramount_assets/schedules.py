"""When the chain runs by itself, and what tells the teams afterwards.

The schedule runs today's extract at 06:30 in London. A run that it started is tagged to notify; one that a person starts in the
UI is not. Telling follows the run, whether it succeeded or a gate closed: what was released is told, the rest waits. The tables
over all days are made after that, so that they show what was told.
"""

import datetime as dt

import dagster as dg

from paramount_assets import clock
from paramount_assets.chain import catalogue_of
from paramount_assets.pipeline import DAYS, NOTIFY_TAG, TOTALS, jobs_of
from paramount_assets.settings import Settings
from paramount_assets.telling import tell
from paramount_assets.vocabulary import Day

PARTITION_TAG = "dagster/partition"
"""Where Dagster keeps the day of a run of one day."""


def schedules_of(settings: Settings) -> dg.Definitions:
    """The morning's schedule and the sensors that tell after a run."""
    _, totals = jobs_of(catalogue_of(settings))

    @dg.schedule(
        job_name=DAYS,
        cron_schedule=f"{clock.DAILY_RUN.minute} {clock.DAILY_RUN.hour} * * *",
        execution_timezone=str(clock.LONDON),
        description="Runs today's extract and tells what is due.",
    )
    def every_morning(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        day = context.scheduled_execution_time.astimezone(clock.LONDON).date().isoformat()
        return dg.RunRequest(run_key=day, partition_key=day, tags={NOTIFY_TAG: "true"})

    def tell_after(context: dg.RunStatusSensorContext) -> dg.RunRequest | dg.SkipReason:
        run = context.dagster_run
        if run.tags.get(NOTIFY_TAG) != "true" or PARTITION_TAG not in run.tags:
            return dg.SkipReason("the run was not asked to notify")
        day = Day(dt.date.fromisoformat(run.tags[PARTITION_TAG]))
        context.log.info(str(tell(settings, day, day, notify=True, replay=False)))
        return dg.RunRequest(run_key=run.run_id, job_name=TOTALS)

    @dg.run_status_sensor(
        run_status=dg.DagsterRunStatus.SUCCESS, request_jobs=[totals], description="Tells what a morning's run has released."
    )
    def tell_after_success(context: dg.RunStatusSensorContext) -> dg.RunRequest | dg.SkipReason:
        return tell_after(context)

    @dg.run_status_sensor(
        run_status=dg.DagsterRunStatus.FAILURE, request_jobs=[totals], description="Tells what was released before a gate closed."
    )
    def tell_after_failure(context: dg.RunStatusSensorContext) -> dg.RunRequest | dg.SkipReason:
        return tell_after(context)

    return dg.Definitions(schedules=[every_morning], sensors=[tell_after_success, tell_after_failure])
