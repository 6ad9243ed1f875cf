"""A made-up world counted by its answer key, beside what is published: the figures of the page on the population.

What it is compared with stands in `data/reference/census_*.csv` with its sources, or here where it is a single published figure.
"""

import datetime as dt
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from docs.charts import Bar, Chart
from paramount_assets.evaluation.truth import Truth, true_children
from paramount_assets.settings import Settings
from paramount_assets.synthetic.world import simulate
from paramount_assets.vocabulary import Day, Source

ROOT = Path(__file__).parents[1]

RESIDENTS, FIRST_DAY, DAYS, DENSITY, SEED = 60_000, Day(dt.date(2025, 11, 3)), 30, 147.0, 7
"""The world of the page: as large as the demo's, with about as many receptions."""

AREA, NATION = "Thames Valley", "England and Wales"
AREA_RESIDENTS = 2_512_800
"""Usual residents of the thirteen districts, Census 2021."""

FEWEST_SHOWN = 1_000
"""The page is never written of a world of fewer residents: its shares would say nothing."""

COMPOSITION = {
    "alone": "one_person",
    "couple": "couple_without_children",
    "two_parents": "couple_with_dependent_children",
    "step_family": "couple_with_dependent_children",
    "lone_parent": "lone_parent_with_dependent_children",
    "adult_children": "all_children_grown_up",
    "three_generations": "other_with_dependent_children",
    "grandparent_carers": "other_with_dependent_children",
    "foster": "other_with_dependent_children",
    "flat_share": "other_without_dependent_children",
}
"""Which household composition of the census a shape counts under; all others are communal homes, which are no households."""

_GROUPS = {"W": "white", "A": "asian", "B": "black", "M": "mixed", "O": "other"}
_BANDS = (18, 21, 25, 30, 35, 40, 45, 50, 60, 70)


@dataclass(frozen=True)
class Figures:
    """One chart's worth: its file, what is compared, where the comparison comes from, and what must be said of it."""

    name: str
    chart: Chart
    sources: Sequence[str]
    about: str = ""


@dataclass(frozen=True)
class World:
    """The made-up world and the tables it is compared with."""

    truth: Truth
    movements: pl.DataFrame
    reference: Path
    residents: int
    days: int
    density: float

    @property
    def living(self) -> pl.DataFrame:
        """Who lives on the first day."""
        people = self.truth.people.filter(pl.col("role") != "unborn")
        return people.filter(pl.col("died_on").is_null() | (pl.col("died_on") > FIRST_DAY))

    @property
    def first_receptions(self) -> pl.DataFrame:
        """One row per person received in the span, as at the first reception."""
        received = self.truth.receptions.with_columns(received_on=pl.col("received_at").dt.date())
        return received.sort("received_at", "resident_id").unique("resident_id", keep="first", maintain_order=True)

    def census(self, name: str) -> pl.DataFrame:
        """One of the census tables; each row has its source."""
        return pl.read_csv(self.reference / f"{name}.csv")


def make_world(residents: int = RESIDENTS, days: int = DAYS, density: float = DENSITY) -> World:
    """Makes the world in a folder that is gone afterwards, and keeps what is counted of it.

    Args:
        residents: of the made-up area, `FEWEST_SHOWN` or more.
        days: of prison extracts.
        density: receptions as a multiple of life.

    Raises:
        ValueError: too few residents.
    """
    if residents < FEWEST_SHOWN:
        raise ValueError(f"the page needs a world of {FEWEST_SHOWN:,} residents or more")
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(root=ROOT, data=Path(folder))
        simulate(settings, residents=residents, first_day=FIRST_DAY, days=days, density=density, seed=SEED)
        movements = _movements(settings.landing_folder / Source.PRISON_EXTRACT.value)
        reference = settings.project_folder("data/reference")
        return World(Truth.read(settings.world_folder), movements, reference, residents, days, density)


def _movements(landed: Path) -> pl.DataFrame:
    """The movements of all days, the newest version of each."""
    newest = {file.parents[1].name: file for file in sorted(landed.glob("*/v*/movements.csv"), key=_version)}
    columns = ["prisoner_number", "booking_id", "movement_sequence", "legal_status"]
    rows = [pl.read_csv(file, infer_schema=False, truncate_ragged_lines=True).select(columns) for file in newest.values()]
    return pl.concat(rows).with_columns(pl.col("movement_sequence").cast(pl.Int64, strict=False))


