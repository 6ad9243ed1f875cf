"""The made-up area: its residents, households, homes, who lived where, and who is whose family. All of it true.

What happens to the residents and what any source holds of them is not known here.
"""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from paramount_assets.settings import District
from paramount_assets.synthetic.births import Births, alive_until, draw_births, without_dead_fathers
from paramount_assets.synthetic.census import Census
from paramount_assets.synthetic.households import ROLES, SHAPES, Drawn, Members, Role, Shape, draw_households, named
from paramount_assets.synthetic.identifiers import apart_within_years, cro_numbers, phone_numbers, pnc_numbers
from paramount_assets.synthetic.kinship import Kin, find_parents, list_ties
from paramount_assets.synthetic.mortality import NEVER, draw_deaths
from paramount_assets.synthetic.moves import list_lives, vacancies
from paramount_assets.synthetic.naming import add_names, draw_members_communities
from paramount_assets.synthetic.places import make_homes
from paramount_assets.synthetic.streams import Flags, Whole, numbers_apart, stream


@dataclass(frozen=True)
class Population:
    """The truth about the area.

    residents: resident_id, household_id, shape, role, sex, date_of_birth, died_on (null; before or inside the span),
        mother_id, father_id, twin_id (null), community, ethnicity_code, first_name, middle_names, last_name, maiden_name (null),
        pnc, cro (the numbers they would have), phone, home_id (on the first day); those born by the first day.
    households: household_id, shape, home_id. homes: home_id, address_line, postcode, la_code, uprn; some stand empty at first.
    lives: resident_id, home_id, from_date, to_date (the day of leaving; null: to the end): exactly one row holds on each day
        from the first one's from_date on. ties: from_id, to_id, tie, as on the first day.
    unborn: unborn_id (above every resident_id), mother_id, father_id (null), expected_date_of_birth, born_on (in the span or
        after it), sex, first_name, middle_names, last_name, ethnicity_code, community. They live with their mother.
    """

    residents: pl.DataFrame
    households: pl.DataFrame
    homes: pl.DataFrame
    lives: pl.DataFrame
    ties: pl.DataFrame
    unborn: pl.DataFrame


def populate(
    reference: Path, districts: tuple[District, ...], residents: int, first_day: dt.date, days: int, seed: int
) -> Population:
    """Makes the area's population as it is on the first day, what became of it before, and births, deaths and moves in the span.

    Args:
        reference: the folder of the census tables, data/reference.
        districts: of the force.
        residents: on the first day, those included who died in the last years and are on the sources' books still.
        first_day: of the span.
        days: of the span.
        seed: the same seed and the same other arguments give the same frames.

    Raises:
        ValueError: too few residents for every shape of household, or a district without census figures or postcodes.
    """
    census = Census.read(reference)
    area = census.of(districts)
    halls = float(area.select(pl.sum("hall_students") / pl.sum("usual_residents")).item())
    drawn = draw_households(residents, halls, first_day, census, stream(seed, "households"))
    home_of, homes = _place(drawn, area, vacancies(drawn.members, days), seed)
    la_codes = homes["la_code"].gather(pl.Series(home_of)).to_numpy()
    communities = draw_members_communities(drawn.members, la_codes, census.ethnicity, stream(seed, "communities"))
    today = int(np.datetime64(first_day, "D").astype(np.int64))
    members, kin = find_parents(drawn.members, communities, today, stream(seed, "kinship"))
    died = draw_deaths(members.born, _only_adults(members), (first_day, days), stream(seed, "deaths"))
    births = draw_births(members, kin, died == NEVER, (first_day, days), stream(seed, "births"))
    died = np.maximum(died, alive_until(kin, members.born))
    births = without_dead_fathers(births, died)
    names = add_names(members, kin, births, communities, today, stream(seed, "naming"))
    placed = (home_of, _district_of(homes), np.arange(int(home_of.max()) + 1, len(homes)))
    return Population(
        residents=_residents(members, kin, died, names.head(len(members.born)), home_of, first_day, seed),
        households=drawn.households.select("household_id", "shape", pl.Series("home_id", home_of)),
        homes=homes,
        lives=list_lives(members, kin, placed, (first_day, days), stream(seed, "moves")),
        ties=list_ties(members, kin),
        unborn=_unborn(births, names.tail(len(births.born)), len(members.born)),
    )


