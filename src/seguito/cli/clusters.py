"""`seguito clusters`: messages that one answer could serve, the odd ones first."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from seguito.cli import options as opt
from seguito.cli.console import Talk, results

if TYPE_CHECKING:
    import pyarrow as pa

Whose = Annotated[str | None, typer.Option("--creator", help="The creator's handle or id, where there are several.")]
By = Annotated[Literal["wording", "intent"], typer.Option("--by", help="What brings messages together.")]
Only = Annotated[str | None, typer.Option("--label", help="Only messages with this label, such as question.")]
Least = Annotated[int, typer.Option("--least", min=2, help="Leave out clusters of fewer messages.")]
Shown = Annotated[int, typer.Option("--show", min=1, help="How many clusters to show.")]

ODD = 3


def clusters(
    creator: Whose = None,
    by: By = "wording",
    label: Only = None,
    least: Least = 3,
    show: Shown = 10,
    workspace: opt.Workspace = opt.HERE,
    show_names: opt.ShowNames = False,
    as_json: opt.AsJson = False,
    quiet: opt.Quiet = False,
) -> None:
    """Gather messages that say the same, so that one answer can serve many; the odd ones come first."""
    from seguito.cli.steps import only_creator
    from seguito.dossier.redact import redact
    from seguito.measures.gathered import by_intent, by_wording
    from seguito.measures.space import Space, find_creator
    from seguito.store.lake import open_lake

    with open_lake(workspace, create=False) as lake:
        whose = creator or only_creator(lake, None)
        snapshot = lake.snapshot()
        space = Space(snapshot, find_creator(snapshot, whose))
        gather = by_wording if by == "wording" else by_intent
        found = _grouped(gather(space, label=label, least=least), show)
    for one in found:
        one["texts"] = [(alike, text if show_names else redact(text)) for alike, text in one["texts"]]
    if as_json:
        typer.echo(json.dumps([_written(one) for one in found], indent=1, ensure_ascii=False))
    elif found:
        _print(found)
    else:
        Talk(quiet=quiet).say(f"No {least} messages say the same.")


def _grouped(table: pa.Table, show: int) -> list[dict[str, Any]]:
    """The first clusters, each with its texts: the odd ones first, the text that leads it apart."""
    found: dict[str, dict[str, Any]] = {}
    for row in table.to_pylist():
        if row["cluster"] not in found and len(found) == show:
            break
        one = found.setdefault(row["cluster"], {key: row[key] for key in ("cluster", "n", "accounts")} | {"texts": []})
        one["texts"].append((row["alike"], row["text"] or ""))
    return list(found.values())


def _written(one: dict[str, Any]) -> dict[str, Any]:
    texts = [{"alike": alike, "text": text} for alike, text in one["texts"]]
    return {**one, "texts": texts}


def _print(found: list[dict[str, Any]]) -> None:
    from rich.text import Text

    console = results()
    for one in found:
        alike, lead = one["texts"][-1]
        console.print(Text(f"{one['n']:,} messages by {one['accounts']:,} accounts", style="bold"))
        console.print(Text(f"  {lead}"))
        for alike, text in [odd for odd in one["texts"][:-1] if (odd[0] or 1) < 1][:ODD]:
            console.print(Text(f"  odd ({alike:.2f}): {text}", style="yellow"))
        console.print()
