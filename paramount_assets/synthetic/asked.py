"""What the sources do for people who were received because a hard kind was asked for: the slip that makes it hard is certain."""

import polars as pl

from paramount_assets.synthetic.custody import Custody
from paramount_assets.synthetic.noise import Cause
from paramount_assets.synthetic.recording import Always
from paramount_assets.synthetic.streams import flags

IN_PRISON: dict[str, tuple[Cause, ...]] = {
    "transliterated": (Cause.TRANSLITERATION,),
    "swapped_date": (Cause.SWAPPED_DAY_AND_MONTH,),
    "wrong_pnc": (Cause.WRONG_PNC,),
    "no_fixed_abode": (Cause.NO_FIXED_ABODE,),
}
"""Hard kinds that are hard by the prison's record, and the causes that make them so."""

IN_POLICE: dict[str, tuple[Cause, ...]] = {
    "nickname_and_moved": (Cause.NICKNAME, Cause.OLD_ADDRESS),
    "maiden_name_and_moved": (Cause.MAIDEN_NAME, Cause.OLD_ADDRESS),
}
"""Hard kinds that are hard by what the force has: the prison writes the present name and address."""


def always_hit(custody: Custody, people: pl.Series, kinds: dict[str, tuple[Cause, ...]]) -> Always:
    """Which of the records are hit by a cause in any case.

    Args:
        custody: who was asked for.
        people: resident_id of each record.
        kinds: the causes of each hard kind.
    """
    always: Always = {}
    for kind, causes in kinds.items():
        wanted = custody.asked.filter(pl.col("kind") == kind)["resident_id"]
        hit = flags(people.is_in(wanted.implode()))
        for cause in causes:
            always[cause] = always[cause] | hit if cause in always else hit
    return always


def everybody_asked(custody: Custody) -> pl.Series:
    """resident_id of everybody asked for, and of those they are to be mistaken for."""
    return pl.concat([custody.asked["resident_id"], custody.asked["other_id"].drop_nulls()]).unique()
