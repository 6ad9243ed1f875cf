"""What Dagster loads: the tables, the jobs, the schedule and the sensor that tells after a run."""

import dagster as dg

from paramount_assets.pipeline import definitions_of
from paramount_assets.schedules import schedules_of
from paramount_assets.settings import Settings

_settings = Settings()

defs = dg.Definitions.merge(definitions_of(_settings), schedules_of(_settings))
