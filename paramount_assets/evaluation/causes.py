"""Why a child was missed: the first cause that holds, told from the answer key and the chain's own tables."""

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
    """One cause in few words, what it means, and the missed children it holds for."""

    code: str
    about: str
    because: str
    holds: pl.Expr


CAUSES = (
    Cause(
        "day_held",
        "the day is held",
        "A gate of the reception's day is closed; nothing of that day may be read.",
        pl.col("is_held") & pl.col("reception_id").is_null(),
    ),
    Cause(
        "reception_not_read",
        "the reception was not read",
        "Its line was quarantined or never delivered.",
        pl.col("newest_look").is_null(),
    ),
    Cause(
        "home_believed_elsewhere",
        "believed to live outside the live areas",
        "Found, and left out because the home on record, an old one, lies where the offer is not made.",
        pl.col("is_listed") & pl.col("reason_codes").fill_null("").str.contains("child_lives_outside_rollout", literal=True),
    ),
    Cause(
        "decided_wrongly",
        "found, and decided not to be eligible",
        "Found, and left out for another reason: a wrong birth date, a child taken for dead, a person's decision.",
        pl.col("decision").eq_missing(pl.lit(EligibilityDecision.NOT_ELIGIBLE.value)),
    ),
    Cause(
        "in_no_source",
        "in no source at all",
        "Neither police nor children's services know the child, and the prisoner did not name it.",
        ~pl.col("is_known"),
    ),
    Cause(
        "parent_in_review",
        "police tie, the parent's link in review",
        "The police have the tie, and whether the record is the prisoner's waits for a person.",
        pl.col("is_parent_in_review"),
    ),
    Cause(
        "tie_on_a_duplicate",
        "police tie on a duplicate of the parent",
        "The police hold the parent twice, and the tie is on the record that is not linked.",
        pl.col("has_police_tie") & pl.col("is_parent_linked"),
    ),
    Cause(
        "parent_not_linked",
        "police tie, the parent not found",
        "The police have the tie, and the record of the parent was not recognised.",
        pl.col("has_police_tie"),
    ),
    Cause(
        "family_member_not_linked",
        "services tie, the parent not found",
        "Children's services name the parent, who was not recognised.",
        pl.col("has_services_tie"),
    ),
    Cause(
        "parent_unknown",
        "child known, the parent in no source",
        "A source knows the child; neither police nor children's services know the parent.",
        ~pl.col("is_parent_known") & ~pl.col("has_contact_tie"),
    ),
    Cause(
        "tie_not_recorded",
        "both known, the tie not recorded",
        "Sources know both, and none says that they belong together.",
        ~pl.col("has_contact_tie"),
    ),
    Cause("other", "none of these", "For whoever reads the chain's tables.", pl.lit(value=True)),
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
        "is_parent_known": pl.concat([frame.select(_KEY) for frame in (police["parents"], services["parents"])]),
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
    asked = pl.concat([of_children, of_parents])["person_id"].unique()
    delivered = released.version_rows("police_persons", ["person_id"], pl.col("person_id").is_in(asked.implode()))
    known = looked.join(_held(delivered, of_children, "child_id"), on=["child_id", "police_version"])
    parents = looked.join(_held(delivered, of_parents, "resident_id"), on=["resident_id", "police_version"])
    tied = _police_ties(looked, of_children, of_parents, released)
    links = {name: released.rows(name, ["reception_id", "person_id"]) for name in ("person_links", "review_pairs")}
    on = ["reception_id", "person_id", "as_of"]
    return {
        "known": known,
        "parents": parents,
        "tie": tied,
        "linked": parents.join(links["person_links"], on=on, how="semi"),
        "in_review": tied.join(links["review_pairs"], on=on, how="semi"),
    }


def _held(delivered: pl.DataFrame, holders: pl.DataFrame, who: str) -> pl.DataFrame:
    """Who had which record in which version."""
    return delivered.join(holders, on="person_id").rename({"resident_id": who, "version": "police_version"})


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
    """Children whom services know, those whose record names the parent, and those whose parent any record names."""
    records = truth.records(Source.CHILDRENS_SERVICES).select(services_id="record_id", child_id="resident_id")
    own = records.join(looked.select("child_id").unique(), on="child_id", how="semi")
    of_parents = member_records(truth).join(looked.select(holder_id="resident_id").unique(), on="holder_id", how="semi")
    asked = pl.concat([own["services_id"], of_parents["child_id"].rename("services_id")]).unique()
    is_asked = pl.col("child_id").is_in(asked.implode())
    children = released.version_rows("known_children", ["child_id"], is_asked).rename({"child_id": "services_id"})
    columns = ["child_id", "member_number", "relationship_code"]
    members = (
        released.version_rows("known_family_members", columns, is_asked)
        .join(of_parents, on=["child_id", "member_number"])
        .rename({"child_id": "services_id", "holder_id": "resident_id", "version": "services_version"})
    )
    known = children.join(own, on="services_id").rename({"version": "services_version"})
    tied = members.filter(pl.col("relationship_code").is_in(SERVICES_TIES)).join(own, on="services_id")
    return {
        "known": looked.join(known, on=["child_id", "services_version"]),
        "tie": looked.join(tied, on=["resident_id", "child_id", "services_version"]),
        "parents": looked.join(members, on=["resident_id", "services_version"], how="semi"),
    }


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
