"""The tables of the step `linkage`."""

from pathlib import Path

import polars as pl

from paramount_assets.lake import table
from paramount_assets.linkage import families, links, pairs
from paramount_assets.linkage.rulings import last_words
from paramount_assets.settings import Settings
from paramount_assets.vocabulary import Cadence


@table("linkage", cadence=Cadence.MADE_APART, kinds={"splink"}, published=False)
def model(settings: Settings) -> Path:
    """One row per file of the frozen linkage model that is configured; a missing or altered one is refused."""
    return pairs.model_folder(settings.model)


@table("linkage", kinds={"splink", "polars"})
def scored_pairs(cleaned_persons: pl.DataFrame, police_persons: pl.DataFrame, model: Path) -> pl.DataFrame:
    """One row per reception and police person who may be the same, with the match weight and its parts."""
    return pairs.scored(cleaned_persons, police_persons, model)


@table("linkage", kinds={"polars"})
def person_links(
    scored_pairs: pl.DataFrame,
    cleaned_persons: pl.DataFrame,
    rulings: pl.DataFrame,
) -> pl.DataFrame:
    """One row per reception and police person accepted as the person received."""
    return links.accepted(links.decided(scored_pairs, last_words(rulings, cleaned_persons)))


@table("linkage", kinds={"polars"})
def review_pairs(
    scored_pairs: pl.DataFrame,
    cleaned_persons: pl.DataFrame,
    rulings: pl.DataFrame,
) -> pl.DataFrame:
    """One row per reception and police person whom a person must tell apart or together, with the strongest reason."""
    return links.in_review(links.decided(scored_pairs, last_words(rulings, cleaned_persons)))


@table("linkage", kinds={"splink", "polars"})
def family_links(cleaned_persons: pl.DataFrame, known_family_members: pl.DataFrame, model: Path) -> pl.DataFrame:
    """One row per reception and family member of a child known to children's services who is the person received."""
    return families.linked(cleaned_persons, known_family_members, model)
