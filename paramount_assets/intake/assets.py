"""The tables of the step `intake`."""

from typing import Annotated

import polars as pl

from paramount_assets.intake import feedback as casework_feedback
from paramount_assets.intake import reference
from paramount_assets.intake.contracts import ADDRESSES, ASSOCIATIONS, FAMILY_MEMBERS, MARKERS, NAMES, PERSONS, PLANS
from paramount_assets.intake.decisions import rulings_of
from paramount_assets.lake import Day, Landing, Previous, table
from paramount_assets.ledger import LedgerExport
from paramount_assets.vocabulary import Cadence, Source

_Before = Annotated[pl.DataFrame, Previous()]


@table("intake", cadence=Cadence.VERSIONED, published=False)
def police_person_records(day: Day, landing: Landing, previous: _Before) -> pl.DataFrame:
    """One row per person in the force's records, as recorded."""
    return reference.police_state(landing, day, PERSONS, previous)


@table("intake", cadence=Cadence.VERSIONED, published=False, behind=("police_person_records",))
def police_names(day: Day, landing: Landing, previous: _Before) -> pl.DataFrame:
    """One row per further name of a person in the force's records: alias, maiden name, nickname."""
    return reference.police_state(landing, day, NAMES, previous)


@table("intake", cadence=Cadence.VERSIONED, published=False, behind=("police_person_records",))
def police_addresses(day: Day, landing: Landing, previous: _Before) -> pl.DataFrame:
    """One row per person, place and the date since when, in the force's records."""
    return reference.police_state(landing, day, ADDRESSES, previous)


@table("intake", cadence=Cadence.VERSIONED, published=False, behind=("police_person_records",))
def police_associations(day: Day, landing: Landing, previous: _Before) -> pl.DataFrame:
    """One row per relation between two people in the force's records."""
    return reference.police_state(landing, day, ASSOCIATIONS, previous)


@table("intake", cadence=Cadence.VERSIONED, published=False, behind=("police_person_records",))
def police_markers(day: Day, landing: Landing, previous: _Before) -> pl.DataFrame:
    """One row per warning about a person or a place in the force's records."""
    return reference.police_state(landing, day, MARKERS, previous)


@table("intake", cadence=Cadence.VERSIONED, optional=True, published=False)
def services_children(day: Day, landing: Landing, previous: _Before) -> pl.DataFrame:
    """One row per child known to a local authority's children's services."""
    return reference.children_state(landing, day, previous)


@table("intake", cadence=Cadence.VERSIONED, optional=True, published=False)
def services_family_members(day: Day, landing: Landing, services_children: pl.DataFrame, previous: _Before) -> pl.DataFrame:
    """One row per child known to children's services and member of the family."""
    return reference.dependants_state(landing, day, FAMILY_MEMBERS, services_children, previous)


@table("intake", cadence=Cadence.VERSIONED, optional=True, published=False)
def services_plans(day: Day, landing: Landing, services_children: pl.DataFrame, previous: _Before) -> pl.DataFrame:
    """One row per plan that children's services have for a child."""
    return reference.dependants_state(landing, day, PLANS, services_children, previous)


@table("intake", cadence=Cadence.VERSIONED, optional=True)
def quarantined_reference_rows(day: Day, landing: Landing) -> pl.DataFrame:
    """One row per record of a reference delivery that was put aside, exact copies included."""
    return reference.rows_put_aside(landing, day)


@table("intake", optional=True)
def quarantined_feedback(day: Day, landing: Landing) -> pl.DataFrame:
    """One row per reported event that was put aside, exact copies included."""
    return casework_feedback.events(landing.delivery(Source.CASEWORK_FEEDBACK, day)).quarantined


@table("intake", optional=True)
def feedback(day: Day, landing: Landing) -> pl.DataFrame:
    """One row per event that officers or the charity reported."""
    return casework_feedback.events_within_tolerance(landing.delivery(Source.CASEWORK_FEEDBACK, day))


@table("intake")
def rulings(day: Day, ledger: LedgerExport) -> pl.DataFrame:
    """One row per decision by a person that the ledger had recorded before the day's cut-off."""
    return rulings_of(ledger.rulings, day)
