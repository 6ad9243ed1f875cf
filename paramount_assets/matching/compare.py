"""What is compared, and what each degree of agreement means.

A comparison is a list of levels, the first that holds counts. Its weight is log2(m / u): how much more often the level is seen
among pairs of one person (m) than among pairs of two people (u). A null level says that nothing is known and weighs nothing.
Trained values stand in the frozen model; `m` and `u` here are used only where training saw too little, and come from the
published model of the Ministry of Justice's person-match service, or are set beside it, as stated.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Level:
    """One degree of agreement.

    `condition` is DuckDB SQL over the columns of a prepared table with suffixes _l and _r. `term_frequency` names the column
    whose rarity replaces or adjusts u; `rarest` bounds it from below. `u_is_fixed` keeps u from being trained.
    `replaces_u` says that the rarity is that of the whole level, not of one exactly agreeing column among others.
    """

    label: str
    condition: str
    because: str
    m: float = 0.0
    u: float = 0.0
    is_unknown: bool = False
    u_is_fixed: bool = False
    term_frequency: str | None = None
    rarest: float = 0.0
    replaces_u: bool = False

    def as_splink(self) -> dict[str, Any]:
        """The level as Splink reads it, untrained except where u is fixed."""
        spec: dict[str, Any] = {"sql_condition": self.condition, "label_for_charts": self.label}
        if self.is_unknown:
            spec["is_null_level"] = True
        if self.u_is_fixed:
            spec |= {"u_probability": self.u, "fix_u_probability": True}
        if self.term_frequency:
            spec |= {"tf_adjustment_column": self.term_frequency, "tf_minimum_u_value": self.rarest}
            spec["disable_tf_exact_match_detection"] = self.replaces_u
        return spec


@dataclass(frozen=True)
class Comparison:
    """One piece of evidence: levels from strongest agreement to none, the unknown one first."""

    name: str
    because: str
    levels: tuple[Level, ...]

    def as_splink(self) -> dict[str, Any]:
        """The comparison as Splink reads it."""
        return {"output_column_name": self.name, "comparison_levels": [level.as_splink() for level in self.levels]}


RAREST_NAME = 1e-7
"""No agreement of both names weighs more than this rarity: in any list a rare name may be a misspelt common one."""

RAREST_SURNAME = 1e-5
RAREST_FORENAME = 1e-4

NAME = Comparison(
    "name",
    "Both names together: they are swapped, shortened and misheard together, and the rarity of the pair is what counts.",
    (
        Level(
            "surname unknown",
            "last_name_l is null or last_name_r is null",
            "A placeholder surname says nothing about the person.",
            is_unknown=True,
        ),
        Level(
            "both names equal",
            "full_name_l = full_name_r",
            "The usual case of one person; weighed by how rare the two names are in the reference. Published .881 / 6.4e-6.",
            m=0.88,
            u=6.4e-6,
            term_frequency="full_name",
            rarest=RAREST_NAME,
            replaces_u=True,
        ),
        Level(
            "names swapped",
            "full_name_l = swapped_name_r",
            "Naming orders differ between cultures and clerks; as rare by chance as both names equal. Set beside the published.",
            m=0.008,
            u=1e-6,
            term_frequency="full_name",
            rarest=RAREST_NAME,
            replaces_u=True,
        ),
        Level(
            "surname equal, forename unknown",
            "last_name_l = last_name_r and (first_name_l is null or first_name_r is null)",
            "A missing forename must not count as another forename. Set beside the published model.",
            m=0.01,
            u=3e-5,
            term_frequency="last_name",
            rarest=RAREST_SURNAME,
        ),
        Level(
            "surname equal, forename close",
            "last_name_l = last_name_r and jaro_winkler_similarity(first_name_l, first_name_r) >= 0.88",
            "A misspelt or shortened forename. Half of the published .073 for both names close.",
            m=0.04,
            u=2e-5,
            term_frequency="last_name",
            rarest=RAREST_SURNAME,
        ),
        Level(
            "forename equal, surname close",
            "first_name_l = first_name_r and jaro_winkler_similarity(last_name_l, last_name_r) >= 0.88",
            "A misspelt surname, or one part of a double one. Half of the published .073 for both names close.",
            m=0.04,
            u=5e-5,
            term_frequency="first_name",
            rarest=RAREST_FORENAME,
        ),
        Level(
            "both names close",
            "jaro_winkler_similarity(last_name_l, last_name_r) >= 0.88"
            " and jaro_winkler_similarity(first_name_l, first_name_r) >= 0.88",
            "Two slips in one record happen, mostly in names heard over a desk. Published .073 / 4.6e-4 for the whole degree.",
            m=0.005,
            u=4.6e-4,
        ),
        Level(
            "surname equal",
            "last_name_l = last_name_r",
            "A nickname, a middle name used as forename, or a relative: little evidence, and most of it against.",
            m=0.02,
            u=1e-3,
            term_frequency="last_name",
            rarest=RAREST_SURNAME,
        ),
        Level(
            "forename equal",
            "first_name_l = first_name_r",
            "A surname changed by marriage or by deed. Set beside the published model.",
            m=0.02,
            u=5e-3,
            term_frequency="first_name",
            rarest=RAREST_FORENAME,
        ),
        Level("names differ", "ELSE", "One person under two wholly different names is rare without an alias.", m=0.005, u=0.99),
    ),
)

BIRTH_DATE = Comparison(
    "birth_date",
    "The one thing that a person seldom changes; what varies is how it was written down.",
    (
        Level(
            "birth date unknown",
            "date_of_birth_l is null or date_of_birth_r is null",
            "A placeholder date is unknown and never contradicts.",
            is_unknown=True,
        ),
        Level("birth dates equal", "date_of_birth_l = date_of_birth_r", "Published .948 / 6.3e-5.", m=0.948, u=6.3e-5),
        Level(
            "day and month swapped",
            "substr(date_of_birth_l, 1, 4) = substr(date_of_birth_r, 1, 4)"
            " and substr(date_of_birth_l, 6, 2) = substr(date_of_birth_r, 9, 2)"
            " and substr(date_of_birth_l, 9, 2) = substr(date_of_birth_r, 6, 2)",
            "Written in the American order once. Set beside the published model.",
            m=0.005,
            u=3e-5,
        ),
        Level(
            "one character off",
            "damerau_levenshtein(date_of_birth_l, date_of_birth_r) <= 1",
            "One wrong key, or two neighbouring figures exchanged. Published .017 / .0018 within one decade.",
            m=0.017,
            u=1.8e-3,
        ),
        Level(
            "same year",
            "substr(date_of_birth_l, 1, 4) = substr(date_of_birth_r, 1, 4)",
            "An age was remembered, the day was not. Set beside the published model.",
            m=0.008,
            u=0.02,
        ),
        Level(
            "birth dates differ", "ELSE", "Published .010 / .218 within five years; two people mostly beyond.", m=0.012, u=0.975
        ),
    ),
)

LOCATION = Comparison(
    "location",
    "One comparison over all home postcodes: two correlated ones would make people of one household look like one person.",
    (
        Level(
            "no postcode known",
            "postcodes_l is null or postcodes_r is null",
            "No fixed abode is common among people received and is not evidence of being somebody else.",
            is_unknown=True,
        ),
        Level(
            "a postcode shared",
            "list_has_any(postcodes_l, postcodes_r)",
            "A former home counts like the present one. Published .653 / 1.9e-5 for the rarest postcodes.",
            m=0.65,
            u=5e-5,
        ),
        Level(
            "an outward code shared",
            "list_has_any(outward_codes_l, outward_codes_r)",
            "People move, mostly nearby. Published .092 / .0024.",
            m=0.092,
            u=0.012,
        ),
        Level("postcodes differ", "ELSE", "A move out of the area since the police last recorded a home.", m=0.258, u=0.988),
    ),
)

PNC = Comparison(
    "pnc",
    "A number that is given to one person; numbers that fail their check letter are unknown before they come here.",
    (
        Level("no PNC number", "pnc_number_l is null or pnc_number_r is null", "Absence is no evidence.", is_unknown=True),
        Level(
            "PNC numbers agree",
            "pnc_number_l = pnc_number_r",
            "Two people share one only by a mistake of recording: u is the published 1.3e-7, not trained, since it is seen too"
            " seldom by chance to be counted.",
            m=0.99,
            u=1.3e-7,
            u_is_fixed=True,
        ),
        Level("PNC numbers contradict", "ELSE", "Published 9.8e-4 / 1.", m=9.8e-4, u=1.0),
    ),
)

CRO = Comparison(
    "cro",
    "As the PNC number, from the criminal records office; apart, because a record may hold one and not the other.",
    (
        Level("no CRO number", "cro_number_l is null or cro_number_r is null", "Absence is no evidence.", is_unknown=True),
        Level(
            "CRO numbers agree",
            "cro_number_l = cro_number_r",
            "As for the PNC number; published 1.3e-7.",
            m=0.99,
            u=1.3e-7,
            u_is_fixed=True,
        ),
        Level("CRO numbers contradict", "ELSE", "Published 9.8e-4 / 1.", m=9.8e-4, u=1.0),
    ),
)

GENDER = Comparison(
    "gender",
    "Little for, much against: nine in ten people received are men.",
    (
        Level(
            "gender unknown", "gender_l is null or gender_r is null", "Not known or not specified says nothing.", is_unknown=True
        ),
        Level("gender equal", "gender_l = gender_r", "Set beside the published model.", m=0.99, u=0.5),
        Level("gender differs", "ELSE", "A slip of recording, or a change of gender since.", m=0.01, u=0.5),
    ),
)

COMPARISONS = (NAME, BIRTH_DATE, LOCATION, PNC, CRO, GENDER)
"""All evidence that is weighed, in the order of the columns of a scored pair."""

RARITY_COLUMNS = ("full_name", "last_name", "first_name")
"""Columns whose rarity in the reference enters the weights."""
