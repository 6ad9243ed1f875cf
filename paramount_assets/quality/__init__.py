"""Data-quality gates: suites of expectations, their verdicts, and the gate records that everything else obeys."""

from paramount_assets.quality.records import (
    GATE_RECORD_FORMAT,
    DeliveryPin,
    ExpectationOutcome,
    GateRecord,
    GateUnreadable,
    InputPin,
)
from paramount_assets.quality.suites import Expectation, Suite, SuiteInvalid, load_suite
from paramount_assets.quality.verdicts import Judge, Verdict, judge

__all__ = [
    "GATE_RECORD_FORMAT",
    "DeliveryPin",
    "Expectation",
    "ExpectationOutcome",
    "GateRecord",
    "GateUnreadable",
    "InputPin",
    "Judge",
    "Suite",
    "SuiteInvalid",
    "Verdict",
    "judge",
    "load_suite",
]
