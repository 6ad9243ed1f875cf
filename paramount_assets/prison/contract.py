"""The file contracts of `prison_extract`: movements and social contacts as the prison service delivers them.

Codes, formats and which reasons an admission may have are those of the prison service's public repositories.
"""

import polars as pl

from paramount_assets.lake.contract import GENDERS, Column, FileContract, Kind, ReasonCode, Rule
from paramount_assets.vocabulary import RECEPTION_REASONS

PRISONER_NUMBER = "[A-Z][0-9]{4}[A-Z]{2}"

ADMISSION_REASONS = RECEPTION_REASONS | {"INT", "TRNCRT", "TRNTAP", "S", "Z", "Q"}
"""Every reason that an ADM movement can have: receptions, and transfers and stopovers that are none."""

LEGAL_STATUSES = (
    "REMAND",
    "SENTENCED",
    "CONVICTED_UNSENTENCED",
    "RECALL",
    "INDETERMINATE_SENTENCE",
    "CIVIL_PRISONER",
    "IMMIGRATION_DETAINEE",
    "UNKNOWN",
    "OTHER",
    "DEAD",
)
"""Of somebody who has died in custody the movement out is kept, for it ends the custody; it is never a reception."""

MOVEMENTS = FileContract(
    name="movements",
    key=("prisoner_number", "booking_id", "movement_sequence"),
    columns=(
        Column("prisoner_number", required=True, pattern=PRISONER_NUMBER),
        Column("booking_id", required=True, pattern="[0-9]{1,12}"),
        Column("movement_sequence", Kind.INTEGER, required=True),
        Column("movement_type_code", Kind.CODE, required=True, codes=("ADM", "REL", "TRN", "CRT", "TAP")),
        Column("movement_reason_code", Kind.CODE, required=True),
        Column("movement_at", Kind.TIMESTAMP, required=True),
        Column("in_out_status", Kind.CODE, required=True, codes=("IN", "OUT", "TRN")),
        Column("prison_id", Kind.CODE, required=True, pattern="[A-Z]{3}"),
        Column("pnc_number"),
        Column("cro_number"),
        Column("last_name", required=True),
        Column("first_name", required=True),
        Column("middle_names"),
        Column("title"),
        Column("aliases", Kind.LIST),
        Column("date_of_birth", Kind.DATE, required=True, is_birth_date=True),
        Column("gender", Kind.CODE, codes=GENDERS),
        # Not held to its list: nobody's children are left out for the code of an ethnicity. The suite warns.
        Column("ethnicity_code", Kind.CODE),
        Column("nationality"),
        Column("legal_status", Kind.CODE, required=True, codes=LEGAL_STATUSES),
        Column("sentence_start_date", Kind.DATE),
        Column("release_date", Kind.DATE),
        Column("most_serious_offence"),
        Column("alert_codes", Kind.LIST),
        Column("no_fixed_abode", Kind.BOOLEAN),
        Column("address_line"),
        Column("postcode"),
        Column("phone_number"),
        Column("number_of_children"),
    ),
    rules=(
        Rule(
            ReasonCode.UNKNOWN_CODE,
            "movement_reason_code",
            (pl.col("movement_type_code") == "ADM") & ~pl.col("movement_reason_code").is_in(sorted(ADMISSION_REASONS)),
        ),
    ),
    is_new_every_day=True,
)

CONTACTS = FileContract(
    name="contacts",
    key=("prisoner_number", "contact_id"),
    columns=(
        Column("prisoner_number", required=True, pattern=PRISONER_NUMBER),
        Column("contact_id", required=True),
        Column("relationship_code", Kind.CODE, required=True),
        Column("active", Kind.BOOLEAN, required=True, rename="is_active"),
        Column("next_of_kin", Kind.BOOLEAN, rename="is_next_of_kin"),
        Column("last_name", required=True),
        Column("first_name", required=True),
        Column("middle_names"),
        Column("date_of_birth", Kind.DATE, is_birth_date=True),
        Column("gender", Kind.CODE, codes=GENDERS),
        Column("address_line"),
        Column("postcode"),
        Column("phone_number"),
    ),
    may_be_absent=True,
    may_be_empty=True,
)

CONTRACTS = (MOVEMENTS, CONTACTS)
"""Every file of the source, in the order in which they are read."""
