"""How DuckDB is opened, everywhere: in memory, with nothing downloaded and a bound on memory.

A DuckDB file admits one process; nothing here opens one. The analysts' file is made in `publication`. A query that needs more
memory than its bound spills to disk where it can, and fails where it cannot: it, and not the host.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb

GUARDS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
"""Settings of every connection: no extension is ever fetched."""


OUT_OF_MEMORY = (duckdb.OutOfMemoryException, MemoryError)
"""How a want of memory shows itself."""


@dataclass(frozen=True)
class Bounds:
    """What a connection may take. Without a folder to spill to, DuckDB's own is used."""

    memory_limit: str = "4GB"
    spill_folder: Path | None = None


_in_force = [Bounds()]


def bound(bounds: Bounds) -> Bounds:
    """Sets the bounds of every connection that this process opens from now on, and returns those before."""
    before, _in_force[0] = _in_force[0], bounds
    return before


def bounds_in_force() -> Bounds:
    """What a connection opened now may take."""
    return _in_force[0]


def is_out_of_memory(fault: BaseException) -> bool:
    """The fault, or one that it was raised from, is a want of memory."""
    cause = fault.__cause__ or fault.__context__
    return isinstance(fault, OUT_OF_MEMORY) or (cause is not None and is_out_of_memory(cause))


def in_memory(memory_limit: str | None = None, threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """A private in-memory database.

    Args:
        memory_limit: bound on memory, such as "4GB"; a query that needs more fails with `duckdb.OutOfMemoryException`. None for
            the bound in force.
        threads: number of threads; 1 where a result must not depend on their number.
    """
    bounds = bounds_in_force()
    config = GUARDS | {"memory_limit": memory_limit or bounds.memory_limit}
    if bounds.spill_folder is not None:
        config["temp_directory"] = str(bounds.spill_folder)
    if threads is not None:
        config["threads"] = threads
    return duckdb.connect(":memory:", config=config)
