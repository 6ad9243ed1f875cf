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
(30,000 to 100,000 residents, 7,665 receptions, of which 5,402 of people known to the police): no pair of two people that no rule
holds weighed more than 12.8, so three doublings of the odds are kept in hand. At 16 all 4,666 accepted links were right (with
95 % confidence at most 6.4 in 10,000 are not) and 86 to 88 of 100 people known to the police were linked, with review 98 of
100, for 8 to 10 receptions in 100 to review. At 20 and 14 it would have been 79 to 83 linked, 93 to 96 with review, for 10 to
13 in 100 to review. Of 39 pairs between 6 and 8, 15 were of two relatives. The noise of those areas is assumed: the figures are
no promise for real records. `linkage/models/README.md` has them area by area.
"""

FAMILY_LINKS = Thresholds(accept=12.0, review=8.0)
"""For family members named by children's services, of whom no number and often no home is known.

Both names and the birth date alike, with no home known, weigh 12 to 21, the commonest names least. In the same three areas no
pair of two people weighed more than 5.5. All 1,950 accepted links were right, of 2,287 that there were, for 1,444 of 1,628
receptions (with 95 % confidence at most 2.1 receptions in 1,000 get a wrong one). What lies between the two is not followed:
nobody reviews it.
"""

KEPT_FROM = 0.0
"""Pairs below even odds are not kept: no zone, no rule and no reader has a use for them."""

GENERATION_YEARS = 10
"""People of one name and one address whose births lie this far apart may be parent and child. A parent is seldom younger than
thirteen; the margin is for a birth year that was itself mistyped. Set beside the published model."""
