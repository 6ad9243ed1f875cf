"""Whom the force knows and why: people who were arrested, victims, witnesses, whole families after an incident at home."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from paramount_assets.synthetic.asked import everybody_asked
from paramount_assets.synthetic.custody import Custody
from paramount_assets.synthetic.population import Population
from paramount_assets.synthetic.streams import Flags, stream

Codes = npt.NDArray[np.int8]

REASONS = (
    "arrested", "victim", "witness", "incident_at_home", "domestic_incident", "child_at_domestic_incident", "missing_person",
    "stopped",
)  # fmt: skip
"""Why there is a record; the answer key's known_because. A number of `REASONS` stands for each, UNKNOWN for nobody."""

UNKNOWN = -1


class _Circle(NamedTuple):
    """A kind of people and the share of them known for each reason, in the order of `REASONS` (assumed)."""

    name: str
    shares: tuple[float, ...]


CIRCLES = (
    # Together about 0.39 of all residents have a record and 0.03 a second one: 0.42 records for each resident.
    _Circle("child under ten", (0.0, 0.01, 0.0, 0.03, 0.0, 0.09, 0.01, 0.0)),
    _Circle("child of ten and more", (0.035, 0.07, 0.03, 0.03, 0.0, 0.1, 0.06, 0.02)),
    _Circle("woman", (0.06, 0.17, 0.07, 0.05, 0.0, 0.0, 0.01, 0.01)),
    _Circle("man", (0.2, 0.13, 0.07, 0.04, 0.0, 0.0, 0.01, 0.06)),
    _Circle("over sixty-five", (0.02, 0.11, 0.05, 0.03, 0.0, 0.0, 0.005, 0.0)),
    _Circle("adult after an incident", (0.12, 0.03, 0.01, 0.05, 0.62, 0.0, 0.0, 0.0)),
    _Circle("child after an incident", (0.01, 0.02, 0.0, 0.05, 0.0, 0.75, 0.02, 0.0)),
    _Circle("received", (0.76, 0.02, 0.02, 0.0, 0.03, 0.0, 0.01, 0.04)),
    _Circle("asked for", (1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)),
    _Circle("child asked for", (0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0)),
)

INCIDENT_SHARES = {"family": 0.09, "of received": 0.4, "refuge": 1.0}
"""Households of more than one person to which the force was called in the years that records go back (assumed)."""


def draw_reasons(population: Population, custody: Custody, seed: int) -> Codes:
    """The reason for which the force knows each resident, as a position in `REASONS`, or UNKNOWN."""
    circles = _circles(population, custody, seed)
    chance = stream(seed, "police/known").random(len(circles))
    bounds = np.cumsum([circle.shares for circle in CIRCLES], axis=1)
    reasons = np.zeros(len(circles), dtype=np.int8)
    for at in range(len(REASONS)):
        reasons += chance >= bounds[:, at][circles]
    reasons[reasons == len(REASONS)] = UNKNOWN
    return reasons


def _circles(population: Population, custody: Custody, seed: int) -> Codes:
    """The position in `CIRCLES` of each resident."""
    residents = population.residents
    born = pl.col("date_of_birth")
    newest = born.max()
    is_child = pl.col("role") == "child"
    received = custody.spells["resident_id"].unique()
    wanted = everybody_asked(custody)
    names = [circle.name for circle in CIRCLES]

    def circle(name: str) -> pl.Expr:
        return pl.lit(names.index(name), dtype=pl.Int8)

    had_incident = pl.Series("incident", _had_incident(population, received, seed))
    drawn = residents.lazy().with_columns(had_incident).select(
        pl.when(pl.col("resident_id").is_in(wanted.implode()) & is_child).then(circle("child asked for"))
        .when(pl.col("resident_id").is_in(wanted.implode())).then(circle("asked for"))
        .when(pl.col("resident_id").is_in(received.implode())).then(circle("received"))
        .when(pl.col("incident") & is_child).then(circle("child after an incident"))
        .when("incident").then(circle("adult after an incident"))
        .when(is_child & (born > newest.dt.offset_by("-10y"))).then(circle("child under ten"))
        .when(is_child).then(circle("child of ten and more"))
        .when(born < newest.dt.offset_by("-65y")).then(circle("over sixty-five"))
        .when(pl.col("sex") == "F").then(circle("woman"))
        .otherwise(circle("man")).alias("circle")
    )  # fmt: skip
    return np.asarray(drawn.collect()["circle"].to_numpy(), dtype=np.int8)


def _had_incident(population: Population, received: pl.Series, seed: int) -> Flags:
    """Whether the force was called to the home of each resident: families, more often those of people received."""
    residents = population.residents.select("resident_id", "household_id", "shape", "father_id")
    fathers = residents.filter(pl.col("shape") == "refuge")["father_id"].drop_nulls()
    touched = residents.filter(pl.col("resident_id").is_in(received.implode()))["household_id"].unique()
    is_single = pl.col("shape").is_in(["alone", "flat_share", "hostel", "student_hall", "childrens_home"])
    share = (
        pl.when((pl.col("shape") == "refuge") | pl.col("resident_id").is_in(fathers.implode()))
        .then(INCIDENT_SHARES["refuge"])
        .when(is_single).then(0.0)
        .when(pl.col("household_id").is_in(touched.implode())).then(INCIDENT_SHARES["of received"])
        .otherwise(INCIDENT_SHARES["family"])
    )  # fmt: skip
    households = int(residents["household_id"].max() or 0) + 1  # type: ignore[arg-type]
    chance = stream(seed, "police/incidents").random(households)[residents["household_id"].to_numpy()]
    return np.asarray(chance < residents.select(share.alias("share"))["share"].to_numpy(), dtype=np.bool_)
