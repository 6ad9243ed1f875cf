"""Which columns a SQL table's columns are made from, read out of the query by sqlglot."""

import functools
from collections.abc import Mapping, Sequence
from pathlib import Path

import sqlglot
from sqlglot import exp
from sqlglot.lineage import lineage
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import build_scope


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
    query = qualify(sqlglot.parse_one(file.read_text(encoding="utf-8"), read="duckdb"), schema=schema, dialect="duckdb")
    scope = build_scope(query)
    known = dict(upstream)
    found: dict[str, Sequence[tuple[str, str]]] = {}
    for column in query.named_selects:
        leaves = [node for node in lineage(column, query, scope=scope, dialect="duckdb").walk() if not node.downstream]
        tables = [(node.source, node.name.rpartition(".")[2]) for node in leaves if isinstance(node.source, exp.Table)]
        pairs = {(f"{table.db}/{table.name}", name.strip('"')) for table, name in tables}
        found[column] = sorted(pair for pair in pairs if pair[1] in known.get(pair[0], ()))
    return found
