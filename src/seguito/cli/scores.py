"""The score of a label as a document and on a terminal."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from seguito.cli.console import Talk, results
from seguito.cli.labelled import Rows

if TYPE_CHECKING:
    from seguito.labels.scoring import Figure, Said, Score


def document_of(
    label: str, weights: str, rows: Rows, left_out: dict[str, int], right: Any, said: Said, by: Any
) -> dict[str, Any]:
    """The score as JSON shows it; figures rounded to four decimals, each value of `by` apart where that is given."""
    from seguito.labels.scoring import score

    kept = right >= 0
    document = {
        "label": label,
        "weights": weights,
        "rows": rows.rows,
        "rejected": rows.rejected,
        "left_out": left_out,
        **_written(score(right[kept], _some(said, kept)), said.values),
    }
    if by is not None:
        cells = by.to_numpy(zero_copy_only=False)
        names = sorted({str(one) for one in cells})
        document["by"] = {
            name: _written(score(right[mine], _some(said, mine)), said.values)
            for name in names
            for mine in [kept & (cells.astype(str) == name)]
        }
    return document


def _some(said: Said, rows: Any) -> Said:
    from seguito.labels.scoring import Said

    return Said(said.values, said.scores[rows], said.decided[rows], said.unsure[rows])


def _written(found: Score, values: tuple[str, ...]) -> dict[str, Any]:
    return {
        "n": found.n,
        "not_read": found.not_read,
        "unsure": found.unsure,
        **{name: _figure(getattr(found, name)) for name in ("accuracy", "macro_f1", "macro_recall", "ece")},
        "values": {
            one.value: {
                "positives": one.positives,
                "found": one.found,
                **{name: _figure(getattr(one, name)) for name in ("precision", "recall", "f1", "auc")},
            }
            for one in found.values
        },
        "coverage": [asdict(one) for one in found.curve],
        "confusion": {"gold": list(values), "decided": [*values, "not read"], "rows": found.confusion},
    }


def _figure(one: Figure) -> dict[str, float | None]:
    interval = one.interval
    return {
        "value": None if one.value is None else round(one.value, 4),
        "lo": None if interval is None else round(interval.lo, 4),
        "hi": None if interval is None else round(interval.hi, 4),
    }


def print_scores(document: dict[str, Any]) -> None:
    """Print the figures on stdout."""
    from rich.table import Table
    from rich.text import Text

    console = results()
    console.print(Text(f"{document['label']} on {document['n']:,} rows, weights {document['weights']}", style="bold"))
    for title, name in (
        ("accuracy", "accuracy"),
        ("macro-F1", "macro_f1"),
        ("macro-recall", "macro_recall"),
        ("ECE", "ece"),
    ):
        console.print(Text(f"  {title:<13} {_shown(document[name])}"))
    console.print()
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for heading in ("value", "gold", "found", "precision", "recall", "F1", "AUC"):
        table.add_column(heading, justify="left" if heading == "value" else "right", no_wrap=True)
    for value, one in document["values"].items():
        figures = [_shown(one[name]) for name in ("precision", "recall", "f1", "auc")]
        table.add_row(Text(value), f"{one['positives']:,}", f"{one['found']:,}", *figures)
    console.print(table)
    console.print()
    curve = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for heading in ("surest share", "rows", "accuracy", "macro-F1"):
        curve.add_column(heading, justify="right")
    for one in document["coverage"]:
        curve.add_row(f"{one['coverage']:.0%}", f"{one['rows']:,}", f"{one['accuracy']:.3f}", f"{one['macro_f1']:.3f}")
    console.print(curve)
    for name, one in document.get("by", {}).items():
        line = f"  {name}: n {one['n']:,}, accuracy {_shown(one['accuracy'])}, macro-F1 {_shown(one['macro_f1'])}"
        console.print(Text(line))


def _shown(figure: dict[str, float | None]) -> str:
    if figure["value"] is None:
        return "–"
    span = "" if figure["lo"] is None else f" ({figure['lo']:.3f}–{figure['hi']:.3f})"
    return f"{figure['value']:.3f}{span}"


def tell(talk: Talk, document: dict[str, Any]) -> None:
    """Say on stderr what the figures leave open."""
    if document["not_read"]:
        talk.say(
            f"Not read: {document['not_read']:,} rows; they count as errors, or as no where the answer is yes or no."
        )
    if document["unsure"]:
        talk.say(f"Not sure: {document['unsure']:,} rows; they are decided here all the same.")
    left = sum(document["left_out"].values())
    if left:
        talk.say(f"Left out by the map: {left:,} rows.")
    if document["rejected"]:
        talk.say(f"Not readable: {document['rejected']:,} rows of the file.")
