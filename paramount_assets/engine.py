"""How DuckDB is opened, everywhere: in memory, with nothing downloaded and a bound on memory.

A DuckDB file admits one process; nothing here opens one. The analysts' file is made in `publication`.
"""

import duckdb

GUARDS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
"""Settings of every connection: no extension is ever fetched."""


def in_memory(memory_limit: str = "4GB", threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """A private in-memory database.

    Args:
        memory_limit: bound on memory, such as "4GB"; a query that needs more fails with `duckdb.OutOfMemoryException`.
        threads: number of threads; 1 where a result must not depend on their number.
    """
    config = GUARDS | {"memory_limit": memory_limit}
    if threads is not None:
        config["threads"] = threads
    return duckdb.connect(":memory:", config=config)
