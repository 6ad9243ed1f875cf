"""The tables of the step `notifications`, all in `dbt_like_sql/notifications`: what is due, not what was told."""

from paramount_assets.lake import sql_tables

TABLES = sql_tables("notifications")
