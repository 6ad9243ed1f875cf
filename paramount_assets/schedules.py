"""When the chain runs by itself, and what tells the teams afterwards.

The schedule runs today's extract at 06:30 in London. A run that it started is tagged to notify; one that a person starts in the
UI is not. Telling follows the run, whether it succeeded or a gate closed: what was released is told, the rest waits. The tables
over all days are made after that, so that they show what was told.
"""

import dagster as dg

from paramount_assets import clock
from paramount_assets.chain import catalogue_of
from paramount_assets.pipeline import DAYS, NOTIFY_TAG, TOTALS, jobs_of
from paramount_assets.settings import Settings
from paramount_assets.telling import tell

PARTITION_TAG = "dagster/partition"
"""Where Dagster keeps the day of a run of one day."""

_ENDS = {
    dg.DagsterRunStatus.SUCCESS: "Tells what a morning's run has released.",
    dg.DagsterRunStatus.FAILURE: "Tells what was released before a gate closed.",
}


def schedules_of(settings: Settings) -> dg.Definitions:
    """The morning's schedule and the sensors that tell after a run."""

    @dg.schedule(
        job_name=DAYS,
        cron_schedule=f"{clock.DAILY_RUN.minute} {clock.DAILY_RUN.hour} * * *",
        execution_timezone=str(clock.LONDON),
        description="Runs today's extract and tells what is due.",
    )
    def every_morning(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        day = context.scheduled_execution_time.astimezone(clock.LONDON).date().isoformat()
        return dg.RunRequest(run_key=day, partition_key=day, tags={NOTIFY_TAG: "true"})

    return dg.Definitions(schedules=[every_morning], sensors=[_tells_after(status, settings) for status in _ENDS])


def _tells_after(status: dg.DagsterRunStatus, settings: Settings) -> dg.RunStatusSensorDefinition:
    _, totals = jobs_of(catalogue_of(settings))

    @dg.run_status_sensor(
        name=f"tell_after_{status.value.lower()}",
        run_status=status,
        request_jobs=[totals],
        default_status=dg.DefaultSensorStatus.RUNNING,
        description=_ENDS[status],
    )
    def tell_after(context: dg.RunStatusSensorContext) -> dg.RunRequest | dg.SkipReason:
        run = context.dagster_run
        if run.tags.get(NOTIFY_TAG) != "true" or PARTITION_TAG not in run.tags:
            return dg.SkipReason("the run was not asked to notify")
        day = clock.day_of(run.tags[PARTITION_TAG])
        context.log.info(str(tell(settings, day, day, notify=True, replay=False)))
        return dg.RunRequest(run_key=run.run_id, job_name=TOTALS)

    return tell_after
