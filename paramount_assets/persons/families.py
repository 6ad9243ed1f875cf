"""Children and their families as others know them: children's services records and prison contacts, in standard form."""

import polars as pl

from paramount_assets.persons.standardise import located_homes, standard_birth_date, standard_name


def children(records: pl.DataFrame) -> pl.DataFrame:
    """One row per child of children's services; the local authority is that of the home, not the one that keeps the record."""
    standard = located_homes(
        records.with_columns(
            last_name=standard_name("last_name"),
            first_name=standard_name("first_name"),
            date_of_birth=standard_birth_date("date_of_birth"),
        )
    )
    return standard.select(
        "child_id", "last_name", "first_name", "date_of_birth", "expected_date_of_birth", "gender", "ethnicity_code",
        "address_line", "postcode", "la_code", "home_id", "is_deceased",
    )  # fmt: skip


def family_members(members: pl.DataFrame, known_children: pl.DataFrame) -> pl.DataFrame:
    """One row per child and family member; one who lives with the child has the child's postcode, others none."""
    postcode = known_children.select("child_id", "postcode")
    at_home = pl.concat_list("postcode").list.drop_nulls()
    return (
        members.join(postcode, on="child_id", how="left", maintain_order="left")
        .with_columns(
            last_name=standard_name("person_last_name"),
            first_name=standard_name("person_first_name"),
            date_of_birth=standard_birth_date("person_date_of_birth"),
            postcodes=pl.when("is_same_household").then(at_home).otherwise(pl.lit([], dtype=pl.List(pl.String))),
        )
        .select(
            "child_id", "member_number", "services_family_id", "last_name", "first_name", "date_of_birth", "relationship_code",
            "is_same_household", "has_parental_responsibility", "postcodes",
        )
    )  # fmt: skip


def contacts(persons: pl.DataFrame, today: pl.DataFrame, earlier: pl.DataFrame) -> pl.DataFrame:
    """One row per reception looked at and social contact of its prisoner, as last delivered.

    Args:
        persons: the receptions that the day looks at.
        today: the contacts of the day.
        earlier: the contacts of the days before, with `as_of`.
    """
    newest = pl.concat([earlier.sort("as_of").drop("as_of"), today]).unique(
        ["prisoner_number", "contact_id"], keep="last", maintain_order=True
    )
    standard = located_homes(
        newest.with_columns(
            last_name=standard_name("last_name"),
            first_name=standard_name("first_name"),
            date_of_birth=standard_birth_date("date_of_birth"),
        )
    )
    return persons.select("reception_id", "prisoner_number").join(standard, on="prisoner_number").select(
        "reception_id", "prisoner_number", "contact_id", "relationship_code", "is_active", "is_next_of_kin", "last_name",
        "first_name", "date_of_birth", "gender", "address_line", "postcode", "la_code", "home_id",
    )  # fmt: skip
