"""Gate records: what may be read, made from which bytes, judged by which suite. They hold counts, never a value of a row."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from paramount_assets.vocabulary import GateStatus, Severity

GATE_RECORD_FORMAT = 1
"""Version of the record's form; a record of another version is not read."""


class GateUnreadable(Exception):
    """A gate record is damaged or of an unknown form. Whoever meets it treats the gate as closed."""


@dataclass(frozen=True)
class InputPin:
    """One input as it was read: a table's day and the sha256 of its bytes; None where it was absent.

    For a versioned input `version_as_at` is the day up to which versions were considered: the pin holds as long as no other
    version is the newest released one of that day. `day` is then the version, empty where there was none. For an input that
    is all days together `day` is "*" and the hash is of the list of its released days and their hashes.
    """

    table: str
    day: str
    sha256: str | None
    version_as_at: str | None = None


@dataclass(frozen=True)
class DeliveryPin:
    """One delivery as it was read from the landing area."""

    source: str
    extract_date: str
    version: int
    manifest_sha256: str
    rows: int


@dataclass(frozen=True)
class ExpectationOutcome:
    """What one expectation found on one day. `observed` is a measure or a count of rows, never a value of a row."""

    expectation: str
    about: str
    limits: str
    severity: Severity
    why: str
    passed: bool
    broken: bool
    observed: float | None
    says: str = ""
    """The suite's own sentence for what was found, where it has one."""

    @property
    def sentence(self) -> str:
        """What was found, in one line of counts and thresholds."""
        if self.broken:
            return f"{self.expectation}({self.about}) could not be checked"
        limits = f", {self.limits}" if self.limits else ""
        found = "nothing" if self.observed is None else f"{self.observed:g}"
        return self.says or f"{self.expectation}({self.about}{limits}): observed {found}"


@dataclass(frozen=True)
class GateRecord:
    """The gate of one table's day. `status` is what was found when it was made; staleness is judged on every read."""

    table: str
    day: str
    status: GateStatus
    made_at: str
    code_version: str
    because: str | None = None
    sha256: str | None = None
    rows: int | None = None
    suite_sha256: str | None = None
    inputs: tuple[InputPin, ...] = ()
    deliveries: tuple[DeliveryPin, ...] = ()
    notes: tuple[str, ...] = ()
    outcomes: tuple[ExpectationOutcome, ...] = ()
    measures: Mapping[str, float | None] = field(default_factory=dict)
    """The suite's measures of the day, which later days are compared with."""

    @property
    def warnings(self) -> list[ExpectationOutcome]:
        """Expectations that failed without holding the day."""
        return [o for o in self.outcomes if not o.passed and o.severity is not Severity.CRITICAL]

    def to_json(self) -> str:
        """The record as one JSON document, keys sorted."""
        return json.dumps({"format": GATE_RECORD_FORMAT} | asdict(self), sort_keys=True, indent=1)

    @staticmethod
    def from_json(text: str) -> "GateRecord":
        """Reads a record back.

        Raises:
            GateUnreadable: it is no JSON, lacks a field, or is of an unknown form.
        """
        try:
            data: dict[str, Any] = json.loads(text)
            if data.pop("format") != GATE_RECORD_FORMAT:
                raise GateUnreadable("the gate record is of another version than this program reads")
            data["status"] = GateStatus(data["status"])
            data["inputs"] = tuple(InputPin(**pin) for pin in data["inputs"])
            data["deliveries"] = tuple(DeliveryPin(**pin) for pin in data["deliveries"])
            data["notes"] = tuple(data["notes"])
            data["outcomes"] = tuple(_outcome(o) for o in data["outcomes"])
            return GateRecord(**data)
        except (ValueError, KeyError, TypeError, AttributeError) as fault:
            raise GateUnreadable(f"the gate record is damaged ({type(fault).__name__})") from None


def _outcome(data: dict[str, Any]) -> ExpectationOutcome:
    return ExpectationOutcome(**(data | {"severity": Severity(data["severity"])}))
