"""The tables of the step `outcomes`, all in `dbt_like_sql/outcomes`."""

from paramount_assets.lake import sql_tables
from paramount_assets.vocabulary import Cadence

TABLES = sql_tables("outcomes", Cadence.ALL_DAYS)
