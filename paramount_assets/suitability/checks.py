"""The background checks, in order, and what each does to the approach.

What the checks find is in `suitability.findings`; what follows from it is decided in `outcomes`. The criteria of the real scheme
are not published, so these are policy.
"""

from dataclasses import dataclass

from paramount_assets.vocabulary import SuitabilityOutcome

_CONDITION, _HOLD, _NEVER = (
    SuitabilityOutcome.CLEAR_WITH_CONDITIONS,
    SuitabilityOutcome.HOLD,
    SuitabilityOutcome.DO_NOT_APPROACH,
)

CHILDRENS_SERVICES_MISSING = "childrens_services_missing"
CHILDRENS_SERVICES_SKIPPED = "childrens_services_skipped"
ALLOCATED_TEAM_IS_TOLD = ("child_protection_plan", "looked_after_child")
"""Checks after which the authority's own team is told in place of a call."""


@dataclass(frozen=True)
class Check:
    """One background check and its effect when it finds something.

    `outcome` is what it makes of the approach: a condition that the officer heeds, a hold for a person to decide, or no approach
    by a neighbourhood team. A child who `is_at_risk` is told of to the safeguarding team whatever the outcome.
    """

    code: str
    because: str
    outcome: SuitabilityOutcome
    is_at_risk: bool = False


CHECKS = (
    Check(
        "child_is_victim_of_prisoner",
        "The child is a recorded victim of the prisoner: only safeguarding approaches.",
        _NEVER,
        is_at_risk=True,
    ),
    Check("asked_not_to_be_contacted", "Somebody at the home asked not to be approached.", _NEVER),
    Check("child_protection_plan", "A protection plan is in force: the team that works with the child is told instead.", _NEVER),
    Check("looked_after_child", "The child is looked after: the team that works with the child is told instead.", _NEVER),
    Check("child_is_a_victim", "The child is recorded as a victim of another or an unnamed person.", _HOLD, is_at_risk=True),
    Check("no_contact_order", "A court forbids contact between the prisoner and somebody of the family.", _HOLD),
    Check("no_contact_alert", "The prison holds a request or a rule that there be no contact.", _HOLD),
    Check(
        "domestic_abuse_between_adults",
        "A call may reveal to an abused partner, or an abuser, what puts somebody in danger.",
        _HOLD,
    ),
    Check("domestic_abuse_alert", "The prison regards the prisoner as a perpetrator of domestic abuse.", _HOLD),
    Check("risk_to_children_alert", "The prison regards the prisoner as a risk to children.", _HOLD, is_at_risk=True),
    Check("sexual_offence_alert", "A sexual offence may concern this family.", _HOLD, is_at_risk=True),
    Check("serious_harm_alert", "The prison regards the risk of serious harm as high.", _HOLD),
    Check("refuge", "A call at a refuge endangers all who live there.", _HOLD),
    Check("sensitive_address", "The address is protected.", _HOLD),
    Check("restricted_record", "A record is restricted: its owner must say whether it may be acted on.", _HOLD),
    Check(CHILDRENS_SERVICES_MISSING, "Children's services agreed to answer and have not: what they know is not known.", _HOLD),
    Check("violence_marker_at_home", "A warning of violence is on the home or somebody there.", _CONDITION),
    Check("weapons_marker_at_home", "A warning of weapons is on the home or somebody there.", _CONDITION),
    Check("firearms_marker_at_home", "A warning of firearms is on the home or somebody there.", _CONDITION),
    Check("child_in_need_plan", "A social worker knows the family: speak to them first.", _CONDITION),
    Check(
        CHILDRENS_SERVICES_SKIPPED, "Children's services are not agreed with the force: their checks were skipped.", _CONDITION
    ),
)
"""Every check, the gravest first."""
