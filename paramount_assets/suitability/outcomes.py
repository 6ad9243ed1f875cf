"""What the findings of the background checks make of each family: outcome, owner, clock, urgency, and who is told.

The checks themselves are in `checks`. A hold waits for a person; whatever the outcome, the family has an owner and a day by
which the owner must have acted.
"""

import datetime as dt

import polars as pl

from paramount_assets.settings import Force
from paramount_assets.suitability.checks import (
    ALLOCATED_TEAM_IS_TOLD,
    CHECKS,
    CHILDRENS_SERVICES_MISSING,
    CHILDRENS_SERVICES_SKIPPED,
)
from paramount_assets.vocabulary import Day, RecipientKind, RulingKind, Source, SuitabilityOutcome

NO_CONCERN = "no_concern_found"
"""The reason of a family about which no check found anything."""

RELEASED_BY_A_PERSON = "hold_released_by_a_person"
CONFIRMED_BY_A_PERSON = "hold_confirmed_by_a_person"

_FAMILY = ["reception_id", "family_id"]
_CLEAR, _CONDITION, _HOLD, _NEVER = (
    SuitabilityOutcome.CLEAR,
    SuitabilityOutcome.CLEAR_WITH_CONDITIONS,
    SuitabilityOutcome.HOLD,
    SuitabilityOutcome.DO_NOT_APPROACH,
)


def families(eligible_children: pl.DataFrame, household_members: pl.DataFrame) -> pl.DataFrame:
    """One row per family: home, number of children, and whether it is urgent.

    Urgent means that no adult is known at the children's home apart from people in custody; a home of which nothing is known
    is urgent too, since a child alone is the worst that can be overlooked.
    """
    adults = household_members.filter(pl.col("is_adult") & ~pl.col("is_in_custody") & ~pl.col("is_prisoner"))
    homes = eligible_children.group_by(*_FAMILY, "home_id", "la_code").agg(
        child_count=pl.col("child_ref").n_unique().cast(pl.Int64)
    )
    with_adult = adults.select("reception_id", "home_id", has_adult=pl.lit("yes")).unique()
    return (
        homes.join(with_adult, on=["reception_id", "home_id"], how="left")
        .with_columns(is_urgent=pl.col("has_adult").is_null())
        .drop("has_adult")
    )


def source_findings(families: pl.DataFrame, force: Force, services_version: Day | None) -> pl.DataFrame:
    """One row per family where children's services should have been asked and could not be, or are not asked at all."""
    is_agreed = force.sources[Source.CHILDRENS_SERVICES] == "agreed"
    affected = families.clear() if is_agreed and services_version is not None else families
    code = CHILDRENS_SERVICES_MISSING if is_agreed else CHILDRENS_SERVICES_SKIPPED
    return affected.select(*_FAMILY, check_code=pl.lit(code), allocated_team=pl.lit(None, dtype=pl.String))


def judge(families: pl.DataFrame, findings: pl.DataFrame, rulings: pl.DataFrame, force: Force, day: Day) -> pl.DataFrame:
    """One row per family with outcome, reasons, conditions, owner and clock.

    Args:
        families: as `families` returns them.
        findings: rows of `suitability.findings` and of `source_findings`.
        rulings: what people decided, of every day that counts; the newest about a family stands. It settles holds; it does not
            open a family that must not be approached.
        force: teams and the days that an owner has.
        day: the day on which the clock starts.
    """
    found = families.join(_summarised(findings), on=_FAMILY, how="left").join(_newest_ruling(rulings), on="family_id", how="left")
    judged = found.with_columns(_outcome().alias("outcome"))
    team = pl.col("la_code").replace_strict(force.team_of(), default=force.teams.default, return_dtype=pl.String)
    return judged.select(
        *_FAMILY,
        "outcome",
        reason_codes=_reasons(),
        condition_codes="condition_codes",
        recipient_kinds=_recipients(),
        owner=_owner(team, force),
        act_by=pl.when("is_urgent").then(pl.lit(day)).otherwise(pl.lit(day + dt.timedelta(days=force.policy.hold_days))),
        is_urgent="is_urgent",
        child_count="child_count",
        allocated_team="allocated_team",
        la_code="la_code",
    )


