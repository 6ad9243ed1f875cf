"""Wrong doors: whoever was, or would be, told of a home where none of the prisoner's children lives, or of somebody else's child.

A home is told by postcode and house number, see `truth.door`. A child is right where it is the prisoner's in any way, a
grandchild or a child in care among them, or of the prisoner's household. Where a child lives is asked for the day on which
somebody was told, or that looked at the reception.
"""

import polars as pl

from paramount_assets.evaluation.figures import ErrorRate, Line, Section
from paramount_assets.evaluation.truth import Truth, door
from paramount_assets.vocabulary import EligibilityDecision, RecipientKind, Source

RIGHT, WRONG_FAMILY, WRONG_HOME = "right", "wrong_family", "wrong_home"

_WORDS = {
    WRONG_FAMILY: "· none of the children is the prisoner's",
    WRONG_HOME: "· the prisoner's, and none lives there",
}


def told_children(told: pl.DataFrame, truth: Truth) -> pl.DataFrame:
    """Those of whom a team was told, judged: `door_id` is the case.

    Args:
        told: as `children.told_of` returns it.
        truth: the answer key.
    """
    holders = truth.records(Source.PRISON_EXTRACT).rename({"record_id": "prisoner_number", "resident_id": "prisoner_id"})
    rows = told.join(holders, on="prisoner_number", how="left").with_columns(
        day=pl.col("told_at").dt.date(),
        door_id="notification_ref",
        child_key=pl.concat_str(
            "prisoner_number", pl.coalesce(pl.col("child_id").cast(pl.String), "notification_ref"), separator="/"
        ),
    )
    return judged(rows, truth)


def eligible_children(listed: pl.DataFrame, truth: Truth) -> pl.DataFrame:
    """Children found eligible by the newest look, judged: `door_id` is the family.

    Args:
        listed: as `children.listed` returns it.
        truth: the answer key.
    """
    eligible = listed.filter(pl.col("decision") == EligibilityDecision.ELIGIBLE.value)
    rows = eligible.with_columns(
        day=pl.col("as_of"),
        door_id=pl.concat_str("reception_id", "family_id", separator="/"),
        child_key=pl.concat_str("reception_id", "child_ref", separator="/"),
    )
    return judged(rows, truth)


def judged(rows: pl.DataFrame, truth: Truth) -> pl.DataFrame:
    """The rows with `is_theirs` (the child is the prisoner's) and `is_there` (and lives at the address on the day).

    Args:
        rows: prisoner_id, child_id (null: nobody of the answer key), day, address_line, postcode.
        truth: the answer key.
    """
    household = truth.people.select(child_id="resident_id", household_id="household_id")
    of_prisoner = household.rename({"child_id": "prisoner_id", "household_id": "prisoner_household_id"})
    families = truth.families(rows["prisoner_id"].drop_nulls().unique())
    theirs = families.rename({"adult_id": "prisoner_id"}).with_columns(is_tied=pl.lit(value=True))
    homes = truth.at_home(rows.select(resident_id="child_id", day="day").drop_nulls().unique())
    lives = homes.select(child_id="resident_id", day="day", lives_at="door")
    same = (pl.col("household_id") == pl.col("prisoner_household_id")).fill_null(value=False)
    return (
        rows.join(theirs, on=["prisoner_id", "child_id"], how="left", maintain_order="left")
        .join(household, on="child_id", how="left", maintain_order="left")
        .join(of_prisoner, on="prisoner_id", how="left", maintain_order="left")
        .join(lives, on=["child_id", "day"], how="left", maintain_order="left")
        .with_columns(is_theirs=pl.col("is_tied").fill_null(value=False) | same)
        .with_columns(
            is_there=pl.col("is_theirs") & (pl.col("lives_at") == door("address_line", "postcode")).fill_null(value=False)
        )
        .drop("is_tied", "household_id", "prisoner_household_id", "lives_at")
    )


def of_doors(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per door with `is_right`, `wrong_family` or `wrong_home` as `verdict`: one child who lives there makes it right."""
    doors = rows.group_by("door_id").agg(pl.col("is_theirs").any(), pl.col("is_there").any())
    verdict = pl.when("is_there").then(pl.lit(RIGHT)).when("is_theirs").then(pl.lit(WRONG_HOME)).otherwise(pl.lit(WRONG_FAMILY))
    return doors.with_columns(verdict=verdict).sort("door_id")


def told_section(told: pl.DataFrame) -> Section:
    """Homes that a neighbourhood team was told of, and children anybody was told of.

    Args:
        told: as `told_children` returns it.
    """
    visited = told.filter(pl.col("recipient_kind") == RecipientKind.NEIGHBOURHOOD_TEAM.value)
    return Section(
        key="doors_told",
        title="Wrong doors",
        of="homes a neighbourhood team was told of; last two: children anybody was told of",
        lines=(*_door_lines(visited), *_child_lines(told)),
    )


def eligible_section(eligible: pl.DataFrame) -> Section:
    """The same of all that was found eligible, told or not.

    Args:
        eligible: as `eligible_children` returns it.
    """
    return Section(
        key="doors_eligible",
        title="Wrong homes of all found eligible",
        of="families found eligible, told or not; last two: their children",
        lines=(*_door_lines(eligible), *_child_lines(eligible)),
    )


def _door_lines(rows: pl.DataFrame) -> list[Line]:
    doors = of_doors(rows)
    wrong = doors.filter(pl.col("verdict") != RIGHT).height
    kinds = [
        Line(kind, words, ErrorRate(doors.filter(pl.col("verdict") == kind).height, doors.height))
        for kind, words in _WORDS.items()
    ]
    return [Line("wrong_door", "wrong door", ErrorRate(wrong, doors.height)), *kinds]


def _child_lines(rows: pl.DataFrame) -> list[Line]:
    """A child told of more than once counts once, and is at a wrong home if any of them is."""
    at_door = rows.group_by("door_id", "child_key").agg(pl.col("is_theirs").any(), pl.col("is_there").any())
    of_child = at_door.group_by("child_key").agg(pl.col("is_theirs").all(), pl.col("is_there").all())
    wrong = of_child.filter(~pl.col("is_theirs")).height
    elsewhere = of_child.filter(pl.col("is_theirs") & ~pl.col("is_there")).height
    return [
        Line("wrong_child", "child who is not the prisoner's", ErrorRate(wrong, of_child.height)),
        Line("child_at_wrong_home", "child of the prisoner at a wrong home", ErrorRate(elsewhere, of_child.height)),
    ]
