"""A day of a whole force: first one with full deliveries of the police and of children's services, then days without one.

Each is `paramount run --date D`: every table, every gate, the tables over all days, and the start of the process.
"""

import datetime as dt

from benchmarks.measured import data_folder, options_of_a_day, paramount, write_results

FIRST_DAY = dt.date(2025, 11, 3)
DENSITY = 4.0


def main() -> None:
    """Measures and reports."""
    asked = options_of_a_day("daily_run", "A day of a whole force.", days=4).parse_args()
    world = ["--preset", "force", "--residents", str(asked.residents), "--days", str(asked.days), "--density", str(DENSITY)]
    steps = data_folder(asked.made, asked.folder, *world, "--seed", str(asked.seed))
    for number in range(asked.days):
        day = (FIRST_DAY + dt.timedelta(days=number)).isoformat()
        kind = "with full deliveries" if number == 0 else "without a reference delivery"
        steps.append(paramount(f"run {day}, {kind}", asked.folder, "run", "--date", day))
    write_results(asked, steps)


if __name__ == "__main__":
    main()
