"""95 % intervals of shares and upper bounds of error rates.

Wilson's interval for a share: it stays within 0 and 1 and holds for small counts (Wilson 1927; Brown, Cai and DasGupta 2001). For
errors, of which there should be none, the one-sided bound of Clopper and Pearson (1934): what the rate is at most.
"""

import math

_Z = 1.959963984540054
"""Normal deviate of a two-sided 95 % interval."""

_RISK = 0.05
_HALVINGS = 60


def wilson(count: int, of: int) -> tuple[float, float]:
    """The 95 % interval of the share `count / of`; (0, 1) where there is nothing to count."""
    if of == 0:
        return (0.0, 1.0)
    share, z2 = count / of, _Z * _Z
    centre = share + z2 / (2 * of)
    spread = _Z * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    scale = 1 + z2 / of
    low = 0.0 if count == 0 else (centre - spread) / scale
    high = 1.0 if count == of else (centre + spread) / scale
    return (low, high)


def upper_bound(errors: int, of: int) -> float:
    """What the rate of errors is at most, with 95 % confidence; 1 where nothing was tried or all of it failed."""
    if errors >= of:
        return 1.0
    low, high = errors / of, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(errors, of, middle) > _RISK else (low, middle)
    return high


def _at_most(errors: int, of: int, rate: float) -> float:
    """Probability of so many errors or fewer."""
    if rate >= 1.0:
        return 0.0
    odds, ways = math.log(rate) - math.log1p(-rate), math.lgamma(of + 1)
    none = of * math.log1p(-rate)
    terms = (ways - math.lgamma(k + 1) - math.lgamma(of - k + 1) + k * odds + none for k in range(errors + 1))
    return math.fsum(math.exp(term) for term in terms)
