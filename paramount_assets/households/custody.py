"""Who is known to be in custody, and under which records others know them.

It knows those received in the days that are handed in; somebody who has been inside for longer is not known here.
"""

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Window:
    """One table of the day and of the days before; the earlier rows say by `as_of` when they were made."""

    today: pl.DataFrame
    earlier: pl.DataFrame

    def newest_first(self) -> pl.DataFrame:
        """All rows with `as_of`, null for today's, the newest first."""
        return pl.concat([self.today.with_columns(as_of=pl.lit(None, dtype=pl.Date)), self.earlier]).sort(
            "as_of", descending=True, nulls_last=False, maintain_order=True
        )


def people_in_custody(persons: Window, person_links: Window, family_links: Window, movements: Window) -> pl.DataFrame:
    """One row per reception and record of the person received, with the day of the release that ended it, if any.

    A reception that was looked at on several days counts with the links of the last of them.
    """
    receptions = persons.newest_first().unique("reception_id", keep="first", maintain_order=True)
    of_reception = receptions.select("reception_id", "as_of")
    subjects = pl.concat(
        [
            receptions.select("reception_id", subject_id=pl.format("prison_extract:{}", "prisoner_number")),
            _latest(person_links, of_reception).select("reception_id", subject_id=pl.format("police_records:{}", "person_id")),
            _latest(family_links, of_reception).select(
                "reception_id", subject_id=pl.format("childrens_services:{}/{}", "child_id", "member_number")
            ),
        ]
    ).unique()
    return (
        subjects.join(receptions, on="reception_id")
        .join(_releases(receptions, movements), on="reception_id", how="left")
        .select("reception_id", "subject_id", "last_name", "first_name", "date_of_birth", "home_id", "received_on", "released_on")
    )


def _latest(links: Window, of_reception: pl.DataFrame) -> pl.DataFrame:
    return links.newest_first().join(of_reception, on=["reception_id", "as_of"], how="semi", nulls_equal=True)


def _releases(receptions: pl.DataFrame, movements: Window) -> pl.DataFrame:
    """The first release after each reception."""
    released = movements.newest_first().filter(pl.col("movement_type_code") == "REL")
    return (
        receptions.select("reception_id", "prisoner_number", "received_at")
        .join(released.select("prisoner_number", "movement_at"), on="prisoner_number")
        .filter(pl.col("movement_at") > pl.col("received_at"))
        .group_by("reception_id")
        .agg(released_on=pl.col("movement_at").min().dt.date())
    )
