"""One day with a hundred times the receptions that its force usually has, against the references of the day before.

Two worlds of one seed have the same residents. The second one's extract of the second day, of a hundredfold density, is put into
the first in place of its own.
"""

import datetime as dt
import shutil
from pathlib import Path

from benchmarks.measured import data_folder, options_of_a_day, paramount, write_results

FIRST_DAY, BIG_DAY = dt.date(2025, 11, 3).isoformat(), dt.date(2025, 11, 4).isoformat()
DENSITY = 4.0
TIMES = 100


def main() -> None:
    """Measures and reports."""
    parser = options_of_a_day("big_day", "A day of a hundred times the receptions.", days=2)
    parser.add_argument("--big", type=Path, help="a data folder with the hundredfold world, instead of a new one")
    asked = parser.parse_args()
    size = ["--residents", str(asked.residents), "--days", str(asked.days), "--seed", str(asked.seed)]
    world = ["--preset", "force", *size, "--density"]
    big = asked.folder / "hundredfold"
    steps = data_folder(asked.made, asked.folder, *world, str(DENSITY))
    steps += data_folder(asked.big, big, *world, str(DENSITY * TIMES))
    extract = Path("landing") / "prison_extract" / BIG_DAY
    shutil.rmtree(asked.folder / extract)
    shutil.copytree(big / extract, asked.folder / extract)
    steps.append(paramount(f"run {FIRST_DAY}, with full deliveries", asked.folder, "run", "--date", FIRST_DAY))
    steps.append(paramount(f"run {BIG_DAY}, {TIMES} times the receptions", asked.folder, "run", "--date", BIG_DAY))
    write_results(asked, steps)


if __name__ == "__main__":
    main()
