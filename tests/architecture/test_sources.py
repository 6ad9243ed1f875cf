"""Rules about the source text itself."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "paramount_assets").rglob("*.py"))


def test_only_the_clock_reads_the_time():
    reads = re.compile(r"datetime\.now\(|\.utcnow\(|date\.today\(|time\.time\(|perf_counter\(")
    assert [f.name for f in SOURCES if reads.search(f.read_text())] == ["clock.py"]


def test_randomness_is_seeded_and_secrets_are_made_in_one_place():
    unseeded = re.compile(r"default_rng\(\)|np\.random\.(seed|rand|choice)|\brandom\.(random|choice|shuffle)\(|uuid4\(")
    assert not [f.name for f in SOURCES if unseeded.search(f.read_text())]
    assert [f.name for f in SOURCES if re.search(r"^import secrets|^from secrets", f.read_text(), re.M)] == ["keys.py"]


def test_nothing_catches_everything_but_the_day_boundary():
    catches = {f.name for f in SOURCES if re.search(r"except (Exception|BaseException)\b|except:", f.read_text())}
    assert catches == {"run.py"}


def test_no_module_is_a_drawer():
    assert not [f for f in SOURCES if f.stem in {"utils", "helpers", "common", "misc"}]
