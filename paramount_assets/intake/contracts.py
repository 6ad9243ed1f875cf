"""The file contracts of the reference sources: the force's records and children's services."""

from dataclasses import dataclass

import polars as pl

from paramount_assets.lake.contract import GENDERS, Column, FileContract, Kind
from paramount_assets.vocabulary import Source

LOCAL_AUTHORITY = "[EWSN][0-9]{8}"
"""ONS code of a district or county."""


@dataclass(frozen=True)
class ReferenceFile:
    """One file of a reference source, and what its rows depend on.

    Attributes:
        source: who delivers it.
        contract: what it must look like.
        owner: the file whose rows these belong to: when a person or child goes, so do they. None for those files themselves.
        owner_ids: over the table's columns, the keys in `owner` that a row depends on; null where it depends on none.
    """

    source: Source
    contract: FileContract
    owner: FileContract | None = None
    owner_ids: tuple[pl.Expr, ...] = ()


_PERSONS = FileContract(
    name="persons",
    key=("person_id",),
    columns=(
        Column("person_id", required=True),
        Column("last_name", required=True),
        Column("first_name"),
        Column("middle_names"),
        Column("date_of_birth", Kind.DATE, is_birth_date=True),
        Column("gender", Kind.CODE, codes=GENDERS),
        Column("ethnicity_code", Kind.CODE),
        Column("pnc_id"),
        Column("cro_number"),
        Column("deceased", Kind.BOOLEAN, rename="is_deceased"),
        Column("created_on", Kind.DATE, required=True),
        Column("updated_on", Kind.DATE, required=True),
    ),
)

_PERSON_NAMES = FileContract(
    name="person_names",
    key=("person_id", "name_number"),
    columns=(
        Column("person_id", required=True),
        Column("name_number", Kind.INTEGER, required=True),
        Column("last_name", required=True),
        Column("first_name"),
        Column("middle_names"),
        Column("name_type", Kind.CODE, codes=("alias", "maiden", "nickname")),
    ),
)

_PERSON_ADDRESSES = FileContract(
    name="person_addresses",
    key=("person_id", "address_id", "from_date"),
    columns=(
        Column("person_id", required=True),
        Column("address_id", required=True),
        Column("address_line", required=True),
        Column("postcode"),
        Column("uprn"),
        Column("address_type", Kind.CODE, codes=("home", "work", "care_of", "other")),
        Column("from_date", Kind.DATE, required=True),
        Column("to_date", Kind.DATE),
        Column("last_confirmed_on", Kind.DATE),
    ),
)

_ASSOCIATIONS = FileContract(
    name="associations",
    key=("person_id", "related_person_id", "relationship_code", "from_date"),
    columns=(
        Column("person_id", required=True),
        Column("related_person_id", required=True),
        Column(
            "relationship_code",
            Kind.CODE,
            required=True,
            codes=(
                "parent_of",
                "step_parent_of",
                "guardian_of",
                "partner_of",
                "ex_partner_of",
                "sibling_of",
                "grandparent_of",
                "other",
            ),
        ),
        Column("from_date", Kind.DATE),
        Column("to_date", Kind.DATE),
        Column(
            "source",
            Kind.CODE,
            codes=("officer_recorded", "domestic_incident", "custody_record", "other"),
            rename="association_source",
        ),
    ),
)

_MARKERS = FileContract(
    name="markers",
    key=("marker_id",),
    columns=(
        Column("marker_id", required=True),
        Column("subject_type", Kind.CODE, required=True, codes=("person", "address")),
        Column("subject_id", required=True),
        # Not held to its list: a warning in words that are not known here is still a warning. The suite warns of it.
        Column("marker_code", Kind.CODE, required=True),
        Column("about_person_id"),
        Column("from_date", Kind.DATE, required=True),
        Column("to_date", Kind.DATE),
    ),
)

_CHILDREN = FileContract(
    name="children",
    key=("child_id",),
    columns=(
        Column("child_id", required=True),
        Column("la_code", Kind.CODE, required=True, pattern=LOCAL_AUTHORITY),
        Column("last_name", required=True),
        Column("first_name"),
        Column("date_of_birth", Kind.DATE, is_birth_date=True),
        Column("expected_date_of_birth", Kind.DATE),
        Column("gender", Kind.CODE, codes=GENDERS),
        Column("ethnicity_code", Kind.CODE),
        Column("deceased", Kind.BOOLEAN, rename="is_deceased"),
        Column("address_line"),
        Column("postcode"),
        Column("uprn"),
        Column("address_from_date", Kind.DATE),
        Column("school_urn"),
    ),
)

_FAMILY_MEMBERS = FileContract(
    name="family_members",
    key=("child_id", "member_number"),
    columns=(
        Column("child_id", required=True),
        Column("member_number", Kind.INTEGER, required=True),
        Column("family_id", rename="services_family_id"),
        Column("person_last_name", required=True),
        Column("person_first_name"),
        Column("person_date_of_birth", Kind.DATE, is_birth_date=True),
        Column(
            "relationship_code",
            Kind.CODE,
            required=True,
            codes=("mother", "father", "step_parent", "guardian", "sibling", "grandparent", "carer"),
        ),
        Column("same_household", Kind.BOOLEAN, rename="is_same_household"),
        Column("holds_parental_responsibility", Kind.BOOLEAN, rename="has_parental_responsibility"),
    ),
)

_PLANS = FileContract(
    name="plans",
    key=("child_id", "plan_type", "from_date"),
    columns=(
        Column("child_id", required=True),
        Column("plan_type", Kind.CODE, required=True, codes=("child_protection", "child_in_need", "looked_after")),
        Column("from_date", Kind.DATE, required=True),
        Column("to_date", Kind.DATE),
        Column("allocated_team"),
    ),
)

_PERSON_ID = pl.col("person_id")
_CHILD_ID = pl.col("child_id")
_MARKED_PERSON_ID = pl.when(pl.col("subject_type") == "person").then(pl.col("subject_id"))

PERSONS = ReferenceFile(Source.POLICE_RECORDS, _PERSONS)
NAMES = ReferenceFile(Source.POLICE_RECORDS, _PERSON_NAMES, _PERSONS, (_PERSON_ID,))
ADDRESSES = ReferenceFile(Source.POLICE_RECORDS, _PERSON_ADDRESSES, _PERSONS, (_PERSON_ID,))
ASSOCIATIONS = ReferenceFile(Source.POLICE_RECORDS, _ASSOCIATIONS, _PERSONS, (_PERSON_ID, pl.col("related_person_id")))
MARKERS = ReferenceFile(Source.POLICE_RECORDS, _MARKERS, _PERSONS, (_MARKED_PERSON_ID,))
CHILDREN = ReferenceFile(Source.CHILDRENS_SERVICES, _CHILDREN)
FAMILY_MEMBERS = ReferenceFile(Source.CHILDRENS_SERVICES, _FAMILY_MEMBERS, _CHILDREN, (_CHILD_ID,))
PLANS = ReferenceFile(Source.CHILDRENS_SERVICES, _PLANS, _CHILDREN, (_CHILD_ID,))

REFERENCE_FILES = (PERSONS, NAMES, ADDRESSES, ASSOCIATIONS, MARKERS, CHILDREN, FAMILY_MEMBERS, PLANS)


def contracts_of(source: Source) -> tuple[FileContract, ...]:
    """The contracts of all files of a reference source."""
    return tuple(file.contract for file in REFERENCE_FILES if file.source is source)
