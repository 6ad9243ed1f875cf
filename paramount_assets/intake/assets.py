"""The tables of the step `intake`."""

from typing import Annotated

import polars as pl

from paramount_assets.intake import feedback as casework_feedback
from paramount_assets.intake import reference, services
from paramount_assets.intake.contracts import ADDRESSES, ASSOCIATIONS, FAMILY_MEMBERS, MARKERS, NAMES, PERSONS, PLANS
from paramount_assets.intake.decisions import rulings_of
from paramount_assets.lake import Beside, Day, Landing, Previous, table
from paramount_assets.ledger import LedgerExport
from paramount_assets.settings import Settings
from paramount_assets.vocabulary import Cadence, Source

_Before = Annotated[pl.DataFrame, Previous()]
_PersonsBeside = Annotated[pl.DataFrame | None, Beside("police_person_records")]
_ChildrenBeside = Annotated[pl.DataFrame | None, Beside("services_children")]


@table("intake", cadence=Cadence.VERSIONED, published=False)
def police_person_records(day: Day, landing: Landing, previous: _Before) -> pl.DataFrame:
    """One row per person in the force's records, as recorded."""
    return reference.police_state(landing, day, PERSONS, previous)


@table("intake", cadence=Cadence.VERSIONED, published=False)
def police_names(day: Day, landing: Landing, police_person_records: pl.DataFrame, previous: _Before) -> pl.DataFrame:
    """One row per further name of a person in the force's records: alias, maiden name, nickname."""
    return reference.police_state(landing, day, NAMES, previous, police_person_records)


@table("intake", cadence=Cadence.VERSIONED, published=False)
def police_addresses(day: Day, landing: Landing, police_person_records: pl.DataFrame, previous: _Before) -> pl.DataFrame:
    """One row per person, place and the date since when, in the force's records."""
    return reference.police_state(landing, day, ADDRESSES, previous, police_person_records)


@table("intake", cadence=Cadence.VERSIONED, published=False)
def police_associations(day: Day, landing: Landing, police_person_records: pl.DataFrame, previous: _Before) -> pl.DataFrame:
    """One row per relation between two people in the force's records."""
    return reference.police_state(landing, day, ASSOCIATIONS, previous, police_person_records)


@table("intake", cadence=Cadence.VERSIONED, published=False)
def police_markers(day: Day, landing: Landing, police_person_records: pl.DataFrame, previous: _Before) -> pl.DataFrame:
    """One row per warning about a person or a place in the force's records."""
    return reference.police_state(landing, day, MARKERS, previous, police_person_records)


@table("intake", cadence=Cadence.VERSIONED, optional=True, published=False)
def services_answers(day: Day, landing: Landing, settings: Settings, previous: _Before) -> pl.DataFrame:
    """One row per person asked about and child that an authority holds because of it; without a child where it holds none."""
    deliveries = services.standing_deliveries(landing, day, settings.force)
    return services.answers_state(deliveries, previous, settings.force)


@table("intake", cadence=Cadence.VERSIONED, optional=True, published=False)
def services_children(
    day: Day, landing: Landing, settings: Settings, services_answers: pl.DataFrame, previous: _Before
) -> pl.DataFrame:
    """One row per child known to a local authority's children's services."""
    deliveries = services.standing_deliveries(landing, day, settings.force)
    return services.children_state(deliveries, services_answers, previous, settings.force)


@table("intake", cadence=Cadence.VERSIONED, optional=True, published=False)
def services_family_members(
    day: Day, landing: Landing, settings: Settings, services_children: pl.DataFrame, previous: _Before
) -> pl.DataFrame:
    """One row per child known to children's services and member of the family."""
    deliveries = services.standing_deliveries(landing, day, settings.force)
    return services.dependants_state(deliveries, FAMILY_MEMBERS, services_children, previous, settings.force)


@table("intake", cadence=Cadence.VERSIONED, optional=True, published=False)
def services_plans(
    day: Day, landing: Landing, settings: Settings, services_children: pl.DataFrame, previous: _Before
) -> pl.DataFrame:
    """One row per plan that children's services have for a child."""
    deliveries = services.standing_deliveries(landing, day, settings.force)
    return services.dependants_state(deliveries, PLANS, services_children, previous, settings.force)


@table("intake", cadence=Cadence.VERSIONED, optional=True)
def quarantined_reference_rows(
    day: Day, landing: Landing, settings: Settings, persons: _PersonsBeside, children: _ChildrenBeside
) -> pl.DataFrame:
    """One row per record of a reference delivery that was put aside, exact copies included."""
    return reference.rows_put_aside(landing, day, settings.force, persons, children)


@table("intake", cadence=Cadence.VERSIONED, optional=True)
def reference_deliveries(
    day: Day, landing: Landing, settings: Settings, persons: _PersonsBeside, children: _ChildrenBeside
) -> pl.DataFrame:
    """One row per file of the day's reference deliveries, with what became of its records."""
    return reference.files_delivered(landing, day, settings.force, persons, children)


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
