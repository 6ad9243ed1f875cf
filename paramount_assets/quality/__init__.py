"""Data-quality gates: suites of expectations, their verdicts, and the gate records that everything else obeys."""

from paramount_assets.quality.drift import drift
from paramount_assets.quality.records import (
    GATE_RECORD_FORMAT,
    DeliveryPin,
    ExpectationOutcome,
    GateRecord,
    GateUnreadable,
    InputPin,
)
from paramount_assets.quality.suites import Drift, Expectation, Reference, Suite, SuiteInvalid, load_suite
from paramount_assets.quality.verdicts import Counts, Judge, Verdict, judge

__all__ = [
    "GATE_RECORD_FORMAT",
    "Counts",
    "DeliveryPin",
    "Drift",
    "Expectation",
    "ExpectationOutcome",
    "GateRecord",
    "GateUnreadable",
    "InputPin",
    "Judge",
    "Reference",
    "Suite",
    "SuiteInvalid",
    "Verdict",
    "drift",
    "judge",
    "load_suite",
]