def _version(file: Path) -> tuple[str, int]:
    return file.parents[1].name, int(file.parent.name.removeprefix("v"))


def _shares(counts: Mapping[str, int]) -> dict[str, float]:
    total = sum(counts.values())
    return {name: 100 * count / total for name, count in counts.items()}


def _percent(holds: pl.Series) -> float:
    """Of how many in a hundred it holds; 0 of none."""
    return 100 * int(holds.sum()) / len(holds) if len(holds) else 0.0


def _counts(column: pl.Series) -> dict[str, int]:
    return dict(column.drop_nulls().value_counts().sort(column.name).iter_rows())


def _age(born: str, on: dt.date) -> pl.Expr:
    return ((pl.lit(on) - pl.col(born)).dt.total_days() / 365.25).floor().cast(pl.Int64)


# --- population -----------------------------------------------------------------------------------------------------------


def ages(world: World) -> Figures:
    """Residents by age against the bands of the census."""
    bars, sources = _age_bars(world, AREA)
    return Figures(
        "population-ages",
        Chart("Residents by age", f"Shares of residents in {len(bars)} bands of age, made up and as calibrated.", bars),
        sources,
    )


def broad_ages(world: World) -> Figures:
    """The same in the three bands that are published for the country."""
    bars, sources = _age_bars(world, NATION)
    return Figures(
        "population-broad-ages",
        Chart(f"Residents by age, beside {NATION}", "Shares of residents in three bands of age.", bars),
        sources,
        f"The made-up area is younger than {NATION} on purpose.",
    )


def _age_bars(world: World, area: str) -> tuple[list[Bar], Sequence[str]]:
    """One bar for each band of age that the census tables have for an area, and their sources."""
    bands = world.census("census_2021_ages").filter(pl.col("area") == area).sort("lower")
    years = world.living.select(age=_age("born", FIRST_DAY))["age"]
    bars = [
        Bar(_band(low, high), _percent(years.is_between(low, high)), 100 * share)
        for low, high, share in bands.select("lower", "upper", "share").iter_rows()
    ]
    return bars, _sources(bands)


def _band(low: int, high: int) -> str:
    return f"{low} and over" if high > 100 else f"{low} to {high}"


def households(world: World) -> Figures:
    """Private households by composition."""
    table = world.census("census_2021_households")
    published = dict(table.select("composition", "share").iter_rows())
    shapes = world.living.unique("household_id").select(c=pl.col("shape").replace_strict(COMPOSITION, default=None))
    made = _shares(_counts(shapes["c"]))
    order = ["one_person", *table.filter(pl.col("level") == "split")["composition"]]
    bars = [Bar(_words(name), made.get(name, 0.0), 100 * published[name]) for name in order]
    return Figures(
        "population-households",
        Chart("Households by composition", "Shares of private households in seven compositions.", bars),
        _sources(table),
        f"Mean size: {_mean_size(world):.2f} people to a household; {2.4:.1f} in the Census 2021.",
    )


def _mean_size(world: World) -> float:
    private = world.living.filter(pl.col("shape").is_in(list(COMPOSITION)))
    return len(private) / private["household_id"].n_unique()


def shapes(world: World) -> Figures:
    """Residents by the shape of household they live in, the rare ones too."""
    made = _shares(_counts(world.living["shape"]))
    bars = [Bar(_words(name), share) for name, share in sorted(made.items(), key=lambda pair: (-pair[1], pair[0]))]
    return Figures(
        "population-shapes",
        Chart("Residents by shape of household", "Shares of residents in every shape of household, commonest first.", bars),
        (),
        "No published figure is as fine as this. The split within a composition of the census, and how many live in hostels, "
        "refuges, halls and children's homes, is assumed; hostels and refuges are more than in life, so that a small world "
        "has them.",
    )


