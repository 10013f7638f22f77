"""The model card of a weight file: what it was made from, what it does, what it must not be used for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from seguito.labels.models.reader import Reader
from training import sets

if TYPE_CHECKING:
    from training.evaluate import Line

FOLDER = sets.ROOT / "docs" / "reference"


def table(lines: Sequence[Line]) -> str:
    """Lines as a table in Markdown."""
    rows = [
        "| label | set | language | n | positives | F1 | precision (95 %) | recall | AUC | ECE |",
        "|---|---|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for one in lines:
        precision = "none found" if math.isnan(one.precision[0]) else "{:.3f} ({:.2f} to {:.2f})".format(*one.precision)
        cells = (
            one.label, one.collection, one.language or "any", f"{one.n:,}", f"{one.positives:,}", f"{one.f1:.3f}",
            precision, f"{one.recall:.3f}", "" if one.area is None else f"{one.area:.3f}", f"{one.error:.3f}",
        )  # fmt: skip
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def sources(name: str) -> str:
    """The sets that trained the weights, as a table in Markdown."""
    rows = ["| set | tier | licence | cite | its development part is apart by |", "|---|---|---|---|---|"]
    rows += [
        f"| {one.name} | {one.tier} | {one.licence} | {one.cite} | {one.split} |" for one in sets.collections(name)
    ]
    return "\n".join(rows)


def write(name: str, reader: Reader, lines: Sequence[Line], written: str = "", spam: str = "") -> None:
    """Write the model card of `open` or `research`; `written` and `spam`: what labels come to."""
    header = reader.weights.header
    labels = ", ".join(f"`{head.name}`" for head in header.heads)
    text = _FRAME.format(
        name=name,
        revision=reader.revision,
        licence=header.licence,
        rows=f"{header.rows:,}",
        width=header.width,
        hidden=header.hidden,
        labels=labels,
        sources=sources(name),
        table=table(lines),
        more=_MORE[name],
    )
    if written:
        text += _WRITTEN.format(table=written, spam=spam)
    (FOLDER / f"model-card-{name}.md").write_text(text, encoding="utf-8")


_MORE = {
    "open": """\
These weights ship with the package. They were made only from data whose licence allows it and from texts written for
this project; the sets marked as research in the table below measured them and never trained them. Two labels stand on
thin ground: sentiment in Italian, Spanish, French, German and Portuguese was learnt from film subtitles, word lists
and written comments, and identity attacks in Italian from written comments alone.""",
    "research": """\
These weights are built by whoever wants them (`make weights-research`) and are never part of the package: some of the
data may not be used commercially, and the terms of others are not clear.""",
}

_WRITTEN = """
## Spam as it is given

The table above tells what the reader says by itself. Spam is given by the reader or by its rule (promotion of something
of one's own, begging for clicks, links to shops, profiles and crowdfunding). The rule was changed while looking at the
comments of the first set, under three videos, so that figure is kind; nothing was changed for the second, whose spam is
mostly harmless sentences that bots repeat, which one comment by itself does not tell (`wording` does).

{spam}

## On written comments: not a test

Public comments with `demand`, `closeness`, `worry` or `content_request` are too few here to tell anything. So
here is what labels as they are given (the reader with the rules) come to on the comments written for this project, of
voices that did not train the reader. It is **not a test**: the comments are invented, and those who wrote the rules
had read some of them. Shares of such labels are corrected only once `seguito check` has measured them on your own
comments; what public comments say of the others stands in [labels](../concepts/labels.md).

{table}
"""

_FRAME = """\
# Model card: the `{name}` weights of the compact reader

Written by `python -m training.evaluate {name} --write` for revision {revision}. Licence: {licence}.

{more}

## What it is

A bag of {rows} n-grams (words and pairs of words; runs of three to five letters), {width} numbers each, one hidden
layer of {hidden} units and a head for every label: {labels}. Sentiment has a linear block for each language beside it.
Every answer is a probability, calibrated on development data.

## What it must not be used for

- To judge a person. It reads one text at a time; a text gets a label, a person does not.
- To remove, hide or report what somebody wrote without a person having looked at it.
- To print raw shares. A share of rare labels is mostly the reader's own errors until it is corrected for them.
- For identity attacks in Italian as more than a hint: no open data can train or measure it well.
- For languages other than Italian, English, Spanish, French, German and Portuguese; and for texts far from comments.
- Offensive wording in English was learnt partly from tweets found by slurs (Davidson et al.), a sample with a known
  bias against African American English: do not use it where that would weigh on people.

## What it was made from

{sources}

Copies of a text are made one; no text of a development part, of the hand-labelled comments or of the spam sets trains.

## What it does

On development parts, which led the choices made here, so these figures are a little kind. For a choice among classes
(`sentiment`, `language`, `emotion`) F1 and recall are means over the classes and "precision" is accuracy. `intents`
are comments labelled by hand, half of them drawn for holding rare words, so precision there is no prevalence's.

{table}
"""
