"""`seguito fit-model`: make the probabilities of a larger model mean what they say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from seguito.cli import options as opt
from seguito.cli.console import results
from seguito.cli.labelled import pairs, read
from seguito.cli.score_labeller import GoldColumn, Map, Names, NoQuotes, Positive, Text, Where, gold_of

LabelName = Annotated[str, typer.Argument(help="The label the model reads.", metavar="LABEL")]
Folder = Annotated[Path, typer.Argument(help="The model's folder.", metavar="MODEL")]
File = Annotated[Path, typer.Argument(help="Labelled texts: CSV, TSV, JSON, NDJSON or Parquet.", metavar="FILE")]


def fit_model(
    label: LabelName,
    model: Folder,
    file: File,
    text: Text = "text",
    gold: GoldColumn = "gold",
    positive: Positive = None,
    map_file: Map = None,
    where: Where = None,
    no_quotes: NoQuotes = False,
    name: Names = None,
    as_json: opt.AsJson = False,
) -> None:
    """Fit one temperature to texts that people labelled; it is kept in the model's folder as calibration.json."""
    from seguito.cli.labelled import filters
    from seguito.labels.trial import calibrated

    rows = read(file, {text, gold, *(column for column, _ in filters(where))}, where, quoted=not no_quotes)
    _, right = gold_of(rows.columns[gold].combine_chunks(), label, positive, map_file)
    texts = rows.columns[text].combine_chunks()
    fitted, place = calibrated(label, model, texts, right.numbers, names=pairs(name, "--name"))
    document = {
        "label": fitted.label,
        "model": fitted.model,
        "temperature": fitted.temperature,
        "rows": fitted.rows,
        "loss_before": fitted.loss_before,
        "loss_after": fitted.loss_after,
        "kept": str(place),
    }
    if as_json:
        typer.echo(json.dumps(document, indent=1))
        return
    out = results()
    out.print(f"temperature {fitted.temperature:g} from {fitted.rows:,} texts", highlight=False)
    out.print(f"log loss {fitted.loss_before:.4f} before, {fitted.loss_after:.4f} after", highlight=False)
    out.print(f"kept in {place}", highlight=False, markup=False, soft_wrap=True)
