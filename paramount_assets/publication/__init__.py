"""The analysts' file: one DuckDB database, built beside the old one and swapped in."""

from paramount_assets.publication.build import PublicationBroken, Published, publish

__all__ = ["PublicationBroken", "Published", "publish"]
