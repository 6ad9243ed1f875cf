"""Sizes of made-up worlds under a name each, and what a world is asked to be."""

import datetime as dt
import math
from dataclasses import dataclass
from typing import Literal

from paramount_assets.synthetic.custody import RECEPTIONS_PER_RESIDENT_AND_DAY
from paramount_assets.synthetic.deliver import FileFormat

MOST_RESIDENTS = 3_000_000
"""Few forces' areas have more; a bigger world does not fit into the memory that is promised."""

MOST_DAYS = 3653
MOST_NOISE = 10.0


class PlanRefused(Exception):
    """A world cannot be what was asked for."""


@dataclass(frozen=True)
class Preset:
    """A size of world: residents, days, receptions on an average day; whether those hard to link are received more often."""

    residents: int
    days: int
    receptions_a_day: float
    oversample: bool = False


PresetName = Literal["tiny", "demo", "county", "force"]

PRESETS: dict[PresetName, Preset] = {
    "tiny": Preset(2_000, 7, 3),
    "demo": Preset(60_000, 30, 30),
    "county": Preset(725_000, 365, 10, oversample=True),
    "force": Preset(2_500_000, 90, 34),
}
"""By name. Receptions of `force` are four times life's, of the smaller ones more: a small area in life has too few to show."""


@dataclass(frozen=True)
class Plan:
    """What a world is asked to be. The same plan makes the same bytes.

    Attributes:
        preset: the name it started from.
        residents: of the made-up area.
        first_day: of the extracts.
        days: number of prison extracts.
        density: receptions as a multiple of life's.
        seed: of every draw.
        noise: what every rate of noise is multiplied by.
        oversample: whether people who are hard to link are received far more often than in life.
        file_format: of the reference sources.
    """

    preset: str
    residents: int
    first_day: dt.date
    days: int
    density: float
    seed: int
    noise: float = 1.0
    oversample: bool = False
    file_format: FileFormat = "csv"

    @property
    def last_day(self) -> dt.date:
        """Of the extracts."""
        return self.first_day + dt.timedelta(days=self.days - 1)

    def labels(self) -> list[str]:
        """In what the world is not like life, in plain sentences."""
        unlike = {
            f"Made up: {float(f'{self.density:.3g}'):g} times as many receptions as the area really has.": self.density != 1.0,
            "Made up: people who are hard to link are received far more often than in life.": self.oversample,
            f"Made up: {self.noise:g} times the usual noise.": self.noise != 1.0,
        }
        return [label for label, is_so in unlike.items() if is_so]

    def refuse_nonsense(self) -> None:
        """Passes where a world can be made of it; how many residents are too few is known to the population.

        Raises:
            PlanRefused: with what is wrong and what would be right.
        """
        faults = {
            f"a made-up world has at most {MOST_RESIDENTS:,} residents": self.residents > MOST_RESIDENTS,
            f"a made-up world lasts from 1 to {MOST_DAYS:,} days": not 1 <= self.days <= MOST_DAYS,
            "density is a number, 0 or more; 1 is life": not (math.isfinite(self.density) and self.density >= 0),
            f"noise is a number from 0 to {MOST_NOISE:g}; 1 is the world's own difficulty": not 0 <= self.noise <= MOST_NOISE,
            "a seed is a whole number, 0 or more": self.seed < 0,
        }
        if wrong := [fault for fault, is_wrong in faults.items() if is_wrong]:
            raise PlanRefused("; ".join(wrong))


def density_of(receptions_a_day: float, residents: int) -> float:
    """Receptions on an average day as a multiple of what life has for so many residents."""
    return receptions_a_day / (RECEPTIONS_PER_RESIDENT_AND_DAY * max(residents, 1))
