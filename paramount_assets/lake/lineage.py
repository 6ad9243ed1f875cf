"""Which columns a SQL table's columns are made from, read out of the query by sqlglot."""

import functools
from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlglot import exp
from sqlglot.lineage import Node, lineage


@functools.cache
def column_lineage(file: Path, upstream: tuple[tuple[str, tuple[str, ...]], ...]) -> Mapping[str, Sequence[tuple[str, str]]]:
    """For each column of a SQL table the upstream columns it is made from.

    Args:
        file: the SQL file.
        upstream: the tables it reads as `step/table`, each with its columns.

    Returns:
        By column, pairs of `step/table` and column, sorted.
    """
    schema: dict[str, dict[str, dict[str, str]]] = {}
    for key, columns in upstream:
        step, name = key.split("/")
        schema.setdefault(step, {})[name] = dict.fromkeys(columns, "text")
    known = {(key, column) for key, columns in upstream for column in columns}
    nodes = lineage(None, file.read_text(encoding="utf-8"), schema, dialect="duckdb", validate_qualify_columns=False)
    return {column: sorted(_sources(node) & known) for column, node in nodes.items()}


def _sources(node: Node) -> set[tuple[str, str]]:
    """The columns of tables that a node ends in. Nodes are shared, so each is looked at once."""
    found: set[tuple[str, str]] = set()
    seen: set[int] = set()
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if id(current) not in seen:
            seen.add(id(current))
            waiting += current.downstream
            if isinstance(current.source, exp.Table):
                found.add((f"{current.source.db}/{current.source.name}", current.name.rpartition(".")[2].strip('"')))
    return found
