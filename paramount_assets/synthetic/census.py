"""The census tables that the population is made after: districts, ages, household compositions and ethnic groups.

Each row of the tables has its source, or says that it is assumed. What is made of them is not known here.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from paramount_assets.settings import District
from paramount_assets.synthetic.streams import Real

AREA = "Thames Valley"
"""The area whose age bands the population is given; the other areas stand beside it for comparison."""


@dataclass(frozen=True)
class Census:
    """The tables, one row each.

    districts: la_code, name, usual_residents, hall_students, source. ages: area, lower, upper (years), share, source.
    households: level (broad or split), composition, share, source. ethnicity: la_code, ethnic_group, share, source.
    """

    districts: pl.DataFrame
    ages: pl.DataFrame
    households: pl.DataFrame
    ethnicity: pl.DataFrame

    @classmethod
    def read(cls, reference: Path) -> "Census":
        """The tables of the folder data/reference.

        Raises:
            FileNotFoundError: a table is not there.
        """
        return cls(
            districts=pl.read_csv(reference / "census_2021_districts.csv"),
            ages=pl.read_csv(reference / "census_2021_ages.csv"),
            households=pl.read_csv(reference / "census_2021_households.csv"),
            ethnicity=pl.read_csv(reference / "census_ethnicity.csv"),
        )

    def of(self, districts: tuple[District, ...]) -> pl.DataFrame:
        """The rows of the given districts, in their order.

        Raises:
            ValueError: a district is not in the table.
        """
        wanted = pl.DataFrame({"la_code": [district.la_code for district in districts]})
        found = wanted.join(self.districts, on="la_code", how="inner", maintain_order="left")
        if len(found) < len(wanted):
            raise ValueError("a district of the force has no row in census_2021_districts.csv")
        return found

    def age_bands(self) -> tuple[Real, Real]:
        """Edges of the area's age bands in years, one more than there are bands, and the share of each band."""
        bands = self.ages.filter(pl.col("area") == AREA).sort("lower")
        edges = np.append(bands["lower"].to_numpy(), bands["upper"].to_numpy()[-1] + 1)
        share = bands["share"].to_numpy().astype(np.float64)
        return edges.astype(np.float64), share / share.sum()

    def share_of(self, composition: str) -> float:
        """The share of households of one composition."""
        return float(self.households.filter(pl.col("composition") == composition)["share"].item())