def districts(world: World) -> Figures:
    """Residents by district."""
    table = world.census("census_2021_districts")
    total = int(table["usual_residents"].sum())
    homes = world.truth.homes.select("home_id", "la_code")
    made = _shares(_counts(world.living.join(homes, on="home_id")["la_code"]))
    rows = table.sort("usual_residents", descending=True).select("la_code", "name", "usual_residents").iter_rows()
    bars = [Bar(name, made.get(code, 0.0), 100 * count / total) for code, name, count in rows]
    return Figures(
        "population-districts",
        Chart("Residents by district", "Shares of residents in the districts of the force's area, largest first.", bars),
        _sources(table),
    )


def ethnicity(world: World) -> Figures:
    """Residents by broad ethnic group, of those whose group is stated."""
    table = world.census("census_ethnicity").join(world.census("census_2021_districts").drop("source"), on="la_code")
    weighted = table.group_by("ethnic_group").agg((pl.col("share") * pl.col("usual_residents")).sum()).sort("ethnic_group")
    published = _shares(dict(weighted.iter_rows()))
    made = _shares(_counts(_ethnic_groups(world.living)["ethnic_group"]))
    bars = [Bar(name.capitalize(), made.get(name, 0.0), published[name]) for name in _GROUPS.values()]
    return Figures(
        "population-ethnicity",
        Chart("Residents by broad ethnic group", "Shares of residents in five broad ethnic groups.", bars),
        _sources(table),
    )


def asian_by_district(world: World) -> Figures:
    """The group that differs most between districts, district by district."""
    table = world.census("census_ethnicity").filter(pl.col("ethnic_group") == "asian")
    named = table.join(world.census("census_2021_districts").select("la_code", "name"), on="la_code").sort(
        "share", descending=True
    )
    homes = world.truth.homes.select("home_id", "la_code")
    people = _ethnic_groups(world.living).join(homes, on="home_id")
    of_district = people.group_by("la_code").agg(share=100 * (pl.col("ethnic_group") == "asian").mean())
    made = dict(of_district.iter_rows())
    bars = [
        Bar(name, made.get(code, 0.0), 100 * share) for code, name, share in named.select("la_code", "name", "share").iter_rows()
    ]
    return Figures(
        "population-asian-by-district",
        Chart("Asian residents by district", "Share of residents of Asian ethnic groups in each district, highest first.", bars),
        _sources(table),
        "Shown for one group because it differs most: where many share few surnames, names tell people apart less well.",
    )


def _ethnic_groups(people: pl.DataFrame) -> pl.DataFrame:
    group = pl.col("ethnicity_code").str.head(1).replace_strict(_GROUPS, default=None)
    stated = pl.col("ethnicity_code") != "NS"
    return people.with_columns(ethnic_group=group).filter(stated & pl.col("ethnic_group").is_not_null())


def surnames(world: World) -> Figures:
    """The commonest surnames of the British list against the weights they are drawn by."""
    listed = pl.read_csv(ROOT / "paramount_assets" / "synthetic" / "names.csv").filter(
        (pl.col("pool") == "british") & (pl.col("kind") == "surname")
    )
    total = float(listed["weight"].sum())
    commonest = listed.sort("weight", "name", descending=[True, False]).head(10)
    british = world.living.filter(pl.col("community") == "british")["last_name"]
    made = _shares(_counts(british))
    bars = [
        Bar(name, made.get(name, 0.0), 100 * weight / total) for name, weight in commonest.select("name", "weight").iter_rows()
    ]
    return Figures(
        "population-surnames",
        Chart(
            "Commonest surnames of the British list",
            "Share of the ten commonest surnames among residents of that list.",
            bars,
            "{:.2f} %",
        ),
        ("weights of `paramount_assets/synthetic/names.csv`, see `data/reference/README.md`",),
        "Families share a name, so a small world strays from the weights.",
    )


def alike(world: World) -> Figures:
    """How many adults share with another what linkage goes by."""
    adults = world.living.filter(_age("born", FIRST_DAY) >= 18).with_columns(year=pl.col("born").dt.year())
    keys = {
        "surname": ["last_name"],
        "forename and surname": ["first_name", "last_name"],
        "… and year of birth": ["first_name", "last_name", "year"],
        "… and date of birth": ["first_name", "last_name", "born"],
    }
    bars = [Bar(name, _percent(adults.select(pl.len().over(key) > 1).to_series())) for name, key in keys.items()]
    return Figures(
        "population-alike",
        Chart(
            "Adults who share it with another resident",
            "Shares of adults who share names and birth with another adult.",
            bars,
            "{:.2f} %",
        ),
        (),
        f"Nothing is published to compare with. It depends on the number of residents, here {world.residents:,}.",
    )


