"""Names of the area's communities, drawn from weighted lists with the naming customs that make linking hard.

The lists are `names.csv`, `nicknames.csv` and `spellings.csv`; their sources stand in data/reference/README.md. Broad ethnic
groups of each district are those of the census table; how a broad group splits into communities is assumed.
"""

from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from paramount_assets.synthetic.streams import Flags, Real, Whole, Words

_FOLDER = Path(__file__).parent


class Custom(StrEnum):
    """A naming custom of a community."""

    FEMININE_ENDING = "feminine_ending"
    DOUBLE_SURNAME = "double_surname"
    SINGH_AND_KAUR = "singh_and_kaur"
    WOMENS_OWN_SURNAME = "womens_own_surname"
    NAME_KEPT_IN_MARRIAGE = "name_kept_in_marriage"
    FATHERS_FORENAME_SECOND = "fathers_forename_second"
    FATHERS_FORENAME_LAST = "fathers_forename_last"
    GRANDFATHERS_FORENAME_LAST = "grandfathers_forename_last"
    ENGLISH_FORENAME = "english_forename"
    """An English forename beside the given one, which comes second."""


class Community(NamedTuple):
    """A naming community: its list of names, its broad ethnic group and its share of it, ethnicity codes (18+1), customs."""

    pool: str
    ethnic_group: str
    share: float
    slough_share: float
    ethnicity_codes: dict[str, float]
    customs: frozenset[Custom] = frozenset()


def _customs(*customs: Custom) -> frozenset[Custom]:
    return frozenset(customs)


_KEPT = Custom.NAME_KEPT_IN_MARRIAGE

COMMUNITIES: dict[str, Community] = {
    "british": Community("british", "white", 0.855, 0.66, {"W1": 0.96, "W3": 0.01, "NS": 0.03}),
    "irish": Community("irish", "white", 0.017, 0.025, {"W2": 1.0}),
    "polish": Community("polish", "white", 0.045, 0.17, {"W9": 1.0}, _customs(Custom.FEMININE_ENDING)),
    "romanian": Community("romanian", "white", 0.033, 0.06, {"W9": 0.9, "W5": 0.1}),
    "portuguese": Community("portuguese", "white", 0.02, 0.025, {"W9": 1.0}, _customs(Custom.DOUBLE_SURNAME, _KEPT)),
    "slavic": Community("slavic", "white", 0.03, 0.06, {"W9": 1.0}, _customs(Custom.FEMININE_ENDING)),
    "pakistani": Community("pakistani", "asian", 0.33, 0.465, {"A2": 1.0}, _customs(Custom.WOMENS_OWN_SURNAME)),
    "bangladeshi": Community("bangladeshi", "asian", 0.06, 0.02, {"A3": 1.0}, _customs(Custom.WOMENS_OWN_SURNAME)),
    "indian": Community("indian", "asian", 0.33, 0.18, {"A1": 0.9, "A9": 0.1}),
    "sikh": Community("sikh", "asian", 0.11, 0.24, {"A1": 1.0}, _customs(Custom.SINGH_AND_KAUR)),
    "chinese": Community("chinese", "asian", 0.09, 0.02, {"A4": 1.0}, _customs(Custom.ENGLISH_FORENAME, _KEPT)),
    "tamil": Community("tamil", "asian", 0.04, 0.05, {"A1": 0.4, "A9": 0.6}, _customs(Custom.FATHERS_FORENAME_LAST, _KEPT)),
    "nepali": Community("nepali", "asian", 0.02, 0.015, {"A9": 1.0}),
    "vietnamese": Community("vietnamese", "asian", 0.02, 0.01, {"A9": 1.0}, _customs(Custom.ENGLISH_FORENAME, _KEPT)),
    "african": Community("african", "black", 0.6, 0.6, {"B2": 0.95, "B9": 0.05}),
    "somali": Community("somali", "black", 0.1, 0.18, {"B2": 1.0}, _customs(Custom.GRANDFATHERS_FORENAME_LAST, _KEPT)),
    "caribbean": Community("british", "black", 0.3, 0.22, {"B1": 1.0}),
    "mixed": Community("british", "mixed", 1.0, 1.0, {"M1": 0.4, "M2": 0.15, "M3": 0.3, "M9": 0.15}),
    "arab": Community("arab", "other", 1.0, 1.0, {"O2": 0.55, "O9": 0.45}, _customs(Custom.FATHERS_FORENAME_SECOND, _KEPT)),
}

COMMUNITY_NAMES = tuple(COMMUNITIES)

SLOUGH = "E06000039"
"""The one district whose communities differ most from the area's; the others share one split of each broad group."""

WOMENS_SURNAMES = {"pakistani": ("Bibi", "Begum", "Akhtar", "Kausar"), "bangladeshi": ("Begum", "Khatun", "Akhter", "Bibi")}

KINDS = ("surname", "man", "woman", "boy", "girl")


class NameTable(NamedTuple):
    """All names, each once, and the lists they are drawn from: `cumulated` rises by one within each community and kind."""

    names: pl.Series
    feminine: Whole
    cumulated: Real
    name_of: Whole

    def draw(self, communities: Whole, kinds: Whole, rng: np.random.Generator) -> Whole:
        """A name's position for each community and kind, given as positions in COMMUNITY_NAMES and KINDS."""
        wanted = communities * len(KINDS) + kinds + rng.random(len(communities))
        at = np.searchsorted(self.cumulated, wanted, side="right").clip(max=len(self.name_of) - 1)
        return np.asarray(self.name_of[at], dtype=np.int64)

    def find(self, name: str) -> int:
        """The position of a name."""
        return int(self.names.index_of(name) or 0)

    def text(self, positions: Whole) -> pl.Series:
        """The names at the positions."""
        return self.names.gather(pl.Series(positions))


