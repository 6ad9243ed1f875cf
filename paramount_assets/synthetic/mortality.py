"""Who has died and who dies in the span, by age.

People who died in the last years are residents still: the sources keep them on their books.
"""

import datetime as dt

import numpy as np

from paramount_assets.synthetic.streams import Flags, Real, Whole

DAYS_ON_THE_BOOKS = 900
"""How long before the first day the first of the dead died (assumed)."""

YEARLY_DEATHS = (
    [0, 3, 10, 20, 30, 40, 50, 60, 70, 80, 88, 97],
    [0.0008, 0.0001, 0.0001, 0.0004, 0.0006, 0.0013, 0.003, 0.007, 0.017, 0.048, 0.115, 0.27],
)
"""Deaths a year per head at an age in years: about those of the national life tables, rounded."""

NEVER = 2**30
"""A day that does not come, in days since 1970; in minutes it still is a number of 64 bits."""


def share_dead(years: Real) -> Real:
    """Of those of an age on the books, how many per living one have died."""
    return np.interp(years, *YEARLY_DEATHS) * (DAYS_ON_THE_BOOKS / 365.25)


def draw_deaths(born: Whole, spared: Flags, span: tuple[dt.date, int], rng: np.random.Generator) -> Whole:
    """The day on which each dies, in days since 1970; NEVER for all who outlive the span.

    Args:
        born: in days since 1970.
        spared: who does not die in it: the only adults with the children that they live with.
        span: first day and number of days.
        rng: the stage's generator.
    """
    first_day, days = span
    begins = np.datetime64(first_day, "D").astype(np.int64) - DAYS_ON_THE_BOOKS
    rate = np.interp((begins + DAYS_ON_THE_BOOKS - born) / 365.25, *YEARLY_DEATHS)
    after = np.floor(rng.exponential(size=len(born)) / rate * 365.25).clip(max=1e6)
    died = begins + after.astype(np.int64)
    dies = (after < DAYS_ON_THE_BOOKS + days) & ~spared & (died > born + 1)
    return np.where(dies, died, NEVER)
