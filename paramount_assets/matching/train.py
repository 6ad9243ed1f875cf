"""Training a model without labels, and freezing it.

How often a degree of agreement is seen among strangers (u) is counted on random pairs; how often among records of one person
(m) is learnt by expectation maximisation over pairs that agree on something strong. One thread and fixed seeds: the same data
give the same file.
"""

import hashlib
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl
from splink import block_on

from paramount_assets.matching.compare import COMPARISONS, Comparison, Level
from paramount_assets.matching.linker import Session, untrained_settings, without_values
from paramount_assets.matching.model import freeze
from paramount_assets.matching.rarity import rarities, typical_shares
from paramount_assets.matching.records import ID, prepared

SEED = 20211001

RANDOM_PAIRS = 1e7
"""Pairs that u is counted on."""

EM_PASSES = (("date_of_birth",), ("full_name",), ("pnc_number",))
"""What the pairs of each pass agree on; a comparison is learnt in the passes that do not use its columns."""

STRONG_RULES = (("pnc_number",), ("cro_number",), ("full_name", "date_of_birth"))
"""Agreements that two people share only by chance or mistake."""

STRONG_RECALL = 0.9
"""Share of the pairs of one person that some strong rule finds: an assumption, and the only one that training makes."""

FEWEST_PAIRS = 5.0
"""A probability that rests on fewer pairs than this was not learnt, and the documented one is used."""

FEWEST_STRANGERS = 200
"""With fewer people on the left whom no strong rule finds on the right, u is counted on everybody."""


class TrainingImpossible(ValueError):
    """The data hold too little to train on."""


@dataclass(frozen=True)
class Trained:
    """What was learnt: the content of `model.json` and of `report.json`."""

    model: dict[str, Any]
    report: dict[str, Any]


def train(left: pl.DataFrame, right: pl.DataFrame, name: str, left_id: str, right_id: str) -> Trained:
    """Learns the weights from two tables of people with standard columns.

    Raises:
        TrainingImpossible: a side is empty, or no two records agree on what a pass needs.
        RecordsUnusable: an id is missing or not unique.
        LinkageFailed: the engine failed.
    """
    ours, theirs = prepared(left, left_id), prepared(right, right_id)
    if ours.is_empty() or theirs.is_empty():
        raise TrainingImpossible(f"nothing to train on: {ours.height} people against {theirs.height}")
    for keys in EM_PASSES:
        if ours.join(theirs, on=list(keys), how="semi").is_empty():
            raise TrainingImpossible(f"no two records agree on {' and '.join(keys)}")
    typical = {column: _rounded(share) for column, share in typical_shares(theirs).items()}
    rarity = rarities(theirs, typical)
    strangers = _strangers(ours, theirs)
    with without_values():
        settings = _learnt(ours, theirs, rarity, _counted(strangers, theirs, rarity))
    known_share = settings["probability_two_random_records_match"] * theirs.height
    pairs = {"m": known_share * ours.height, "u": min(RANDOM_PAIRS, float(strangers.height * theirs.height))}
    parameters = [_frozen_level(c, level, spec, pairs) for c, level, spec in _levels(settings)]
    model = {
        "name": name,
        "known_share": _rounded(known_share),
        "reference_rows": theirs.height,
        "typical_shares": typical,
        "settings": _final(settings, name, parameters),
    }
    return Trained(model, _report(name, ours, theirs, parameters, known_share))


def train_and_freeze(left: pl.DataFrame, right: pl.DataFrame, folder: Path, left_id: str, right_id: str) -> Path:
    """Trains a model that is named like its folder and writes it there; see `train` for what is raised."""
    trained = train(left, right, folder.name, left_id, right_id)
    freeze(folder, trained.model, trained.report)
    return folder


def _strangers(ours: pl.DataFrame, theirs: pl.DataFrame) -> pl.DataFrame:
    """The people on the left whom no strong rule finds on the right; everybody when they are too few.

    Someone known on the other side would be paired with themselves once in a while, which among so rare a thing as two equal
    birth dates would count for much.
    """
    strangers = ours
    for keys in STRONG_RULES:
        strangers = strangers.join(theirs, on=list(keys), how="anti", maintain_order="left")
    return strangers if strangers.height >= FEWEST_STRANGERS else ours