@lru_cache(maxsize=1)
def name_table() -> NameTable:
    """The names of all lists, with the forms that women bear and the names that only customs give."""
    listed = pl.read_csv(_FOLDER / "names.csv")
    given = [*(name for names in WOMENS_SURNAMES.values() for name in names), "Singh", "Kaur"]
    plain = pl.concat([listed["name"], pl.Series(given)]).unique(maintain_order=True)
    womens = pl.Series([feminine(name) for name in plain])
    names = pl.concat([plain, womens]).unique(maintain_order=True)
    position = {name: at for at, name in enumerate(names.to_list())}
    cumulated, name_of = [], []
    for at, community in enumerate(COMMUNITIES.values()):
        for kind, name in enumerate(KINDS):
            rows = _list_of(listed, community.pool, name)
            weights = rows["weight"].to_numpy()
            cumulated.append(at * len(KINDS) + kind + np.cumsum(weights) / weights.sum())
            name_of.append([position[each] for each in rows["name"]])
    return NameTable(
        names=names,
        feminine=np.array([position.get(feminine(name), at) for name, at in position.items()], dtype=np.int64),
        cumulated=np.concatenate(cumulated),
        name_of=np.concatenate(name_of).astype(np.int64),
    )


def _list_of(listed: pl.DataFrame, pool: str, kind: str) -> pl.DataFrame:
    """The names of a kind; children are named from the adults' list where a community has no own one."""
    rows = listed.filter((pl.col("pool") == pool) & (pl.col("kind") == kind))
    return (
        rows if len(rows) else listed.filter((pl.col("pool") == pool) & (pl.col("kind") == {"boy": "man", "girl": "woman"}[kind]))
    )


@lru_cache(maxsize=1)
def nicknames() -> dict[str, list[str]]:
    """The short forms of a forename."""
    return _several("nicknames.csv", "first_name", "nickname")


@lru_cache(maxsize=1)
def spellings() -> dict[str, list[str]]:
    """Other spellings of a forename or surname: the ways in which it is brought into English letters."""
    return _several("spellings.csv", "name", "spelling")


def _several(file: str, key: str, value: str) -> dict[str, list[str]]:
    table = pl.read_csv(_FOLDER / file)
    return {str(name): rows[value].to_list() for (name,), rows in table.group_by(key, maintain_order=True)}


def draw_communities(la_codes: Words, ethnicity: pl.DataFrame, rng: np.random.Generator) -> Whole:
    """A community for each district code, by the broad groups of the district; positions in COMMUNITY_NAMES.

    Args:
        la_codes: districts, one for each to draw.
        ethnicity: la_code, ethnic_group and share; a district that is not in it has the mean of the others.
        rng: the stage's generator.
    """
    drawn = np.zeros(len(la_codes), dtype=np.int64)
    districts, of = np.unique(la_codes.astype(str), return_inverse=True)
    chance = rng.random(len(la_codes))
    for at, district in enumerate(districts):
        cumulated = np.cumsum(_weights(str(district), ethnicity))
        drawn[of == at] = np.searchsorted(cumulated / cumulated[-1], chance[of == at], side="right")
    return drawn.clip(max=len(COMMUNITIES) - 1)


def _weights(district: str, ethnicity: pl.DataFrame) -> Real:
    own = ethnicity.filter(pl.col("la_code") == district)
    groups = dict((own if len(own) else ethnicity).group_by("ethnic_group").agg(pl.col("share").mean()).iter_rows())
    shares = [c.slough_share if district == SLOUGH else c.share for c in COMMUNITIES.values()]
    return np.array([groups[c.ethnic_group] * share for c, share in zip(COMMUNITIES.values(), shares, strict=True)])


def draw_ethnicity(communities: Whole, rng: np.random.Generator) -> pl.Series:
    """The self-defined ethnicity code of each resident."""
    codes = sorted({code for community in COMMUNITIES.values() for code in community.ethnicity_codes})
    cumulated = np.concatenate(
        [at + np.cumsum([c.ethnicity_codes.get(code, 0.0) for code in codes]) for at, c in enumerate(COMMUNITIES.values())]
    )
    at = np.searchsorted(cumulated, communities + rng.random(len(communities)), side="right") - communities * len(codes)
    return pl.Series(codes).gather(pl.Series(at.clip(0, len(codes) - 1)))


def has_custom(communities: Whole, custom: Custom) -> Flags:
    """Whether each community, a position in COMMUNITY_NAMES, has the custom."""
    return np.asarray(np.array([custom in community.customs for community in COMMUNITIES.values()])[communities], dtype=np.bool_)


def feminine(surname: str) -> str:
    """The form of a Slavic surname that a woman bears."""
    if surname.endswith(("ski", "cki", "dzki")):
        return f"{surname[:-1]}a"
    if surname.endswith("sky"):
        return f"{surname[:-1]}a"
    return f"{surname}a" if surname.endswith(("ov", "ev")) else surname
