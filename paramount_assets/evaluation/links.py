"""Links of those received to the police's records and to the family members that children's services name, by zone.

Each reception is judged by the tables of its own day, against the records that the source had delivered by then. A reception
stands in one line: an accepted link to somebody else's record counts as wrong even beside a right one.
"""

import polars as pl

from paramount_assets.evaluation.figures import ErrorRate, Line, Section, Share
from paramount_assets.evaluation.released import Released
from paramount_assets.evaluation.truth import Truth
from paramount_assets.vocabulary import Source

RIGHT, IN_REVIEW, BELOW_REVIEW, NOT_A_CANDIDATE, WRONG = (
    "accepted_right",
    "in_review",
    "missed_below_review",
    "missed_not_a_candidate",
    "accepted_wrong",
)
ZONES = {
    RIGHT: "accepted, right",
    IN_REVIEW: "in review, the right one among them",
    BELOW_REVIEW: "missed: the right one weighs too little",
    NOT_A_CANDIDATE: "missed: the right one is no candidate",
    WRONG: "accepted, somebody else",
}
"""What became of a reception whose person has a record. Duplicates of one person's record are all right."""


def police_outcomes(truth: Truth, released: Released, receptions: pl.DataFrame) -> pl.DataFrame:
    """The receptions looked at on their own day, with `has_record`, `zone` (null without a record) and `is_wrong`."""
    judged = receptions.filter(pl.col("own_look").is_not_null())
    holders = truth.records(Source.POLICE_RECORDS).rename({"record_id": "person_id", "resident_id": "holder_id"})
    pairs = {
        name: _by_holder(released.rows(name, ["reception_id", "person_id"]), judged, holders)
        for name in ("person_links", "review_pairs", "scored_pairs")
    }
    known = _with_record(judged, released, holders)
    wrong = pairs["person_links"].filter(~pl.col("is_right"))
    right = {name: frame.filter("is_right") for name, frame in pairs.items()}
    return (
        judged.with_columns(
            has_record=_any_of(known),
            is_wrong=_any_of(wrong),
            is_in_review=_any_of(pairs["review_pairs"]),
            _accepted=_any_of(right["person_links"]),
            _review=_any_of(right["review_pairs"]),
            _scored=_any_of(right["scored_pairs"]),
        )
        .with_columns(zone=pl.when("has_record").then(_zone()))
        .drop("_accepted", "_review", "_scored")
    )


def _zone() -> pl.Expr:
    return (
        pl.when("is_wrong").then(pl.lit(WRONG))
        .when("_accepted").then(pl.lit(RIGHT))
        .when("_review").then(pl.lit(IN_REVIEW))
        .when("_scored").then(pl.lit(BELOW_REVIEW))
        .otherwise(pl.lit(NOT_A_CANDIDATE))
    )  # fmt: skip


def _any_of(frame: pl.DataFrame) -> pl.Expr:
    return pl.col("reception_id").is_in(frame["reception_id"].unique().implode())


def _by_holder(pairs: pl.DataFrame, judged: pl.DataFrame, holders: pl.DataFrame) -> pl.DataFrame:
    """The pairs of each reception's own day, with whether the record is that person's."""
    return (
        judged.select("reception_id", "resident_id", as_of="own_look")
        .join(pairs, on=["reception_id", "as_of"])
        .join(holders, on="person_id", how="left")
        .with_columns(is_right=pl.col("holder_id").eq_missing(pl.col("resident_id")))
    )


def _with_record(judged: pl.DataFrame, released: Released, holders: pl.DataFrame) -> pl.DataFrame:
    """Receptions whose person had a record in the version that their day read."""
    own = holders.join(judged.select("resident_id").unique(), left_on="holder_id", right_on="resident_id", how="semi")
    delivered = released.version_rows("police_persons", ["person_id"], pl.col("person_id").is_in(own["person_id"].implode()))
    return (
        judged.select("reception_id", "resident_id", as_of="own_look")
        .join(released.versions("police_persons"), on="as_of")
        .join(delivered.join(own, on="person_id"), left_on=["resident_id", "version"], right_on=["holder_id", "version"])
    )


