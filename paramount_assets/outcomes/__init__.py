"""What Paramount achieved, in figures by month: SQL only, under `dbt_like_sql/outcomes`."""
