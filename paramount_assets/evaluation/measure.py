"""The measurement: what is true in the made-up world against what the chain made of it and whom the ledger told."""

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from paramount_assets.evaluation import causes, children, doors, links, urgency
from paramount_assets.evaluation.figures import Group, Line, Section, Share
from paramount_assets.evaluation.groups import groups
from paramount_assets.evaluation.released import Days, Released, looked_at
from paramount_assets.evaluation.truth import Truth, true_children
from paramount_assets.lake import Catalogue, Store
from paramount_assets.ledger import LedgerExport
from paramount_assets.settings import Force, Settings
from paramount_assets.vocabulary import Day, EligibilityDecision

_WORLD = "world.json"


class NothingToMeasure(Exception):
    """The chain has run no day of the made-up world."""


@dataclass(frozen=True)
class Evaluation:
    """Every figure. `world` is what `world.json` says of the world; `model` the linkage model that is configured."""

    world: dict[str, Any]
    model: str
    days: Days
    receptions: int
    sections: tuple[Section, ...]
    groups: tuple[Group, ...]


def evaluate(settings: Settings, catalogue: Catalogue, ledger: LedgerExport) -> Evaluation:
    """Measures the installation's released tables and its ledger against the answer key.

    Args:
        settings: the installation.
        catalogue: all tables.
        ledger: what was told.

    Raises:
        AnswerKeyMissing: the installation holds no made-up world.
        NothingToMeasure: no day of it has been run.
    """
    truth = Truth.read(settings.world_folder)
    released = Released.of(catalogue, Store(settings.lake_folder), _world_days(truth))
    if not released.days.evaluated:
        raise NothingToMeasure("no day of the made-up world has been run through the chain and released")
    receptions = looked_at(truth, released)
    told = children.told_of(truth, released, ledger)
    listed = children.listed(truth, released, receptions)
    true = _true_children(truth, released, receptions, listed, told, settings.force)
    police = links.police_outcomes(truth, released, receptions)
    wanted = true.filter(pl.col("is_minor") & pl.col("is_live"))
    optional = (urgency.urgency_section(listed, truth), _unborn_section(true))
    return Evaluation(
        world=_world(settings.world_folder),
        model=settings.model,
        days=released.days,
        receptions=receptions.height,
        sections=(
            _children_section(wanted),
            doors.told_section(doors.told_children(told, truth)),
            _missed_section(wanted),
            _area_section(true.filter("is_minor")),
            *(section for section in optional if section is not None),
            doors.eligible_section(doors.eligible_children(listed, truth)),
            links.police_section(police),
            links.unknown_section(police),
            links.family_section(links.family_outcomes(truth, released, receptions)),
        ),
        groups=groups(truth, police, wanted),
    )


def _world(folder: Path) -> dict[str, Any]:
    """What the world was made with; nothing where its maker did not write it down."""
    file = folder / _WORLD
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else {}


def _world_days(truth: Truth) -> list[str]:
    """Every day from the first extract that holds a reception to the last."""
    dates: list[dt.date] = truth.receptions["extract_date"].unique().sort().to_list()
    if not dates:
        return []
    return [(dates[0] + dt.timedelta(days=n)).isoformat() for n in range((dates[-1] - dates[0]).days + 1)]


def _true_children(
    truth: Truth,
    released: Released,
    receptions: pl.DataFrame,
    listed: pl.DataFrame,
    told: pl.DataFrame,
    force: Force,
) -> pl.DataFrame:
    """The true children who live in the force's area, or are not born yet, with what became of them and why."""
    areas = [district.la_code for district in force.districts]
    true = true_children(truth, receptions, force.policy.child_age_limit_years)
    in_area = true.filter(pl.col("la_code").is_in(areas))
    decided = children.with_outcomes(_with_live(in_area, force), listed, told)
    return causes.with_causes(decided, truth, released)


def _with_live(true: pl.DataFrame, force: Force) -> pl.DataFrame:
    """With `is_live`: the offer is made, on the day of the extract, where the child lives."""
    days = true["extract_date"].unique().to_list()
    live = [{"extract_date": day, "la_code": code} for day in days for code in force.live_areas(Day(day))]
    areas = pl.DataFrame(live, {"extract_date": pl.Date, "la_code": pl.String}).with_columns(is_live=pl.lit(value=True))
    joined = true.join(areas, on=["extract_date", "la_code"], how="left", maintain_order="left")
    return joined.with_columns(pl.col("is_live").fill_null(value=False))


def _children_section(wanted: pl.DataFrame) -> Section:
    counts = dict(wanted.group_by("outcome").len().iter_rows())
    found = sum(counts.get(outcome, 0) for outcome in (children.TOLD, children.DUE, children.HELD, children.NEVER))
    lines = [Line(key, about, Share(counts.get(key, 0), wanted.height)) for key, about in children.OUTCOMES.items()]
    return Section(
        key="children",
        title="Children of those received",
        of="minor children in live areas, for each parent's reception",
        lines=(Line("found", "found eligible", Share(found, wanted.height)), *lines),
    )


def _missed_section(wanted: pl.DataFrame) -> Section:
    missed = wanted.filter(pl.col("outcome") == children.MISSED)
    counts = dict(missed.group_by("cause").len().iter_rows())
    return Section(
        key="missed",
        title="Why children were missed, the first cause that holds",
        of="children missed",
        lines=tuple(Line(c.code, c.about, Share(counts.get(c.code, 0), missed.height)) for c in causes.CAUSES),
    )


def _area_section(minors: pl.DataFrame) -> Section:
    """Whether the chain knows of them at all; outside the live areas to be told of none is right."""
    return Section(
        key="children_in_the_area",
        title="Children anywhere in the force's area",
        of="minor children in the force's area, for each parent's reception",
        lines=(Line("considered", "considered, whatever was decided", Share(minors.filter("is_listed").height, minors.height)),),
    )


def _unborn_section(true: pl.DataFrame) -> Section:
    unborn = true.filter(pl.col("is_unborn") & pl.col("is_expected") & pl.col("is_live"))
    review = unborn.filter(pl.col("decision").eq_missing(pl.lit(EligibilityDecision.REVIEW.value)))
    return Section(
        key="unborn",
        title="Unborn children",
        of="unborn children of mothers in live areas, for each parent's reception",
        lines=(Line("in_review", "in review: a person must decide", Share(review.height, unborn.height)),),
    )
