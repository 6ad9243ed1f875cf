"""Writes the page on the made-up population, with its charts: `python -m docs.population`, part of `make docs`.

A world is made anew for it, always the same one, and counted in `population_figures`.
"""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from docs import population_figures as figures
from docs.charts import Chart, svg, written
from docs.population_figures import SEED, Figures, World, make_world

HERE = Path(__file__).parent
PAGE = HERE / "explanation" / "population.md"
PICTURES = HERE / "pictures"
NOTE = "<!-- Written by `make docs`; change docs/population.py, not this page. -->\n"


@dataclass(frozen=True)
class Part:
    """One section of the page."""

    heading: str
    about: str
    figures: Sequence[Figures]


def parts(world: World) -> tuple[Part, ...]:
    """The page's sections in order."""
    return (
        Part("Ages", "How old residents are on the first day.", (figures.ages(world), figures.broad_ages(world))),
        Part("Households", "Who lives with whom.", (figures.households(world), figures.shapes(world))),
        Part("Districts", "Where they live; on real postcodes, with made-up street lines.", (figures.districts(world),)),
        Part(
            "Ethnicity",
            "Of residents whose group is stated. A community has its own names and naming customs.",
            (figures.ethnicity(world), figures.asian_by_district(world)),
        ),
        Part("Names", "How much a name tells.", (figures.surnames(world), figures.alike(world))),
        Part(
            "Receptions",
            "Who is received into custody.",
            (figures.rates(world), figures.legal_statuses(world), figures.who_is_received(world), figures.ages_received(world)),
        ),
    )


def page(world: World) -> str:
    """The page's text."""
    made = (
        f"A world of {world.residents:,} residents and {world.days} days is made for this page, seed {SEED}, with "
        f"{world.density:g} times as many receptions as in life, and counted by its answer key. Filled bars are made up, "
        "outlined ones are what it was calibrated to; under each chart stands where that comes from. "
        "[How the world is built](the-made-up-world.md).\n"
    )
    head = [NOTE, "# The made-up population beside what is published\n", made]
    sections = [text for part in parts(world) for text in _section(part)]
    return "\n".join([*head, *sections, *_not_calibrated(world)])


def _section(part: Part) -> Iterable[str]:
    yield f"## {part.heading}\n"
    yield f"{part.about}\n"
    for each in part.figures:
        yield f"![{each.chart.title}. {each.chart.desc}](../pictures/{each.name}.svg)\n"
        if each.about:
            yield f"{each.about}\n"
        yield f"Source: {' · '.join(each.sources) or 'none, nothing to compare with'}.\n"
        yield _numbers(each.chart)


def _numbers(chart: Chart) -> str:
    rows = [f"| {bar.name} | {chart.form.format(bar.made)} | {written(bar.published, chart.form) or '-'} |" for bar in chart.bars]
    head = ["<details><summary>The numbers</summary>\n", "| | made up | published or assumed |", "|---|---:|---:|"]
    return "\n".join([*head, *rows, "\n</details>\n"])


def _not_calibrated(world: World) -> Iterable[str]:
    yield f"## {UNCALIBRATED}\n"
    yield "No figure was found for these, or none was looked for; they are assumed:\n"
    yield from (f"- {line}" for line in (*NOT_CALIBRATED, *_noise(world)))
    yield ""


UNCALIBRATED = "What was not calibrated"

NOT_CALIBRATED = (
    "How ages, households, ethnicity and districts go together: each is right by itself, not in combination.",
    "The age bands of the area where the source above says *assumed*; the published bands are the country's.",
    "The finer shapes of households, who lives in hostels, refuges and care, and how often a father lives elsewhere.",
    "How a broad ethnic group splits into communities, and how common names are outside the British list.",
    "How often and how far people move, and who moves with whom.",
    "Who of the residents is received: age, and that people received live in every district alike.",
    "How long people stay, where they are moved to, and how often both parents are inside at once.",
    "Whom the police and children's services know, and why; how many of those received are known here is no estimate.",
    "How families answer to an offer of help.",
)
"""What a reader may take for measured and must not."""


def _noise(world: World) -> Iterable[str]:
    """How much of the noise is assumed, where the table of rates is there to say so."""
    file = world.reference / "noise_rates.csv"
    if file.exists():
        basis = pl.read_csv(file, infer_schema=False)["basis"]
        published, listed = int((basis == "published").sum()), len(basis)
        yield f"Noise: of {listed} rates and factors in `data/reference/noise_rates.csv`, {published} rest on a publication."


def files(world: World) -> dict[Path, str]:
    """The page and its pictures."""
    charts = {PICTURES / f"{f.name}.svg": svg(f.chart) for part in parts(world) for f in part.figures}
    return {PAGE: page(world), **charts}


def main() -> int:
    """Writes the page and its pictures."""
    for file, text in files(make_world()).items():
        file.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