# --- receptions -----------------------------------------------------------------------------------------------------------

_STATISTICS = "official statistics, rounded: about 73,000 first receptions and 32,500 recalls a year, England and Wales, 2024"
_HELD = "generally held, not verified"
_PARENTS = "Ministry of Justice, published estimates: 53 % directly counted as parents, 78 % after adjustment; 1.77 children each"


def rates(world: World) -> Figures:
    """Receptions a day, brought to life's density and the whole area."""
    made = len(world.truth.receptions) / world.days / world.density * AREA_RESIDENTS / world.residents
    return Figures(
        "receptions-a-day",
        Chart(
            "Receptions a day, in the whole area at density 1",
            "Receptions a day made up, brought to density 1 and the area's residents, beside the published range.",
            [Bar("receptions a day", made, (8.0, 9.0))],
            "{:.1f}",
        ),
        (f"{_STATISTICS}; the area has 4.2 % of the residents, so 8 to 9 first receptions a day at most",),
    )


def legal_statuses(world: World) -> Figures:
    """Remand among first receptions, recalls among all."""
    key = ["prisoner_number", "booking_id", "movement_sequence"]
    status = world.truth.receptions.join(world.movements.unique(key), on=key)["legal_status"]
    first = status.filter(status != "RECALL")
    remand = _percent(first.is_in(["REMAND", "CONVICTED_UNSENTENCED"]))
    bars = [
        Bar("on remand, of first receptions", remand, (65.0, 70.0)),
        Bar("recalls, of all receptions", _percent(status == "RECALL"), 100 * 32.5 / (73 + 32.5)),
    ]
    return Figures(
        "receptions-by-status",
        Chart("Receptions by legal status", "Remand among first receptions and recalls among all.", bars),
        (f"remand: {_HELD}; it counts the convicted who are not sentenced yet", f"recalls: {_STATISTICS}"),
    )


def who_is_received(world: World) -> Figures:
    """Women and parents."""
    received = world.first_receptions.join(world.truth.people.select("resident_id", "sex"), on="resident_id")
    minors = true_children(world.truth, received, 18).filter("is_minor")
    women = _percent(received["sex"] == "F")
    parents = 100 * minors["resident_id"].n_unique() / len(received)
    bars = [Bar("women", women, (7.0, 9.0)), Bar("with a child under eighteen", parents, (53.0, 78.0))]
    each = len(minors) / max(minors["resident_id"].n_unique(), 1)
    return Figures(
        "receptions-women-and-parents",
        Chart("People received: women and parents", "Shares of women and of parents among people received.", bars),
        (f"women: {_HELD}", f"parents: {_PARENTS}"),
        f"Those with children have {each:.2f} under eighteen each; published: 1.77. Step-children count.",
    )


def ages_received(world: World) -> Figures:
    """People received by age."""
    received = world.first_receptions.join(world.truth.people.select("resident_id", "born"), on="resident_id")
    years = received.select(age=_age("born", FIRST_DAY))["age"]
    ends = [*_BANDS[1:], 120]
    shares = [_percent(years.is_between(low, end - 1)) for low, end in zip(_BANDS, ends, strict=True)]
    bars = [Bar(_band(low, end - 1), share) for low, end, share in zip(_BANDS, ends, shares, strict=True)]
    return Figures(
        "receptions-ages",
        Chart("People received by age", "Shares of people received in ten bands of age.", bars),
        (f"mean age: {_HELD}",),
        f"Mean age {years.sum() / len(years):.1f}; held to be in the mid-thirties. No distribution by age was calibrated.",
    )


def _sources(table: pl.DataFrame) -> list[str]:
    return [str(source).rstrip(".") for source in table["source"].unique().sort()]


def _words(name: str) -> str:
    return name.replace("_", " ")
