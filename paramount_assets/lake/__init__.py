"""The lake: `@table`, content-addressed Parquet behind gates, and SQL files that are tables."""

from paramount_assets.lake.catalogue import Catalogue, CatalogueInvalid
from paramount_assets.lake.dictionary import Column, Holds, conform, dictionary, schema_of
from paramount_assets.lake.faults import DeliveryBlocked, GateClosed, LakeBusy, NotDelivered, TableMismatch
from paramount_assets.lake.hashes import sha256_of
from paramount_assets.lake.landing import Delivery, Landing
from paramount_assets.lake.lock import WriterLock
from paramount_assets.lake.release import Releases, State
from paramount_assets.lake.run import LakeRun, Made
from paramount_assets.lake.sql import SqlInvalid, SqlTables, sql_tables
from paramount_assets.lake.store import Store, list_files
from paramount_assets.lake.table import ALL_DAYS, Beside, Earlier, Previous, Table, VersionOf, table
from paramount_assets.vocabulary import Day

__all__ = [
    "ALL_DAYS",
    "Beside",
    "Catalogue",
    "CatalogueInvalid",
    "Column",
    "Day",
    "Delivery",
    "DeliveryBlocked",
    "Earlier",
    "GateClosed",
    "Holds",
    "LakeBusy",
    "LakeRun",
    "Landing",
    "Made",
    "NotDelivered",
    "Previous",
    "Releases",
    "SqlInvalid",
    "SqlTables",
    "State",
    "Store",
    "Table",
    "TableMismatch",
    "VersionOf",
    "WriterLock",
    "conform",
    "dictionary",
    "list_files",
    "schema_of",
    "sha256_of",
    "sql_tables",
    "table",
]
