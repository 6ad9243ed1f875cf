"""Custody episodes, worked out of all released movements up to a day whenever they are needed; no table holds them.

An episode runs from a reception to the release that closes it. Transfers, court, temporary absences and a late return inside an
open term do not begin one; a recall does, and so does a reception under a new booking, whose release before was not recorded.
Source: DESIGN, Told once; movement reasons as in `vocabulary`.
"""

import datetime as dt

import polars as pl

from paramount_assets.vocabulary import RECALL_REASONS, RECEPTION_REASONS

_BEGUN = "%Y-%m-%dT%H:%M:%S"


def episodes(prisoners: pl.DataFrame, movements: pl.DataFrame) -> pl.DataFrame:
    """The custody episode of each reception, the same whatever order the days were run in.

    Args:
        prisoners: who is asked about; a column `prisoner_number`.
        movements: rows of `prison/movements` of all released days up to the day, with `as_of`; of a movement delivered again
            the newest stands.

    Returns:
        One row per reception: prisoner_number, booking_id, received_at, episode_id, closed_at (null while in custody).
    """
    receptions_and_releases = _in_order(movements.join(prisoners, on="prisoner_number", how="semi")).with_columns(
        begins_episode=_begins_episode()
    )
    opened = pl.when("begins_episode").then(pl.format("{}@{}", "prisoner_number", pl.col("movement_at").dt.strftime(_BEGUN)))
    in_episodes = receptions_and_releases.with_columns(episode_id=opened.forward_fill().over("prisoner_number"))
    return (
        in_episodes.filter("is_reception")
        .join(_closed(in_episodes), on="episode_id", how="left")
        .select("prisoner_number", "booking_id", received_at="movement_at", episode_id="episode_id", closed_at="closed_at")
        .unique(["prisoner_number", "booking_id", "received_at"], keep="last", maintain_order=True)
    )


def episode_begun(prisoner_number: str, begun_at: dt.datetime) -> str:
    """The id of the custody episode that a prisoner's movement began."""
    return f"{prisoner_number}@{begun_at:{_BEGUN}}"


def custody_of(movements: pl.DataFrame) -> dict[str, bool]:
    """Whether each person whose reception is among the movements is in custody still. The argument is as of `episodes`."""
    prisoners = movements.select("prisoner_number").unique()
    is_open = pl.col("closed_at").is_null().any()
    return dict(episodes(prisoners, movements).group_by("prisoner_number").agg(is_open).iter_rows())


def _in_order(movements: pl.DataFrame) -> pl.DataFrame:
    is_reception = (
        (pl.col("movement_type_code") == "ADM")
        & (pl.col("in_out_status") == "IN")
        & pl.col("movement_reason_code").is_in(RECEPTION_REASONS)
    )
    newest = movements.sort("as_of", "line_number").unique(
        ["prisoner_number", "booking_id", "movement_sequence"], keep="last", maintain_order=True
    )
    order = ["prisoner_number", "movement_at", pl.col("booking_id").str.len_chars(), "booking_id", "movement_sequence"]
    return (
        newest.with_columns(is_reception=is_reception, is_release=pl.col("movement_type_code") == "REL")
        .filter(pl.col("is_reception") | pl.col("is_release"))
        .sort(order)
    )


def _begins_episode() -> pl.Expr:
    comes_after_release = pl.col("is_release").shift(1).over("prisoner_number").fill_null(value=True)
    is_recall = pl.col("movement_reason_code").is_in(RECALL_REASONS)
    is_new_booking = pl.col("booking_id") != pl.col("booking_id").shift(1).over("prisoner_number")
    return pl.col("is_reception") & (comes_after_release | is_recall | is_new_booking)


def _closed(in_episodes: pl.DataFrame) -> pl.DataFrame:
    """When each episode ended: with its first release, or with the episode that began without one."""
    released = in_episodes.filter("is_release").group_by("episode_id").agg(released_at=pl.col("movement_at").min())
    begun = in_episodes.filter("begins_episode").with_columns(
        next_begun_at=pl.col("movement_at").shift(-1).over("prisoner_number")
    )
    return begun.join(released, on="episode_id", how="left").select(
        "episode_id", closed_at=pl.coalesce("released_at", "next_begun_at")
    )
