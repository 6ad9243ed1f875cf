"""Why a child was missed: the first cause that holds, in the order of the list. Told from the answer key and the chain's own tables."""

from dataclasses import dataclass

import polars as pl

from paramount_assets.evaluation.links import member_records
from paramount_assets.evaluation.released import Released
from paramount_assets.evaluation.truth import Truth
from paramount_assets.vocabulary import EligibilityDecision, Source

POLICE_TIES = ("parent_of", "step_parent_of", "guardian_of")
SERVICES_TIES = ("mother", "father", "step_parent", "guardian")
CONTACT_TIES = ("SON", "DAU", "SSON", "SDAU")
"""The codes by which each source says that somebody is the prisoner's child."""

_KEY = ["reception_id", "child_id"]


@dataclass(frozen=True)
class Cause:
    """One cause and the missed children it holds for."""

    code: str
    about: str
    holds: pl.Expr


CAUSES = (
    Cause("day_held", "the day of the reception is held", pl.col("is_held") & pl.col("reception_id").is_null()),
    Cause("reception_not_read", "the reception is not among those read: quarantined or not delivered", pl.col("newest_look").is_null()),
    Cause(
        "home_believed_elsewhere",
        "found, and believed to live where the offer is not made",
        pl.col("is_listed") & pl.col("reason_codes").fill_null("").str.contains("child_lives_outside_rollout", literal=True),
    ),
    Cause(
        "decided_wrongly",
        "found, and decided not to be eligible, as of age, or by a person",
        pl.col("decision").eq_missing(pl.lit(EligibilityDecision.NOT_ELIGIBLE.value)),
    ),
    Cause("in_no_source", "in no source: neither police nor services know the child, nor did the prisoner name it", ~pl.col("is_known")),
    Cause("parent_in_review", "the police have the tie, and the link to the parent is in review", pl.col("is_parent_in_review")),
    Cause(
        "tie_on_a_duplicate",
        "the police have the tie on another record of the parent than the one linked",
        pl.col("has_police_tie") & pl.col("is_parent_linked"),
    ),
    Cause("parent_not_linked", "the police have the tie, and the parent was not found there", pl.col("has_police_tie")),
    Cause("family_member_not_linked", "services have the tie, and the parent was not found there", pl.col("has_services_tie")),
    Cause("tie_not_recorded", "a source knows the child, none says whose it is", ~pl.col("has_contact_tie")),
    Cause("other", "none of these", pl.lit(value=True)),
)
"""What can be wrong, first to last."""


def with_causes(children: pl.DataFrame, truth: Truth, released: Released) -> pl.DataFrame:
    """The children with `cause`: why one was not listed or not found eligible. Meant for those missed; others get one too.

    Args:
        children: as `children.with_outcomes` returns them.
        truth: the answer key.
        released: what the chain made.
    """
    looked = _with_versions(children.filter(pl.col("newest_look").is_not_null()), released)
    police = _police(looked, truth, released)
    services = _services(looked, truth, released)
    contacts = _contacts(looked, truth, released)
    flags = {
        "is_known": pl.concat([frame.select(_KEY) for frame in (police["known"], services["known"], contacts["known"])]),
        "has_police_tie": police["tie"],
        "is_parent_in_review": police["in_review"],
        "is_parent_linked": police["linked"],
        "has_services_tie": services["tie"],
        "has_contact_tie": contacts["tie"],
    }
    found = children
    for name, frame in flags.items():
        held = frame.select(*_KEY, pl.lit(value=True).alias(name)).unique()
        found = found.join(held, on=_KEY, how="left", maintain_order="left").with_columns(pl.col(name).fill_null(value=False))
    first = pl.coalesce(pl.when(cause.holds).then(pl.lit(cause.code)) for cause in CAUSES)
    return found.with_columns(cause=first).drop(flags)


def _with_versions(children: pl.DataFrame, released: Released) -> pl.DataFrame:
    """Each child of each reception, with the versions of the references that the newest look read."""
    versions = released.versions("police_persons").rename({"version": "police_version"})
    services = released.versions("known_children").rename({"version": "services_version"})
    return (
        children.select(*_KEY, "resident_id", as_of="newest_look")
        .join(versions, on="as_of", how="left")
        .join(services, on="as_of", how="left")
    )


