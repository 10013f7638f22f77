"""A dossier's answers as a table on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from seguito.cli.console import results

if TYPE_CHECKING:
    from seguito.reports.view import Card

COLOURS = {"yes": "green", "no": "red", "unclear": "yellow", "not_answerable": "dim"}


def print_answers(document: Mapping[str, Any], lang: str) -> None:
    """Print the report's answers on stdout: question, verdict, the deciding figure, the rule."""
    from rich.table import Table
    from rich.text import Text

    from seguito.reports.view import cards, requests
    from seguito.reports.words import words_in
    from seguito.reports.written import creator_name

    words = words_in(lang)
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 1, 0))
    table.add_column(words.label("question"), ratio=3)
    table.add_column(words.label("answer"))
    table.add_column(words.label("figure"), ratio=3)
    table.add_column(words.label("why"), ratio=4)
    found = cards(document, lang)
    for card in found:
        table.add_row(
            Text(card.question),
            Text(card.verdict_word, style=COLOURS[card.verdict]),
            Text(_written(card)),
            Text(card.rule),
        )
    console = results()
    console.print(Text(words.label("title", creator=creator_name(document)), style="bold"))
    if document["is_simulated"]:
        console.print(Text(words.label("simulated"), style="reverse"))
    console.print()
    console.print(table)
    if requests(found):
        console.print(Text(words.label("to_ask"), style="bold"))
        for sentence in requests(found):
            console.print(Text(f"- {sentence}"))


def _written(card: Card) -> str:
    """The deciding figure; or, where the rule weighs several alike, all that have a value."""
    if card.deciding and not card.deciding.range:
        return f"{card.deciding.name}: {card.deciding.status_word}"
    lines = []
    for figure in [card.deciding] if card.deciding else [one for one in card.figures if one.range]:
        interval = f" ({figure.interval})" if figure.interval else ""
        basis = f", {figure.basis}" if card.deciding else ""
        lines.append(f"{figure.name}: {figure.value}{interval}{basis}")
    return "\n".join(lines)


def print_bytes(data: bytes) -> None:
    """Print a machine's answer on stdout, byte for byte."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
