"""Write the generated pages of the documentation, or check that they are up to date (`--check`)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_type_hints

from seguito.facts.tables import TABLES, Table
from seguito.measures.contract import Measure
from seguito.measures.pages import page
from seguito.measures.registry import MEASURES

DOCS = Path(__file__).parent
NOTE = "<!-- Generated from the code by `make docs`; change it there. -->\n\n"


def pages() -> Iterator[tuple[Path, str]]:
    """Every generated page: where it goes and what it says."""
    for measure in MEASURES.values():
        yield DOCS / "measures" / f"{measure.name}.md", measure_page(measure)
    yield DOCS / "measures" / "README.md", measure_index()
    yield DOCS / "reference" / "tables.md", tables_page()
    yield DOCS / "reference" / "commands.md", commands_page()
    yield DOCS / "reference" / "scenarios.md", scenarios_page()
    yield DOCS / "reference" / "validation.md", validation_page()


def measure_page(measure: Measure) -> str:
    """One measure: the docstring of its function and the fields of its declaration."""
    told = page(measure)
    source = f"../../{Path(sys.modules[measure.compute.__module__].__file__ or '').relative_to(DOCS.parent)}"
    lines = [
        f"# {measure.name}\n",
        f"{told.summary}\n",
        f"**Question.** {told.question}\n",
        f"**Definition.** {told.definition}\n",
        f"**Interval.** {told.interval}\n",
        f"**What it does not mean.** {told.is_not}\n",
        f"**Reference.** {told.reference}\n",
        f"**Needs.** {told.needs}\n",
        f"**Minimum.** {told.minimum}\n",
        "| field | value |\n| --- | --- |",
        f"| version | {measure.version} |",
        f"| unit | {measure.unit} |",
        f"| n counts | {measure.n_unit} (at least {measure.min_n}) |",
        f"| source must show | {', '.join(sorted(measure.needs)) or 'nothing in particular'} |",
        f"| coverage read | {', '.join(measure.covers) or 'none'} |",
        f"| labels read | {', '.join(sorted(measure.labels)) or 'none'} |",
        f"| code | [{measure.compute.__module__}.{measure.compute.__name__}]({source}) |",
    ]
    return NOTE + "\n".join(lines) + "\n"


def measure_index() -> str:
    """All measures by family."""
    lines = ["# Measures\n", "Each measure is a question with a definition; its answer is an estimate.\n"]
    family = ""
    for measure in sorted(MEASURES.values(), key=lambda one: one.family):
        if measure.family != family:
            family = measure.family
            lines.append(f"\n## {family}\n\n| measure | question | unit | at least |\n| --- | --- | --- | --- |")
        told = page(measure)
        link = f"[{measure.name}]({measure.name}.md)"
        lines.append(f"| {link} | {told.question} | {measure.unit} | {measure.min_n} {measure.n_unit} |")
    return NOTE + "\n".join(lines) + "\n"


def tables_page() -> str:
    """The data dictionary."""
    lines = [
        "# The lake's tables\n",
        "Every row also has `digest` (of what it says) and, where the table is laid out by month, `month`.\n",
    ]
    for table in TABLES.values():
        lines.extend(_table_lines(table))
    return NOTE + "\n".join(lines) + "\n"


def _table_lines(table: Table) -> Iterator[str]:
    told = (table.fact.__doc__ or "").strip().replace("\n    ", "\n")
    yield f"\n## {table.name}\n\n{told}\n"
    kept = "the newest row per key is current" if table.changes else "one row per key"
    yield f"Key: {', '.join(f'`{name}`' for name in table.key)}; {kept}{'; private' if table.private else ''}.\n"
    yield "| column | type | may be unknown |\n| --- | --- | --- |"
    hints = get_type_hints(table.fact)
    for column in table.schema:
        hint = str(hints[column.name])
        values = hint[hint.index("[") + 1 : hint.index("]")] if hint.startswith("typing.Literal") else ""
        kind = f"{column.type}" + (f": {values}" if values else "")
        yield f"| `{column.name}` | {kind} | {'yes' if column.nullable else ''} |"


def scenarios_page() -> str:
    """What each simulated scenario plants, what truth.json says of it and what a measure should make of it."""
    from seguito.simulate.latents import __doc__ as latents
    from seguito.simulate.scenarios import SCENARIOS

    lines = [
        "# Scenarios\n",
        (
            "`seguito simulate --scenario S2 --seed 7 --output world` writes the files a source reads and, beside "
            "them, the truth: `truth.json` sums it up, `truth.jsonl` tells every latent. The same seed gives the same "
            "bytes. "
            "Seeds 0 to 99 are for building measures; 1000 to 1199 are kept for releases and need `--release`. "
            "How worlds are made, and where they differ from real ones: "
            "[the simulator](../concepts/simulator.md), [stylised facts](stylised-facts.md).\n"
        ),
        "| scenario | plants | keys of truth.json | asked of a measure |\n| --- | --- | --- | --- |",
    ]
    for name, one in SCENARIOS.items():
        keys = ", ".join(f"`{key}`" for key in one.gives)
        lines.append(f"| {name} | {one.plants} | {keys} | {one.asks} |")
    lines.append("\n## truth.jsonl\n\n" + (latents or "").split("\n\n", 1)[1].strip())
    return NOTE + "\n".join(lines) + "\n"


def commands_page() -> str:
    """What every command of the command line says of itself."""
    from typer.main import get_command

    from seguito.cli.main import app

    lines = ["# Commands\n"]
    for name, command in _commands(get_command(app)):
        lines.append(f"\n## seguito {name}\n\n{(command.help or '').strip()}\n")
        lines.append("| option | what it does |\n| --- | --- |")
        for option in command.params:
            told = (getattr(option, "help", "") or "").replace("|", "\\|")
            named = ", ".join(option.opts) if option.param_type_name == "option" else (option.name or "").upper()
            lines.append(f"| `{named}` | {told} |")
    return NOTE + "\n".join(lines) + "\n"


def validation_page() -> str:
    """What detectors reached where the truth is known, from the results that were kept."""
    from validation import page, run

    return page.written(run.kept())


def _commands(root: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Every command with its name; of a group of commands, each."""
    context = root.make_context("seguito", [], resilient_parsing=True)
    for name in root.list_commands(context):
        command = root.get_command(context, name)
        if hasattr(command, "list_commands"):
            yield from _commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def main() -> int:
    """Write the pages, or with --check name those that are out of date."""
    check = "--check" in sys.argv
    stale = []
    wanted = dict(pages())
    for path, text in wanted.items():
        if path.exists() and path.read_text() == text:
            continue
        stale.append(path)
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    left_over = [path for path in (DOCS / "measures").glob("*.md") if path not in wanted]
    for path in left_over:
        if check:
            stale.append(path)
        else:
            path.unlink()
    if check and stale:
        sys.stderr.write(
            "out of date: " + ", ".join(str(path.relative_to(DOCS)) for path in stale) + "; run: make docs\n"
        )
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
