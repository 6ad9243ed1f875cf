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
person does, so the zone can begin lower and end sooner. Measured on three made-up areas that the model was not trained on
(30,000 to 100,000 residents, 7,615 receptions): no pair of two people that the rules would let pass weighed more than 12, so
four doublings of the odds are kept in hand; at 16 all 5,490 accepted links were right and 86 to 88 of 100 people known to the
police were linked, with review 98 of 100, for 10 to 11 receptions in 100 to review. At 20 and 14 it would have been 81 to 83
linked, 94 to 95 with review, for more to review. Below 8 every second pair was of two relatives. The noise of those areas is
assumed: the figures are no promise for real records.
"""

FAMILY_LINKS = Thresholds(accept=12.0, review=8.0)
"""For family members named by children's services, of whom no number and often no home is known.

A common name with the right birth date weighs 12 to 16. In the same three areas no pair of two people weighed more than 5, and
all 1,957 accepted links were right, of 2,239 that there were. What lies between the two is not followed: nobody reviews it.
"""

KEPT_FROM = 0.0
"""Pairs below even odds are not kept: no zone, no rule and no reader has a use for them."""

GENERATION_YEARS = 10
"""People of one name and one address whose births lie this far apart may be parent and child. A parent is seldom younger than
thirteen; the margin is for a birth year that was itself mistyped. Set beside the published model."""
