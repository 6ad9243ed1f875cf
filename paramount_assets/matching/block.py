"""Which pairs are looked at: a pair that no rule brings together is never scored.

Each rule stands for a way in which two records of one person may fail to agree elsewhere; together they are what linkage can
find. They follow the rules of the Ministry of Justice's person-match service.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Rule:
    """Pairs that agree on all of `keys`, which are DuckDB SQL over one prepared table.

    `explode` names a list among the keys, of which one item must agree. `right_keys` stand for the right table where they differ.
    """

    name: str
    keys: tuple[str, ...]
    because: str
    explode: str | None = None
    right_keys: tuple[str, ...] | None = None

    @property
    def sql(self) -> str:
        """The rule as a join condition between l and r."""
        right = self.right_keys or self.keys
        return " and ".join(f"{_of(a, 'l')} = {_of(b, 'r')}" for a, b in zip(self.keys, right, strict=True))

    def found_in(self, left: str, right: str, column: str) -> str:
        """A query for the right rows that the rule brings together with any left one, by their column; a row may come twice."""
        left_rows, right_rows = (self._one_item_a_row(table) for table in (left, right))
        return f"select r.{column} from {right_rows} as r semi join {left_rows} as l on {self.sql}"  # noqa: S608 - own names

    def _one_item_a_row(self, table: str) -> str:
        return f"(select * replace (unnest({self.explode}) as {self.explode}) from {table})" if self.explode else table  # noqa: S608

    def as_splink(self) -> dict[str, Any]:
        """The rule as Splink reads it."""
        spec: dict[str, Any] = {"blocking_rule": self.sql}
        return spec | ({"arrays_to_explode": [self.explode]} if self.explode else {})


def _of(key: str, side: str) -> str:
    """Puts the side's alias before the column of a key: `substr(last_name, 1, 2)` becomes `substr(l.last_name, 1, 2)`."""
    function, bracket, rest = key.rpartition("(")
    return f"{function}{bracket}{side}.{rest}"


_SURNAME_START = "substr(last_name, 1, 2)"
_FORENAME_START = "substr(first_name, 1, 2)"

RULES = (
    Rule("pnc", ("pnc_number",), "Names and dates may all be wrong when the number is right."),
    Rule("cro", ("cro_number",), "The same, for a record without a PNC number."),
    Rule("surname_birth_date", ("last_name", "date_of_birth"), "The forename is a nickname, misspelt or missing."),
    Rule("forename_birth_date", ("first_name", "date_of_birth"), "The surname was changed or misspelt at its start."),
    Rule(
        "swapped_names_birth_date",
        ("full_name", "date_of_birth"),
        "The two names were exchanged.",
        right_keys=("swapped_name", "date_of_birth"),
    ),
    Rule("initials_birth_date", (_SURNAME_START, _FORENAME_START, "date_of_birth"), "Both names are misspelt after their start."),
    Rule("names_birth_year", ("full_name", "substr(date_of_birth, 1, 4)"), "The day or month of birth was mistyped."),
    Rule("names_birth_day", ("full_name", "substr(date_of_birth, 6, 5)"), "The year of birth was mistyped."),
    Rule(
        "postcode_birth_date",
        ("postcodes", "date_of_birth"),
        "Both names differ: an alias, known at home.",
        explode="postcodes",
    ),
    Rule(
        "postcode_initials",
        ("postcodes", _SURNAME_START, _FORENAME_START),
        "The birth date is wrong or unknown, the home is known.",
        explode="postcodes",
    ),
)
"""All rules; their union is what can be found."""