def police_section(outcomes: pl.DataFrame) -> Section:
    """Links to police records of those who have one."""
    known = outcomes.filter("has_record")
    return Section(
        key="police_links",
        title="Links to police records",
        of="receptions of people who have a police record",
        lines=zone_lines(known),
    )


def zone_lines(known: pl.DataFrame) -> tuple[Line, ...]:
    """A line for each zone, of receptions whose person has a record."""
    counts = dict(known.group_by("zone").len().iter_rows())
    return tuple(
        Line(zone, about, (ErrorRate if zone == WRONG else Share)(counts.get(zone, 0), known.height))
        for zone, about in ZONES.items()
    )


def unknown_section(outcomes: pl.DataFrame) -> Section:
    """What became of receptions of people whom the police have no record of."""
    unknown = outcomes.filter(~pl.col("has_record"))
    wrong = unknown.filter("is_wrong").height
    review = unknown.filter(pl.col("is_in_review") & ~pl.col("is_wrong")).height
    return Section(
        key="police_links_without_record",
        title="People without a police record",
        of="receptions of people who have no police record",
        lines=(
            Line("in_review", "in review, somebody else", Share(review, unknown.height)),
            Line("accepted_wrong", "accepted, somebody else", ErrorRate(wrong, unknown.height)),
        ),
    )


def family_outcomes(truth: Truth, released: Released, receptions: pl.DataFrame) -> pl.DataFrame:
    """The receptions looked at on their own day, with `has_record` (children's services name them), `is_right` and `is_wrong`."""
    judged = receptions.filter(pl.col("own_look").is_not_null())
    holders = member_records(truth)
    named = holders.join(judged.select("resident_id").unique(), left_on="holder_id", right_on="resident_id", how="semi")
    of_children = pl.col("child_id").is_in(named["child_id"].unique().implode())
    delivered = released.version_rows("known_family_members", ["child_id", "member_number"], of_children)
    known = (
        judged.select("reception_id", "resident_id", as_of="own_look")
        .join(released.versions("known_family_members"), on="as_of")
        .join(
            delivered.join(named, on=["child_id", "member_number"]),
            left_on=["resident_id", "version"],
            right_on=["holder_id", "version"],
        )
    )
    links = (
        judged.select("reception_id", "resident_id", as_of="own_look")
        .join(released.rows("family_links", ["reception_id", "child_id", "member_number"]), on=["reception_id", "as_of"])
        .join(holders, on=["child_id", "member_number"], how="left")
        .with_columns(is_right=pl.col("holder_id").eq_missing(pl.col("resident_id")))
    )
    return judged.with_columns(
        has_record=_any_of(known),
        is_right=_any_of(links.filter("is_right")),
        is_wrong=_any_of(links.filter(~pl.col("is_right"))),
    )


def member_records(truth: Truth) -> pl.DataFrame:
    """Who the family members in children's services' records are: child_id, member_number, holder_id."""
    parts = pl.col("record_id").str.splitn("/", 2)
    return (
        truth.records(Source.CHILDRENS_SERVICES)
        .filter(pl.col("record_id").str.contains("/", literal=True))
        .select(
            child_id=parts.struct.field("field_0"),
            member_number=parts.struct.field("field_1").cast(pl.Int64),
            holder_id="resident_id",
        )
    )


def family_section(outcomes: pl.DataFrame) -> Section:
    """Links to family members that children's services name."""
    known, unknown = outcomes.filter("has_record"), outcomes.filter(~pl.col("has_record"))
    right = known.filter(pl.col("is_right") & ~pl.col("is_wrong")).height
    wrong = known.filter("is_wrong").height
    return Section(
        key="family_links",
        title="Links to families of children's services",
        of="receptions of people children's services name; the last line: of all others",
        lines=(
            Line(RIGHT, "accepted, right", Share(right, known.height)),
            Line("missed", "missed", Share(known.height - right - wrong, known.height)),
            Line(WRONG, "accepted, somebody else", ErrorRate(wrong, known.height)),
            Line(
                "without_record_accepted_wrong",
                "not named, and linked to somebody",
                ErrorRate(unknown.filter("is_wrong").height, unknown.height),
            ),
        ),
    )