def _counted(strangers: pl.DataFrame, theirs: pl.DataFrame, rarity: dict[str, pl.DataFrame]) -> dict[str, Any]:
    """Settings with u counted on random pairs of different people."""
    session = Session(strangers, theirs, untrained_settings(1e-4), rarity, threads=1)
    session.linker.training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS, seed=SEED, min_count_per_level=None)
    return _settings_of(session)


def _learnt(
    ours: pl.DataFrame, theirs: pl.DataFrame, rarity: dict[str, pl.DataFrame], settings: dict[str, Any]
) -> dict[str, Any]:
    """Settings with m learnt over the passes and the prior counted by the strong rules."""
    session = Session(ours, theirs, settings, rarity, threads=1)
    training = session.linker.training
    training.estimate_probability_two_random_records_match([block_on(*keys) for keys in STRONG_RULES], recall=STRONG_RECALL)
    for keys in EM_PASSES:
        training.estimate_parameters_using_expectation_maximisation(block_on(*keys))
    return _settings_of(session)


def _settings_of(session: Session) -> dict[str, Any]:
    settings: dict[str, Any] = session.linker.misc.save_model_to_json()
    return settings


def _levels(settings: dict[str, Any]) -> list[tuple[Comparison, Level, dict[str, Any]]]:
    """Every level beside what Splink holds of it."""
    return [
        (comparison, level, spec)
        for comparison, learnt in zip(COMPARISONS, settings["comparisons"], strict=True)
        for level, spec in zip(comparison.levels, learnt["comparison_levels"], strict=True)
    ]


def _frozen_level(comparison: Comparison, level: Level, spec: dict[str, Any], pairs: dict[str, float]) -> dict[str, Any]:
    """The level's m and u as they are frozen, and where each comes from. `pairs` says on how many pairs each was learnt."""
    frozen: dict[str, Any] = {"comparison": comparison.name, "level": level.label}
    if level.is_unknown:
        return frozen
    for kind, documented in (("m", level.m), ("u", level.u)):
        value = spec.get(f"{kind}_probability", 0.0)
        is_trained = value * pairs[kind] >= FEWEST_PAIRS
        frozen[kind] = _rounded(value if is_trained else documented)
        frozen[f"{kind}_from"] = "trained" if is_trained else "documented"
    if level.u_is_fixed:
        frozen |= {"u": level.u, "u_from": "documented"}
    return frozen


def _final(settings: dict[str, Any], name: str, parameters: list[dict[str, Any]]) -> dict[str, Any]:
    """Splink's settings with the frozen parameters in place, and nothing that differs between two equal trainings."""
    for (_, level, spec), frozen in zip(_levels(settings), parameters, strict=True):
        if not level.is_unknown:
            spec |= {"m_probability": frozen["m"], "u_probability": frozen["u"]}
    prior = _rounded(settings["probability_two_random_records_match"])
    return settings | {"linker_uid": f"paramount-{name}", "probability_two_random_records_match": prior}


def _report(
    name: str, ours: pl.DataFrame, theirs: pl.DataFrame, parameters: list[dict[str, Any]], known_share: float
) -> dict[str, Any]:
    digest = hashlib.sha256()
    for side in (ours, theirs):
        digest.update(side.drop(ID).write_ndjson().encode())
    return {
        "name": name,
        "trained_on": {"left_rows": ours.height, "right_rows": theirs.height, "sha256": digest.hexdigest()},
        "known_share": _rounded(known_share),
        "assumed_recall_of_strong_rules": STRONG_RECALL,
        "seed": SEED,
        "random_pairs": int(RANDOM_PAIRS),
        "passes": [list(keys) for keys in EM_PASSES],
        "versions": {package: version(package) for package in ("splink", "duckdb", "polars")},
        "levels": parameters,
    }


def _rounded(value: float) -> float:
    """Nine significant digits: more than training knows, and fewer than two machines could disagree on."""
    return float(f"{value:.9g}")
