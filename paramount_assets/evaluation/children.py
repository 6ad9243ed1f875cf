"""What became of the prisoners' children: told of, found, in review or missed, each child of each reception in one place.

The newest day that looked at a reception stands, as in `outcomes.reach`; what was told is the ledger's. A child of two people
received counts for each reception.
"""

import polars as pl

from paramount_assets.evaluation.released import Released
from paramount_assets.evaluation.truth import Truth
from paramount_assets.ledger import LedgerExport
from paramount_assets.vocabulary import EligibilityDecision, SuitabilityOutcome

TOLD, DUE, HELD, NEVER, REVIEW, MISSED = (
    "told",
    "eligible_not_told",
    "eligible_on_hold",
    "eligible_not_approached",
    "in_review",
    "missed",
)
OUTCOMES = {
    TOLD: "· somebody was told",
    DUE: "· nobody told yet",
    HELD: "· the family is on hold",
    NEVER: "· the family must not be approached",
    REVIEW: "in review: a person must decide",
    MISSED: "missed",
}
"""Where a child can be, best first."""

_KEY = ["reception_id", "child_id"]
_ADDRESS = ["reception_id", "recipient_kind", "address_line", "postcode"]


def listed(truth: Truth, released: Released, receptions: pl.DataFrame) -> pl.DataFrame:
    """One row per reception, child listed on its newest look and resident whom its records are about, with what was decided.

    Columns: reception_id, prisoner_id, as_of, child_ref, child_id (null: nobody of the answer key), address_line, postcode,
    decision, reason_codes, family_id and outcome (of eligible children).
    """
    newest = receptions.select("reception_id", "received_on", prisoner_id="resident_id", as_of="newest_look")
    on = ["reception_id", "as_of"]
    children = released.rows("children", ["reception_id", "child_ref", "source_records", "address_line", "postcode"])
    decisions = released.rows("decisions", ["reception_id", "child_ref", "decision", "reason_codes"])
    eligible = released.rows("eligible_children", ["reception_id", "child_ref", "family_id"])
    families = released.rows("family_checks", ["reception_id", "family_id", "outcome", "is_urgent"])
    return (
        newest.join(children, on=on)
        .join(decisions, on=[*on, "child_ref"], how="left")
        .join(eligible, on=[*on, "child_ref"], how="left")
        .join(families, on=[*on, "family_id"], how="left")
        .with_columns(record=pl.col("source_records").str.split(";"))
        .explode("record")
        .join(_named(truth), on="record", how="left")
        .drop("record", "source_records")
        .unique()
        .sort("reception_id", "child_ref", "child_id", nulls_last=True)
    )


def _named(truth: Truth) -> pl.DataFrame:
    """Who a source record is about, by the name that the chain gives it: record, child_id."""
    name = pl.concat_str("source", pl.lit(":"), "record_id")
    return truth.source_records.select(record=name, child_id="resident_id")


def told_of(truth: Truth, released: Released, ledger: LedgerExport) -> pl.DataFrame:
    """One row per case that a team was told of, prisoner and child told of.

    Columns: notification_ref, reception_id (that was told of first), recipient_kind, address_line, postcode, prisoner_number,
    child_id (null: nobody of the answer key), told_at. The claims say which children; those of a withdrawn case are gone, so what
    was due at its address is added.
    """
    told = ledger.cases.filter(pl.col("told_at").is_not_null()).select("notification_ref", *_ADDRESS, "told_at")
    claims = ledger.claims.select("notification_ref", "reception_id", "prisoner_number", record="source_record")
    claimed = told.drop("reception_id").join(claims, on="notification_ref")
    due = released.rows("notifications", [*_ADDRESS, "prisoner_number", "source_records"]).drop("as_of")
    withdrawn = (
        told.join(claimed, on="notification_ref", how="anti")
        .join(due, on=_ADDRESS)
        .with_columns(record=pl.col("source_records").str.split(";"))
        .explode("record")
        .select(claimed.columns)
    )
    columns = ["notification_ref", *_ADDRESS, "prisoner_number", "child_id", "told_at"]
    return (
        pl.concat([claimed, withdrawn])
        .join(_named(truth), on="record", how="left")
        .select(columns)
        .unique()
        .sort("notification_ref", "reception_id", "prisoner_number", "child_id", nulls_last=True)
    )


def with_outcomes(children: pl.DataFrame, listed: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """The true children with `outcome` (of OUTCOMES), `is_listed`, and `decision` and `reason_codes` of the best row."""
    rank = pl.col("decision").replace_strict({d.value: n for n, d in enumerate(_BEST_FIRST)}, default=len(_BEST_FIRST))
    best = (
        listed.drop_nulls("child_id")
        .sort(*_KEY, rank, "child_ref")
        .unique(_KEY, keep="first", maintain_order=True)
        .select(*_KEY, "child_ref", "decision", "reason_codes", family_outcome="outcome")
    )
    marked = told.drop_nulls("child_id").with_columns(is_told=pl.lit(value=True))
    of_reception = marked.select(*_KEY, "is_told").unique()
    of_prisoner = marked.select("prisoner_number", "child_id", is_told_before="is_told").unique()
    return (
        children.join(best, on=_KEY, how="left", maintain_order="left")
        .join(of_reception, on=_KEY, how="left", maintain_order="left")
        .join(of_prisoner, on=["prisoner_number", "child_id"], how="left", maintain_order="left")
        .with_columns(is_listed=pl.col("child_ref").is_not_null())
        .with_columns(outcome=_outcome())
        .drop("child_ref", "family_outcome", "is_told", "is_told_before")
    )


_BEST_FIRST = (EligibilityDecision.ELIGIBLE, EligibilityDecision.REVIEW, EligibilityDecision.NOT_ELIGIBLE)


def _outcome() -> pl.Expr:
    """A child due again in the same custody, as after a late return, was told of at the first reception."""
    is_eligible = pl.col("decision").eq_missing(pl.lit(EligibilityDecision.ELIGIBLE.value))

    def family(outcome: SuitabilityOutcome) -> pl.Expr:
        return is_eligible & pl.col("family_outcome").eq_missing(pl.lit(outcome.value))

    return (
        pl.when(pl.col("is_told") | (is_eligible & pl.col("is_told_before"))).then(pl.lit(TOLD))
        .when(family(SuitabilityOutcome.HOLD)).then(pl.lit(HELD))
        .when(family(SuitabilityOutcome.DO_NOT_APPROACH)).then(pl.lit(NEVER))
        .when(is_eligible).then(pl.lit(DUE))
        .when(pl.col("decision").eq_missing(pl.lit(EligibilityDecision.REVIEW.value))).then(pl.lit(REVIEW))
        .otherwise(pl.lit(MISSED))
    )  # fmt: skip
