"""Making worlds: a million residents and a whole force with the records of five years, and the demo from end to end."""

import datetime as dt
from pathlib import Path

from benchmarks.measured import Step, options, paramount, write_results

FIRST_DAY = dt.date(2025, 11, 3)
FIVE_YEARS = 1826
LATER_STEPS = ("intake/feedback", "casework", "outcomes")
"""Made once the answers of the made-up casework have come in."""


def main() -> None:
    """Measures and reports."""
    asked = options("Making worlds, and the demo.", residents=60_000, days=30).parse_args()
    seed = ["--seed", str(asked.seed), "--fresh"]
    long = ["--days", str(FIVE_YEARS), "--density", "1"]
    million = ["simulate", "--preset", "force", "--residents", "1000000", *long, *seed]
    force = ["simulate", "--preset", "force", *long, *seed]
    steps = [
        paramount("1,000,000 residents, five years", asked.folder / "million", *million),
        paramount("2,500,000 residents, five years", asked.folder / "force", *force),
        paramount("preset force", asked.folder / "preset", "simulate", "--preset", "force", *seed),
    ]
    write_results(asked, [*steps, *_demo(asked.folder / "demo", asked.residents, asked.days, seed)])


def _demo(data: Path, residents: int, days: int, seed: list[str]) -> list[Step]:
    last, feedback = (FIRST_DAY + dt.timedelta(days=n) for n in (days - 1, days + 27))
    first = ["--from", FIRST_DAY.isoformat()]
    without = [part for step in LATER_STEPS for part in ("--without", step)]
    only = [part for step in LATER_STEPS for part in ("--only", step)]
    told = ["backfill", *first, "--to", last.isoformat(), *without, "--notify", "--replay"]
    answered = ["backfill", *first, "--to", feedback.isoformat(), *only, "--replay"]
    size = ["--residents", str(residents), "--days", str(days)]
    return [
        paramount("demo: simulate", data, "simulate", "--preset", "demo", *size, *seed),
        paramount("demo: backfill", data, *told),
        paramount("demo: answers", data, "simulate", "--answers"),
        paramount("demo: backfill of what came of it", data, *answered),
        paramount("demo: publish", data, "publish"),
        paramount("demo: status", data, "status", *first, "--to", last.isoformat()),
        paramount("demo: evaluate", data, "evaluate"),
    ]


if __name__ == "__main__":
    main()
