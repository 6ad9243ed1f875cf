"""Splink's linker over two prepared tables, in a private in-memory database.

Everything that must know how Splink wants to be called is here; nothing else knows that there is a database.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb
import polars as pl
from splink import DuckDBAPI, Linker
from splink.internals.exceptions import SplinkException

from paramount_assets.engine import in_memory
from paramount_assets.matching.block import RULES
from paramount_assets.matching.compare import COMPARISONS
from paramount_assets.matching.records import ID

LEFT, RIGHT = "left_people", "right_people"


class LinkageFailed(RuntimeError):
    """The linkage engine failed. The message holds no value of any record."""


@contextmanager
def without_values() -> Iterator[None]:
    """Turns a failure of the engine, whose message may quote values, into one that says only of what kind it was.

    Raises:
        LinkageFailed: the engine failed.
    """
    try:
        yield
    except (SplinkException, duckdb.Error) as failure:
        kind = type(failure.__cause__ or failure).__name__
        raise LinkageFailed(f"the linkage engine failed: {kind}") from None


def untrained_settings(prior: float) -> dict[str, Any]:
    """Splink's settings for the comparisons and blocking rules of this package.

    Args:
        prior: probability that a record on the left and one on the right, drawn at random, are one person.
    """
    return {
        "link_type": "link_only",
        "unique_id_column_name": ID,
        "probability_two_random_records_match": prior,
        "comparisons": [comparison.as_splink() for comparison in COMPARISONS],
        "blocking_rules_to_generate_predictions": [rule.as_splink() for rule in RULES],
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": True,
    }


def blocked(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """The rows of the right table that any blocking rule brings together with a left one, in the order they stand in.

    The rules' own conditions find them, so that scoring against these rows gives the pairs of the whole table.

    Args:
        left: people as `records.keyed` gives them.
        right: the same.
    """
    rules = " union ".join(rule.found_in(LEFT, RIGHT, ID) for rule in RULES)
    with in_memory() as connection:
        connection.register(LEFT, left)
        connection.register(RIGHT, right)
        found = connection.sql(rules).pl()
    return right.join(found, on=ID, how="semi", maintain_order="left")


class Session:
    """One linker over two tables, with the rarities of names registered.

    `left` and `right` are the tables as Splink holds them.
    """

    def __init__(
        self,
        left: pl.DataFrame,
        right: pl.DataFrame,
        settings: dict[str, Any],
        rarities: dict[str, pl.DataFrame],
        *,
        threads: int | None = None,
    ) -> None:
        # What Splink says by the way is of no use in a log that must hold no values.
        logging.getLogger("splink").setLevel(logging.CRITICAL)
        api = DuckDBAPI(connection=in_memory(threads=threads))
        self.left = api.register(left.to_arrow(), dataset_display_name=LEFT)
        self.right = api.register(right.to_arrow(), dataset_display_name=RIGHT)
        # Splink would only say in that log what it thinks of the settings, and takes a fifth of its time for it.
        self.linker = Linker([self.left, self.right], settings, log_level=None, validate_settings=False)
        for column, table in rarities.items():
            self.linker.table_management.register_term_frequency_lookup(api.register(table.to_arrow()), column)
