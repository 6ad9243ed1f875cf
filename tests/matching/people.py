"""Made-up people for the tests, and a model with the documented weights."""

import datetime as dt
from dataclasses import asdict
from typing import Any

import polars as pl

from paramount_assets.matching.compare import COMPARISONS
from paramount_assets.matching.linker import untrained_settings
from paramount_assets.matching.model import FrozenModel
from paramount_assets.matching.records import STANDARD_COLUMNS

PRIOR = 1e-4


def documented_model() -> FrozenModel:
    """Every level with the m and u that stand beside it in `compare`."""
    settings = untrained_settings(PRIOR)
    for comparison, spec in zip(COMPARISONS, settings["comparisons"], strict=True):
        for level, written in zip(comparison.levels, spec["comparison_levels"], strict=True):
            if not level.is_unknown:
                written |= {"m_probability": level.m, "u_probability": level.u}
    return FrozenModel("documented", settings, 0.5, 5_000, {"last_name": 1e-3, "first_name": 1e-2}, sha256="")


def frozen_content(model: FrozenModel) -> dict[str, Any]:
    """What is written of a model to its file."""
    return {name: value for name, value in asdict(model).items() if name != "sha256"}


def person(key: str, **known: Any) -> dict[str, Any]:
    """One person, of whom only names and birth date are known unless more is said."""
    usual = {"last_name": "OAKLEY", "first_name": "MARCUS", "date_of_birth": dt.date(1987, 3, 12), "postcodes": []}
    return {"key": key} | usual | known


def people(*rows: dict[str, Any]) -> pl.DataFrame:
    """A table of people in standard form."""
    return pl.DataFrame(list(rows), schema={"key": pl.String(), **STANDARD_COLUMNS})


def crowd(size: int, start: int = 0) -> list[dict[str, Any]]:
    """People of whom no two share a name, a birth date or a home, so that names are about as rare as in life."""
    return [
        person(
            f"X{n}",
            last_name=f"{_letters(n)}SON",
            first_name=f"{_letters(n * 7 + 3)}IA",
            date_of_birth=dt.date(1950, 1, 1) + dt.timedelta(days=n * 9),
            postcodes=[f"OX{n % 20 + 1} {n % 9 + 1}{_letters(n)[-2:]}"],
            gender="F",
        )
        for n in range(start, start + size)
    ]


def _letters(number: int) -> str:
    alphabet = "ABDEFGHJLNPQRSTUWXYZ"
    return "".join(alphabet[number // 20**place % 20] for place in (2, 1, 0))
