"""Seeded randomness: every stage draws from its own child stream, so that a draw added to one stage does not shift another."""

import zlib
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

Flags = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]
Words = npt.NDArray[Any]


def stream(seed: int, stage: str) -> np.random.Generator:
    """The generator of one stage of one world; stages are told apart by their names."""
    return np.random.default_rng(np.random.SeedSequence(entropy=seed, spawn_key=(zlib.crc32(stage.encode()),)))


def pick(rng: np.random.Generator, values: list[str], weights: list[float], count: int) -> Words:
    """`count` values drawn with the given weights, which need not add up to one."""
    share = np.asarray(weights, dtype=np.float64)
    return np.asarray(values, dtype=object)[rng.choice(len(values), size=count, p=share / share.sum())]


def texts(values: Words | list[str | None] | pl.Series) -> pl.Series:
    """A text column of a list, an object array or a column; None is null."""
    return values if isinstance(values, pl.Series) else pl.Series(list(values), dtype=pl.String)


def flags(condition: pl.Series) -> Flags:
    """A condition on each row as an array; where it is not known it does not hold."""
    return np.asarray(condition.fill_null(value=False).to_numpy(), dtype=np.bool_)


def rows_at(frame: pl.DataFrame, positions: Whole | Words) -> pl.DataFrame:
    """The rows at the given positions, in that order, repeated where a position is."""
    return frame.select(pl.all().gather(pl.Series(positions, dtype=pl.Int64)))


def numbers_apart(rng: np.random.Generator, low: int, high: int, count: int) -> Whole:
    """`count` different whole numbers of [low, high), in random order: for made-up identifiers.

    Raises:
        ValueError: there are not that many numbers in the span.
    """
    if count > high - low:
        raise ValueError(f"{count} different numbers do not fit between {low} and {high}")
    return np.asarray(rng.choice(high - low, size=count, replace=False) + low, dtype=np.int64)
