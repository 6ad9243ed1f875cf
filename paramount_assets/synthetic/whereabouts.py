"""Where people lived on a day, and where before: looked up in the population's lives."""

import polars as pl


def homes_on(lives: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """One row per row of the people: home_id, from_date, to_date, and former_home_id, former_from, former_to (null where none).

    Args:
        lives: resident_id, home_id, from_date, to_date.
        people: resident_id and `on`, the day asked about. Before the first home that is known the first one counts.
    """
    asked = people.select("resident_id", "on").with_row_index("row")
    ordered = lives.filter(pl.col("resident_id").is_in(asked["resident_id"].implode())).sort("resident_id", "from_date")
    joined = asked.join(ordered, on="resident_id", how="left", maintain_order="left_right")
    is_first = (pl.col("row") != pl.col("row").shift(1)).fill_null(value=True)
    begun = joined.filter((pl.col("from_date") <= pl.col("on")).fill_null(value=True) | is_first)
    same_as_before = pl.col("row") == pl.col("row").shift(1)
    is_last = (pl.col("row") != pl.col("row").shift(-1)).fill_null(value=True)
    return begun.with_columns(
        pl.when(same_as_before).then(pl.col(column).shift(1)).alias(former)
        for column, former in (("home_id", "former_home_id"), ("from_date", "former_from"), ("to_date", "former_to"))
    ).filter(is_last).select("home_id", "from_date", "to_date", "former_home_id", "former_from", "former_to")  # fmt: skip


def moves_between(lives: pl.DataFrame, after: pl.Expr, until: pl.Expr) -> pl.DataFrame:
    """Moves in a span of days: resident_id, moved_on, home_id (the new one), former_home_id, former_from."""
    same = pl.col("resident_id") == pl.col("resident_id").shift(1)
    ordered = lives.sort("resident_id", "from_date").with_columns(
        pl.when(same).then(pl.col("home_id").shift(1)).alias("former_home_id"),
        pl.when(same).then(pl.col("from_date").shift(1)).alias("former_from"),
    )
    moved = ordered.filter(
        (pl.col("from_date") > after) & (pl.col("from_date") <= until) & pl.col("former_home_id").is_not_null()
    )
    return moved.select("resident_id", pl.col("from_date").alias("moved_on"), "home_id", "former_home_id", "former_from")
