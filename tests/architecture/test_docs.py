"""What the written pages say must be true of the code: links, commands, paths, settings, contracts, figures and examples."""

import re
from pathlib import Path

import pytest
import sqlglot
import typer
from sqlglot import exp

from docs.generate import pages
from paramount_assets.chain import catalogue_of
from paramount_assets.cli import app
from paramount_assets.intake.contracts import REFERENCE_FILES
from paramount_assets.intake.feedback import EVENTS
from paramount_assets.lake import Holds, dictionary
from paramount_assets.lake.contract import ReasonCode
from paramount_assets.prison.contract import CONTRACTS
from paramount_assets.publication.gates import GATE_TABLES
from paramount_assets.settings import Settings

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    page for where in ("*.md", "docs/**/*.md", "data/*.md", "data/reference/*.md", "benchmarks/*.md") for page in ROOT.glob(where)
)
WRITTEN = [page for page in PAGES if "reference" not in page.relative_to(ROOT).parts]
RESULTS = ROOT / "docs" / "how-to" / "read-the-results.md"
AUDIT = ROOT / "docs" / "how-to" / "audit-a-day.md"
DELIVERIES = ROOT / "docs" / "how-to" / "bring-your-own-data.md"
SQL_PAGES = (RESULTS, AUDIT)


def examples(page: Path, language: str) -> list[str]:
    """The code blocks of a page in a language; those in `sql` run on a published file, opened read-only."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text(encoding="utf-8"), re.M | re.S)


def prose(page: Path) -> str:
    """The page without its code blocks."""
    return re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)


def anchors(page: Path) -> set[str]:
    """What a heading of the page is linked by: lower case, punctuation gone, blanks turned to hyphens."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def relative(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_every_link_leads_somewhere(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        linked = (page.parent / path).resolve() if path else page
        assert linked.exists(), target
        assert not anchor or anchor in anchors(linked), target


@pytest.mark.parametrize("page", WRITTEN, ids=relative)
def test_every_command_and_option_exists(page):
    commands = typer.main.get_command(app).commands
    for name, rest in re.findall(r"\bparamount ([a-z]+)\b([^`\n]*)", "\n".join(re.findall(r"`+[^`]+`+", page.read_text()))):
        assert name in commands, name
        known = {option for parameter in commands[name].params for option in parameter.opts}
        assert set(re.findall(r"--[a-z-]+", rest)) <= known, rest


@pytest.mark.parametrize("page", WRITTEN, ids=relative)
def test_every_make_target_exists(page):
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    assert set(re.findall(r"(?:`|^ {4})make ([a-z]+)", page.read_text(), re.M)) <= targets


@pytest.mark.parametrize("page", WRITTEN, ids=relative)
def test_every_path_of_the_project_is_there(page):
    named = re.findall(r"`((?:paramount_assets|dbt_like_sql|expectations|tests|docs|forces)/[\w./-]+\.\w+)`", page.read_text())
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", WRITTEN, ids=relative)
def test_every_test_that_is_named_exists(page):
    written = {name for file in (ROOT / "tests").rglob("test_*.py") for name in re.findall(r"def (test_\w+)", file.read_text())}
    assert set(re.findall(r"`(test_\w+)`", page.read_text())) <= written


@pytest.mark.parametrize("page", WRITTEN, ids=relative)
def test_every_setting_exists(page):
    known = {f"PARAMOUNT_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"PARAMOUNT_[A-Z_]+", page.read_text())) <= known


@pytest.mark.parametrize("page", WRITTEN, ids=relative)
def test_every_table_that_is_named_exists(page):
    catalogue = catalogue_of(Settings(root=ROOT))
    steps = {table.step for table in catalogue}
    named = {(step, name) for step, name in re.findall(r"`(\w+)/(\w+)`", prose(page)) if step in steps}
    assert {f"{step}/{name}" for step, name in named} <= {table.key for table in catalogue}


def test_the_generated_pages_are_current():
    stale = [relative(page) for page, text in pages().items() if not page.exists() or page.read_text(encoding="utf-8") != text]
    assert stale == [], "run `make docs`"


@pytest.mark.parametrize("contract", [*CONTRACTS, *(file.contract for file in REFERENCE_FILES), EVENTS], ids=lambda c: c.name)
def test_the_page_for_those_who_deliver_says_what_the_contract_says(contract):
    section = DELIVERIES.read_text().split(f"### `{contract.name}.csv`\n")[1].split("\n## ")[0].split("\n### ")[0]
    key = re.search(r"Key: (.+?)\.(?:\n| )", section)
    assert key is not None
    assert tuple(re.findall(r"`(\w+)`", key[1])) == contract.key
    rows = re.findall(r"^\| `(\w+)`(\*?) \| (\w+) \|(.*)\|$", section, re.M)
    assert [(name, bool(star), kind) for name, star, kind, _ in rows] == [(c.name, c.required, c.kind) for c in contract.columns]
    codes = {c.name: list(c.codes) for c in contract.columns if c.codes and c.name != "event_type"}
    assert {name: re.findall(r"`(\w+)`", form) for name, _, _, form in rows if name in codes} == codes


def test_the_page_for_those_who_deliver_knows_every_reason_and_every_event():
    said = set(re.findall(r"`(\w+)`", DELIVERIES.read_text()))
    assert {str(reason) for reason in ReasonCode} <= said
    assert set(next(c.codes for c in EVENTS.columns if c.name == "event_type")) <= said


def test_the_figures_of_linkage_are_those_that_stand_beside_the_thresholds():
    page = (ROOT / "docs" / "explanation" / "linkage-in-three-zones.md").read_text()
    measured = page.split("## What was measured")[1].split("**These figures")[0]
    source = (ROOT / "paramount_assets" / "matching" / "thresholds.py").read_text()
    assert set(re.findall(r"\d[\d,]*\b", measured)) <= set(re.findall(r"\d[\d,]*\b", source))


@pytest.mark.parametrize("sql", [sql for page in SQL_PAGES for sql in examples(page, "sql")])
def test_an_example_reads_only_what_is_published(sql):
    (statement,) = sqlglot.parse(sql, read="duckdb")
    catalogue = catalogue_of(Settings(root=ROOT))
    columns = {f"{t.step}.{t.name}": {*catalogue.suite(t).columns, "as_of"} for t in catalogue if t.is_published}
    columns |= {f"quality.{name}": set(words) for name, (_, words) in GATE_TABLES.items()}
    read = {f"{table.db}.{table.name}" for table in statement.find_all(exp.Table) if table.db}
    assert read <= set(columns)
    assert read or "duckdb_tables()" in sql
    own = {alias for node in statement.find_all(exp.Alias, exp.TableAlias) for alias in [node.alias_or_name]}
    asked = {column.name for column in statement.find_all(exp.Column)} - own - {"schema_name", "table_name", "comment"}
    assert asked <= {column for table in read for column in columns[table]}
    assert not [c for c in asked if c in dictionary() and dictionary()[c].holds is Holds.PERSONAL]
