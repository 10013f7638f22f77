"""`seguito score-labeller`: how well a label does on texts that people labelled. The door for anybody's test set."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from seguito.cli import options as opt
from seguito.cli.console import Talk, results
from seguito.cli.labelled import Rows, context_of, filters, first, is_code, pairs, read, weights_of
from seguito.cli.scores import document_of, print_scores, tell

if TYPE_CHECKING:
    import pyarrow as pa

    from seguito.labels.gold import Gold
    from seguito.labels.models.classifier import Classifier
    from seguito.labels.scoring import Said

_SET = "The labelled set"
_LABEL = "The label"

Name = Annotated[
    str,
    typer.Argument(
        help="A label, or one value of it: sentiment, spam, question=genuine. `list` lists them.", metavar="LABEL"
    ),
]
File = Annotated[Path | None, typer.Argument(help="CSV, TSV, JSON, NDJSON or Parquet.", metavar="FILE")]
Text = Annotated[str, typer.Option("--text", help="The column with the texts.", rich_help_panel=_SET)]
GoldColumn = Annotated[str, typer.Option("--gold", help="The column with what people said.", rich_help_panel=_SET)]
Positive = Annotated[
    list[str] | None,
    typer.Option(
        "--positive",
        help="The gold that counts as yes; all else is no. Cells may hold several (thanks;support). Repeatable.",
        rich_help_panel=_SET,
    ),
]
Map = Annotated[
    Path | None,
    typer.Option(
        "--map", help="Two columns, gold,value (or a JSON object); '-' leaves rows out.", rich_help_panel=_SET
    ),
]
Where = Annotated[
    list[str] | None,
    typer.Option(
        "--where", help="Only rows with COLUMN=VALUE. Repeatable.", rich_help_panel=_SET, metavar="COLUMN=VALUE"
    ),
]
By = Annotated[
    str | None, typer.Option("--by", help="Score each value of this column apart, too.", rich_help_panel=_SET)
]
NoQuotes = Annotated[
    bool, typer.Option("--no-quotes", help="Quotation marks in the file are just letters.", rich_help_panel=_SET)
]
Languages = Annotated[
    str | None,
    typer.Option("--language", help="A column with language codes, or one code for all.", rich_help_panel=_SET),
]
Context = Annotated[
    list[str] | None,
    typer.Option(
        "--context", help="What else is known, as NAME=COLUMN. Repeatable.", rich_help_panel=_SET, metavar="NAME=COLUMN"
    ),
]
Words = Annotated[
    int | None, typer.Option("--first-words", min=1, help="Read only so many words of each text.", rich_help_panel=_SET)
]
Weights = Annotated[
    str, typer.Option("--weights", help="open, research, or the path of a weight file.", rich_help_panel=_LABEL)
]
Threshold = Annotated[
    float | None,
    typer.Option("--threshold", min=0, max=1, help="Probability from which on it is yes.", rich_help_panel=_LABEL),
]
Model = Annotated[
    Path | None,
    typer.Option("--model", help="A larger model's folder, in place of the weights.", rich_help_panel=_LABEL),
]
Names = Annotated[
    list[str] | None,
    typer.Option(
        "--name",
        help="What a name it gives means. Repeatable.",
        rich_help_panel=_LABEL,
        metavar="NAME=VALUE",
    ),
]
Below = Annotated[
    float | None,
    typer.Option(
        "--below", min=0, max=1, help="Ask it only where the weights are less sure than this.", rich_help_panel=_LABEL
    ),
]


def score_labeller(
    label: Name,
    file: File = None,
    text: Text = "text",
    gold: GoldColumn = "gold",
    positive: Positive = None,
    map_file: Map = None,
    where: Where = None,
    by: By = None,
    no_quotes: NoQuotes = False,
    language: Languages = None,
    context: Context = None,
    first_words: Words = None,
    weights: Weights = "open",
    threshold: Threshold = None,
    model: Model = None,
    name: Names = None,
    below: Below = None,
    as_json: opt.AsJson = False,
    quiet: opt.Quiet = False,
) -> None:
    """Score a label on texts that people labelled: n, accuracy, F1, AUC, calibration, coverage, with intervals."""
    from seguito.kit.errors import UsageError

    if label == "list":
        _list(weights, as_json=as_json)
        return
    if file is None:
        raise UsageError("Which file?", "Name a table of labelled texts after the label.")
    told = pairs(context, "--context")
    known_languages = is_code(language)
    needed = {text, gold, *told.values(), *(name for name, _ in filters(where))}
    needed |= {by} if by else set()
    needed |= {language} if language and not known_languages else set()
    rows = read(file, needed, where, quoted=not no_quotes)
    larger = _larger(label, model, name, below, weights)
    said, right, left_out, asked = _asked(
        rows, label, text, gold, positive, map_file, language, told, first_words, weights, threshold, larger
    )
    who = weights if model is None else f"{'' if below is None else f'{weights}, below {below:g} '}{model}"
    document = document_of(label, who, rows, left_out, right, said, rows.columns[by] if by else None)
    if asked is not None:
        document["asked"] = asked
    if as_json:
        typer.echo(json.dumps(document, indent=1, ensure_ascii=False))
        return
    print_scores(document)
    if asked is not None:
        results().print(f"the model was asked of {asked:,} of {rows.rows:,} texts", highlight=False)
    tell(Talk(quiet=quiet), document)


def _asked(
    rows: Rows,
    label: str,
    text: str,
    gold: str,
    positive: list[str] | None,
    map_file: Path | None,
    language: str | None,
    context: dict[str, str],
    first_words: int | None,
    weights: str,
    threshold: float | None,
    larger: Classifier | None,
) -> tuple[Said, Any, dict[str, int], int | None]:
    """Ask the label about the texts: what it said, the right numbers, what was left out, how many a model was asked."""
    import pyarrow as pa

    from seguito.labels.models.classifier import Cascade
    from seguito.labels.scored import ask

    texts = rows.columns[text].combine_chunks()
    if first_words:
        texts = first(texts, first_words)
    languages = None
    if language:
        code = is_code(language)
        languages = pa.repeat(language, rows.rows) if code else rows.columns[language].combine_chunks()
    known = context_of(rows, context, weights) if context else None
    asked, right = gold_of(rows.columns[gold].combine_chunks(), label, positive, map_file)
    said = ask(
        label,
        texts,
        values=asked,
        languages=languages,
        context=known,
        weights=weights_of(weights),
        threshold=threshold,
        model=larger,
    )
    handed_on = int(larger.unsure.of(texts, languages, known).sum()) if isinstance(larger, Cascade) else None
    return said, right.numbers, dict(right.left_out), handed_on


def _larger(
    label: str, model: Path | None, names: list[str] | None, below: float | None, weights: str
) -> Classifier | None:
    """The larger model that is asked, if one is."""
    from seguito.kit.errors import UsageError

    if model is None:
        if names or below is not None:
            raise UsageError("--name and --below are about a larger model.", "Name its folder with --model.")
        return None
    from seguito.labels.trial import classifier

    return classifier(label, model, names=pairs(names, "--name"), below=below, weights=weights_of(weights))


def gold_of(
    cells: pa.Array, label: str, positive: list[str] | None, map_file: Path | None
) -> tuple[tuple[str, ...] | None, Gold]:
    """The gold as numbers; and the values that are asked for, where the answer is to be yes or no."""
    from seguito.kit.errors import UsageError
    from seguito.labels.catalogue import resolve
    from seguito.labels.gold import named, read_map, yes_or_no
    from seguito.labels.scored import BINARY, values_of

    if positive and map_file:
        raise UsageError("--positive and --map contradict each other.", "Use one of them.")
    values = values_of(label)
    if positive:
        found, value = resolve(label)
        asked = (value,) if value else found.values
        if found.one_of and not value:
            hint = f"Say which value counts as yes, such as {label}={found.values[0]}."
            raise UsageError(f"{label} is always one of {', '.join(found.values)}.", hint)
        return asked, yes_or_no(cells, positive)
    mapping = read_map(map_file) if map_file else None
    if values == BINARY and mapping is None:
        _, value = resolve(label)
        if value:
            return (value,), yes_or_no(cells, [value])
    return None, named(cells, values, mapping)


def _list(weights: str, *, as_json: bool) -> None:
    """Print the labels that can be scored, with their values and other names."""
    from rich.table import Table
    from rich.text import Text

    from seguito.labels.catalogue import LABELS
    from seguito.labels.models.reader import Reader
    from seguito.labels.registry import labellers

    held = set(Reader.load(weights_of(weights)).heads)
    ruled = {name for one in labellers() for name in one.labels}
    rows: list[dict[str, str]] = [
        {
            "label": one.name,
            "values": ", ".join(one.values),
            "a_post_that": one.says,
            "aliases": ", ".join(alias for alias, _ in one.aliases),
            "by": "weights" if one.name in held else "rules" if one.name in ruled else "nothing",
        }
        for one in LABELS.values()
        if one.values
    ]
    if as_json:
        typer.echo(json.dumps(rows, indent=1, ensure_ascii=False))
        return
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for heading in ("label", "values", "a post that …", "also", "by"):
        table.add_column(heading)
    for row in rows:
        table.add_row(*(Text(row[name]) for name in ("label", "values", "a_post_that", "aliases", "by")))
    results().print(table)
