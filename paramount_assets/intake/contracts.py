"""The file contracts of the reference sources: the force's records and children's services."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from paramount_assets.lake.contract import GENDERS, Column, FileContract, Kind
from paramount_assets.vocabulary import Source

LOCAL_AUTHORITY = "[EWSN][0-9]{8}"
"""ONS code of a district or county."""


REQUEST_REF = "[0-9]{1,12}-[0-9]{1,9}"
"""Which reception was asked about: its booking and the number of its movement."""


@dataclass(frozen=True)
class ReferenceFile:
    """One file of a reference source, and what its rows depend on.

    Attributes:
        source: who delivers it.
        contract: what it must look like.
        references: by column, over the table's columns, the person or child that a row depends on; null where on none. Without
            them the row is put aside, and when they go so does it. None of the files of persons and children themselves.
        only_in: the kind of delivery that has the file; empty where all have it.
    """

    source: Source
    contract: FileContract
    references: Mapping[str, pl.Expr] = field(default_factory=dict)
    only_in: str = ""


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

_PERSONS_ASKED = FileContract(
    name="persons_asked",
    key=("request_ref", "child_id"),
    columns=(
        Column("request_ref", required=True, pattern=REQUEST_REF),
        Column("child_id"),
    ),
)

_OF_PERSON = {"person_id": pl.col("person_id")}
_OF_BOTH = {"person_id": pl.col("person_id"), "related_person_id": pl.col("related_person_id")}
_OF_SUBJECT = {"subject_id": pl.when(pl.col("subject_type") == "person").then(pl.col("subject_id"))}
_OF_CHILD = {"child_id": pl.col("child_id")}

PERSONS = ReferenceFile(Source.POLICE_RECORDS, _PERSONS)
NAMES = ReferenceFile(Source.POLICE_RECORDS, _PERSON_NAMES, _OF_PERSON)
ADDRESSES = ReferenceFile(Source.POLICE_RECORDS, _PERSON_ADDRESSES, _OF_PERSON)
ASSOCIATIONS = ReferenceFile(Source.POLICE_RECORDS, _ASSOCIATIONS, _OF_BOTH)
MARKERS = ReferenceFile(Source.POLICE_RECORDS, _MARKERS, _OF_SUBJECT)
CHILDREN = ReferenceFile(Source.CHILDRENS_SERVICES, _CHILDREN)
FAMILY_MEMBERS = ReferenceFile(Source.CHILDRENS_SERVICES, _FAMILY_MEMBERS, _OF_CHILD)
PLANS = ReferenceFile(Source.CHILDRENS_SERVICES, _PLANS, _OF_CHILD)
PERSONS_ASKED = ReferenceFile(Source.CHILDRENS_SERVICES, _PERSONS_ASKED, only_in="answer")

REFERENCE_FILES = (PERSONS, NAMES, ADDRESSES, ASSOCIATIONS, MARKERS, CHILDREN, FAMILY_MEMBERS, PLANS, PERSONS_ASKED)


def files_of(source: Source, kind: str) -> tuple[ReferenceFile, ...]:
    """All files that a reference source's delivery of a kind has."""
    return tuple(file for file in REFERENCE_FILES if file.source is source and file.only_in in {"", kind})