def _place(drawn: Drawn, area: pl.DataFrame, empty: int, seed: int) -> tuple[Whole, pl.DataFrame]:
    """The home of each household, the same for those that share one, and all homes; the last ones stand empty."""
    key = pl.when(pl.col("shared_home").is_null()).then(pl.col("household_id")).otherwise(-1 - pl.col("shared_home"))
    home_of = drawn.households.select(key.rank("dense").cast(pl.Int64) - 1).to_series().to_numpy()
    is_hall = np.zeros(int(home_of.max()) + 1 + empty, dtype=np.bool_)
    is_hall[home_of[(drawn.households["shape"] == Shape.STUDENT_HALL.value).to_numpy()]] = True
    weights, halls = (area[column].to_numpy().astype(np.float64) for column in ("usual_residents", "hall_students"))
    return home_of, make_homes(tuple(area["la_code"]), weights, halls, is_hall, stream(seed, "places"))


def _district_of(homes: pl.DataFrame) -> Whole:
    return homes["la_code"].rank("dense").cast(pl.Int64).to_numpy()


def _only_adults(members: Members) -> Flags:
    """Whether each is the only adult of a household with children."""
    adults = np.bincount(members.household, weights=members.of_role(Role.WOMAN, Role.MAN, Role.GRANDMOTHER, Role.GRANDFATHER))
    children = np.bincount(members.household, weights=members.of_role(Role.CHILD))
    is_alone = (adults == 1) & (children > 0)
    return np.asarray(is_alone[members.household] & ~members.of_role(Role.CHILD), dtype=np.bool_)


def _residents(
    members: Members, kin: Kin, died: Whole, names: pl.DataFrame, home_of: Whole, first_day: dt.date, seed: int
) -> pl.DataFrame:
    frame = pl.DataFrame(
        {
            "resident_id": np.arange(len(members.born), dtype=np.int64),
            "household_id": members.household,
            "shape": named(SHAPES, members.shape),
            "role": named(ROLES, members.role),
            "sex": _sex(members.is_female),
            "date_of_birth": _dates(members.born),
            "died_on": _dates(died),
            "mother_id": _ids(kin.mother),
            "father_id": _ids(kin.father),
            "twin_id": _ids(_twins(members, kin)),
        }
    )
    return frame.with_columns(*names.get_columns()).with_columns(
        *_identifiers(members.born, first_day, seed), pl.Series("home_id", home_of[members.household])
    )


def _sex(is_female: Flags) -> pl.Series:
    return named(("M", "F"), is_female.astype(np.int64))


def _dates(days: Whole) -> pl.Series:
    """Days since 1970 as dates; NEVER is null."""
    return pl.select(pl.when(pl.Series(days) < NEVER).then(pl.Series(days)).cast(pl.Int32).cast(pl.Date)).to_series()


def _ids(positions: Whole) -> pl.Series:
    return pl.select(pl.when(pl.Series(positions) >= 0).then(pl.Series(positions))).to_series()


def _twins(members: Members, kin: Kin) -> Whole:
    """The twin of each: the child of the same mother, or where she is unknown of the same household, born on the same day."""
    own = members.of_role(Role.CHILD, Role.GROWN)
    family = np.where(kin.mother >= 0, kin.mother, np.where(own, -2 - members.household, -1))
    at = np.flatnonzero(family != -1)
    order = at[np.lexsort((members.born[at], family[at]))]
    pair = np.flatnonzero((family[order][1:] == family[order][:-1]) & (members.born[order][1:] == members.born[order][:-1]))
    twin = np.full(len(family), -1, dtype=np.int64)
    twin[order[pair]], twin[order[pair + 1]] = order[pair + 1], order[pair]
    return twin


def _identifiers(born: Whole, on: dt.date, seed: int) -> list[pl.Series]:
    """The PNC and CRO number that each resident has, or would have once arrested, and a telephone number."""
    rng = stream(seed, "identifiers")
    count = len(born)
    year = born.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    span = (on.year - 1 - (year + 14)).clip(0)
    years = np.minimum(np.maximum(year + 14 + (rng.random(count) ** 2 * span).astype(np.int64), 1975), on.year - 1)
    pnc = pnc_numbers(years, numbers_apart(rng, 1_000, max(900_000, count * 3), count))
    serials = apart_within_years(years, numbers_apart(rng, 1_000, max(400_000, count * 3), count))
    return [
        pl.Series("pnc", pnc, dtype=pl.String),
        pl.Series("cro", cro_numbers(years, serials), dtype=pl.String),
        pl.Series("phone", phone_numbers(rng.random(count)), dtype=pl.String),
    ]


def _unborn(births: Births, names: pl.DataFrame, residents: int) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "unborn_id": residents + np.arange(len(births.born), dtype=np.int64),
            "mother_id": births.mother,
            "father_id": _ids(births.father),
            "expected_date_of_birth": _dates(births.expected),
            "born_on": _dates(births.born),
            "sex": _sex(births.is_female),
        }
    ).with_columns(names.select("first_name", "middle_names", "last_name", "ethnicity_code", "community").get_columns())