def _summarised(findings: pl.DataFrame) -> pl.DataFrame:
    checks = pl.DataFrame(
        [(order, check.code, check.outcome.value, check.is_at_risk) for order, check in enumerate(CHECKS)],
        schema={"order": pl.Int64, "check_code": pl.String, "effect": pl.String, "is_at_risk": pl.Boolean},
        orient="row",
    )
    in_order = findings.join(checks, on="check_code", validate="m:1").sort("order", "allocated_team")
    code = pl.col("check_code").unique(maintain_order=True)
    return in_order.group_by(_FAMILY, maintain_order=True).agg(
        found_codes=code.str.join(";"),
        condition_codes=_joined(pl.col("check_code").filter(pl.col("effect") == _CONDITION.value).unique().sort()),
        is_never=(pl.col("effect") == _NEVER.value).any(),
        is_hold=(pl.col("effect") == _HOLD.value).any(),
        is_at_risk=pl.col("is_at_risk").any(),
        has_allocated_team=pl.col("check_code").is_in(ALLOCATED_TEAM_IS_TOLD).any(),
        allocated_team=pl.col("allocated_team").filter(pl.col("check_code").is_in(ALLOCATED_TEAM_IS_TOLD)).min(),
    )


def _outcome() -> pl.Expr:
    released = pl.col("ruling_kind").eq_missing(pl.lit(RulingKind.RELEASE_HOLD))
    confirmed = pl.col("ruling_kind").eq_missing(pl.lit(RulingKind.CONFIRM_HOLD))
    return (
        pl.when(pl.col("is_never") | confirmed)
        .then(pl.lit(_NEVER.value))
        .when(pl.col("is_hold") & ~released)
        .then(pl.lit(_HOLD.value))
        .when(pl.col("condition_codes").is_not_null())
        .then(pl.lit(_CONDITION.value))
        .otherwise(pl.lit(_CLEAR.value))
    )


def _reasons() -> pl.Expr:
    by_a_person = pl.col("ruling_kind").replace_strict(
        {RulingKind.RELEASE_HOLD.value: RELEASED_BY_A_PERSON, RulingKind.CONFIRM_HOLD.value: CONFIRMED_BY_A_PERSON},
        default=None,
        return_dtype=pl.String,
    )
    said = pl.concat_str(by_a_person, "found_codes", separator=";", ignore_nulls=True)
    return pl.when(said == "").then(pl.lit(NO_CONCERN)).otherwise(said)


def _recipients() -> pl.Expr:
    """Sorted: the allocated team in place of a call, the neighbourhood team where the way is clear, safeguarding for risk."""
    may_call = pl.col("outcome").is_in([_CLEAR.value, _CONDITION.value])
    kinds = [
        pl.when("has_allocated_team").then(pl.lit(RecipientKind.ALLOCATED_TEAM.value)),
        pl.when(may_call).then(pl.lit(RecipientKind.NEIGHBOURHOOD_TEAM.value)),
        pl.when(pl.col("is_urgent") | pl.col("is_at_risk")).then(pl.lit(RecipientKind.SAFEGUARDING_TEAM.value)),
    ]
    told = pl.concat_str(kinds, separator=";", ignore_nulls=True)
    return pl.when(told != "").then(told)


def _owner(team: pl.Expr, force: Force) -> pl.Expr:
    default = pl.lit(force.teams.default)
    return (
        pl.when(pl.col("outcome").is_in([_CLEAR.value, _CONDITION.value]))
        .then(team)
        .when(pl.col("is_urgent") | pl.col("is_at_risk"))
        .then(pl.lit(force.teams.safeguarding))
        .when((pl.col("outcome") == _NEVER.value) & pl.col("has_allocated_team"))
        .then(pl.coalesce("allocated_team", default))
        .otherwise(default)
    )


def _newest_ruling(rulings: pl.DataFrame) -> pl.DataFrame:
    return (
        rulings.filter(pl.col("ruling_kind").is_in([RulingKind.RELEASE_HOLD, RulingKind.CONFIRM_HOLD]))
        .sort("recorded_at", "ruling_id")
        .unique("subject_id", keep="last", maintain_order=True)
        .select("ruling_kind", family_id="subject_id")
    )


def _joined(codes: pl.Expr) -> pl.Expr:
    return pl.when(codes.len() > 0).then(codes.str.join(";"))
