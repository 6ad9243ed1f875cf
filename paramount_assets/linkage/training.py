"""Training the model of this use, apart from the daily runs."""

from pathlib import Path

import polars as pl

from paramount_assets.linkage.pairs import MODELS
from paramount_assets.matching.train import train_and_freeze


def train(cleaned_persons: pl.DataFrame, police_persons: pl.DataFrame, name: str, models_folder: Path = MODELS) -> Path:
    """Trains a model on people received against the police's records and freezes it under its name.

    A person received several times counts once, as last received: repeated visits are not fresh evidence.

    Args:
        cleaned_persons: receptions of many days, in standard form.
        police_persons: one version of the police's records, in standard form.
        name: the model's name, an ISO date.
        models_folder: where frozen models are kept.

    Returns:
        The folder of the model.

    Raises:
        TrainingImpossible: the data hold too little to train on.
        LinkageFailed: the engine failed.
    """
    people = cleaned_persons.sort("received_on", "reception_id").unique("prisoner_number", keep="last", maintain_order=True)
    return train_and_freeze(people, police_persons, models_folder / name, "reception_id", "person_id")
