"""What the written comments cover, as tables in Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from training.comments import ALL_ACTS, POLARITIES, Comment, split
from training.targets import FEELINGS, LANGUAGES, WORDING

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "written-data.md"
BEGIN, END = "<!-- coverage: begin -->", "<!-- coverage: end -->"
REGISTERS = ("loud", "emoji", "loose", "careful")
LENGTHS = ("short", "medium", "long")

FRAME = f"""# The written comments

Open data of what people write on creators' pages, in Italian and English and with labels for what each comment does,
hardly exist. So these comments were invented for this project, and train a part of the `open` weights.

**How they were written.** By language models, prompted to write as many different invented people (a *voice* each, with
an age, a place, a trade and habits of spelling), and read over. No person wrote them, none was copied from anywhere,
and nobody who wrote looked at the sets that measure the labels. People, brands and addresses in them are invented.
The labels were given by the same writers while writing, by one codebook; there was no second annotator.

**What they hold.** One comment a row, tab-separated, in `training/written/`: id, voice, language, text, polarity, acts,
wording, irony, emotions, whose page it stands on, what it answers, days of silence of that page, and the name of its
minimal pair. A minimal pair is two or more comments that differ only in what changes a label. They are split by voice,
never at random. They hold insults, slurs and threats, so that a reader learns to recognise them.

**Licence.** Apache-2.0, as the rest of the project.

**What they must not be used for.**

- Never as a test: figures on them say how well a reader knows their writers, not people. Every figure this project
  reports is measured on what real people wrote and other people labelled.
- Never as prevalence: rare meanings are frequent here on purpose, so no share in these tables says anything of how
  often people thank, worry or insult.
- Never to make messages that pass for a person's.

`python -m training.comments` checks the files and prints the tables below; `--write` writes them here.

{BEGIN}
{END}
"""

# Registers are read off the typing, as a stand-in.
LEGEND = """A comment counts in every class that holds for it. Register is read off the typing: *loud* is mostly
capitals, *emoji* holds one, *careful* begins with a capital and ends with a full stop or its like, *loose* is the
rest. Length: *short* up to 5 words, *medium* 6 to 14, *long* from 15."""


def classes(comment: Comment) -> list[str]:
    """Every class a comment counts for, each with the column it comes from."""
    found = [f"polarity {comment.polarity}", *(f"act {name}" for name in sorted(comment.acts))]
    found += [] if comment.acts else ["act none"]
    found += [f"wording {name}" for name in sorted(comment.wording)]
    found += ["irony"] if comment.irony else []
    return found + [f"emotion {name}" for name in sorted(comment.emotions)]


ALL_CLASSES = (
    *(f"polarity {name}" for name in POLARITIES),
    *(f"act {name}" for name in (*ALL_ACTS, "none")),
    *(f"wording {name}" for name in WORDING),
    "irony",
    *(f"emotion {name}" for name in FEELINGS),
)


def counts(comments: Iterable[Comment]) -> Counter[tuple[str, str, str, str]]:
    """Comments by class, language, register and length."""
    return Counter((name, one.language, one.register, one.length) for one in comments for name in classes(one))


def placed(page: str, text: str) -> str:
    """A page with a text between its marks.

    Raises:
        ValueError: the page has lost its marks.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"The page has no {BEGIN} … {END}.")
    return f"{before}{BEGIN}\n{text}\n{END}{after}"


def tables(comments: Sequence[Comment]) -> str:
    """The whole coverage: a summary, then class by register and length for each language."""
    parts = [LEGEND, "## In all", _summary(comments), "## Classes by language", _by_language(comments)]
    for language in LANGUAGES:
        chosen = [one for one in comments if one.language == language]
        if chosen:
            parts += [f"## Classes by register and length: {language}", _by_register(chosen, language)]
    return "\n\n".join(parts)


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [" | ".join(head), " | ".join(["---", *["---:"] * (len(head) - 1)])]
    lines += [" | ".join(str(cell) for cell in row) for row in rows]
    return "\n".join(f"| {line} |" for line in lines)


def _summary(comments: Sequence[Comment]) -> str:
    development = {one.id for one in split(comments)[1]}
    rows = []
    for language in (*LANGUAGES, "all"):
        chosen = [one for one in comments if language in (one.language, "all")]
        rows.append(
            (
                language,
                len(chosen),
                *(sum(one.length == length for one in chosen) for length in LENGTHS),
                *(sum(one.register == register for one in chosen) for register in REGISTERS),
                sum(not one.space for one in chosen),
                len({one.voice for one in chosen}),
                len({one.pair for one in chosen if one.pair}),
                sum(bool(one.pair) for one in chosen),
                sum(one.id in development for one in chosen),
            )
        )
    head = ("language", "comments", *LENGTHS, *REGISTERS, "on no page", "voices", "pairs", "in pairs", "development")
    return _table(head, rows)


def _by_language(comments: Sequence[Comment]) -> str:
    found = counts(comments)
    rows = []
    for name in ALL_CLASSES:
        cells = [sum(n for key, n in found.items() if key[:2] == (name, language)) for language in LANGUAGES]
        rows.append((name, *cells, sum(cells)))
    return _table(("class", *LANGUAGES, "all"), rows)


def _by_register(comments: Sequence[Comment], language: str) -> str:
    found = counts(comments)
    cells = [(register, length) for register in REGISTERS for length in LENGTHS]
    rows = [(name, *(found[name, language, *cell] for cell in cells)) for name in ALL_CLASSES]
    return _table(("class", *(f"{register} {length}" for register, length in cells)), rows)
