"""What a figure is: a count, what it is a count of, and how sure one may be of it."""

from dataclasses import dataclass

from paramount_assets.evaluation.intervals import upper_bound, wilson

FEWEST = 10
"""Groups of fewer are left out of breakdowns: their shares say nothing."""


@dataclass(frozen=True)
class _Counted:
    """So many of so many."""

    count: int
    of: int

    @property
    def share(self) -> float | None:
        """The share, 0 to 1; None where there is nothing to count."""
        return self.count / self.of if self.of else None


class Share(_Counted):
    """A share of something, with Wilson's 95 % interval."""

    @property
    def interval(self) -> tuple[float, float]:
        """Its 95 % interval."""
        return wilson(self.count, self.of)


class ErrorRate(_Counted):
    """How often something went wrong, with the 95 % upper bound of Clopper and Pearson."""

    @property
    def upper(self) -> float:
        """What the rate is at most, with 95 % confidence."""
        return upper_bound(self.count, self.of)


Figure = Share | ErrorRate


@dataclass(frozen=True)
class Line:
    """One figure under a stable key, with what it says."""

    key: str
    about: str
    figure: Figure


@dataclass(frozen=True)
class Section:
    """Figures that belong together. `of` says in words what they are counted of."""

    key: str
    title: str
    of: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Group:
    """Figures of one group of receptions, such as those of twins."""

    dimension: str
    group: str
    lines: tuple[Line, ...]
