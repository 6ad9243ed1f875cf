"""The rules that decide whether a child is in scope, in order: the first that applies decides, every one that applies is said.

The criteria of the real scheme are not published, so these are policy: areas, dates and ages are the force's configuration.
Unknown is never "no": where a fact is missing the child goes to review. How the family may be approached belongs to
`suitability`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from paramount_assets.settings import Force
from paramount_assets.vocabulary import Day, DecidedBy, EligibilityDecision, RulingKind

MEETS_POLICY = "meets_policy"
"""The reason of a child to whom no rule applies."""

ACCEPTED_BY_A_PERSON = "accepted_by_a_person"
REJECTED_BY_A_PERSON = "rejected_by_a_person"

_NOT_ELIGIBLE, _REVIEW, _ELIGIBLE = EligibilityDecision.NOT_ELIGIBLE, EligibilityDecision.REVIEW, EligibilityDecision.ELIGIBLE


@dataclass(frozen=True)
class Rule:
    """One rule of the policy.

    `applies` is an expression over the rows of `households.children` with the `legal_status` of the prisoner. `source` says
    where the rule comes from, `owner` who may change it. A rule whose `decision` is eligible only notes. A person who accepts a
    child settles the rules that are `settled_by_acceptance`; no acceptance gives a child a home or makes an adult a child.
    """

    code: str
    because: str
    source: str
    owner: str
    decision: EligibilityDecision
    applies: pl.Expr
    settled_by_acceptance: bool = False


def rules(force: Force, day: Day) -> tuple[Rule, ...]:
    """The force's rules in force on the day, in the order in which they decide."""
    live_areas = force.live_areas(day)
    return (
        Rule(
            code="child_is_deceased",
            because="A child who has died is not looked for.",
            source="Design of the scheme",
            owner="scheme lead",
            decision=_NOT_ELIGIBLE,
            applies=pl.col("is_deceased"),
        ),
        Rule(
            code="no_longer_a_child",
            because="The offer is for children; on the birthday at the age limit one no longer is.",
            source="Force configuration: child_age_limit_years",
            owner="scheme lead",
            decision=_NOT_ELIGIBLE,
            applies=pl.col("age_years") >= force.policy.child_age_limit_years,
        ),
        Rule(
            code="child_lives_outside_rollout",
            because="The offer is made only where the child lives in an area that has gone live.",
            source="Force configuration: districts and their live_from",
            owner="scheme lead",
            decision=_NOT_ELIGIBLE,
            applies=~pl.col("la_code").is_in(live_areas) & pl.col("la_code").is_not_null(),
        ),
        Rule(
            code="home_unknown",
            because="Nobody can call at a home that is not known; a person must find it.",
            source="Design of the scheme",
            owner="unit reviewers",
            decision=_REVIEW,
            applies=pl.col("home_id").is_null() | pl.col("la_code").is_null(),
        ),
        Rule(
            code="unborn",
            because="An unborn child may soon need support, and how to offer it is for a person to judge.",
            source="Design of the scheme",
            owner="unit reviewers",
            decision=_REVIEW,
            applies=_unborn(),
            settled_by_acceptance=True,
        ),
        Rule(
            code="birth_date_unknown",
            because="Without a birth date nobody knows whether this is still a child.",
            source="Design of the scheme",
            owner="unit reviewers",
            decision=_REVIEW,
            applies=pl.col("age_years").is_null() & ~_unborn(),
            settled_by_acceptance=True,
        ),
        Rule(
            code="only_lives_in_the_household",
            because="A child in the prisoner's home may be somebody else's.",
            source="Design of the scheme",
            owner="unit reviewers",
            decision=_REVIEW,
            applies=_household_only(),
            settled_by_acceptance=True,
        ),
        Rule(
            code="relation_unconfirmed",
            because="One unconfirmed record is not enough: telling a family may disclose paternity or custody.",
            source="Design of the scheme",
            owner="unit reviewers",
            decision=_REVIEW,
            applies=~pl.col("is_confirmed") & ~_household_only(),
            settled_by_acceptance=True,
        ),
        Rule(
            code="held_without_criminal_charge",
            because="Children of people held for a civil matter or for immigration are in scope; the unit wants to see how many.",
            source="Force policy, to be confirmed",
            owner="scheme lead",
            decision=_ELIGIBLE,
            applies=pl.col("legal_status").is_in(["CIVIL_PRISONER", "IMMIGRATION_DETAINEE"]),
        ),
    )


def decide(children: pl.DataFrame, rulings: pl.DataFrame, policy: Sequence[Rule]) -> pl.DataFrame:
    """One row per child with the decision, all reasons and who stands behind it.

    Args:
        children: rows of `households.children` with the prisoner's `legal_status`.
        rulings: what people decided, of every day that counts; the newest about a child stands.
        policy: the rules, in the order in which they decide.
    """
    judged = children.join(_newest_ruling(rulings), on="child_ref", how="left")
    accepted = pl.col("ruling_kind").eq_missing(pl.lit(RulingKind.ACCEPT_CHILD))
    rejected = pl.col("ruling_kind").eq_missing(pl.lit(RulingKind.REJECT_CHILD))
    decision = (
        pl.when(rejected)
        .then(pl.lit(_NOT_ELIGIBLE))
        .when(accepted)
        .then(_first_decision([rule for rule in policy if not rule.settled_by_acceptance]))
        .otherwise(_first_decision(policy))
    )
    reasons = [
        _reason(rejected, REJECTED_BY_A_PERSON),
        _reason(accepted, ACCEPTED_BY_A_PERSON),
        *(_reason(rule.applies, rule.code) for rule in policy),
    ]
    said = pl.concat_str(reasons, separator=";", ignore_nulls=True)
    return judged.select(
        "reception_id",
        "child_ref",
        decision=decision,
        reason_codes=pl.when(said == "").then(pl.lit(MEETS_POLICY)).otherwise(said),
        decided_by=pl.when(accepted | rejected).then(pl.lit(DecidedBy.RULING)).otherwise(pl.lit(DecidedBy.POLICY)),
    )


def _first_decision(policy: Sequence[Rule]) -> pl.Expr:
    deciding = [rule for rule in policy if rule.decision is not _ELIGIBLE]
    return pl.coalesce([_reason(rule.applies, rule.decision) for rule in deciding] + [pl.lit(_ELIGIBLE)])


def _reason(applies: pl.Expr, code: str) -> pl.Expr:
    return pl.when(applies).then(pl.lit(str(code)))


def _newest_ruling(rulings: pl.DataFrame) -> pl.DataFrame:
    return (
        rulings.filter(pl.col("ruling_kind").is_in([RulingKind.ACCEPT_CHILD, RulingKind.REJECT_CHILD]))
        .sort("recorded_at", "ruling_id")
        .unique("subject_id", keep="last", maintain_order=True)
        .select("ruling_kind", child_ref="subject_id")
    )


def _unborn() -> pl.Expr:
    return pl.col("date_of_birth").is_null() & pl.col("expected_date_of_birth").is_not_null()


def _household_only() -> pl.Expr:
    return pl.col("evidence_kinds") == "household_only"
