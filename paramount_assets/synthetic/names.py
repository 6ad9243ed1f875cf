"""Names of the area's communities, drawn from weighted lists with the naming customs that make linking hard.

The lists are `names.csv` and `nicknames.csv`; their sources stand in data/reference/README.md. The shares of communities are
those of the Census 2011 broad groups for Thames Valley and Slough; the split within a broad group is assumed.
"""

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from paramount_assets.synthetic.streams import Words, pick

_FOLDER = Path(__file__).parent


class Community(NamedTuple):
    """A naming community: the list its names come from, its ethnicity codes (18+1) and its custom for surnames."""

    pool: str
    ethnicity_codes: dict[str, float]
    area_share: float
    slough_share: float
    custom: str = "family"


COMMUNITIES: dict[str, Community] = {
    "british": Community("british", {"W1": 0.96, "W3": 0.01, "NS": 0.03}, 0.78, 0.38),
    "irish": Community("irish", {"W2": 1.0}, 0.012, 0.012),
    "polish": Community("polish", {"W9": 1.0}, 0.04, 0.045, "gendered"),
    "romanian": Community("romanian", {"W9": 0.9, "W5": 0.1}, 0.02, 0.012),
    "portuguese": Community("portuguese", {"W9": 1.0}, 0.02, 0.008, "double"),
    "pakistani": Community("pakistani", {"A2": 1.0}, 0.031, 0.177, "own surname of women"),
    "bangladeshi": Community("bangladeshi", {"A3": 1.0}, 0.006, 0.01, "own surname of women"),
    "indian": Community("indian", {"A1": 0.9, "A9": 0.1}, 0.02, 0.07),
    "sikh": Community("sikh", {"A1": 1.0}, 0.01, 0.13, "singh and kaur"),
    "chinese": Community("chinese", {"A4": 1.0}, 0.006, 0.01),
    "african": Community("african", {"B2": 0.95, "B9": 0.05}, 0.018, 0.056),
    "caribbean": Community("british", {"B1": 1.0}, 0.008, 0.03),
    "mixed": Community("british", {"M1": 0.4, "M2": 0.15, "M3": 0.3, "M9": 0.15}, 0.024, 0.034),
    "arab": Community("arab", {"O2": 0.7, "O9": 0.3}, 0.005, 0.026),
}

SLOUGH = "E06000039"
"""The one district whose composition differs most from the area's: the others share the remaining mix."""

WOMENS_SURNAMES = {"pakistani": ("Bibi", "Begum", "Akhtar", "Kausar"), "bangladeshi": ("Begum", "Khatun", "Akhter", "Bibi")}


@lru_cache(maxsize=1)
def _lists() -> dict[tuple[str, str], tuple[Words, Words]]:
    """Names and cumulative weights by pool and kind (surname, man, woman, boy, girl)."""
    table = pl.read_csv(_FOLDER / "names.csv")
    return {
        (str(pool), str(kind)): (
            np.asarray(rows["name"].to_list(), dtype=object),
            np.cumsum(rows["weight"].to_numpy()) / rows["weight"].sum(),
        )
        for (pool, kind), rows in table.group_by(["pool", "kind"], maintain_order=True)
    }


@lru_cache(maxsize=1)
def nicknames() -> dict[str, list[str]]:
    """The short forms of a forename."""
    table = pl.read_csv(_FOLDER / "nicknames.csv")
    return {str(name): rows["nickname"].to_list() for (name,), rows in table.group_by("first_name", maintain_order=True)}


def draw_communities(la_codes: Words, rng: np.random.Generator) -> Words:
    """The community of each household, by the district it lives in."""
    names = list(COMMUNITIES)
    drawn = pick(rng, names, [c.area_share for c in COMMUNITIES.values()], len(la_codes))
    slough = pick(rng, names, [c.slough_share for c in COMMUNITIES.values()], len(la_codes))
    return np.where(la_codes == SLOUGH, slough, drawn)


def draw_ethnicity(communities: Words, rng: np.random.Generator) -> Words:
    """The self-defined ethnicity code of each resident."""
    codes = np.empty(len(communities), dtype=object)
    for name, community in COMMUNITIES.items():
        of = communities == name
        codes[of] = pick(rng, list(community.ethnicity_codes), list(community.ethnicity_codes.values()), int(of.sum()))
    return codes


def draw_names(communities: Words, kinds: Words, rng: np.random.Generator) -> Words:
    """One name for each row, from the list of its community and kind; lists of children's names fall back on adults'."""
    pools = {name: community.pool for name, community in COMMUNITIES.items()}
    names = np.empty(len(communities), dtype=object)
    chance = rng.random(len(communities))
    for community, pool in pools.items():
        for kind in ("surname", "man", "woman", "boy", "girl"):
            of = (communities == community) & (kinds == kind)
            if of.any():
                listed, cumulated = _list_of(pool, kind)
                names[of] = listed[np.searchsorted(cumulated, chance[of], side="right").clip(max=len(listed) - 1)]
    return names


def _list_of(pool: str, kind: str) -> tuple[Words, Words]:
    lists = _lists()
    grown = {"boy": "man", "girl": "woman"}
    return lists[(pool, kind)] if (pool, kind) in lists else lists[(pool, grown[kind])]


def feminine(surname: str) -> str:
    """The form of a Polish surname that a woman bears."""
    return f"{surname[:-1]}a" if surname.endswith(("ski", "cki", "dzki")) else surname
