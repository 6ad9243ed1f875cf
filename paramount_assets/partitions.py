"""The one partitions definition: a partition a day, the key being the extract's date in London."""

import dagster as dg

from paramount_assets.clock import LONDON
from paramount_assets.settings import Settings


def daily_partitions(settings: Settings) -> dg.DailyPartitionsDefinition:
    """Days from the first one that is configured up to and with today: the extract of today is run today."""
    return dg.DailyPartitionsDefinition(start_date=settings.first_day.isoformat(), timezone=str(LONDON), end_offset=1)