def _police(looked: pl.DataFrame, truth: Truth, released: Released) -> dict[str, pl.DataFrame]:
    """Children with a police record, with a tie to a record of the parent, and whether that record is linked or in review."""
    records = truth.records(Source.POLICE_RECORDS).rename({"record_id": "person_id"})
    of_children = records.join(looked.select(resident_id="child_id").unique(), on="resident_id", how="semi")
    of_parents = records.join(looked.select("resident_id").unique(), on="resident_id", how="semi")
    delivered = released.version_rows("police_persons", ["person_id"], pl.col("person_id").is_in(of_children["person_id"].implode()))
    known = looked.join(
        delivered.join(of_children, on="person_id").rename({"resident_id": "child_id", "version": "police_version"}),
        on=["child_id", "police_version"],
    )
    tied = _police_ties(looked, of_children, of_parents, released)
    links = {name: released.rows(name, ["reception_id", "person_id"]) for name in ("person_links", "review_pairs")}
    on = ["reception_id", "person_id", "as_of"]
    parents = looked.join(of_parents, on="resident_id")
    return {
        "known": known,
        "tie": tied,
        "linked": parents.join(links["person_links"], on=on, how="semi"),
        "in_review": tied.join(links["review_pairs"], on=on, how="semi"),
    }


def _police_ties(looked: pl.DataFrame, of_children: pl.DataFrame, of_parents: pl.DataFrame, released: Released) -> pl.DataFrame:
    """Rows of `looked` with each record of the parent on which the police have the tie to the child."""
    asked = pl.col("person_id").is_in(of_parents["person_id"].implode()) & pl.col("relationship_code").is_in(POLICE_TIES)
    ties = released.version_rows("police_associations", ["person_id", "related_person_id"], asked)
    return looked.join(
        ties.join(of_parents, on="person_id")
        .join(of_children.rename({"person_id": "related_person_id", "resident_id": "child_id"}), on="related_person_id")
        .rename({"version": "police_version"}),
        on=["resident_id", "child_id", "police_version"],
    )


def _services(looked: pl.DataFrame, truth: Truth, released: Released) -> dict[str, pl.DataFrame]:
    """Children whom services know, and those whose record names the parent."""
    records = truth.records(Source.CHILDRENS_SERVICES).select(services_id="record_id", child_id="resident_id")
    own = records.join(looked.select("child_id").unique(), on="child_id", how="semi")
    asked = pl.col("child_id").is_in(own["services_id"].implode())
    children = released.version_rows("known_children", ["child_id"], asked).rename({"child_id": "services_id"})
    is_tie = asked & pl.col("relationship_code").is_in(SERVICES_TIES)
    named = released.version_rows("known_family_members", ["child_id", "member_number"], is_tie)
    members = named.join(member_records(truth), on=["child_id", "member_number"]).rename({"child_id": "services_id"})
    known = looked.join(
        children.join(own, on="services_id").rename({"version": "services_version"}), on=["child_id", "services_version"]
    )
    tied = members.join(own, on="services_id").rename({"version": "services_version", "holder_id": "resident_id"})
    return {"known": known, "tie": looked.join(tied, on=["resident_id", "child_id", "services_version"])}


def _contacts(looked: pl.DataFrame, truth: Truth, released: Released) -> dict[str, pl.DataFrame]:
    """Children among the prisoner's contacts, and those named as a child."""
    name = pl.concat_str("prisoner_number", pl.lit("/"), "contact_id")
    contacts = released.rows("cleaned_contacts", ["reception_id", "prisoner_number", "contact_id", "relationship_code"])
    named = looked.join(
        contacts.with_columns(record_id=name).join(
            truth.records(Source.PRISON_EXTRACT).rename({"resident_id": "child_id"}), on="record_id"
        ),
        on=[*_KEY, "as_of"],
    )
    return {"known": named, "tie": named.filter(pl.col("relationship_code").is_in(CONTACT_TIES))}
