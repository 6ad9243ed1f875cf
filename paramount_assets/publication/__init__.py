"""The analysts' file: one DuckDB database, built beside the old one and swapped in."""

from paramount_assets.publication.build import Published, publish

__all__ = ["Published", "publish"]
