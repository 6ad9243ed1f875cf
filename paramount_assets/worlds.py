"""Made-up worlds in this installation: made, made anew, and answered. Never beside real deliveries.

A file `world.json` in the world's folder says that everything that has landed is made up, and what was asked for. Without it
nothing here touches an installation that has deliveries.
"""

import contextlib
import dataclasses
import hashlib
import json
import shutil
from collections.abc import Callable

import polars as pl

from paramount_assets.ledger import LedgerExport, write_key
from paramount_assets.settings import Settings
from paramount_assets.synthetic.feedback import answer_notifications
from paramount_assets.synthetic.presets import Plan
from paramount_assets.synthetic.world import WorldSummary, simulate
from paramount_assets.vocabulary import Day

_MARK = "world.json"
_MADE = ("landing", "ledger", "world")
_MADE_OF_IT = (*_MADE, "lake", "published", "outbox", "requests", "dagster")


class NotMadeUp(Exception):
    """The installation holds deliveries that are not known to be made up, or no made-up world where one is needed."""


class WorldImpossible(Exception):
    """No world can be made of what was asked for."""


def make(settings: Settings, plan: Plan, *, fresh: bool, progress: Callable[[str], None] | None = None) -> WorldSummary:
    """Makes a world and lands what its sources would deliver.

    Args:
        settings: the installation.
        plan: what the world is to be.
        fresh: remove an earlier made-up world, and all that was made of it, first.
        progress: told what is being made.

    Returns:
        What was made, in counts.

    Raises:
        PlanRefused: a world cannot be that.
        NotMadeUp: what stands here is not known to be made up, or an earlier world stands and `fresh` is not set.
        WorldImpossible: too few residents, or more receptions than there are adults to receive.
    """
    plan.refuse_nonsense()
    is_made_up = (settings.world_folder / _MARK).exists()
    real = [folder.name for folder in (settings.landing_folder, settings.lake_folder, settings.ledger_folder) if folder.exists()]
    if real and not is_made_up:
        raise NotMadeUp(f"{', '.join(real)} here are not known to be made up; use another data folder (PARAMOUNT_DATA)")
    if is_made_up and not fresh:
        raise NotMadeUp("a made-up world, or the start of one, stands here; --fresh removes it and all that was made of it")
    if is_made_up:
        _remove(settings, _MADE_OF_IT)
    settings.world_folder.mkdir(parents=True)
    with contextlib.ExitStack() as broken_off:
        # Impossible, interrupted, or the disk is full: half a world would be taken for a whole one.
        broken_off.callback(_remove, settings, _MADE)
        try:
            summary = _make(settings, plan, progress)
        except ValueError as fault:
            raise WorldImpossible(str(fault)) from None
        broken_off.pop_all()
    return summary


def _make(settings: Settings, plan: Plan, progress: Callable[[str], None] | None) -> WorldSummary:
    described = dataclasses.asdict(plan) | {"first_day": plan.first_day.isoformat()}
    (settings.world_folder / _MARK).write_text(json.dumps(described, indent=2) + "\n", encoding="utf-8")
    write_key(settings.ledger_folder, hashlib.sha256(f"made-up world {plan.seed}".encode()).digest())
    return simulate(
        settings,
        residents=plan.residents,
        first_day=Day(plan.first_day),
        days=plan.days,
        density=plan.density,
        seed=plan.seed,
        noise=plan.noise,
        oversample=plan.oversample,
        file_format=plan.file_format,
        progress=progress,
    )


def _remove(settings: Settings, folders: tuple[str, ...]) -> None:
    for name in folders:
        shutil.rmtree(settings.data_folder / name, ignore_errors=True)


def answer(settings: Settings, told: LedgerExport) -> int:
    """Lands what officers and charity of the made-up world answer to what was really handed over.

    Returns:
        How many events.

    Raises:
        NotMadeUp: no made-up world has landed here.
    """
    refuse_unless_made_up(settings)
    seed = json.loads((settings.world_folder / _MARK).read_text(encoding="utf-8"))["seed"]
    return answer_notifications(settings, _handed(told), seed=seed)


def refuse_unless_made_up(settings: Settings) -> None:
    """Passes where a made-up world has landed.

    Raises:
        NotMadeUp: none has.
    """
    if not (settings.world_folder / _MARK).exists():
        raise NotMadeUp("no made-up world has landed here; `paramount simulate` makes one")


def _handed(told: LedgerExport) -> pl.DataFrame:
    """One row per notification that was handed to a team: the references it can be answered under, and whom it is about."""
    about = told.claims.group_by("notification_ref").agg(
        pl.col("prisoner_number").min(),
        pl.col("source_record").unique().sort().str.join(";").alias("source_records"),
    )
    handed = told.cases.filter(pl.col("told_at").is_not_null()).select(
        "notification_ref", "support_token", "la_code", handed_at="told_at"
    )
    return handed.join(about, on="notification_ref").sort("notification_ref")
