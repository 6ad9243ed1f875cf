"""Scoring the people received against the police's records."""

from pathlib import Path

import polars as pl

from paramount_assets.matching.model import load_model
from paramount_assets.matching.score import score
from paramount_assets.matching.thresholds import KEPT_FROM

MODELS = Path(__file__).parent / "models"
"""Where the frozen models are, one folder each."""


def model_folder(name: str) -> Path:
    """The folder of a frozen model, once every file of it was found to be the one that was frozen.

    Raises:
        ModelMissing: it is not there.
        ModelAltered: a file of it has another hash than its manifest says.
    """
    load_model(MODELS / name)
    return MODELS / name


def scored(cleaned_persons: pl.DataFrame, police_persons: pl.DataFrame, model: Path) -> pl.DataFrame:
    """One row per reception and police person who may be the same, with the weights and whether the person has died.

    Raises:
        ModelMissing: the frozen model is not there.
        ModelAltered: it is not the one that was frozen.
    """
    pairs = score(cleaned_persons, police_persons, load_model(model), KEPT_FROM, "reception_id", "person_id")
    died = police_persons.select("person_id", pl.col("is_deceased").fill_null(value=False))
    return pairs.rename({"left_id": "reception_id", "right_id": "person_id"}).join(
        died, on="person_id", how="left", maintain_order="left"
    )
