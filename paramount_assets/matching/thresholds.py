"""Where the three zones meet: match weights, log2 of the odds that two records are one person, and why they were chosen."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Thresholds:
    """Accepted at or above `accept`, put to a person from `review` on, rejected below."""

    accept: float
    review: float


PERSON_LINKS = Thresholds(accept=16.0, review=8.0)
"""For the police's records.

The Ministry of Justice's person-match service joins at 20 and breaks below 14. There nobody reviews what lies between; here a
person does, so the zone can begin lower and end sooner. Chosen on made-up areas that were gentler than today's, where no pair of
two people that no rule holds weighed more than 12.8, and not moved since. Measured on an area of today's noise that the model was
not trained on (30,000 residents, 2,281 receptions, of which 2,034 of people known to the police by then): such a pair weighed 7.7
at most, and all 1,586 accepted links were right (with 95 % confidence at most 19 in 10,000 are not). 78 of 100 people known to
the police were linked, with review 95 of 100, for 17 receptions in 100 to review. Of the other 5, half were never compared. The
noise of that area is assumed: the figures are no promise for real records. `linkage/models/README.md` has more of them.
"""

FAMILY_LINKS = Thresholds(accept=12.0, review=8.0)
"""For family members named by children's services, of whom no number and often no home is known.

Both names and the birth date alike, with no home known, weigh 12 to 21, the commonest names least. In the same area 119 of 136
people whom children's services name were found; nobody was taken for somebody else (with 95 % confidence at most 22 of 1,000 of
those named are). What lies between the two is not followed: nobody reviews it.
"""

KEPT_FROM = 0.0
"""Pairs below even odds are not kept: no zone, no rule and no reader has a use for them."""

GENERATION_YEARS = 10
"""People of one name and one address whose births lie this far apart may be parent and child. A parent is seldom younger than
thirteen; the margin is for a birth year that was itself mistyped. Set beside the published model."""
