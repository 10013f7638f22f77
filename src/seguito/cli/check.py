"""`seguito check`: mark a sample of comments by hand, so that shares of a label use its errors on this very space."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from seguito.cli import options as opt
from seguito.cli.console import Talk, results

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seguito.cli.marking import Cards
    from seguito.labels.catalogue import Label
    from seguito.labels.checking_log import Check
    from seguito.labels.checking_result import Checked
    from seguito.measures.checked import Shown
    from seguito.measures.space import Space
    from seguito.reports.words import Words
    from seguito.store.lake import Lake

Name = Annotated[str, typer.Argument(help="The label to check, such as low_effort.", metavar="LABEL")]
Whose = Annotated[str | None, typer.Option("--creator", help="The creator's handle or id, where there are several.")]
Rows = Annotated[int, typer.Option("--rows", min=1, max=5_000, help="How many comments to draw.")]
Value = Annotated[str | None, typer.Option("--value", help="Ask about one value of the label, such as genuine.")]
Export = Annotated[Path | None, typer.Option("--export", help="Write the comments to a CSV file, to mark them there.")]
Import = Annotated[Path | None, typer.Option("--import", help="Read the marks of a CSV file that --export wrote.")]
Again = Annotated[bool, typer.Option("--again", help="Draw other comments, though some were drawn already.")]


def check(
    label: Name,
    creator: Whose = None,
    rows: Rows = 300,
    value: Value = None,
    export: Export = None,
    from_file: Import = None,
    again: Again = False,
    lang: opt.Lang = "en",
    workspace: opt.Workspace = opt.HERE,
    show_names: opt.ShowNames = False,
    quiet: opt.Quiet = False,
) -> None:
    """Mark comments by hand, one key each; shares of the label then use its errors on this very space.

    Comments are drawn by how sure the program is. Marks are kept at once, and the same command goes on later with the
    same comments. Without a terminal, mark them in a CSV file: --export FILE, then --import FILE.
    """
    from seguito.cli import marking
    from seguito.cli.steps import only_creator
    from seguito.kit.errors import UsageError
    from seguito.measures.checked import open_check
    from seguito.measures.space import Space, find_creator
    from seguito.reports.words import words_in
    from seguito.store.lake import open_lake

    talk, words = Talk(quiet=quiet), words_in(lang)
    asked, only = _asked(label, value)
    if export is not None and from_file is not None:
        raise UsageError("--export and --import contradict each other.", "Export first, mark, then import.")
    if export is None and from_file is None and not marking.is_possible():
        raise UsageError(
            "Marking comments one by one needs a terminal, and there is none here.",
            "Mark them in a file: add --export FILE, and when it is marked, --import FILE.",
        )
    with open_lake(workspace, create=False) as lake:
        snapshot = lake.snapshot()
        space = Space(snapshot, find_creator(snapshot, creator or only_creator(lake, None)))
        found = open_check(space, asked.name, only, rows, again=again)
        with _alone(found, lake):
            if export is not None:
                _export(found, space, export, lake.key, show_names=show_names)
                talk.say(f"{export}: {len(found.sample.rows):,} comments to mark in the column 'mark' (y, n or ?).")
            elif from_file is not None:
                _import(found, from_file, lake.key)
            else:
                texts = _seen(found, space, show_names=show_names)
                _mark(found, marking.Cards(talk, words, _question(words, asked, only), texts))
    _summary(found, words)


def _asked(label: str, value: str | None) -> tuple[Label, str | None]:
    """The label that is meant, and the value of it."""
    from seguito.kit.errors import UsageError
    from seguito.labels.catalogue import resolve

    asked, only = resolve(label if value is None else f"{label}={value}")
    if only is None and (asked.one_of or not asked.values):
        some = f"such as {asked.values[0]}" if asked.values else "the one you mean"
        raise UsageError(f"Every comment has some '{asked.name}'.", f"Ask about one value: --value, {some}.")
    return asked, None if asked.values == ("yes",) else only


@contextmanager
def _alone(found: Check, lake: Lake) -> Iterator[None]:
    """Nobody else marks this check meanwhile; at the end its marks stand in the lake, however it ends."""
    from filelock import FileLock, Timeout

    from seguito.kit.errors import Transient
    from seguito.store.disk import disk_errors

    lock = FileLock(found.path.with_suffix(".lock"), timeout=0)
    try:
        with disk_errors(lake.layout.root), lock:
            try:
                yield
            finally:
                if found.unwritten:
                    found.write(lake)
    except Timeout as error:
        raise Transient("This check is being marked in another terminal.", "Go on there, or end it first.") from error


def _seen(found: Check, space: Space, *, show_names: bool) -> dict[str, Shown]:
    """The texts as they may be shown: nothing in them steers a terminal, and nothing names anybody unless asked."""
    from seguito.dossier.redact import LOOKED_AT, redact, visible
    from seguito.measures.checked import Shown, shown

    def harmless(text: str) -> str:
        return " ".join(visible(text[:LOOKED_AT]).split()) if show_names else redact(text)

    uris: Collection[str] = [row.uri for row in found.sample.rows]
    return {
        uri: Shown(harmless(one.text), harmless(one.answers), harmless(one.post))
        for uri, one in shown(space, uris).items()
    }


def _question(words: Words, asked: Label, only: str | None) -> tuple[str, str]:
    """What is asked of every comment, and what the label means."""
    says = words.get("label_says", asked.name) if words.has("label_says", asked.name) else asked.says
    key = "ask" if only is None else "ask_value"
    question = words.fill(words.get("check", key), {"label": asked.name, "value": only}, {})
    return question, words.fill(words.get("check", "means"), {"says": says}, {})


def _mark(found: Check, cards: Cards) -> None:
    from seguito.cli import marking

    counts = {"of": len(found.sample.rows), "marked": len(found.marks)}
    if found.left:
        key = "resumed" if found.marks else "drawn"
        counts["comments"] = sum(stratum.size for stratum in found.sample.strata)
        cards.talk.say(cards.words.fill(cards.words.get("check", key), counts, {}))
        with marking.Keyboard() as keyboard:
            marking.session(found, cards, keyboard.key)
    else:
        cards.talk.say(cards.words.get("check", "again"))


def _export(found: Check, space: Space, path: Path, key: bytes, *, show_names: bool) -> None:
    from seguito.cli import check_sheet

    check_sheet.write(path, found, _seen(found, space, show_names=show_names), key)


def _import(found: Check, path: Path, key: bytes) -> None:
    from seguito.cli import check_sheet

    for uri, mark in check_sheet.read(path, found, key).items():
        if found.marks.get(uri) != mark:
            found.mark(uri, mark)


def _summary(found: Check, words: Words) -> None:
    """How far the check is, and what it says once it is finished."""
    from seguito.labels.checking_result import checked

    marks = list(found.marks.values())
    counts: dict[str, Any] = {"marked": len(marks), "of": len(found.sample.rows), "left": found.left}
    counts |= {"yes": marks.count("y"), "no": marks.count("n"), "unsure": marks.count("?")}
    result = checked(found.sample, found.marks, found.last_day)
    if found.left:
        told = [("marked", counts), ("later", counts)]
    elif result is None:
        told = [("marked", counts), ("too_few", counts)]
    else:
        told = [("marked", counts), *_said(found.design.label, found.design.value, result, words)]
    console = results()
    for key, values in told:
        console.print(words.fill(words.get("check", key), values, {}), markup=False, soft_wrap=True)


def _said(label: str, value: str | None, result: Checked, words: Words) -> list[tuple[str, dict[str, Any]]]:
    name = words.get("label_names", label)
    whole = name if value is None else f"{name}: {value}"
    figures = {"label": whole, "share": result.share, "lo": result.interval.lo, "hi": result.interval.hi}
    told: list[tuple[str, dict[str, Any]]] = [("share", figures)]
    if result.errors is not None:
        of_code = {"sensitivity": result.errors.sensitivity, "specificity": result.errors.specificity}
        told.append(("errors", of_code))
    return [*told, ("used" if value is None else "used_value", {"label": name})]
