"""Writes the reference pages from the code, so that they cannot say anything else. `--check` only says which are out of date."""

import sys
from pathlib import Path

import typer

from paramount_assets import cli
from paramount_assets.chain import STEPS, catalogue_of
from paramount_assets.lake import Catalogue, Table, dictionary
from paramount_assets.lake.table import How
from paramount_assets.ledger import STEPS as CASE_STEPS
from paramount_assets.settings import Settings

HERE = Path(__file__).parent
NOTE = "<!-- Written by `make docs`; change the code, not this page. -->\n"


def tables_page(catalogue: Catalogue) -> str:
    """Every table: its grain, what it reads, its columns and its gate."""
    parts = [
        NOTE,
        "# Tables\n\nOne section per step, in the order of the chain. Columns are explained in [columns](columns.md).\n",
    ]
    for step in STEPS:
        parts.append(f"## {step}\n")
        parts += [_table_section(t, catalogue) for t in catalogue if t.step == step]
    return "\n".join(parts)


def _table_section(table: Table, catalogue: Catalogue) -> str:
    suite = catalogue.suite(table)
    reads = ", ".join(sorted({f"`{catalogue[r.table].key}`{_how(r.how, r.days)}" for r in table.reads})) or "what has landed"
    gates = [
        f"| {e.severity} | `{e.type}` | `{e.about}` | {e.limits.replace('|', '&#124;')} | {e.why} |"
        for e in (*suite.row_expectations, *suite.day_expectations)
    ]
    gates += [f"| {r.severity} | reference | `{', '.join(r.columns)}` | stands in `{r.to}` | {r.why} |" for r in suite.references]
    gates += [f"| warning | drift | `{d.measure}` | {d.limits} | {d.why} |" for d in suite.drift_expectations]
    published = "published without personal columns" if table.is_published else "not published"
    return "\n".join(
        [
            f"### `{table.key}`\n",
            f"{table.description}\n",
            f"{table.cadence.capitalize()} · key `{', '.join(suite.key)}` · owner {suite.owner} · {published}\n",
            f"Reads {reads}.\n",
            f"Columns: {', '.join(f'`{c}`' for c in suite.columns)}.\n",
            "| severity | expectation | about | limits | why |\n| --- | --- | --- | --- | --- |",
            *gates,
            "",
        ]
    )


def _how(how: How, days: int) -> str:
    return {
        How.CURRENT: "",
        How.EARLIER: f" ({days} days before)",
        How.BESIDE: " (where it is released)",
        How.PREVIOUS: " (version before)",
        How.GATE: " (only that its gate is open)",
        How.VERSION_DATE: " (date of the version)",
    }[how]


def columns_page() -> str:
    """The data dictionary."""
    rows = [f"| `{c.name}` | {c.type} | {c.holds} | {c.about} |" for c in sorted(dictionary().values(), key=lambda c: c.name)]
    head = (
        "# Columns\n\nThe same name means the same thing in every table. "
        "*open* is published, *identifier* only as a keyed pseudonym, *personal* never.\n"
    )
    return "\n".join([NOTE, head, "| column | type | holds | meaning |\n| --- | --- | --- | --- |", *rows, ""])


def commands_page() -> str:
    """Every command with its options."""
    group = typer.main.get_command(cli.app)
    exit_codes = (cli.__doc__ or "").split("\n\n", maxsplit=1)[1]
    parts = [NOTE, f"# Commands\n\n{exit_codes}"]
    for name, command in sorted(group.commands.items()):
        parts.append(f"## `paramount {name}`\n\n{command.help}\n")
        options = [(", ".join(p.opts), getattr(p, "help", "") or "") for p in command.params]
        parts += ["| option | meaning |\n| --- | --- |", *(f"| `{opts}` | {text} |" for opts, text in options), ""]
    return "\n".join(parts)


def settings_page() -> str:
    """Every setting."""
    rows = [f"| `PARAMOUNT_{name.upper()}` | {field.description} |" for name, field in Settings.model_fields.items()]
    head = "# Settings\n\nGiven as environment variables or in a file `.env` in the project's root.\n"
    return "\n".join([NOTE, head, "| variable | meaning |\n| --- | --- |", *rows, ""])


def states_page() -> str:
    """The states of a case, drawn from the ledger's own table of steps."""
    arrows = [f"    {state} --> {target}: {step}" for state, steps in CASE_STEPS.items() for step, target in steps.items()]
    head = (
        "# States of a case\n\nA case is one family that is, or was, to be told of. "
        "Only these steps exist; the ledger refuses any other.\n"
    )
    return "\n".join([NOTE, head, "```mermaid\nstateDiagram-v2", *arrows, "```", ""])


def pages() -> dict[Path, str]:
    """Every generated page."""
    catalogue = catalogue_of(Settings(root=HERE.parent))
    folder = HERE / "reference"
    return {
        folder / "tables.md": tables_page(catalogue),
        folder / "columns.md": columns_page(),
        folder / "commands.md": commands_page(),
        folder / "settings.md": settings_page(),
        folder / "case-states.md": states_page(),
    }


def main() -> int:
    """Writes the pages, or with `--check` says which differ from the code."""
    stale = [file for file, text in pages().items() if not file.exists() or file.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv:
        for file in stale:
            sys.stderr.write(f"{file.relative_to(HERE.parent)} is out of date; run `make docs`\n")
        return len(stale)
    for file in stale:
        file.parent.mkdir(exist_ok=True)
        file.write_text(pages()[file], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
